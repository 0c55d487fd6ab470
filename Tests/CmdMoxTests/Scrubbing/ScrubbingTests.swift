import SystemPackage
import Testing

@testable import CmdMox

/// Replaces a word wherever a recording has text.
struct WordScrubber: Scrubber {
  let word: String
  let rules = [ScrubbingRule(pattern: "word", replacement: "***")]

  func scrub(_ recording: RecordedInvocation) throws -> RecordedInvocation {
    func clean(_ text: String) -> String { text.replacing(word, with: "***") }
    var scrubbed = recording
    scrubbed.command = clean(recording.command)
    scrubbed.args = recording.args.map(clean)
    scrubbed.stdin = clean(recording.stdin)
    scrubbed.stdout = clean(recording.stdout)
    scrubbed.stderr = clean(recording.stderr)
    scrubbed.envSubset = recording.envSubset.mapValues(clean)
    scrubbed.process?.cwd = recording.process?.cwd.map(clean)
    scrubbed.process?.executable = recording.process?.executable.map(clean)
    return scrubbed
  }
}

@Suite struct ScrubbingTests {
  static let secret = "hunter2"
  /// The secret between bytes that are no text.
  static let bytes: [UInt8] = [0xff] + Array(secret.utf8) + [0xfe]

  static func secretInvocation() -> Invocation {
    Invocation(
      command: "git".utf8, args: [bytes, Array("plain".utf8), [0xe4]], stdin: bytes,
      environmentBlock: Array("GIT_X=".utf8) + bytes + [0])
  }

  static func secretFacts() -> ProcessFacts {
    var facts = ProcessFacts(pid: 1)
    facts.setCwd([0x2f] + bytes)
    facts.setExecutable("/usr/bin/git".utf8)
    return facts
  }

  @Test func `what a scrubber takes out of a text is not left in its bytes`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("f.json")
    var metadata = FixtureMetadata.create()
    var facts = SessionFacts()
    facts.setCommand([Array("deploy".utf8), Self.bytes])
    facts.setCwd([0x2f] + Self.bytes)
    metadata.session = facts
    let session = RecordingSession(
      fixturePath: path, journalDirectory: folder.path, metadata: metadata,
      scrubber: WordScrubber(word: Self.secret))
    try session.start()
    try session.record(
      Self.secretInvocation(), Response(stdout: Self.bytes, stderr: Self.bytes, exitCode: 0),
      durationMs: 0, timestamp: Timestamp(microseconds: 0), process: Self.secretFacts(),
      slot: RecordingSlot(index: 0, startNs: 0, parent: nil))
    _ = try session.finish(metadata: metadata)
    let encoded = Base64.text(of: Self.bytes)
    for file in [path, folder.path.appending("journal.jsonl")] {
      let text = String(decoding: try contents(of: file), as: UTF8.self)
      #expect(!text.contains(Self.secret))
      #expect(!text.contains(encoded))
      #expect(!text.contains(encoded.prefix(8)))
      #expect(text.contains("***"))
    }
    let recording = try #require(try FixtureFile.load(path).recordings.first)
    // What the scrubber left alone is still exact.
    #expect(recording.argumentBytes[2] == [0xe4])
    #expect(try FixtureFile.load(path).scrubbingRules == WordScrubber(word: "").rules)
  }

  @Test func `without a scrubber the same bytes are there`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("f.json")
    let session = RecordingSession(fixturePath: path)
    try session.start()
    try session.record(Self.secretInvocation(), Response())
    let recording = try #require(try session.finalize().recordings.first)
    #expect(recording.argumentBytes[0] == Self.bytes)
    let text = String(decoding: try contents(of: path), as: UTF8.self)
    #expect(text.contains(Base64.text(of: Self.bytes)))
  }

  @Test func `a recording that cannot be scrubbed is not stored`() throws {
    struct Unable: Error {}
    struct Failing: Scrubber {
      func scrub(_ recording: RecordedInvocation) throws -> RecordedInvocation {
        if recording.command == "bad" { throw Unable() }
        return recording
      }
    }
    let folder = try TemporaryFolder()
    let session = RecordingSession(
      fixturePath: folder.path.appending("f.json"), scrubber: Failing())
    try session.start()
    try session.record(Invocation(command: "good"), Response())
    #expect(throws: Unable.self) { try session.record(Invocation(command: "bad"), Response()) }
    #expect(try session.finalize().recordings.map(\.command) == ["good"])
    #expect(try session.finalize().scrubbingRules.isEmpty)
  }

  @Test func `a rule that does not say where applies everywhere`() throws {
    let rule = try ScrubbingRule(dictionary: ["pattern": "a", "replacement": "b"])
    #expect(rule == ScrubbingRule(pattern: "a", replacement: "b"))
    #expect(rule.appliedTo == ["env", "stdout", "stderr"])
  }
}
