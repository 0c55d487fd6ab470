package import SystemPackage

/// Looks through a fixture: its structure, what its members mean together, and secrets that are left.
package struct FixtureCheck {
  private(set) package var findings: [FixtureFinding] = []
  private let scrubber = PatternScrubber()
  /// The position of each `sequence`.
  private var positions: [Int: Int] = [:]
  private var lastSequence: Int?
  private var parents: [(index: Int, parent: Int)] = []

  /// Checks a file, one recording at a time: memory does not grow with its streams, as long as it is
  /// made as it should be.
  ///
  /// - Throws: `FixtureError.unreadable`. Whatever is wrong in the file is a finding.
  package init(_ file: FilePath) throws {
    do {
      try checkRecordings(of: file)
    } catch let error as FixtureError {
      switch error {
      case .unreadable: throw error
      case .missingMember, .unexpectedType, .unexpectedValue:
        findings = []
        try checkParts(of: file, error)
      case .syntax, .unsupportedVersion, .unwritable: findings.append(error.finding)
      }
    }
  }

  private mutating func checkRecordings(of file: FilePath) throws {
    let known = scrubber.valueCount
    var withSecrets: Set<Int> = []
    var index = 0
    let fixture = try FixtureReader.forEachRecording(in: file) { recording in
      if check(recording, index) { withSecrets.insert(index) }
      index += 1
    }
    checkParents()
    check(fixture)
    guard scrubber.valueCount > known else { return }
    // What a later recording shows to be a secret. Nobody can read a pipe twice.
    index = 0
    _ = try? FixtureReader.forEachRecording(in: file) { recording in
      if !withSecrets.contains(index), scrubber.knowsSecret(in: recording) {
        lookForSecrets(in: recording, "recordings[\(index)]")
      }
      index += 1
    }
  }

  /// Checks a document in which something has another form than it should have: all of that, and
  /// whatever can be read.
  private mutating func checkParts(of file: FilePath, _ error: FixtureError) throws {
    (positions, lastSequence, parents) = ([:], nil, [])
    guard let document = try? JSONValue(contentsOf: file), case .object(var object) = document,
      let schema = try? FixtureSchema()
    else {
      findings.append(error.finding)
      return
    }
    // The reader takes a fixture from before there were versions.
    findings = schema.findings(in: document).filter { $0.path != "version" }
    if findings.isEmpty { findings.append(error.finding) }
    if case .array(let recordings)? = object["recordings"] {
      for (index, recording) in recordings.enumerated() {
        guard case .object(let members) = recording,
          let recording = try? RecordedInvocation(dictionary: members)
        else { continue }
        _ = check(recording, index)
      }
    }
    object["recordings"] = []
    if let fixture = try? FixtureFile(dictionary: object) { check(fixture) }
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

  /// - Returns: whether it has secrets.
  private mutating func check(_ recording: RecordedInvocation, _ index: Int) -> Bool {
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
    return lookForSecrets(in: recording, path)
  }

  /// - Returns: whether there is one.
  @discardableResult
  private mutating func lookForSecrets(in recording: RecordedInvocation, _ path: String) -> Bool {
    let count = findings.count
    note(in: path) { [scrubber] report in _ = try scrubber.scrub(recording, onChange: report) }
    return findings.count > count
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
