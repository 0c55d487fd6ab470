import SystemPackage
import Testing

@testable import CmdMox

/// A value is known to be secret once a process has it in a variable. What was printed before that is
/// stored already.
@Suite struct JournalRevisionTests {
  let folder: TemporaryFolder
  let scrubber = PatternScrubber()

  init() throws { folder = try TemporaryFolder() }

  private var journal: FilePath { folder.path.appending("journal.jsonl") }

  private func session(isJournaled: Bool = true, command: [String] = []) throws -> RecordingSession
  {
    var metadata = FixtureMetadata.create()
    var facts = SessionFacts()
    facts.command = command.isEmpty ? nil : command
    metadata.session = facts
    let path = folder.path.appending("f.json")
    let session =
      isJournaled
      ? RecordingSession(
        fixturePath: path, journalDirectory: folder.path, metadata: metadata, scrubber: scrubber)
      : RecordingSession(fixturePath: path, scrubber: scrubber)
    try session.start()
    return session
  }

  private func record(_ index: Int, stdout: [UInt8], into session: RecordingSession) throws {
    try session.record(
      Invocation(command: "c\(index)"), Response(stdout: stdout, stderr: [], exitCode: 0),
      durationMs: 0, timestamp: Timestamp(microseconds: 0), process: ProcessFacts(pid: index),
      slot: RecordingSlot(index: index, startNs: UInt64(index), parent: nil))
  }

  private func learn(_ value: String) { scrubber.learn(from: [Array("MY_TOKEN=\(value)".utf8)]) }

  private func settle(_ session: RecordingSession) throws {
    repeat { try session.flush() } while session.isRevising
  }

  private var text: String {
    get throws { String(decoding: try contents(of: journal), as: UTF8.self) }
  }

  /// One that is shorter than the mark, and one that is longer; a text and bytes.
  static let values = ["s3cr3t", "tr0ub4dor-and-some-more"]

  @Test(arguments: [true, false], values)
  func `what was stored before a value was known is gone over again`(
    isJournaled: Bool, value: String
  ) throws {
    let session = try session(isJournaled: isJournaled)
    try record(0, stdout: Array("token \(value)\n".utf8), into: session)
    try record(1, stdout: [0xff] + Array(value.utf8) + [0xfe], into: session)
    try session.flush()
    learn(value)
    try record(2, stdout: Array("and \(value)".utf8), into: session)
    let fixture = try session.finalize()
    #expect(
      fixture.recordings.map(\.stdoutBytes) == [
        Array("token <REDACTED>\n".utf8), [0xff] + Array("<REDACTED>".utf8) + [0xfe],
        Array("and <REDACTED>".utf8),
      ])
    #expect(try FixtureFile.load(folder.path.appending("f.json")) == fixture)
  }

  @Test(arguments: values)
  func `the journal is gone over while more is written`(value: String) throws {
    let session = try session(command: ["sh", "-c", "TOKEN=\(value) ./deploy"])
    for index in 0..<3 { try record(index, stdout: Array("-\(value)-".utf8), into: session) }
    try session.flush()
    #expect(try text.contains(value))
    learn(value)
    try record(3, stdout: [], into: session)
    try settle(session)
    #expect(try !text.contains(value))
    #expect(try !text.contains(Base64.text(of: Array(value.utf8)).prefix(8)))
    // A recorder that is killed now leaves it like this.
    let summary = try RecordingSession.recover(folder.path)
    #expect(summary.recordings == 4 && summary.lost == 0)
    let fixture = try FixtureFile.load(summary.file)
    #expect(fixture.recordings.map(\.command) == ["c0", "c1", "c2", "c3"])
    #expect(fixture.recordings[1].stdout == "-<REDACTED>-")
    #expect(fixture.metadata.session?.command == ["sh", "-c", "TOKEN=<REDACTED> ./deploy"])
  }

  @Test func `a long journal is gone over piece by piece`() throws {
    let session = try session()
    let filler = String(repeating: "filler ", count: 2000)
    for index in 0..<100 {
      try record(index, stdout: Array((filler + Self.values[0]).utf8), into: session)
    }
    try session.flush()
    learn(Self.values[0])
    try session.flush()
    #expect(session.isRevising)
    // While it is, another value becomes known, and stands at the front.
    try record(100, stdout: Array(Self.values[1].utf8), into: session)
    learn(Self.values[1])
    try settle(session)
    for value in Self.values { #expect(try !text.contains(value)) }
    let summary = try RecordingSession.recover(folder.path)
    #expect(summary.recordings == 101 && summary.lost == 0)
  }

  @Test func `a recorder that is killed between two writes leaves each recording once`() throws {
    let session = try session()
    for index in 0..<3 { try record(index, stdout: Array("-s3cr3t-".utf8), into: session) }
    try session.flush()
    let before = try contents(of: journal)
    learn("s3cr3t")
    try settle(session)
    // The new line is there, the old one, too.
    let after = try contents(of: journal)
    try write(before + after[before.count...], to: journal)
    let summary = try RecordingSession.recover(folder.path)
    #expect(summary.recordings == 3 && summary.lost == 0)
    #expect(
      try FixtureFile.load(summary.file).recordings.map(\.stdout)
        == Array(repeating: "-<REDACTED>-", count: 3))
  }

  @Test(arguments: 0..<20)
  func `whatever becomes known whenever, nothing of it stays`(seed: Int) throws {
    var random = SeededGenerator(seed: seed)
    let session = try session(command: ["run", "value-3-aB", "value-5-aB"])
    let values = (0..<8).map { "value-\($0)-aB" + String(repeating: "x", count: $0 * 3) }
    var known: [String] = []
    for index in 0..<60 {
      let text = (0..<4).map { _ in values.randomElement(using: &random) ?? "" }
      let bytes = Array(text.joined(separator: " ").utf8)
      try record(index, stdout: Bool.random(using: &random) ? bytes : [0xff] + bytes, into: session)
      if Int.random(in: 0..<8, using: &random) == 0,
        let value = values.randomElement(using: &random)
      {
        learn(value)
        known.append(value)
      }
      if Bool.random(using: &random) { try session.flush() }
      guard Int.random(in: 0..<10, using: &random) == 0 else { continue }
      try settle(session)
      for value in known { #expect(try !self.text.contains(value), "\(seed)") }
    }
    try settle(session)
    #expect(try RecordingSession.recover(folder.path).recordings == 60)
    let recovered = try FixtureFile.load(folder.path.appending("f.json"))
    let fixture = try session.finalize()
    #expect(fixture.recordings == recovered.recordings)
    let whole = fixture.recordings.map { JSONByteText($0).text }.joined()
    for value in known { #expect(!whole.contains(value)) }
  }

  @Test func `a review tells of what was found later`() throws {
    let path = folder.path.appending("f.json")
    let session = RecordingSession(fixturePath: path, scrubber: scrubber, reviewMode: true)
    try session.start()
    try record(0, stdout: Array("token s3cr3t-value".utf8), into: session)
    learn("s3cr3t-value")
    _ = try session.finalize()
    let review = String(
      decoding: try contents(of: folder.path.appending("f.json.review")), as: UTF8.self)
    #expect(review.contains("stdout, by a value that is known to be secret"))
    #expect(review.contains("1 recordings, 1 of them with something to look at"))
  }
}
