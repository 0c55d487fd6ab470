import Testing

extension Fixture {
  /// The recordings as lines: `sh -c 'exit 3' | exited 3 | < make`.
  ///
  /// What stands after `<` is the recorded parent's command; `-` is the root.
  var lines: [String] { recordings.map(line) }

  /// One recording's line.
  func line(_ recording: Recording) -> String {
    let words = ([recording.command] + recording.args).map(Self.quoted).joined(separator: " ")
    let parent = recording.process.parent.map(name) ?? "-"
    return "\(words) | \(Self.outcome(of: recording)) | < \(parent)"
  }

  private func name(ofParent sequence: Int) -> String {
    let parent = recordings.first { $0.sequence == sequence }
    return parent?.command ?? "missing \(sequence)"
  }

  /// How it ended, and what is peculiar about it.
  static func outcome(of recording: Recording) -> String {
    let process = recording.process
    let termination = process.termination ?? "no termination"
    var words =
      switch termination {
      case "exited": "exited \(recording.exitCode)"
      case "signaled": "signaled \(process.signal ?? -1)"
      case "failed": "failed \(process.error ?? "for no reason")"
      default: termination
      }
    if let reason = process.opaque { words += ", opaque: \(reason)" }
    if let reason = process.confined { words += ", confined: \(reason)" }
    return words
  }

  /// A word as a shell would take it; long ones as their beginning and length.
  static func quoted(_ word: String) -> String {
    if word.utf8.count > 100 { return "\(word.prefix(4))...(\(word.utf8.count))" }
    let plain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
        true
      default: "_./=:,+@%-".utf8.contains(byte)
      }
    }
    if plain && !word.isEmpty { return word }
    return "'" + word.replacing("\n", with: "\\n") + "'"
  }

  /// Says which of the expected lines are missing and which recordings nobody expected. The order
  /// does not count: what runs at the same time may start in any.
  func expectLines(
    _ expected: [String], ignoringParents: Bool = false,
    _ sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var found = lines
    if ignoringParents { found = found.map { String($0.prefix(while: { $0 != "<" }).dropLast(3)) } }
    var missing: [String] = []
    for line in expected {
      if let index = found.firstIndex(of: line) {
        found.remove(at: index)
      } else {
        missing.append(line)
      }
    }
    if missing.isEmpty && found.isEmpty { return }
    Issue.record(
      """
      recorded otherwise than expected (\(recordings.count) recordings, \(expected.count) expected)
      \(missing.map { "  missing: \($0)" }.joined(separator: "\n"))
      \(found.map { "  found:   \($0)" }.joined(separator: "\n"))
      """, sourceLocation: sourceLocation)
  }

  /// Says which of the lines are not there; others may be.
  func expectLines(
    including expected: [String], _ sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var found = lines
    let missing = expected.filter { line in
      guard let index = found.firstIndex(of: line) else { return true }
      found.remove(at: index)
      return false
    }
    if missing.isEmpty { return }
    Issue.record(
      """
      not recorded as expected
      \(missing.map { "  missing: \($0)" }.joined(separator: "\n"))
      \(found.map { "  found:   \($0)" }.joined(separator: "\n"))
      """, sourceLocation: sourceLocation)
  }
}
