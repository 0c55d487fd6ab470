import CmdMox
import Glibc

/// Which invocations are wanted.
struct Selection {
  private let command: String?
  private let pattern: Pattern?

  /// - Throws: ``Failure`` for a pattern that is none.
  init(command: String?, pattern: String?) throws {
    self.command = command
    self.pattern = try pattern.map(Pattern.init)
  }

  var isAll: Bool { command == nil && pattern == nil }

  func includes(_ recording: RecordedInvocation) -> Bool {
    if let command, recording.command != command { return false }
    return pattern?.matches(recording.commandLine()) ?? true
  }

  /// The places of those that are wanted, in the order of the fixture.
  func places(in view: SessionView) -> [Int] {
    view.recordings.indices.filter { isAll || includes(view.recordings[$0]) }
  }

  /// The same, with everything above them, for a tree.
  func placesWithAncestors(in view: SessionView) -> [Bool] {
    var isIncluded = [Bool](repeating: isAll, count: view.recordings.count)
    if isAll { return isIncluded }
    for place in places(in: view) {
      var next: Int? = place
      while let here = next, !isIncluded[here] {
        isIncluded[here] = true
        next = view.tree.parents[here]
      }
    }
    return isIncluded
  }
}

/// An extended regular expression, as grep -E has them (regex(7)).
private final class Pattern {
  private var compiled = regex_t()

  init(_ text: String) throws {
    let status = regcomp(&compiled, text, REG_EXTENDED | REG_NOSUB)
    guard status == 0 else {
      var reason = [CChar](repeating: 0, count: 256)
      let length = regerror(status, &compiled, &reason, reason.count)
      let words = reason.prefix(max(0, length - 1)).map { UInt8(bitPattern: $0) }
      throw Failure(
        .usage,
        "--grep \(text): \(String(decoding: words, as: UTF8.self)); it takes what grep -E does")
    }
  }

  deinit { regfree(&compiled) }

  func matches(_ line: String) -> Bool { regexec(&compiled, line, 0, nil, 0) == 0 }
}
