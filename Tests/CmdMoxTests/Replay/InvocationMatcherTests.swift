import Testing

@testable import CmdMox

/// Which recording answers.
@Suite struct InvocationMatcherTests {
  typealias Fixture = ReplayFixture

  private static func answers(
    _ recordings: [RecordedInvocation], _ invocations: [Invocation],
    _ options: MatchingOptions = MatchingOptions()
  ) throws -> [Int?] {
    let matcher = try InvocationMatcher(recordings, options: options)
    return try invocations.map { try matcher.next(for: $0)?.sequence }
  }

  // What has to agree.

  static let recorded = Fixture.recording(
    7, "git", "commit", "-m", "a b", stdin: "text\n", env: ["GIT_DIR": "/a", "GIT_PAGER": "cat"])
  static let whole = [
    "GIT_DIR": "/a", "GIT_PAGER": "cat", "HOME": "/root", "EMPTY": "", "WITH_EQUALS": "a=b",
  ]

  @Test(
    arguments: [
      (
        Invocation(command: "git", args: ["commit", "-m", "a b"], stdin: "text\n", env: whole),
        true, true
      ),
      (
        Invocation(command: "gi", args: ["commit", "-m", "a b"], stdin: "text\n", env: whole),
        false, false
      ),
      (
        Invocation(
          command: "/bin/git", args: ["commit", "-m", "a b"], stdin: "text\n", env: whole), false,
        false
      ),
      (
        Invocation(command: "git", args: ["commit", "-m", "a", "b"], stdin: "text\n", env: whole),
        false, false
      ),
      (
        Invocation(command: "git", args: ["commit", "-m"], stdin: "text\n", env: whole), false,
        false
      ),
      (
        Invocation(command: "git", args: ["commit", "-m", "a b", ""], stdin: "text\n", env: whole),
        false, false
      ),
      (
        Invocation(command: "git", args: ["commit", "-m", "a b"], stdin: "text", env: whole), false,
        true
      ),
      (
        Invocation(command: "git", args: ["commit", "-m", "a b"], stdin: "text\nmore", env: whole),
        false, true
      ),
      (
        Invocation(command: "git", args: ["commit", "-m", "a b"], stdin: "", env: whole), false,
        true
      ),
      (
        Invocation(
          command: "git", args: ["commit", "-m", "a b"], stdin: "text\n", env: ["GIT_DIR": "/a"]),
        false, true
      ),
      (
        Invocation(
          command: "git", args: ["commit", "-m", "a b"], stdin: "text\n",
          env: ["GIT_DIR": "/b", "GIT_PAGER": "cat"]), false, true
      ),
      (Invocation(command: "git", args: ["commit", "-m", "a b"], stdin: "text\n"), false, true),
    ] as [(Invocation, Bool, Bool)])
  func `strict and fuzzy agree on what they say`(live: Invocation, strict: Bool, fuzzy: Bool) throws
  {
    #expect(try Self.answers([Self.recorded], [live]) == [strict ? 7 : nil])
    #expect(
      try Self.answers([Self.recorded], [live], MatchingOptions(mode: .fuzzy)) == [fuzzy ? 7 : nil])
  }

  @Test(arguments: [
    [], [""], ["", ""], ["a\nb"], ["ümlaut"], ["u\u{308}"], ["\u{fc}"], ["a\u{0}b"], ["a", "b"],
    ["ab"],
    [String(repeating: "x", count: 131_072)],
  ])
  func `arguments are told apart by their bytes`(args: [String]) throws {
    let all = [
      [], [""], ["", ""], ["a\nb"], ["ümlaut"], ["u\u{308}"], ["\u{fc}"], ["a\u{0}b"], ["a", "b"],
      ["ab"], [String(repeating: "x", count: 131_072)],
    ]
    let recordings = all.enumerated().map {
      RecordedInvocation(sequence: $0, command: "c", args: $1, timestamp: "")
    }
    let expected = all.firstIndex { $0.map { Array($0.utf8) } == args.map { Array($0.utf8) } }
    #expect(try Self.answers(recordings, [Invocation(command: "c", args: args)]) == [expected])
  }

  @Test func `what is no UTF-8 is compared exactly`() throws {
    let one = Invocation(command: Array("c".utf8), args: [[0xff]])
    let other = Invocation(command: Array("c".utf8), args: [[0xfe]])
    var recording = Fixture.recording(0, "c")
    recording.args = one.args
    recording.bytes = one.bytes
    #expect(one.args == other.args)
    #expect(try Self.answers([recording], [other, one]) == [nil, 0])
  }

  // Which one of several.

  static let fitting: [RecordedInvocation] = [
    Fixture.recording(0, "c", stdin: "x"),
    Fixture.recording(1, "c", stdin: "y", env: ["A": "1"]),
    Fixture.recording(2, "c", stdin: "y", env: ["A": "1", "B": "2"]),
    Fixture.recording(3, "c", stdin: "y", env: ["A": "1", "B": "2", "C": "3"]),
    Fixture.recording(4, "c", stdin: "y", env: ["A": "1", "B": "2"]),
  ]

  @Test(
    arguments: [
      ("y", ["A": "1", "B": "2", "C": "3"], .strict, [3, 2, 4, 1, nil]),
      ("y", ["A": "1", "B": "2"], .strict, [2, 4, 1, nil]),
      ("y", ["A": "1"], .strict, [1, nil]),
      ("y", [:], .strict, [nil]),
      ("x", ["A": "1"], .strict, [0, nil]),
      ("x", ["A": "1", "B": "2", "C": "3"], .fuzzy, [0, 3, 2, 4, 1, nil]),
      ("y", ["A": "1", "B": "2"], .fuzzy, [3, 2, 4, 1, 0, nil]),
      ("z", ["B": "2", "C": "other"], .fuzzy, [3, 2, 4, 1, 0, nil]),
      ("z", [:], .fuzzy, [3, 2, 4, 1, 0, nil]),
    ] as [(String, [String: String], MatchingOptions.Mode, [Int?])])
  func `the best one answers, then the next best`(
    stdin: String, env: [String: String], mode: MatchingOptions.Mode, expected: [Int?]
  ) throws {
    let live = Invocation(command: "c", stdin: stdin, env: env)
    for recordings in [Self.fitting, Self.fitting.reversed()] {
      let answers = try Self.answers(
        recordings, Array(repeating: live, count: expected.count), MatchingOptions(mode: mode))
      #expect(answers == expected)
    }
  }

  @Test(arguments: MatchingOptions.Mode.allCases, 0..<40)
  func `the index finds what a comparison with each recording finds`(
    mode: MatchingOptions.Mode, seed: Int
  ) throws {
    var random = SeededGenerator(seed: seed)
    func pick(_ values: [String]) -> String { values.randomElement(using: &random) ?? "" }
    func environment() -> [String: String] {
      var env: [String: String] = [:]
      for name in ["A", "B", "C"] where Bool.random(using: &random) {
        env[name] = pick(["1", "2"])
      }
      return env
    }
    let recordings = (0..<60).map { sequence in
      Fixture.recording(
        sequence, pick(["c", "d"]), pick(["", "x"]), stdin: pick(["", "i", "ij"]),
        env: environment())
    }
    let matcher = try InvocationMatcher(
      recordings.shuffled(using: &random), options: MatchingOptions(mode: mode))
    var left = recordings
    for _ in 0..<150 {
      let live = Invocation(
        command: pick(["c", "d"]), args: [pick(["", "x"])], stdin: pick(["", "i", "ij"]),
        env: environment())
      let expected = Self.scan(left, live, mode)
      #expect(try matcher.next(for: live)?.sequence == expected)
      left.removeAll { $0.sequence == expected }
    }
    #expect(matcher.consumedCount == 60 - left.count)
    #expect(left.count < 60)
  }

  /// The rule as it is written down, one recording after the other.
  private static func scan(
    _ recordings: [RecordedInvocation], _ live: Invocation, _ mode: MatchingOptions.Mode
  ) -> Int? {
    var best: (score: [Int], sequence: Int)?
    for recording in recordings
    where recording.command == live.command && recording.args == live.args {
      let pairs = recording.envSubset.count { live.env[$0.key] == $0.value }
      let size = recording.envSubset.count
      let isEqual = recording.stdin == live.stdin
      if mode == .strict, !isEqual || pairs < size { continue }
      let score = [isEqual ? 1 : 0, pairs, size]
      if let best, !best.score.lexicographicallyPrecedes(score) { continue }
      best = (score, recording.sequence)
    }
    return best?.sequence
  }
}
