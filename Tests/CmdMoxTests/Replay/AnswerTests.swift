import SystemPackage
import Testing

@testable import CmdMox

/// What a recording answers, and when it cannot.
@Suite struct AnswerTests {
  typealias Fixture = ReplayFixture

  private static func answer(_ recordings: RecordedInvocation...) throws -> ReplayReply {
    let session = try ReplaySession(fixture: Fixture.file(recordings))
    return try session.reply(to: LiveInvocation("c"))
  }

  private static func ending(_ reply: ReplayReply) -> ReplayAnswer.Ending? {
    if case .answer(let answer) = reply { answer.ending } else { nil }
  }

  @Test(
    arguments: [
      (nil, 0, .exited(0)), (nil, 255, .exited(255)), (nil, -9, .signaled(9)),
      (.exited, 3, .exited(3)), (.exited, 130, .exited(130)),
      (.signaled, 137, .signaled(9)), (.failed, 127, .failed(error: "EACCES", status: 127)),
      (Termination(rawValue: "later"), 4, .exited(4)),
    ] as [(Termination?, Int, ReplayAnswer.Ending)])
  func `a command ends as it ended`(
    termination: Termination?, exitCode: Int, ending: ReplayAnswer.Ending
  ) throws {
    var recording = Fixture.recording(0, "c", exitCode: exitCode)
    if let termination {
      recording = recording.with {
        $0.termination = termination
        $0.error = termination == .failed ? "EACCES" : nil
      }
    }
    #expect(Self.ending(try Self.answer(recording)) == ending)
  }

  @Test(
    arguments: [(65, 0), (0, 0), (.max, 0), (nil, .min), (nil, 128), (nil, 200)] as [(Int?, Int)])
  func `an end by what is no signal is not known`(signal: Int?, exitCode: Int) throws {
    let recording = Fixture.recording(0, "c", exitCode: exitCode).with {
      $0.termination = .signaled
      $0.signal = signal
    }
    #expect(try Self.answer(recording).miss?.reason == .unanswerable(.unknownEnding(sequence: 0)))
  }

  @Test func `no time is longer than a hundred years`() throws {
    let session = try ReplaySession(fixture: Fixture.file([Fixture.recording(0, "c", took: .max)]))
    guard case .answer(let answer) = try session.reply(to: LiveInvocation("c")) else {
      return #expect(Bool(false))
    }
    #expect(CommandAnswer(answer, keepsTime: true).delayNs == 3_153_600_000_000_000_000)
  }

