import Testing

@testable import CmdMox

/// What is said about an invocation that no recording answers.
@Suite struct DifferenceTests {
  typealias Fixture = ReplayFixture

  private static func miss(
    _ recordings: [RecordedInvocation], _ live: LiveInvocation, stdin: String = "",
    _ options: MatchingOptions = MatchingOptions()
  ) throws -> ReplayMiss {
    let session = try ReplaySession(fixture: Fixture.file(recordings), options: options)
    return try #require(try session.answer(live, stdin: Array(stdin.utf8)).miss)
  }

  @Test(
    arguments: [
      (
        ["push", "origin", "main"], ["push", "origin", "master"],
        ["argument 3 is main, recorded master"]
      ),
      (
        ["push", "origin"], ["push", "origin", "master"],
        ["argument 3 of the recording, master, is missing"]
      ),
      (["push", "-f", "origin"], ["push", "origin"], ["argument 2, -f, was not recorded"]),
      (["a b"], ["a\nb"], ["argument 1 is 'a b', recorded 'a\\nb'"]),
      ([""], ["x"], ["argument 1 is '', recorded x"]),
      (
        ["-v", "x"], ["x", "-q"],
        ["argument 1, -v, was not recorded", "argument 2 of the recording, -q, is missing"]
      ),
      (["--token", "zDq3vK81"], ["--token", "zDq3vK82"], ["argument 2 differs"]),
      (["--api-key=zDq3vK81"], ["--api-key=zDq3vK82"], ["argument 1 differs"]),
      (["PASSWORD=zDq3vK81"], ["PASSWORD=zDq3vK82"], ["argument 1 differs"]),
      (
        ["https://me:zDq3vK81@host/a"], ["https://me:zDq3vK81@host/b"],
        ["argument 1 is 'https://me:<REDACTED>@host/a', recorded 'https://me:<REDACTED>@host/b'"]
      ),
      (
        ["-H", "Authorization: Bearer zDq3vK81"], ["-H", "Authorization: Bearer zDq3vK82"],
        ["argument 2 differs"]
      ),
    ] as [([String], [String], [String])])
  func `arguments that differ are named`(
    live: [String], recorded: [String], differences: [String]
  ) throws {
    let recording = RecordedInvocation(sequence: 0, command: "git", args: recorded, timestamp: "")
    let miss = try Self.miss([recording], LiveInvocation(Invocation(command: "git", args: live)))
    #expect(miss.reason == .noRecording)
    #expect(miss.closest.map(\.differences) == [differences])
    #expect(!miss.description.contains("zDq3vK"))
  }

  @Test(
    arguments: [
      ([:], ["variable GIT_DIR is missing"]),
      (["GIT_DIR": "/b"], ["variable GIT_DIR is /b, recorded /a"]),
      (["GIT_DIR": ""], ["variable GIT_DIR is '', recorded /a"]),
    ] as [([String: String], [String])])
  func `variables that differ are named`(live: [String: String], differences: [String]) throws {
    let recording = Fixture.recording(0, "git", env: ["GIT_DIR": "/a"])
    let miss = try Self.miss([recording], LiveInvocation("git", env: live))
    #expect(miss.closest.first?.differences == differences)
  }

  @Test func `values of variables that look secret are not shown, wherever they stand`() throws {
    let recording = Fixture.recording(0, "c", "x", env: ["DB_PASSWORD": "old-password"])
    let live = LiveInvocation(
      "c", "--url=db:hunter2-hunter2", "y",
      env: ["DB_PASSWORD": "hunter2-hunter2", "OTHER_TOKEN": "y", "A": "1"])
    let miss = try Self.miss([recording], live)
    #expect(miss.commandLine == ["c", "--url=db:<REDACTED>", "y"])
    #expect(miss.closest.first?.differences.last == "variable DB_PASSWORD differs")
    let texts = miss.description
    #expect(!texts.contains("hunter2") && !texts.contains("old-password"))
  }

  @Test(
    arguments: [
      ("one\ntwo\n", "one\ntoo\n", "standard input differs at byte 6, line 2"),
      ("", "abc", "standard input ends after 0 bytes, recorded 3"),
      ("ab", "abc", "standard input ends after 2 bytes, recorded 3"),
    ])
  func `the place where standard input differs is named, not its text`(
    live: String, recorded: String, difference: String
  ) throws {
    let miss = try Self.miss(
      [Fixture.recording(0, "c").reading(recorded)], LiveInvocation("c"), stdin: live)
    #expect(miss.closest.first?.differences == [difference])
  }

  @Test func `a directory that differs is named where it counts`() throws {
    let recording = Fixture.recording(0, "c").with { $0.cwd = "/a" }
    let miss = try Self.miss(
      [recording], LiveInvocation("c", cwd: "/b"), MatchingOptions(directory: .required))
    #expect(miss.closest.first?.differences == ["the directory is /b, recorded /a"])
  }

  @Test func `the closest come first, at most three`() throws {
    let recordings = [
      Fixture.recording(0, "git", "fetch"), Fixture.recording(1, "git", "push", "origin", "main"),
      Fixture.recording(2, "curl", "push", "origin", "x"),
      Fixture.recording(3, "git", "push", "origin", "mains"),
      Fixture.recording(4, "git", "push", "-f", "origin", "maine"),
    ]
    let miss = try Self.miss(recordings, LiveInvocation("git", "push", "origin", "maine"))
    #expect(miss.closest.map(\.sequence) == [1, 3, 4])
    #expect(miss.similarCommands.isEmpty)
  }

