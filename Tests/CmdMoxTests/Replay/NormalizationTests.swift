import SystemPackage
import Testing

@testable import CmdMox

/// What does not matter when an invocation is compared with a recording.
@Suite struct NormalizationTests {
  typealias Fixture = ReplayFixture

  private static func answers(
    _ recording: RecordedInvocation, _ live: LiveInvocation, _ rules: [String] = [],
    directory: MatchingOptions.Directory = .ignored, scrubber: (any Scrubber)? = nil
  ) throws -> Bool {
    let options = MatchingOptions(
      directory: directory, rules: rules.compactMap { MatchingRule($0) })
    #expect(options.rules.count == rules.count)
    let session = try ReplaySession(
      fixture: Fixture.file(recording), options: options, scrubber: { _ in scrubber })
    return try session.reply(to: live).sequence != nil
  }

  // Rules.

  @Test(
    arguments: [
      (["/tmp/abc/x"], ["arg:/tmp/[^/]+"], ["/tmp/q/x"], true),
      (["/tmp/abc/x"], ["arg:/tmp/[^/]+"], ["/tmp/q/y"], false),
      (["/tmp/abc/x"], ["arg:/tmp/[^/]+"], ["/var/q/x"], false),
      (["/tmp/abc/x"], [], ["/tmp/q/x"], false),
      (["-o", "a-1-2"], ["arg:[0-9]"], ["-o", "a-3-4"], true),
      (["-o", "a-1-2"], ["arg:[0-9]"], ["-o", "a-3-44"], false),
      (["-o", "a-1-2"], ["arg:[0-9]+"], ["-o", "a-3-44"], true),
      (["1", "x"], ["arg:[0-9]", "arg:x|y"], ["2", "y"], true),
      (["ä1"], ["arg:[0-9]*"], ["ä"], false),
      (["a\nb"], ["arg:^b$"], ["a\nc"], false),
    ] as [([String], [String], [String], Bool)])
  func `matches of a rule are the same`(
    recorded: [String], rules: [String], live: [String], agrees: Bool
  ) throws {
    let recording = RecordedInvocation(sequence: 0, command: "c", args: recorded, timestamp: "")
    let live = LiveInvocation(Invocation(command: "c", args: live))
    #expect(try Self.answers(recording, live, rules) == agrees)
  }

  @Test func `a rule leaves alone what is no text`() throws {
    let invocation = Invocation(command: Array("c".utf8), args: [[0xff, 0x31]])
    var recording = Fixture.recording(0, "c")
    (recording.args, recording.bytes) = (invocation.args, invocation.bytes)
    let other = LiveInvocation(command: Array("c".utf8), args: [[0xfe, 0x31]])
    #expect(try Self.answers(recording, LiveInvocation(invocation), ["arg:[0-9]"]))
    #expect(try !Self.answers(recording, other, ["arg:[0-9]"]))
  }

