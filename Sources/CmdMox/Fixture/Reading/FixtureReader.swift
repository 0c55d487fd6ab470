package import SystemPackage

/// Reads a fixture piece by piece: memory holds one recording at a time, however long the file is.
package enum FixtureReader {
  /// Calls `body` for each recording of a fixture, in the order of the file.
  ///
  /// A fixture whose version comes after its recordings is read twice, the first time for the
  /// version only.
  ///
  /// - Returns: everything else that the fixture has, without recordings. Its version is the one
  ///   after migration.
  /// - Throws: `FixtureError`, as `FixtureFile.load` does, at the first thing that is wrong, when
  ///   `body` may have been called already; and whatever `body` throws.
  package static func forEachRecording(
    in file: FilePath, _ body: (RecordedInvocation) throws -> Void
  ) throws -> FixtureFile {
    do {
      let input = try FileDescriptor.open(file, .readOnly, options: .closeOnExec)
      defer { try? input.close() }
      var reader = JSONByteReader(input: input)
      try reader.begin()
      let fixture = try document(
        &reader, findVersion: { try skim(file, input) },
        recording: { recording in
          do { try body(recording) } catch { throw BodyFailure(error: error) }
        })
      try reader.finish()
      return fixture
    } catch let failure as DecodingFailure {
      throw FixtureError(failure, file: file)
    } catch let errno as Errno {
      throw FixtureError.unreadable(file: file, errno: errno)
    } catch let failure as BodyFailure {
      throw failure.error
    }
  }

  /// What the caller's function threw, kept apart from what reading throws.
  private struct BodyFailure: Error {
    let error: any Error
  }

  /// Looks for the version behind the recordings.
  private static func skim(_ file: FilePath, _ input: FileDescriptor) throws -> FixtureVersion? {
    // What has been read of a pipe cannot be read again.
    _ = try input.seek(offset: 0, from: .current)
    let again = try FileDescriptor.open(file, .readOnly, options: .closeOnExec)
    defer { try? again.close() }
    var reader = JSONByteReader(input: again)
    try reader.begin()
    var found: FixtureVersion?
    try reader.enterObject()
    while try reader.nextMember() {
      if reader.isMember("version") { found = try version(&reader) } else { try reader.skip() }
    }
    return found
  }

  /// Takes the value of the member `version`.
  static func version<Source: JSONSource & ~Copyable>(
    _ source: inout Source
  ) throws -> FixtureVersion {
    let text = try source.string()
    guard let version = FixtureVersion(text) else {
      throw source.unexpected(
        "a version such as \(FixtureVersion.current)", found: text.debugDescription)
    }
    return version
  }

  /// Reads a whole document.
  ///
  /// - Parameter findVersion: called when recordings come before any version.
  static func document<Source: JSONSource & ~Copyable>(
    _ source: inout Source, findVersion: () throws -> FixtureVersion?,
    recording body: (RecordedInvocation) throws -> Void
  ) throws -> FixtureFile {
    var parts = Parts()
    try source.enterObject()
    while try source.nextMember() {
      if source.isMember("version") {
        try parts.settle(try version(&source), source.path)
      } else if source.isMember("$schema") {
        parts.schema = try source.string()
      } else if source.isMember("metadata") {
        parts.metadata = try parts.part(&source)
      } else if source.isMember("recordings") {
        if parts.hasRecordings {
          throw source.unexpected("there once", found: "a second one")
        }
        parts.hasRecordings = true
        if parts.version == nil {
          try parts.settle(try findVersion() ?? .unversioned, source.path)
        }
        try parts.recordings(&source, body)
      } else if source.isMember("scrubbing_rules") {
        parts.rules = try source.array { try ScrubbingRule(reading: &$0) }
      } else if source.isMember("matching") {
        parts.matching = try source.isNull() ? nil : MatchingFacts(reading: &source)
      } else {
        try parts.unknownMembers.keep(from: &source)
      }
    }
    return try parts.fixture(source.path)
  }
}

/// What has been read of a document.
private struct Parts {
  var schema: String?
  private(set) var version: FixtureVersion?
  /// Migrations that recordings and metadata still need.
  private var migrations: [Migration] = []
  var metadata: Part<FixtureMetadata>?
  var rules: [ScrubbingRule] = []
  var matching: MatchingFacts?
  var hasRecordings = false
  var unknownMembers = JSONObject()

  /// A part that is read, or one that waits for the version.
  enum Part<Value> {
    case ready(Value)
    case waiting(JSONValue)
  }

  mutating func settle(_ version: FixtureVersion, _ path: JSONPath) throws {
    guard version.major <= FixtureVersion.current.major else {
      throw DecodingFailure(path: path, reason: .version(version))
    }
    if let earlier = self.version, earlier != version {
      throw DecodingFailure(
        path: path, reason: .value(expected: "the same as before", found: "another one"))
    }
    self.version = version
    migrations = Migration.steps(from: version)
  }

  func part<Source: JSONSource & ~Copyable>(
    _ source: inout Source
  ) throws -> Part<FixtureMetadata> {
    version != nil && migrations.isEmpty
      ? .ready(try FixtureMetadata(reading: &source)) : .waiting(try source.value())
  }

  func recordings<Source: JSONSource & ~Copyable>(
    _ source: inout Source, _ body: (RecordedInvocation) throws -> Void
  ) throws {
    try source.enterArray()
    var index = 0
    while try source.nextElement() {
      if migrations.isEmpty {
        try body(try RecordedInvocation(reading: &source))
      } else {
        let value = try source.value()
        try body(
          try migrated(value, source.path) { step, object in step.recording(&object, index) })
      }
      index += 1
    }
  }

  /// Reads a value after all migrations; a failure says where in the document it stands.
  private func migrated<Value: FixturePart>(
    _ value: JSONValue, _ path: JSONPath, _ apply: (Migration, inout JSONObject) -> Void
  ) throws -> Value {
    var value = value
    if case .object(var object) = value {
      for step in migrations { apply(step, &object) }
      value = .object(object)
    }
    var reader = JSONValueReader(value)
    do {
      return try Value(reading: &reader)
    } catch let failure as DecodingFailure {
      throw DecodingFailure(
        path: JSONPath(steps: path.steps + failure.path.steps), reason: failure.reason)
    }
  }

  func fixture(_ path: JSONPath) throws -> FixtureFile {
    var complete = self
    if version == nil { try complete.settle(.unversioned, path) }
    return try complete.completed(path)
  }

  private func completed(_ path: JSONPath) throws -> FixtureFile {
    let place = path.appending(.member("metadata"))
    let read: FixtureMetadata
    switch metadata {
    case .ready(let ready): read = ready
    case .waiting(let value): read = try migrated(value, place) { $0.metadata(&$1) }
    case nil:
      guard !migrations.isEmpty else { throw DecodingFailure(path: place, reason: .missing) }
      read = try migrated(.object([:]), place) { $0.metadata(&$1) }
    }
    guard hasRecordings else {
      throw DecodingFailure(path: path.appending(.member("recordings")), reason: .missing)
    }
    var fixture = FixtureFile(metadata: read, scrubbingRules: rules, matching: matching)
    fixture.schema = schema ?? FixtureFile.currentSchema
    fixture.version = max(version ?? .current, .current)
    fixture.unknownMembers = unknownMembers
    return fixture
  }
}
