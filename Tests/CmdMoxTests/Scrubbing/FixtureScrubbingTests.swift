import Glibc
import SystemPackage
import Testing

@testable import CmdMox

@Suite struct FixtureScrubbingTests {
  static func fixture() -> FixtureFile {
    var metadata = FixtureMetadata.create()
    var session = SessionFacts()
    session.command = ["deploy", "--password", "hunter2"]
    session.cwd = "/home/me"
    metadata.session = session
    var recording = PatternScrubberTests.full()
    recording.unknownMembers["later"] = "kept"
    let plain = RecordedInvocation(
      sequence: 1, command: "x", args: ["s3cr3t-value"], timestamp: "")
    let shows = RecordedInvocation(
      sequence: 2, command: "x", envSubset: ["MY_TOKEN": "s3cr3t-value"], timestamp: "")
    return FixtureFile(metadata: metadata, recordings: [recording, plain, shows])
  }

  @Test func `a fixture is scrubbed once and for all`() throws {
    let once = try Self.fixture().scrubbed(by: PatternScrubber())
    #expect(once.metadata.session?.command == ["deploy", "--password", "<REDACTED>"])
    #expect(once.recordings[0].stdout == "ghp_<REDACTED>")
    #expect(once.recordings[0].unknownMembers["later"] == "kept")
    // What a later recording shows to be a secret.
    #expect(once.recordings[1].args == ["<REDACTED>"])
    #expect(
      Set(once.scrubbingRules.map(\.description)) == [
        "GitHub tokens", "Values of options for secrets",
      ])
    #expect(try once.scrubbed(by: PatternScrubber()) == once)
  }

  @Test func `random fixtures are scrubbed once and for all`() throws {
    var random = SeededGenerator(seed: 5)
    let pieces =
      DefaultRule.all.flatMap(\.examples).map(\.before) + [
        "password=", " ", "\"", "\\", "<REDACTED>", "é", "\n", "=", ":", "@", "/",
      ]
    for _ in 0..<400 {
      let text = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined().replacing("\0", with: " ")
      let recording = RecordedInvocation(
        sequence: 0, command: "curl", args: [text, "-u", text, "--token", text], stdin: text,
        timestamp: "")
      let once = try PatternScrubber().scrub(recording)
      #expect(try PatternScrubber().scrub(once) == once, "\(text)")
    }
  }

  @Test func `a change is told with its place`() throws {
    var places: [String] = []
    _ = try Self.fixture().scrubbed(by: PatternScrubber()) { places.append($0.place) }
    for place in [
      "recordings[0].args[1]", "recordings[0].process.cwd", "recordings[1].args[0]",
      "recordings[2].env_subset.MY_TOKEN", "metadata.session.command",
    ] {
      #expect(places.contains(place), "\(places)")
    }
  }

  @Test func `what a gitleaks rule says besides its pattern survives the file`() throws {
    let rule = try ScrubbingRule(dictionary: [
      "pattern": "id=(.*?);", "replacement": "<REDACTED>", "secret_group": 1, "entropy": 3.5,
      "keywords": ["id="], "allowed": ["^a+$"], "stop_words": ["example"], "later": 1,
    ])
    #expect(try ScrubbingRule(dictionary: rule.toDictionary()) == rule)
    #expect(rule.unknownMembers.count == 1)
    let scrubber = try PatternScrubber(rules: [rule])
    for (before, after) in [
      ("id=8Fj3kLq92mZx7PwRt5Vb;", "id=<REDACTED>;"), ("id=aaaaaaaa;", "id=aaaaaaaa;"),
      ("id=8Fj3kExample92mZx7P;", "id=8Fj3kExample92mZx7P;"),
      ("ID=8Fj3kLq92mZx7;", "ID=8Fj3kLq92mZx7;"),
    ] {
      let recording = PatternScrubberTests.recording(stdout: before)
      #expect(try scrubber.scrub(recording).stdout == after)
    }
  }

  // MARK: Review

  @Test func `a review shows what was taken out and what was not`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("f.json")
    let session = RecordingSession(
      fixturePath: path, scrubber: PatternScrubber(), reviewMode: true)
    try session.start()
    try session.record(
      Invocation(command: "x", args: ["--password", "hunter2"]),
      Response(stdout: "id 8Fj3kLq92mZx7PwRt5Vb1nYc"))
    _ = try session.finalize()
    let review = folder.path.appending("f.json.review")
    let text = String(decoding: try contents(of: review), as: UTF8.self)
    #expect(text.hasPrefix("=====") && text.contains("THIS FILE HAS SECRETS IN IT"))
    #expect(text.contains("args, by Values of options for secrets"))
    #expect(text.contains("was   --password hunter2"))
    #expect(text.contains("is    --password <REDACTED>"))
    #expect(text.contains("8Fj3kLq92mZx7PwRt5Vb1nYc"))
    #expect(text.contains("cmdmox review --accept"))
    var status = stat()
    #expect(stat(review.string, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    #expect(!String(decoding: try contents(of: path), as: UTF8.self).contains("hunter2"))
  }

  @Test func `a session without review writes none`() throws {
    let folder = try TemporaryFolder()
    let session = RecordingSession(
      fixturePath: folder.path.appending("f.json"), scrubber: PatternScrubber())
    try session.start()
    _ = try session.finalize()
    #expect(throws: (any Error).self) { try contents(of: folder.path.appending("f.json.review")) }
  }
}