  @Test func `output is bytes`() throws {
    let response = Response(stdout: [0xff, 0], stderr: [0xc3], exitCode: 0)
    var recording = Fixture.recording(0, "c", stdout: response.stdout)
    recording.stderr = response.stderr
    recording.bytes = response.bytes
    guard case .answer(let answer) = try Self.answer(recording) else { return #expect(Bool(false)) }
    #expect(answer.stdout == [0xff, 0])
    #expect(answer.stderr == [0xc3])
  }

  @Test func `a program that executed others answers for them all`() throws {
    let replaced = { (facts: inout ProcessFacts) in
      facts.pid = 7
      facts.termination = .replaced
    }
    let reply = try Self.answer(
      Fixture.recording(0, "c", stdout: "a").with(replaced),
      Fixture.recording(1, "x", stdout: "-").inside(0),
      Fixture.recording(2, "d", stdout: "b").with(replaced).inside(0),
      Fixture.recording(3, "e", stdout: "c", exitCode: 5).with {
        $0.pid = 7
        $0.termination = .exited
      }.inside(2))
    guard case .answer(let answer) = reply else { return #expect(Bool(false), "\(reply)") }
    #expect(answer.stdout == Array("abc".utf8))
    #expect(answer.ending == .exited(5))
  }

  @Test(
    arguments: [
      (.running, 0, .running(sequence: 0)), (.unknown, -1, .unknownEnding(sequence: 0)),
      (.replaced, 0, .unknownEnding(sequence: 0)),
    ] as [(Termination, Int, ReplayError)])
  func `what has no end cannot answer`(
    termination: Termination, exitCode: Int, error: ReplayError
  ) throws {
    let recording = Fixture.recording(0, "c", exitCode: exitCode).with {
      $0.termination = termination
    }
    #expect(try Self.answer(recording).miss?.reason == .unanswerable(error))
    let session = try ReplaySession(fixture: Fixture.file(recording))
    #expect(throws: error) { try session.match(Invocation(command: "c")) }
    #expect(session.consumedCount == 0)
    #expect(throws: VerificationError.self) { try session.verify() }
  }

  @Test func `a stream that is not whole cannot answer`() throws {
    let recording = Fixture.recording(4, "c", stdout: "beginning").with {
      $0.stdout = StreamFacts(taken: .relayed, length: 1000)
      $0.stdout?.isTruncated = true
    }
    let error = ReplayError.truncated(sequence: 4, stream: "stdout", kept: 9, length: 1000)
    #expect(try Self.answer(recording).miss?.reason == .unanswerable(error))
    #expect(
      error.description
        == "recording 4 has only the first 9 bytes of its stdout, which had 1000; "
        + "record again with a higher --max-capture")
  }

  @Test func `a stream that is not whole does no harm where it is not needed`() throws {
    let truncated = Fixture.recording(0, "c").with {
      $0.stdout = StreamFacts(taken: .relayed, length: 1000)
      $0.stdout?.isTruncated = true
    }
    let session = try ReplaySession(
      fixture: Fixture.file(Fixture.recording(1, "sh"), truncated.inside(1)))
    #expect(try session.reply(to: LiveInvocation("sh")).sequence == 1)
    try session.verify()
  }

  @Test func `what could not be executed is not missed`() throws {
    let failed = Fixture.recording(0, "c", exitCode: 127).with {
      $0.termination = .failed
      $0.error = "ENOENT"
    }
    let session = try ReplaySession(fixture: Fixture.file(failed))
    try session.verify()
    #expect(
      Self.ending(try session.reply(to: LiveInvocation("c")))
        == .failed(error: "ENOENT", status: 127))
  }

  @Test func `merged streams say so`() throws {
    let reply = try Self.answer(
      Fixture.recording(0, "c").with {
        $0.stderr = StreamFacts(taken: .relayed)
        $0.stderr?.isMerged = true
      })
    guard case .answer(let answer) = reply else { return #expect(Bool(false)) }
    #expect(answer.isMerged)
  }

  // Modes.

  @Test(
    arguments: [
      (.once, false, .record), (.once, true, .replay), (.newEpisodes, false, .record),
      (.newEpisodes, true, .replayAndRecord), (.none, true, .replay), (.all, false, .record),
      (.all, true, .record),
    ] as [(RecordMode, Bool, RecordMode.Plan)])
  func `a mode decides by what is there`(mode: RecordMode, exists: Bool, plan: RecordMode.Plan)
    throws
  {
    #expect(try mode.plan(for: "f.json", exists: exists) == plan)
  }

  @Test func `the mode none needs a fixture`() {
    #expect(throws: FixtureError.unreadable(file: "f.json", errno: .noSuchFileOrDirectory)) {
      try RecordMode.none.plan(for: "f.json", exists: false)
    }
  }

  @Test func `new episodes stand behind the others`() {
    var fixture = Fixture.file(Fixture.recording(0, "a"), Fixture.recording(4, "b").inside(0))
    fixture.append(newEpisodes: [
      Fixture.recording(3, "d").inside(1), Fixture.recording(1, "c"),
      Fixture.recording(5, "e").inside(2),
    ])
    #expect(fixture.recordings.map(\.sequence) == [0, 4, 5, 6, 7])
    #expect(fixture.recordings.map(\.command) == ["a", "b", "c", "d", "e"])
    #expect(fixture.recordings.map(\.process?.parent) == [nil, 0, nil, 5, nil])
  }
}
