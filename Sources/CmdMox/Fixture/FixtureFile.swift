public import SystemPackage

/// A fixture: recordings, who made them, and how they were scrubbed.
public struct FixtureFile: Equatable, Sendable {
  /// The schema's address, as editors look it up.
  public var schema: String = Self.currentSchema
  /// The schema version: the current one, or a higher minor version that was loaded.
  public internal(set) var version: FixtureVersion = .current
  /// Who made the fixture, when and where.
  public var metadata: FixtureMetadata
  /// In the order of `sequence` in files that cmdmox writes.
  public var recordings: [RecordedInvocation]
  /// What was taken out of the recordings, and what stands in its place.
  public var scrubbingRules: [ScrubbingRule]
  /// What differs in each run and does not count in a replay.
  public var matching: MatchingFacts?
  /// Members of the file that this version does not know; setting drops those that it does.
  public var unknownMembers = JSONObject() {
    didSet { unknownMembers.remove(Self.memberNames) }
  }

  /// A fixture of the current version.
  public init(
    metadata: FixtureMetadata, recordings: [RecordedInvocation] = [],
    scrubbingRules: [ScrubbingRule] = [], matching: MatchingFacts? = nil
  ) {
    self.metadata = metadata
    self.recordings = recordings
    self.scrubbingRules = scrubbingRules
    self.matching = matching
  }

  /// Where the JSON Schema of the current major version is.
  public static let currentSchema = "https://cmdmox.dev/schemas/fixture-v1.json"

  static let memberNames = [
    "$schema", "version", "metadata", "recordings", "scrubbing_rules", "matching",
  ]

  /// Reads a fixture, and brings one of an earlier major version up to date.
  ///
  /// Blocks while it reads; safe to call from any thread.
  ///
  /// - Parameter path: a file, or a pipe if its version comes before its recordings.
  /// - Throws: `FixtureError` for a file that cannot be read, is not JSON, is of a later major
  ///   version, or lacks a member or has one of the wrong type. Members that are not known are no
  ///   error: they are kept.
  public static func load(_ path: FilePath) throws -> FixtureFile {
    var recordings: [RecordedInvocation] = []
    var fixture = try FixtureReader.forEachRecording(in: path) { recordings.append($0) }
    fixture.recordings = recordings
    return fixture
  }

  /// Writes the fixture, mode 0600: into a temporary file beside it, which then takes its place.
  ///
  /// Blocks until the file is on the disk; safe to call from any thread.
  ///
  /// - Parameter path: the file; a symbolic link keeps pointing at it. What is no regular file (a
  ///   pipe, a terminal) is written directly.
  /// - Throws: `FixtureError.unwritable`; an earlier file is then as it was.
  public func save(to path: FilePath) throws {
    let writer = try FixtureWriter(to: path, like: self)
    for recording in recordings { try writer.append(recording) }
    try writer.finish()
  }

  /// The fixture as a JSON object, members in the order of the file.
  public func toDictionary() -> JSONObject { object }

  /// Reads a fixture from a JSON object, like `load`.
  ///
  /// - Throws: `FixtureError`, as `load` does.
  public init(dictionary: JSONObject) throws { try self.init(object: dictionary) }
}

extension FixtureFile: FixturePart {
  init<Source: JSONSource & ~Copyable>(reading source: inout Source) throws {
    let whole = try source.value()
    var version: FixtureVersion?
    if case .object(let object) = whole, let text = object["version"] {
      var reader = JSONValueReader(.object(["version": text]))
      try reader.enterObject()
      _ = reader.nextMember()
      version = try FixtureReader.version(&reader)
    }
    var reader = JSONValueReader(whole)
    var recordings: [RecordedInvocation] = []
    self = try FixtureReader.document(
      &reader, findVersion: { version }, recording: { recordings.append($0) })
    self.recordings = recordings
  }

  func write<Sink: JSONSink & ~Copyable>(into sink: inout Sink) {
    writeStart(into: &sink)
    for recording in recordings {
      sink.element()
      recording.write(into: &sink)
    }
    writeEnd(into: &sink)
  }

  /// What stands before the first recording.
  func writeStart<Sink: JSONSink & ~Copyable>(into sink: inout Sink) {
    sink.beginObject()
    sink.member("$schema")
    sink.string(schema)
    sink.member("version")
    sink.string(version.description)
    sink.member("metadata")
    metadata.write(into: &sink)
    sink.member("recordings")
    sink.beginArray()
  }

  /// What stands after the last recording.
  func writeEnd<Sink: JSONSink & ~Copyable>(into sink: inout Sink) {
    sink.endArray()
    sink.member("scrubbing_rules")
    sink.beginArray()
    for rule in scrubbingRules {
      sink.element()
      rule.write(into: &sink)
    }
    sink.endArray()
    if let matching {
      sink.member("matching")
      matching.write(into: &sink)
    }
    sink.members(unknownMembers)
    sink.endObject()
  }
}