  @Test func `commands with a similar name are named`() throws {
    let recordings = ["git", "curl", "gitk", "kubectl"].enumerated().map {
      Fixture.recording($0, $1)
    }
    let miss = try Self.miss(recordings, LiveInvocation("gti"))
    #expect(miss.closest.isEmpty)
    #expect(miss.similarCommands.first == "git")
    #expect(!miss.similarCommands.contains("kubectl"))
  }

  @Test func `the reason is named`() throws {
    let file = Fixture.file(Fixture.recording(0, "a"), Fixture.recording(5, "b"))
    let any = try ReplaySession(fixture: file)
    #expect(try any.reply(to: LiveInvocation("a")).sequence == 0)
    #expect(try any.reply(to: LiveInvocation("a")).miss?.reason == .allUsed)
    let ordered = try ReplaySession(fixture: file, options: MatchingOptions(order: .strict))
    #expect(try ordered.reply(to: LiveInvocation("b")).miss?.reason == .outOfOrder(next: 0))
    #expect(try ordered.reply(to: LiveInvocation("a")).sequence == 0)
    #expect(try ordered.reply(to: LiveInvocation("a")).miss?.reason == .allUsed)
    #expect(try ordered.reply(to: LiveInvocation("c")).miss?.reason == .noRecording)
  }

  @Test func `long texts are shortened`() throws {
    let long = String(repeating: "x", count: 131_072)
    let miss = try Self.miss(
      [Fixture.recording(0, "c", long + "1")], LiveInvocation("c", long + "2"))
    #expect(miss.description.utf8.count < 1000)
  }

  @Test func `thousands of arguments are compared place by place`() throws {
    let many = (0..<3000).map { "argument\($0)" }
    var changed = many
    changed[2000] = "other"
    let recording = RecordedInvocation(sequence: 0, command: "c", args: changed, timestamp: "")
    let miss = try Self.miss([recording], LiveInvocation(Invocation(command: "c", args: many)))
    #expect(
      miss.closest.first?.differences == ["argument 2001 is argument2000, recorded other"])
  }

  // Texts.

  @Test func `a miss reads in a few lines`() throws {
    let recordings = [
      Fixture.recording(0, "git", "push", "origin", "master", env: ["GIT_DIR": "/a"]),
      Fixture.recording(3, "git", "push"),
    ]
    let miss = try Self.miss(recordings, LiveInvocation("git", "push", "origin", "main branch"))
    #expect(
      miss.description == """
        no recording answers: git push origin 'main branch'
          closest is recording 0: git push origin master
            argument 3 is 'main branch', recorded master
            variable GIT_DIR is missing
          then recording 3: git push
            argument 2, origin, was not recorded
            argument 3, 'main branch', was not recorded
        """)
  }

  @Test func `a command that only works on files can run`() throws {
    let miss = try Self.miss([], LiveInvocation("mktemp", "-d"))
    #expect(
      miss.description == """
        no recording answers: mktemp -d
          mktemp only works on files: --run mktemp lets it really run
        """)
  }

  @Test func `a verdict has the first failure first`() throws {
    let session = try ReplaySession(
      fixture: Fixture.file(
        Fixture.recording(0, "a"), Fixture.recording(1, "b", "--token=zDq3vK81")))
    #expect(try session.verdict().isPassed == false)
    #expect(try session.reply(to: LiveInvocation("c")).miss?.number == 1)
    #expect(try session.reply(to: LiveInvocation("d")).miss?.number == 2)
    #expect(try session.reply(to: LiveInvocation("a")).sequence == 0)
    let error = #expect(throws: VerificationError.self) { try session.verifyAllConsumed() }
    #expect(
      error?.description == """
        the replay did not go as recorded: 2 commands not answered, 1 recording not used \
        (1 of 2 recordings used)
        no recording answers: c
        no recording answers: d
        not used: recording 1: b '--token=<REDACTED>'
        """)
  }

  @Test func `a verdict as JSON`() throws {
    let session = try ReplaySession(
      fixture: Fixture.file(Fixture.recording(2, "a", "x"), Fixture.recording(3, "b")),
      allowUnused: true)
    _ = try session.reply(to: LiveInvocation("a", "y"))
    let object = try session.verdict().toDictionary()
    #expect(
      object == [
        "fixture": nil, "passed": false, "recordings": 2, "used": 0, "miss_count": 1,
        "misses": [
          [
            "command": "a", "args": ["y"], "number": 1, "reason": "no-recording", "next": nil,
            "problem": nil,
            "closest": [
              [
                "command": "a", "args": ["x"], "sequence": 2, "used": false,
                "differences": ["argument 1 is y, recorded x"],
              ]
            ], "similar_commands": [],
          ]
        ],
        "unused_count": 2,
        "unused": [
          ["command": "a", "args": ["x"], "sequence": 2],
          ["command": "b", "args": [], "sequence": 3],
        ], "allow_unmatched": false, "allow_unused": true, "allow_misses": false,
      ])
    let text = try session.verdict().json
    #expect(
      text.hasPrefix("{\n  \"fixture\": null,\n  \"passed\": false,") && text.hasSuffix("}\n"))
  }

  @Test func `many misses are counted, the first are kept and explained`() throws {
    let session = try ReplaySession(fixture: Fixture.file(Fixture.recording(0, "c", "x")))
    for number in 0..<1500 { _ = try session.reply(to: LiveInvocation("c", "\(number)")) }
    let verdict = try session.verdict()
    #expect(verdict.missCount == 1500)
    #expect(verdict.misses.count == 1000)
    #expect(verdict.misses.count { !$0.closest.isEmpty } == 50)
    #expect(verdict.description.contains("and 1490 more"))
  }
}
