/// Who made a fixture, when and where: the member `metadata`.
public struct FixtureMetadata: Equatable, Sendable {
  /// When the fixture was made, in ISO 8601 and UTC.
  public var createdAt: String
  /// The version of cmdmox, or of cmd-mox, that made it.
  public var cmdmoxVersion: String
  /// `linux`, as Python's `sys.platform` says it.
  public var platform: String
  /// Empty in fixtures that no Python made.
  public var pythonVersion: String
  /// The version of the Swift compiler that built cmdmox; nil in fixtures of cmd-mox.
  public var swiftVersion: String?
  /// The module or file of the test that made it, where one did.
  public var testModule: String?
  /// The name of the test that made it, where one did.
  public var testFunction: String?
  /// The session, where cmdmox traced or recorded one.
  public var session: SessionFacts?
  /// When somebody accepted the review of the fixture, in ISO 8601 and UTC.
  public var reviewAcknowledged: String?
  /// Members of the file that this version does not know; setting drops those that it does.
  public var unknownMembers = JSONObject() {
    didSet { unknownMembers.remove(Self.memberNames) }
  }

  /// Metadata in the order of the file; `create` fills in what describes this run.
  public init(
    createdAt: String, cmdmoxVersion: String, platform: String, pythonVersion: String = "",
    swiftVersion: String? = nil, testModule: String? = nil, testFunction: String? = nil,
    session: SessionFacts? = nil
  ) {
    self.createdAt = createdAt
    self.cmdmoxVersion = cmdmoxVersion
    self.platform = platform
    self.pythonVersion = pythonVersion
    self.swiftVersion = swiftVersion
    self.testModule = testModule
    self.testFunction = testFunction
    self.session = session
  }

  /// Metadata of a fixture that is made now, by this version of the library.
  ///
  /// - Parameters:
  ///   - testModule: the test's module or file, where a test makes the fixture.
  ///   - testFunction: the test's name.
  public static func create(
    testModule: String? = nil, testFunction: String? = nil
  ) -> FixtureMetadata {
    FixtureMetadata(
      createdAt: Timestamp.now().description, cmdmoxVersion: BuildFacts.cmdmoxVersion,
      platform: "linux", swiftVersion: BuildFacts.swiftVersion, testModule: testModule,
      testFunction: testFunction)
  }

  /// Notes that the review of the fixture was accepted now.
  package mutating func acknowledgeReview() {
    reviewAcknowledged = Timestamp.now().description
  }

  /// The metadata as a JSON object, members in the order of the file.
  public func toDictionary() -> JSONObject { object }

  /// Reads metadata from a JSON object of the current schema version.
  ///
  /// - Throws: `FixtureError`, where a member is missing or has the wrong type.
  public init(dictionary: JSONObject) throws { try self.init(object: dictionary) }

  static let memberNames = [
    "created_at", "cmdmox_version", "platform", "python_version", "swift_version", "test_module",
    "test_function", "session", "review_acknowledged",
  ]
}

extension FixtureMetadata: FixturePart {
  init<Source: JSONSource & ~Copyable>(reading source: inout Source) throws {
    self.init(createdAt: "", cmdmoxVersion: "", platform: "")
    var missing = Array(Self.memberNames.prefix(4))
    try source.enterObject()
    while try source.nextMember() {
      if source.isMember("created_at") {
        createdAt = try source.string()
        missing.removeAll { $0 == "created_at" }
      } else if source.isMember("cmdmox_version") {
        cmdmoxVersion = try source.string()
        missing.removeAll { $0 == "cmdmox_version" }
      } else if source.isMember("platform") {
        platform = try source.string()
        missing.removeAll { $0 == "platform" }
      } else if source.isMember("python_version") {
        pythonVersion = try source.string()
        missing.removeAll { $0 == "python_version" }
      } else if source.isMember("swift_version") {
        swiftVersion = try source.optionalString()
      } else if source.isMember("test_module") {
        testModule = try source.optionalString()
      } else if source.isMember("test_function") {
        testFunction = try source.optionalString()
      } else if source.isMember("session") {
        session = try source.isNull() ? nil : SessionFacts(reading: &source)
      } else if source.isMember("review_acknowledged") {
        reviewAcknowledged = try source.optionalString()
      } else {
        try unknownMembers.keep(from: &source)
      }
    }
    if let name = missing.first { throw source.missing(name) }
  }

  func write<Sink: JSONSink & ~Copyable>(into sink: inout Sink) {
    sink.beginObject()
    sink.member("created_at")
    sink.string(createdAt)
    sink.member("cmdmox_version")
    sink.string(cmdmoxVersion)
    sink.member("platform")
    sink.string(platform)
    sink.member("python_version")
    sink.string(pythonVersion)
    sink.member("swift_version", ifPresent: swiftVersion)
    sink.member("test_module", orNull: testModule)
    sink.member("test_function", orNull: testFunction)
    if let session {
      sink.member("session")
      session.write(into: &sink)
    }
    sink.member("review_acknowledged", ifPresent: reviewAcknowledged)
    sink.members(unknownMembers)
    sink.endObject()
  }
}

/// What this build of cmdmox is.
package enum BuildFacts {
  /// The version of the library and the tool.
  package static let cmdmoxVersion = "0.1.0"

  /// The version of the compiler that built the library.
  package static var swiftVersion: String {
    #if compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3.1)
      "6.3.1"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6.1"
    #endif
  }
}
