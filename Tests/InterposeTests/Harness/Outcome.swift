import Testing

/// Everything that a run left behind and that must be the same in each form.
struct Outcome: CustomTestStringConvertible {
  var ending: Ending
  var output: [UInt8]
  var errors: [UInt8]
  var files: FileTree
  /// What was recorded; nil for a form that records nothing.
  var fixture: Fixture?

  var outputText: String { String(decoding: output, as: UTF8.self) }
  var errorsText: String { String(decoding: errors, as: UTF8.self) }

  var testDescription: String { "\(ending), stdout \(outputText), stderr \(errorsText)" }

  /// One sentence for each thing that differs; none where the two runs cannot be told apart.
  func differences(from other: Outcome) -> [String] {
    var found: [String] = []
    if ending != other.ending { found.append("status: \(ending), then \(other.ending)") }
    found += Self.difference("stdout", output, other.output)
    found += Self.difference("stderr", errors, other.errors)
    return found + files.differences(from: other.files)
  }

  /// The first lines that differ, with their numbers.
  private static func difference(_ name: String, _ mine: [UInt8], _ theirs: [UInt8]) -> [String] {
    guard mine != theirs else { return [] }
    let (mine, theirs) = (lines(of: mine), lines(of: theirs))
    var found: [String] = []
    for number in 0..<max(mine.count, theirs.count) where found.count < 8 {
      let (left, right) = (
        number < mine.count ? mine[number] : "(end)",
        number < theirs.count ? theirs[number] : "(end)"
      )
      if left != right { found.append("\(name) line \(number + 1): \(left)\n    then: \(right)") }
    }
    return found.isEmpty ? ["\(name): bytes that are not text differ"] : found
  }

  private static func lines(of bytes: [UInt8]) -> [String] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0.prefix(400), as: UTF8.self) }
  }
}
