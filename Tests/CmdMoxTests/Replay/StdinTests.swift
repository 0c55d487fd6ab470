import Testing

@testable import CmdMox

/// How a standard input of which only the beginning is there chooses among recordings.
@Suite struct StdinTests {
  typealias Fixture = ReplayFixture

  private static func session(
    _ recordings: RecordedInvocation..., mode: MatchingOptions.Mode = .strict,
    rules: [MatchingRule] = []
  ) throws -> ReplaySession {
    try ReplaySession(
      fixture: Fixture.file(recordings), options: MatchingOptions(mode: mode, rules: rules))
  }

  private static let live = LiveInvocation("c")

  /// Gives a session as much of `text` as it asks for.
  ///
  /// - Returns: the reply, and how many bytes were read.
  private static func feed(
    _ text: String, to session: ReplaySession, readsOptional: Bool = true
  ) throws -> (reply: ReplayReply, read: Int) {
    let text = Array(text.utf8)
    var read = 0
    while true {
      let stdin = Array(text[..<read])
      // The end is known only to those who have read over it.
      let reply = try session.reply(to: live, stdin: stdin, isAtEnd: false)
      guard case .needsStdin(let count, let need) = reply else { return (reply, read) }
      #expect(count > read)
      if count > text.count || (need != .anyAnswer && !readsOptional) {
        return (try session.answer(live, stdin: text, isAtEnd: count > text.count), text.count)
      }
      read = count
    }
  }

  @Test func `a length that no input has is never reached`() throws {
    // Of what nothing was taken out of, the text counts.
    let endless = Fixture.recording(0, "c", stdin: DefaultRule.mark).with {
      $0.stdin = StreamFacts(taken: .relayed, length: .max)
    }
    let session = try Self.session(endless)
    #expect(try session.answer(Self.live, stdin: [1], isAtEnd: true).sequence == nil)
  }

  @Test func `nothing is read where nothing was`() throws {
    let session = try Self.session(
      Fixture.recording(0, "c").reading(""), Fixture.recording(1, "c").reading(""),
      Fixture.recording(2, "d").reading("text"))
    #expect(try Self.feed("text", to: session) == (.answer(Self.answer(0)), 0))
    #expect(try Self.feed("text", to: session).reply.sequence == 1)
  }

  private static func answer(_ sequence: Int, consumes: Int = 0, seesEnd: Bool = false)
    -> ReplayAnswer
  {
    ReplayAnswer(
      sequence: sequence, stdout: Array("\(sequence)".utf8), stderr: [], isMerged: false,
      ending: .exited(0), stdin: .init(byteCount: consumes, seesEnd: seesEnd), durationMs: 0)
  }

  @Test(
    arguments: [
      ("abc", 0, 3), ("abcdef", 0, 3), ("abd", nil, 3), ("ab", nil, 2), ("", nil, 0),
    ] as [(String, Int?, Int)])
  func `a command that read a part agrees with everything behind it`(
    text: String, expected: Int?, read: Int
  ) throws {
    let session = try Self.session(Fixture.recording(0, "c").reading("abc"))
    let (reply, count) = try Self.feed(text, to: session)
    #expect(reply.sequence == expected && count == read)
  }