  @Test(arguments: [("env:BUILD_ID", true), ("env:BUILD", false), ("env:build_id", false)])
  func `a variable that a rule names is left out`(rule: String, agrees: Bool) throws {
    let recording = Fixture.recording(0, "c", env: ["BUILD_ID": "7", "A": "1"])
    #expect(
      try Self.answers(recording, LiveInvocation("c", env: ["BUILD_ID": "8", "A": "1"]), [rule])
        == agrees)
    #expect(try Self.answers(recording, LiveInvocation("c", env: ["A": "1"]), [rule]) == agrees)
    #expect(try !Self.answers(recording, LiveInvocation("c", env: ["A": "2"]), [rule]))
  }

  @Test(arguments: [
    ("arg:x", MatchingRule(.argument, "x")), ("env:A", MatchingRule(.variable, "A")),
    ("stdin:a:b", MatchingRule(.stdin, "a:b")), ("cwd:/", MatchingRule(.directory, "/")),
    ("arg:", nil), ("args:x", nil), ("x", nil), ("", nil), (":x", nil),
  ])
  func `rules are texts`(text: String, rule: MatchingRule?) {
    #expect(MatchingRule(text) == rule)
    if let rule { #expect(rule.description == text) }
  }

  @Test func `a rule that is no regular expression is an error`() throws {
    #expect(throws: MatchingRuleError.self) {
      try InvocationMatcher([], options: MatchingOptions(rules: [MatchingRule(.argument, "(")]))
    }
  }

  @Test func `rules that live with the fixture count too`() throws {
    var fixture = Fixture.file(Fixture.recording(0, "c", "/tmp/a", "7"))
    fixture.matching = MatchingFacts(patterns: ["arg:/tmp/[a-z]+"])
    let options = MatchingOptions(rules: [MatchingRule(.argument, "[0-9]+")])
    let session = try ReplaySession(fixture: fixture, options: options)
    #expect(try session.reply(to: LiveInvocation("c", "/tmp/b", "8")).sequence == 0)
  }

  @Test(arguments: [
    (["arg:x", "arg"], "matching.patterns[1]"), (["arg:("], "matching.patterns[0]"),
  ])
  func `a rule of the fixture that is none is an error`(patterns: [String], place: String) throws {
    var fixture = Fixture.file()
    fixture.matching = MatchingFacts(patterns: patterns)
    let error = #expect(throws: FixtureError.self) { try ReplaySession(fixture: fixture) }
    guard case .unexpectedValue(nil, let path, _, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(path == place)
  }

  // Directories.

  @Test(
    arguments: [
      (.ignored, "/src", "/other", true), (.required, "/src", "/other", false),
      (.required, "/src", "/src", true), (.required, nil, "/src", true),
      (.required, "/src", nil, false),
    ] as [(MatchingOptions.Directory, String?, String?, Bool)])
  func `the directory counts where it is asked for`(
    directory: MatchingOptions.Directory, recorded: String?, live: String?, agrees: Bool
  ) throws {
    let recording = Fixture.recording(0, "c").with { $0.cwd = recorded }
    #expect(
      try Self.answers(recording, LiveInvocation("c", cwd: live), directory: directory) == agrees)
  }

  @Test func `a recording with the same directory answers before one without`() throws {
    let options = MatchingOptions(directory: .required)
    let session = try ReplaySession(
      fixture: Fixture.file(
        Fixture.recording(1, "c", env: ["A": "1"]).with { $0.cwd = "/src" },
        Fixture.recording(0, "c").with { $0.cwd = nil }), options: options)
    let live = LiveInvocation("c", env: ["A": "1"], cwd: "/src")
    #expect(try session.reply(to: live).sequence == 1)
    #expect(try session.reply(to: live).sequence == 0)
  }

  @Test func `a rule can make directories the same`() throws {
    let recording = Fixture.recording(0, "c").with { $0.cwd = "/tmp/a/src" }
    #expect(
      try Self.answers(
        recording, LiveInvocation("c", cwd: "/tmp/b/src"), ["cwd:/tmp/[^/]+"], directory: .required)
    )
  }

  // What a session brings along.

  @Test(
    arguments: [
      ("MAKEFLAGS", " -j8 --jobserver-auth=3,4", " -j8 --jobserver-auth=5,6", true),
      ("MAKEFLAGS", "w -j8 --jobserver-auth=fifo:/tmp/a", "w -j8 --jobserver-fds=3,4", true),
      ("MAKEFLAGS", "-j8 --jobserver-auth=3,4 -- A=1", "-j8 -- A=1", true),
      ("MAKEFLAGS", "-j8 --jobserver-auth=3,4", "-j2 --jobserver-auth=3,4", false),
      ("CARGO_MAKEFLAGS", "--jobserver-auth=3,4", "", true),
      ("MFLAGS", "-w --jobserver-fds=3,4", "-w", true),
      ("FLAGS", "--jobserver-fds=3,4", "", false),
      ("LD_PRELOAD", "/x/libcmdmox.so:/lib/a.so", "/y/libcmdmox.so:/lib/a.so", true),
      ("LD_PRELOAD", "/lib/a.so", "/y/libcmdmox.so /lib/a.so", true),
      ("LD_PRELOAD", "/lib/a.so", "/lib/b.so", false),
      ("CMDMOX_SESSION", "/tmp/1", "/tmp/2", true), ("CMOX_IPC_SOCKET", "/tmp/1", "/tmp/2", true),
    ])
  func `what a session brings along does not count`(
    name: String, recorded: String, live: String, agrees: Bool
  ) throws {
    let recording = Fixture.recording(0, "c", env: [name: recorded])
    #expect(try Self.answers(recording, LiveInvocation("c", env: [name: live])) == agrees)
  }

  // Scrubbing.

  /// Replaces one text everywhere.
  struct Replacing: Scrubber {
    let secret: String
    func scrub(_ recording: RecordedInvocation) -> RecordedInvocation {
      var scrubbed = recording
      func clean(_ text: String) -> String { text.replacing(secret, with: "<redacted>") }
      scrubbed.args = scrubbed.args.map(clean)
      scrubbed.stdin = clean(scrubbed.stdin)
      scrubbed.envSubset = scrubbed.envSubset.mapValues(clean)
      scrubbed.process?.cwd = recording.process?.cwd.map(clean)
      return scrubbed
    }
  }

  @Test(arguments: ["hunter2", "<redacted>", "other"])
  func `what is live is scrubbed as the recording was`(secret: String) throws {
    let recording = Fixture.recording(
      0, "c", "--password=<redacted>", env: ["URL": "x:<redacted>@y"]
    ).with { $0.cwd = "/<redacted>" }
    let live = LiveInvocation(
      "c", "--password=\(secret)", env: ["URL": "x:\(secret)@y"], cwd: "/\(secret)")
    #expect(
      try Self.answers(
        recording, live, directory: .required, scrubber: Replacing(secret: "hunter2"))
        == (secret != "other"))
  }

  @Test func `the scrubber is made of the fixture's rules`() throws {
    var fixture = Fixture.file(Fixture.recording(0, "c", "<redacted>"))
    fixture.scrubbingRules = [ScrubbingRule(pattern: "hunter2", replacement: "<redacted>")]
    let session = try ReplaySession(fixture: fixture) { fixture in
      Replacing(secret: fixture.scrubbingRules[0].pattern)
    }
    #expect(try session.reply(to: LiveInvocation("c", "hunter2")).sequence == 0)
  }

  @Test func `a recorded session's own scrubbing is repeated`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("f.json")
    let recorder = RecordingSession(
      fixturePath: path, scrubber: PatternScrubber(), environmentAllowlist: ["DB_PASSWORD"])
    try recorder.start()
    func invocation(_ password: String, _ token: String) -> Invocation {
      Invocation(
        command: "psql", args: ["--url=postgres://me:\(token)@db/x", "x-\(password)-y"],
        env: ["DB_PASSWORD": password])
    }
    try recorder.record(invocation("correct-horse", "battery-staple"), Response(stdout: "1"))
    let fixture = try recorder.finalize()
    #expect(!fixture.recordings[0].args.joined().contains("horse"))
    #expect(!fixture.recordings[0].args.joined().contains("staple"))
    let session = ReplaySession(fixturePath: path)
    try session.load()
    #expect(try session.match(invocation("another-secret", "of-somebody"))?.stdout == "1")
  }

  @Test func `scrubbed standard input has the length that it had`() throws {
    let recording = Fixture.recording(0, "c").reading("p=<redacted>\n").with {
      $0.stdin?.length = "p=hunter2\n".utf8.count
    }
    let session = try ReplaySession(fixture: Fixture.file(recording)) { _ in
      Replacing(secret: "hunter2")
    }
    let live = LiveInvocation("c")
    #expect(try session.reply(to: live) == .needsStdin(byteCount: 10, for: .anyAnswer))
    let reply = try session.reply(to: live, stdin: Array("p=hunter2\n".utf8))
    guard case .answer(let answer) = reply else {
      Issue.record("\(reply)")
      return
    }
    #expect(answer.stdin.byteCount == 10)
  }
}
