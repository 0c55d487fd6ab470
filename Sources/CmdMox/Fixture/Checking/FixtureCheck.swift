package import SystemPackage

/// Looks through a fixture: its structure, what its members mean together, and secrets that are left.
package struct FixtureCheck {
  private(set) package var findings: [FixtureFinding] = []
  private let scrubber = PatternScrubber()
  /// The position of each `sequence`.
  private var positions: [Int: Int] = [:]
  private var lastSequence: Int?
  private var parents: [(index: Int, parent: Int)] = []

  /// Checks a file, one recording at a time: memory does not grow with its streams.
  ///
  /// - Throws: `FixtureError.unreadable`. Whatever is wrong in the file is a finding.
  package init(_ file: FilePath) throws {
    var index = 0
    do {
      let fixture = try FixtureReader.forEachRecording(in: file) { recording in
        check(recording, index)
        index += 1
      }
      checkParents()
      check(fixture)
    } catch let error as FixtureError {
      if case .unreadable = error { throw error }
      findings.append(error.finding)
    }
  }

  // MARK: The document

  private mutating func check(_ fixture: FixtureFile) {
    if fixture.version > .current {
      warn("version", "is \(fixture.version), which has members that this cmdmox does not know")
    }
    for member in fixture.unknownMembers.members { warn(member.name, "is no member of a fixture") }
    // What is migrated from a version without these has them empty.
    if !fixture.metadata.createdAt.isEmpty {
      checkTimestamp(fixture.metadata.createdAt, "metadata.created_at")
    }
    for (index, rule) in fixture.scrubbingRules.enumerated() {
      do {
        _ = try PreparedRule(rule)
      } catch {
        fail("scrubbing_rules[\(index)]", "\(error)")
      }
    }
    if let session = fixture.metadata.session { _ = hasForm(session.bytes, "metadata.session") }
    note(in: "") { [scrubber] report in
      _ = try fixture.scrubbedAroundRecordings(by: scrubber, onChange: report)
    }
  }

  private mutating func checkParents() {
    for (index, parent) in parents where positions[parent] == nil {
      fail(
        "recordings[\(index)].process.parent", "is \(parent), and no recording has that sequence")
    }
  }

  // MARK: A recording

  private mutating func check(_ recording: RecordedInvocation, _ index: Int) {
    let path = "recordings[\(index)]"
    checkSequence(recording.sequence, index, path)
    if !recording.timestamp.isEmpty { checkTimestamp(recording.timestamp, "\(path).timestamp") }
    if recording.durationMs < 0 {
      fail("\(path).duration_ms", "must be 0 or more, found \(recording.durationMs)")
    }
    if !(-1...255).contains(recording.exitCode) {
      fail("\(path).exit_code", "must be -1 to 255, found \(recording.exitCode)")
    }
    if recording.command.isEmpty { warn("\(path).command", "is empty") }
    if let parent = recording.process?.parent { parents.append((index, parent)) }
    for member in recording.unknownMembers.members {
      warn("\(path).\(member.name)", "is no member of a recording")
    }
    if hasForm(recording.bytes, path) { checkBytes(recording, path) }
    if let process = recording.process { _ = hasForm(process.bytes, "\(path).process") }
    note(in: path) { [scrubber] report in _ = try scrubber.scrub(recording, onChange: report) }
  }

  private mutating func checkSequence(_ sequence: Int, _ index: Int, _ path: String) {
    if let other = positions.updateValue(index, forKey: sequence) {
      fail("\(path).sequence", "is \(sequence), as that of recordings[\(other)]")
    } else if sequence < 0 || lastSequence.map({ sequence < $0 }) == true {
      fail("\(path).sequence", "is \(sequence), and must be higher than the one before")
    } else if sequence != index {
      warn("\(path).sequence", "is \(sequence), expected \(index)")
    }
    lastSequence = sequence
  }

  private mutating func checkTimestamp(_ text: String, _ path: String) {
    guard !Timestamp.isValid(text) else { return }
    fail(path, "must be a date and time in ISO 8601, as 2026-02-25T10:30:00Z")
  }

  private mutating func checkBytes(_ recording: RecordedInvocation, _ path: String) {
    var kept = recording
    kept.dropStaleBytes()
    if kept.bytes != recording.bytes {
      warn("\(path).bytes", "has bytes that do not read as the text beside them, and do not count")
    }
  }

  /// Members whose elements have bytes of their own; others have bytes.
  private static let membersWithElements = ["args", "env_subset", "env_keys"]

  /// Checks the form that the schema gives to `bytes`.
  private mutating func hasForm(_ bytes: ExactBytes, _ path: String) -> Bool {
    let count = findings.count
    for (name, value) in bytes.object.members {
      let hasElements =
        Self.membersWithElements.contains(name) || path == "metadata.session" && name == "command"
      switch value {
      case .object where hasElements: break
      case .string where !hasElements: break
      default:
        fail(
          "\(path).bytes.\(name)",
          hasElements ? "must be an object of base64" : "must be base64")
      }
    }
    return findings.count == count
  }

  /// Notes what a scrubbing would change.
  private mutating func note(
    in path: String, _ scrub: (@escaping (ScrubbingChange) -> Void) throws -> Void
  ) {
    let changes = ChangeList()
    do {
      try scrub { changes.append($0) }
    } catch {
      fail(path, "cannot be looked through for secrets: \(error)")
    }
    for change in changes.all {
      let what = change.rule.map { "“\($0)”" } ?? "the value of a variable that looks secret"
      let finding = FixtureFinding(
        .error, path.isEmpty ? change.place : "\(path).\(change.place)",
        "has a secret: \(what); run `cmdmox scrub --in-place`")
      if findings.last != finding { findings.append(finding) }
    }
  }

  private mutating func fail(_ path: String, _ message: String) {
    findings.append(FixtureFinding(.error, path, message))
  }

  private mutating func warn(_ path: String, _ message: String) {
    findings.append(FixtureFinding(.warning, path, message))
  }
}

/// Changes that a function gathers for its caller.
final class ChangeList {
  private(set) var all: [ScrubbingChange] = []

  func append(_ change: ScrubbingChange) { all.append(change) }
}

extension FixtureError {
  /// The error as a finding of the file that it names.
  fileprivate var finding: FixtureFinding {
    switch self {
    case .syntax(_, let line, let column, _, let expected, let found):
      FixtureFinding(
        .error, "",
        "not JSON at line \(line), column \(column): expected \(expected), found \(found)")
    case .missingMember(_, let path): FixtureFinding(.error, path, "is missing")
    case .unexpectedType(_, let path, let expected, let found),
      .unexpectedValue(_, let path, let expected, let found):
      FixtureFinding(
        .error, path, "\(path.isEmpty ? "the document " : "")must be \(expected), found \(found)")
    case .unsupportedVersion(_, let found, let supported):
      FixtureFinding(
        .error, "version",
        "is \(found), this cmdmox reads up to \(supported.major).x; a newer cmdmox reads it")
    case .unreadable, .unwritable: FixtureFinding(.error, "", description)
    }
  }
}
