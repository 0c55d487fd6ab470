import SystemPackage
import Testing

@testable import CmdMox

@Suite struct FixtureReaderTests {
  static let metadata = """
    "metadata":{"created_at":"","cmdmox_version":"","platform":"","python_version":""}
    """
  static let recording = """
    {"sequence":0,"command":"true","args":["a","b"],"stdin":"","env_subset":{"K":"v"},"stdout":"",
    "stderr":"","exit_code":0,"timestamp":"","duration_ms":0}
    """
  static let whole = """
    {"version":"1.0",\(metadata),"recordings":[\(recording)],"scrubbing_rules":[]}
    """

  static func load(_ text: String) throws -> FixtureFile {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("f.json")
    try write(text.utf8, to: path)
    return try FixtureFile.load(path)
  }

  /// What loading says, with the folder's name taken out.
  static func message(_ text: String) throws -> String {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("f.json")
    try write(text.utf8, to: path)
    let error = #expect(throws: FixtureError.self) { try FixtureFile.load(path) }
    return "\(error.map(String.init(describing:)) ?? "")"
      .replacing(folder.path.string + "/", with: "")
  }

  static let members: [(String, String)] = [
    ("recordings[0].sequence", "an integer of 64 bits"), ("recordings[0].command", "a string"),
    ("recordings[0].args", "an array"), ("recordings[0].stdin", "a string"),
    ("recordings[0].env_subset", "an object"), ("recordings[0].stdout", "a string"),
    ("recordings[0].stderr", "a string"), ("recordings[0].exit_code", "an integer of 64 bits"),
    ("recordings[0].timestamp", "a string"),
    ("recordings[0].duration_ms", "an integer of 64 bits"), ("metadata.created_at", "a string"),
    ("metadata.cmdmox_version", "a string"), ("metadata.platform", "a string"),
    ("metadata.python_version", "a string"), ("metadata", "an object"), ("recordings", "an array"),
  ]

  /// The whole fixture without one member, or with another value for it.
  static func changed(_ path: String, to value: JSONValue?) throws -> String {
    var file = try load(whole).toDictionary()
    let name = String(path.split(separator: ".").last ?? "")
    if path.hasPrefix("metadata."), case .object(var metadata) = file["metadata"] {
      metadata[name] = value
      file["metadata"] = .object(metadata)
    } else if path.hasPrefix("recordings["), case .object(var recording)? = first(file) {
      recording[name] = value
      file["recordings"] = [.object(recording)]
    } else {
      file[name] = value
    }
    var writer = JSONByteWriter(layout: .compact)
    writer.value(.object(file))
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private static func first(_ file: JSONObject) -> JSONValue? {
    if case .array(let recordings) = file["recordings"] { recordings.first } else { nil }
  }

  @Test(arguments: members)
  func `names a member that is missing`(path: String, expected: String) throws {
    #expect(try Self.message(Self.changed(path, to: nil)) == "f.json: \(path) is missing")
  }

  @Test(arguments: members)
  func `names a member that has the wrong type`(path: String, expected: String) throws {
    #expect(
      try Self.message(Self.changed(path, to: true))
        == "f.json: \(path) must be \(expected), found true or false")
  }

  @Test(
    arguments: [
      ("recordings[0].args", ["a", 1], "recordings[0].args[1] must be a string, found a number"),
      (
        "recordings[0].env_subset", ["K": nil],
        "recordings[0].env_subset.K must be a string, found null"
      ),
      (
        "recordings[0].env_subset", ["a b": []],
        "recordings[0].env_subset[\"a b\"] must be a string, found an array"
      ),
      (
        "recordings[0].exit_code", 1.5,
        "recordings[0].exit_code must be an integer of 64 bits, found another number"
      ),
      ("recordings[0].process", [:], "recordings[0].process.pid is missing"),
      (
        "recordings[0].process", ["pid": 1, "cwd": nil, "ppid": "x"],
        "recordings[0].process.ppid must be an integer of 64 bits, found a string"
      ),
      (
        "recordings[0].bytes", ["args": ["0": "?"]],
        "recordings[0].bytes.args[\"0\"] must be base64 with padding, found another text"
      ),
      (
        "metadata.session", ["command": "x"],
        "metadata.session.command must be an array, found a string"
      ),
      (
        "scrubbing_rules", [["pattern": ""]], "scrubbing_rules[0].replacement is missing"
      ),
      ("version", 1.0, "version must be a string, found a number"),
      ("version", "one", "version must be a version such as 1.0, found \"one\""),
      ("version", "2.0", "version is 2.0, this cmdmox reads up to 1.x; a newer cmdmox reads it"),
      ("$schema", 1, "$schema must be a string, found a number"),
    ] as [(String, JSONValue, String)])
  func `says what is wrong and where`(path: String, value: JSONValue, expected: String) throws {
    #expect(try Self.message(Self.changed(path, to: value)) == "f.json: " + expected)
  }

