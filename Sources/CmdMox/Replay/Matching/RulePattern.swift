internal import Synchronization

/// A matching rule's regular expression. Safe to share between threads.
final class RulePattern: Sendable {
  /// Where one thread at a time matches: those that nobody uses are in `idle`.
  private final class Room: @unchecked Sendable {
    let workspace = MatchWorkspace()
  }

  private let pattern: Pattern
  private let idle = Mutex<[Room]>([])

  /// - Throws: `PatternFailure.syntax`.
  init(_ pattern: String) throws { self.pattern = try Pattern(pattern, .anywhere) }

  /// The text with every match that is not empty replaced.
  ///
  /// A text on which matching takes too many steps stays as it is from there on.
  func replacingMatches(in text: [UInt8], with replacement: [UInt8]) -> [UInt8] {
    let room = idle.withLock { $0.popLast() } ?? Room()
    defer { idle.withLock { $0.append(room) } }
    return text.withUnsafeBufferPointer { text in
      var replaced: [UInt8] = []
      var copied = 0
      var offset = 0
      while offset <= text.count, let range = match(text, offset, room.workspace) {
        guard !range.isEmpty else {
          offset = Self.nextCharacter(text, after: max(offset, range.lowerBound))
          continue
        }
        replaced += text[copied..<range.lowerBound]
        replaced += replacement
        copied = range.upperBound
        offset = range.upperBound
      }
      return replaced + text[copied...]
    }
  }

  private func match(
    _ text: UnsafeBufferPointer<UInt8>, _ offset: Int, _ workspace: borrowing MatchWorkspace
  ) -> Range<Int>? {
    guard let isFound = try? pattern.matches(text, at: offset, in: workspace), isFound else {
      return nil
    }
    return workspace.range(ofGroup: 0)
  }

  private static func nextCharacter(_ text: UnsafeBufferPointer<UInt8>, after offset: Int) -> Int {
    var next = offset + 1
    while next < text.count, text[next] & 0xc0 == 0x80 { next += 1 }
    return next
  }
}
