import SystemPackage
import Testing

@testable import CmdMox

/// A session: answers, what is used, what is left.
@Suite struct ReplaySessionTests {
  typealias Fixture = ReplayFixture

  @Test func `a session is loaded once, and before anything else`() throws {
    let session = ReplaySession(fixturePath: Checkout.fixture("python-deploy.json"))
    #expect(throws: LifecycleError.notLoaded) { try session.match(Invocation(command: "git")) }
    #expect(throws: LifecycleError.notLoaded) { try session.verifyAllConsumed() }
    #expect(throws: LifecycleError.notLoaded) { try session.reply(to: LiveInvocation("git")) }
    #expect(session.consumedCount == 0)
    try session.load()
    #expect(throws: LifecycleError.alreadyLoaded) { try session.load() }
    let handed = try ReplaySession(fixture: Fixture.file())
    #expect(throws: LifecycleError.alreadyLoaded) { try handed.load() }
  }

  @Test func `a fixture of cmd-mox replays`() throws {
    let session = ReplaySession(fixturePath: Checkout.fixture("python-deploy.json"))
    try session.load()
    let variables = ["GIT_DIR": "/srv/app/.git", "GIT_AUTHOR_NAME": "A. U. Thor", "HOME": "/root"]
    let push = try session.match(Invocation(command: "git", args: ["push", "origin", "main"]))
    #expect(push?.exitCode == 1 && push?.stderr == "error: failed to push some refs\n")
    let status = try session.match(
      Invocation(command: "git", args: ["status", "--porcelain"], env: variables))
    #expect(status == Response(stdout: " M README.md\n"))
    #expect(session.consumedCount == 2)
    #expect(throws: VerificationError.self) { try session.verifyAllConsumed() }
    let text = "line 1\nline 2\n"
    #expect(try session.match(Invocation(command: "cat", stdin: text))?.stdout == text)
    #expect(try session.match(Invocation(command: "cat", stdin: text)) == nil)
    #expect(session.consumedCount == 3)
    try session.verifyAllConsumed()
  }

  @Test(
    arguments: [
      (false, false, true, true), (true, false, false, false), (false, true, false, true),
    ])
  func `what was left and what was missed can be allowed`(
    allowUnmatched: Bool, allowUnused: Bool, leftFails: Bool, missFails: Bool
  ) throws {
    let left = try ReplaySession(
      fixture: Fixture.file(Fixture.recording(0, "a")), allowUnmatched: allowUnmatched,
      allowUnused: allowUnused)
    #expect(Self.fails(left.verifyAllConsumed) == leftFails)
    #expect(Self.fails(left.verify) == leftFails)
    let missed = try ReplaySession(
      fixture: Fixture.file(), allowUnmatched: allowUnmatched, allowUnused: allowUnused)
    #expect(try missed.match(Invocation(command: "a")) == nil)
    #expect(!Self.fails(missed.verifyAllConsumed))
    #expect(Self.fails(missed.verify) == missFails)
  }

  private static func fails(_ body: () throws -> Void) -> Bool {
    do { try body() } catch is VerificationError { return true } catch { return false }
    return false
  }

  // Nesting.

  @Test func `what stands inside a recording is used with it`() throws {
    let session = try ReplaySession(
      fixture: Fixture.file(
        Fixture.recording(0, "sh", "-c", "ls; git").inside(9), Fixture.recording(1, "ls").inside(0),
        Fixture.recording(2, "git").inside(0), Fixture.recording(3, "ssh").inside(2),
        Fixture.recording(4, "ls")))
    #expect(try session.reply(to: LiveInvocation("ls")).sequence == 4)
    #expect(try session.reply(to: LiveInvocation("sh", "-c", "ls; git")).sequence == 0)
    #expect(session.consumedCount == 5)
    try session.verifyAllConsumed()
    #expect(try session.reply(to: LiveInvocation("ls")).sequence == nil)
  }

  @Test func `what stands inside answers where nothing outermost does`() throws {
    let session = try ReplaySession(
      fixture: Fixture.file(Fixture.recording(0, "sh"), Fixture.recording(1, "ls").inside(0)))
    #expect(try session.reply(to: LiveInvocation("ls")).sequence == 1)
    #expect(throws: VerificationError.self) { try session.verifyAllConsumed() }
    #expect(try session.reply(to: LiveInvocation("sh")).sequence == 0)
    #expect(session.consumedCount == 2)
    try session.verifyAllConsumed()
  }