  @Test func `says where a file is no JSON`() throws {
    #expect(
      try Self.message("{\"mine\": 1.0.0}")
        == "f.json: not JSON at line 1, column 10 (byte 9): expected a number, found a malformed one"
    )
    #expect(
      try Self.message("") == "f.json: not JSON at line 1, column 1 (byte 0): expected a value, "
        + "found the end of the file")
    #expect(try Self.message("[]") == "f.json: the document must be an object, found an array")
  }

  @Test func `a file cut off anywhere is an error`() throws {
    let text = Array(Self.whole.utf8)
    let folder = try TemporaryFolder()
    let path = folder.path.appending("f.json")
    _ = try Self.load(Self.whole)
    for length in 0..<text.count {
      try write(text[..<length], to: path)
      #expect(throws: FixtureError.self) { try FixtureFile.load(path) }
    }
  }

  @Test(arguments: ["missing", "missing/deeper", "."])
  func `says that a file cannot be read`(name: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path.pushing(FilePath(name))
    let error = #expect(throws: FixtureError.self) { try FixtureFile.load(path) }
    let expected: Errno = name == "." ? .isDirectory : .noSuchFileOrDirectory
    #expect(error == .unreadable(file: path, errno: expected))
  }

  @Test(arguments: ["1.0", "1.7", "1.99"])
  func `takes every minor version, and keeps it`(version: String) throws {
    let fixture = try Self.load(Self.changed("version", to: .string(version)))
    #expect(fixture.version.description == version)
    #expect(fixture.toDictionary()["version"] == .string(version))
  }

  @Test(arguments: [
    "{\(metadata),\"recordings\":[\(recording)],\"scrubbing_rules\":[],\"version\":\"1.0\"}",
    "{\"recordings\":[\(recording)],\"version\":\"1.0\",\(metadata)}",
    "{\"version\":\"1.0\",\"recordings\":[\(recording)],\(metadata),\"version\":\"1.0\"}",
  ])
  func `members may come in any order`(text: String) throws {
    #expect(try Self.load(text) == Self.load(Self.whole))
  }

  @Test func `a version behind the recordings counts for them`() throws {
    let text = "{\(Self.metadata),\"recordings\":[{\"command\":\"x\"}],\"version\":"
    #expect(try Self.load(text + "\"0.3\"}").recordings.map(\.command) == ["x"])
    #expect(try Self.message(text + "\"1.0\"}") == "f.json: recordings[0].sequence is missing")
    #expect(try Self.message(text + "\"2.0\"}").contains("version is 2.0"))
    #expect(try Self.message(text + "\"0.3\",\"version\":\"1.0\"}").contains("sequence is missing"))
  }

  @Test func `recordings and versions that contradict each other are errors`() throws {
    #expect(
      try Self.message(
        "{\"version\":\"1.0\",\(Self.metadata),\"recordings\":[],\"version\":\"0.0\"}")
        == "f.json: version must be the same as before, found another one")
    #expect(
      try Self.message("{\"version\":\"1.0\",\(Self.metadata),\"recordings\":[],\"recordings\":[]}")
        == "f.json: recordings must be there once, found a second one")
  }

  @Test func `of other members that stand twice the last one counts`() throws {
    let text = Self.whole.replacing("\"stdin\":\"\"", with: "\"stdin\":\"a\",\"stdin\":\"b\"")
    #expect(try Self.load(text).recordings.first?.stdin == "b")
  }

  @Test func `no version means 0,0, and absent members get values`() throws {
    let fixture = try Self.load(
      "{\"recordings\":[{\"command\":\"a\",\"args\":[\"x\"]},{\"command\":\"b\",\"mine\":1}],\"n\":2}"
    )
    #expect(fixture.version == .current)
    #expect(fixture.metadata.cmdmoxVersion == "unknown")
    #expect(fixture.recordings.map(\.sequence) == [0, 1])
    #expect(fixture.recordings.map(\.args) == [["x"], []])
    #expect(fixture.recordings[1].unknownMembers == ["mine": 1])
    #expect(fixture.unknownMembers == ["n": 2])
    #expect(try FixtureFile(dictionary: fixture.toDictionary()) == fixture)
  }

  @Test(arguments: [
    ("{}", "recordings is missing"), ("{\"recordings\":[{}]}", "recordings[0].command is missing"),
    (
      "{\"recordings\":[{\"command\":1}]}", "recordings[0].command must be a string, found a number"
    ),
    ("{\"recordings\":[1]}", "recordings[0] must be an object, found a number"),
    (
      "{\"recordings\":[],\"metadata\":{\"platform\":[]}}",
      "metadata.platform must be a string, found an array"
    ),
  ])
  func `a migrated fixture names what is wrong as well`(text: String, expected: String) throws {
    #expect(try Self.message(text) == "f.json: " + expected)
    let dictionary = try JSONByteReaderTests.read(text.utf8)
    guard case .object(let object) = dictionary else { return }
    let error = #expect(throws: FixtureError.self) { try FixtureFile(dictionary: object) }
    #expect(error?.description == "fixture: " + expected)
  }

  @Test func `hands out one recording after the other, and passes on what its caller throws`()
    throws
  {
    struct Enough: Error {}
    let folder = try TemporaryFolder()
    let path = folder.path.appending("f.json")
    let recordings = (0..<100).map {
      RecordedInvocation(sequence: $0, command: "c\($0)", timestamp: "")
    }
    try FixtureFile(metadata: .create(), recordings: recordings).save(to: path)
    var seen: [String] = []
    let rest = try FixtureReader.forEachRecording(in: path) { seen.append($0.command) }
    #expect(seen == recordings.map(\.command))
    #expect(rest.recordings.isEmpty)
    seen = []
    #expect(throws: Enough.self) {
      try FixtureReader.forEachRecording(in: path) { recording in
        seen.append(recording.command)
        if seen.count == 3 { throw Enough() }
      }
    }
    #expect(seen.count == 3)
  }
}
