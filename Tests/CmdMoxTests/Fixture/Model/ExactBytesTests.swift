import SystemPackage
import Testing

@testable import CmdMox

@Suite struct ExactBytesTests {
  static let edges: [[UInt8]] = [
    [], [0x20], [0x0a], [0xff], [0x61, 0xe4, 0x62], [0xc3, 0xbc], [0xc0, 0x80], [0xed, 0xb2, 0x80],
    [0xf0, 0x9f, 0x98], Array(repeating: 0xfc, count: 131_072), Array("ümlaut".utf8),
    [0, 1, 2, 0x80],
    [0xef, 0xbf, 0xbd], [0xef, 0xbf, 0xbd, 0xff],
  ]

  @Test(arguments: edges)
  func `any bytes come back from a file, whichever text they are`(bytes: [UInt8]) throws {
    let invocation = Invocation(
      command: [0x63] + bytes, args: [[], bytes, [0x61], bytes], stdin: bytes,
      environmentBlock: [UInt8]())
    let response = Response(stdout: bytes, stderr: bytes + bytes, exitCode: 0)
    let folder = try TemporaryFolder()
    let path = folder.path.appending("fixture.json")
    let session = RecordingSession(fixturePath: path)
    try session.start()
    try session.record(invocation, response)
    let fixture = try session.finalize()
    let loaded = try FixtureFile.load(path)
    #expect(loaded == fixture)
    let recording = try #require(loaded.recordings.first)
    #expect(recording.commandBytes == [0x63] + bytes)
    #expect(recording.argumentBytes == [[], bytes, [0x61], bytes])
    #expect(recording.stdinBytes == bytes)
    #expect(recording.stdoutBytes == bytes)
    #expect(recording.stderrBytes == bytes + bytes)
  }

  @Test func `a command line of many arguments that are no text comes back`() throws {
    let arguments = (0..<20_000).map { Array("file \($0) ".utf8) + [0xe4] }
    let invocation = Invocation(command: "rm".utf8, args: arguments)
    var recording = RecordedInvocation(
      sequence: 0, command: "rm", args: invocation.args, timestamp: "")
    recording.bytes = invocation.bytes
    #expect(try RecordedInvocation(dictionary: recording.toDictionary()).argumentBytes == arguments)
  }

  @Test func `text that is UTF-8 has no bytes beside it`() {
    let invocation = Invocation(
      command: "ümlaut".utf8, args: ["\u{fffd}".utf8], stdin: "".utf8,
      environmentBlock: [UInt8]())
    #expect(invocation.bytes.isEmpty)
    #expect(invocation.args == ["\u{fffd}"])
  }

  @Test func `an edited text wins over the bytes beside it`() {
    var recording = RecordedInvocation(
      sequence: 0, command: "cat", stdout: "caf\u{fffd}", timestamp: "")
    recording.bytes["stdout"] = [0x63, 0x61, 0x66, 0xe9]
    #expect(recording.stdoutBytes == [0x63, 0x61, 0x66, 0xe9])
    recording.stdout = "tea"
    #expect(recording.stdoutBytes == Array("tea".utf8))
  }

  @Test func `a member is one text or has elements`() {
    var bytes = ExactBytes()
    bytes["args"] = [1]
    bytes["args", "0"] = [2]
    #expect(bytes["args"] == nil)
    #expect(bytes["args", "0"] == [2])
    bytes["args"] = [3]
    #expect(bytes["args", "0"] == nil)
    bytes["args"] = nil
    #expect(bytes.isEmpty)
  }

  @Test func `facts of a process keep their bytes`() throws {
    var facts = ProcessFacts(pid: 1)
    facts.setExecutable([0x2f, 0xff])
    facts.setCwd([0x2f, 0xfe])
    facts.setArgv0("-sh".utf8)
    facts.setInterpreter([0xfd])
    #expect(facts.executable == "/\u{fffd}")
    #expect(facts.bytes["executable"] == [0x2f, 0xff])
    #expect(facts.bytes["cwd"] == [0x2f, 0xfe])
    #expect(facts.bytes["interpreter"] == [0xfd])
    #expect(facts.argv0 == "-sh" && facts.bytes["argv0"] == nil)
    facts.setCwd("/".utf8)
    #expect(facts.bytes["cwd"] == nil)
  }

  @Test func `facts of a session keep their bytes`() {
    var facts = SessionFacts()
    facts.setCommand([[0x6d], [0xff]])
    facts.setCwd([0xfe])
    #expect(facts.command == ["m", "\u{fffd}"])
    #expect(facts.bytes["command", "1"] == [0xff])
    #expect(facts.bytes["cwd"] == [0xfe])
    facts.setCommand(["make".utf8])
    #expect(facts.bytes["command", "1"] == nil)
    #expect(facts.bytes["cwd"] == [0xfe])
  }
}