  @Test func `commands that really run need no answer, and what they run is outermost`() throws {
    let recordings = [
      Fixture.recording(0, "mktemp"), Fixture.recording(1, "sh"),
      Fixture.recording(2, "mktemp").inside(1), Fixture.recording(3, "git").inside(1),
    ]
    let options = MatchingOptions(order: .strict, commandsToRun: ["mktemp", "sh"])
    let session = try ReplaySession(fixture: Fixture.file(recordings), options: options)
    #expect(try session.reply(to: LiveInvocation("mktemp")) == .run)
    #expect(try session.reply(to: LiveInvocation("sh")) == .run)
    #expect(try session.reply(to: LiveInvocation("git")).sequence == 3)
    try session.verify()
  }

  @Test func `parents that stand in a circle do no harm`() throws {
    let options = MatchingOptions(commandsToRun: ["a"])
    let session = try ReplaySession(
      fixture: Fixture.file(
        Fixture.recording(0, "a").inside(1), Fixture.recording(1, "a").inside(0),
        Fixture.recording(2, "b").inside(3), Fixture.recording(3, "c").inside(2)),
      options: options)
    #expect(try session.reply(to: LiveInvocation("b")).sequence == 2)
    #expect(session.consumedCount == 2)
  }

  // Order.

  @Test func `in strict order only the next one answers`() throws {
    let session = try ReplaySession(
      fixture: Fixture.file(
        Fixture.recording(0, "a"), Fixture.recording(1, "b").inside(0), Fixture.recording(2, "c"),
        Fixture.recording(3, "gone", exitCode: 127).with {
          $0.termination = .failed
          $0.error = "ENOENT"
        }, Fixture.recording(4, "a")),
      options: MatchingOptions(order: .strict))
    #expect(try session.reply(to: LiveInvocation("c")).sequence == nil)
    #expect(try session.reply(to: LiveInvocation("a")).sequence == 0)
    #expect(try session.reply(to: LiveInvocation("b")).sequence == nil)
    #expect(try session.reply(to: LiveInvocation("a")).sequence == nil)
    #expect(try session.reply(to: LiveInvocation("c")).sequence == 2)
    #expect(try session.reply(to: LiveInvocation("a")).sequence == 4)
    try session.verifyAllConsumed()
  }

  @Test func `the last of those that are alike can repeat`() throws {
    let file = Fixture.file(
      Fixture.recording(0, "date"), Fixture.recording(1, "date"), Fixture.recording(2, "date", "-u")
    )
    let session = try ReplaySession(fixture: file, options: MatchingOptions(repeatsLast: true))
    let answers = try (0..<4).map { _ in try session.reply(to: LiveInvocation("date")).sequence }
    #expect(answers == [0, 1, 1, 1])
    #expect(session.consumedCount == 2)
    #expect(try session.reply(to: LiveInvocation("date", "-R")).sequence == nil)
  }

  // Threads.

  @Test func `each recording answers one of many threads`() async throws {
    let recordings = (0..<1000).map { Fixture.recording($0, "c", "\($0 % 10)") }
    let session = try ReplaySession(fixture: Fixture.file(recordings))
    let answers = try await withThrowingTaskGroup(of: [Int?].self) { group in
      for _ in 0..<10 {
        group.addTask {
          try (0..<100).map { try session.reply(to: LiveInvocation("c", "\($0 % 10)")).sequence }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(answers.compactMap { $0 }.sorted() == Array(0..<1000))
    try session.verify()
  }

  // Fixtures that cannot be replayed.

  @Test(
    arguments: [
      ([3, -1], "recordings[1].sequence", "0 or more", "-1"),
      (
        [0, 5, 0], "recordings[2].sequence", "a number that no other recording has",
        "0, which recordings[0] has"
      ),
    ] as [([Int], String, String, String)])
  func `sequences that cannot be are errors`(
    sequences: [Int], path: String, expected: String, found: String
  ) throws {
    let fixture = Fixture.file(sequences.map { Fixture.recording($0, "c") })
    let error = FixtureError.unexpectedValue(
      file: nil, path: path, expected: expected, found: found)
    #expect(throws: error) { try ReplaySession(fixture: fixture) }
  }

  @Test func `a fixture of another platform is an error`() throws {
    var fixture = Fixture.file()
    fixture.metadata.platform = "win32"
    let error = FixtureError.unexpectedValue(
      file: nil, path: "metadata.platform", expected: "linux, or record again on this platform",
      found: "\"win32\"")
    #expect(throws: error) { try ReplaySession(fixture: fixture) }
  }

  @Test func `a fixture that is missing is an error before anything`() throws {
    let session = ReplaySession(fixturePath: "/nowhere/f.json")
    #expect(
      throws: FixtureError.unreadable(file: "/nowhere/f.json", errno: .noSuchFileOrDirectory)
    ) { try session.load() }
  }
}