  @Test func `the answer says what is consumed and whether the end is seen`() throws {
    let session = try Self.session(Fixture.recording(0, "c").reading("abc", seesEnd: true))
    #expect(
      try Self.feed("abc", to: session).reply == .answer(Self.answer(0, consumes: 3, seesEnd: true))
    )
  }

  @Test func `more than a command read to the end is another input`() throws {
    let session = try Self.session(Fixture.recording(0, "c").reading("abc", seesEnd: true))
    let reply = try session.answer(Self.live, stdin: Array("abcd".utf8))
    #expect(
      reply.miss?.closest.first?.differences
        == ["standard input goes on after the 3 bytes that were recorded"])
  }

  @Test func `standard input chooses among those that differ in it`() throws {
    let session = try Self.session(
      Fixture.recording(0, "c").reading("one"), Fixture.recording(1, "c").reading("three"),
      Fixture.recording(2, "c").reading("two"), Fixture.recording(3, "c").reading(""))
    #expect(try Self.feed("three", to: session) == (.answer(Self.answer(1, consumes: 5)), 5))
    #expect(try Self.feed("two", to: session) == (.answer(Self.answer(2, consumes: 3)), 3))
    #expect(try Self.feed("one", to: session).reply.sequence == 0)
    #expect(try Self.feed("x", to: session) == (.answer(Self.answer(3)), 0))
  }

  @Test(arguments: [(true, 1), (false, 0)])
  func `an answer that is there need not wait for a better one`(reads: Bool, expected: Int) throws {
    let session = try Self.session(
      Fixture.recording(0, "c").reading("a"), Fixture.recording(1, "c").reading("ab"))
    let text = reads ? "ab" : "a"
    #expect(
      try Self.feed(text, to: session, readsOptional: reads).reply.sequence == expected)
  }

  @Test(
    arguments: [
      ("a", .needsStdin(byteCount: 3, for: .anyAnswer)),
      ("abc", .needsStdin(byteCount: 6, for: .betterAnswer)), ("x", nil), ("abd", nil),
      ("abcx", .answer(answer(0, consumes: 3))),
    ] as [(String, ReplayReply?)])
  func `nothing is waited for that cannot come any more`(text: String, reply: ReplayReply?) throws {
    let session = try Self.session(
      Fixture.recording(0, "c").reading("abc"), Fixture.recording(1, "c").reading("abcdef"))
    let actual = try session.reply(to: Self.live, stdin: Array(text.utf8))
    if let reply { #expect(actual == reply) } else { #expect(actual.miss != nil) }
  }

  @Test func `what nobody captured agrees with everything`() throws {
    let traced = Fixture.recording(0, "c").with { $0.stdin = nil }
    let onTerminal = Fixture.recording(1, "c").with { $0.stdin = StreamFacts(taken: .inherited) }
    let session = try Self.session(traced, onTerminal)
    #expect(try Self.feed("x", to: session).reply == .answer(Self.answer(0)))
    #expect(try session.match(Invocation(command: "c", stdin: "text"))?.stdout == "1")
  }

  @Test func `in fuzzy mode standard input only chooses`() throws {
    let one = try Self.session(Fixture.recording(0, "c").reading("abc"), mode: .fuzzy)
    #expect(try Self.feed("xyz", to: one) == (.answer(Self.answer(0, consumes: 3)), 0))
    let two = try Self.session(
      Fixture.recording(0, "c").reading("abc"), Fixture.recording(1, "c").reading("xyz"),
      mode: .fuzzy)
    #expect(try Self.feed("xyz", to: two).reply.sequence == 1)
    #expect(try Self.feed("other", to: two).reply.sequence == 0)
  }

  @Test func `truncated standard input is compared as far as it was kept`() throws {
    let recording = Fixture.recording(0, "c").reading("abc").with {
      $0.stdin?.length = 1000
      $0.stdin?.isTruncated = true
    }
    let session = try Self.session(recording)
    #expect(try Self.feed("abcd", to: session) == (.answer(Self.answer(0, consumes: 1000)), 3))
  }

  @Test(arguments: [false, true])
  func `of many inputs the one is found by few looks`(isScrubbed: Bool) throws {
    let texts = (0..<500).map { number in
      "kind: Deployment\nname: app-\(number)\n" + String(repeating: "x", count: number * 7 % 400)
    }
    var fixture = Fixture.file(
      texts.enumerated().map { Fixture.recording($0, "c").reading($1, seesEnd: true) })
    if isScrubbed { fixture.scrubbingRules = PatternScrubber.defaultRules }
    let session = try ReplaySession(fixture: fixture)
    for (sequence, text) in texts.enumerated().reversed() {
      let stdin = Array(text.utf8)
      var looks = 0
      var reply = try session.reply(to: Self.live)
      while case .needsStdin(let count, _) = reply {
        looks += 1
        reply = try session.reply(
          to: Self.live, stdin: Array(stdin.prefix(count)), isAtEnd: count > stdin.count)
      }
      #expect(reply.sequence == sequence)
      #expect(looks < 12)
    }
  }

  @Test func `what somebody has edited is compared as it stands there`() throws {
    var edited = Fixture.recording(0, "c").reading("abc", seesEnd: true)
    edited.stdin = "abcdef"
    let session = try Self.session(edited)
    #expect(
      try Self.feed("abcdef", to: session).reply
        == .answer(Self.answer(0, consumes: 6, seesEnd: true)))
  }

  @Test func `a rule for standard input needs all of it`() throws {
    let session = try Self.session(
      Fixture.recording(0, "c").reading("at 12:30\n", seesEnd: true),
      rules: [MatchingRule(.stdin, "[0-9]+:[0-9]+")])
    #expect(
      try session.reply(to: Self.live) == .needsStdin(byteCount: .max, for: .anyAnswer))
    #expect(
      try session.answer(Self.live, stdin: Array("at 9:05\n".utf8), isAtEnd: true).sequence == 0)
  }
}
