import Testing

@testable import CmdMox

/// Secrets where nobody looks for them.
@Suite struct OddPlacesTests {
  private static let token = PatternScrubberTests.token

  private func scrubbed(_ recording: RecordedInvocation) throws -> RecordedInvocation {
    let once = try PatternScrubber().scrub(recording)
    #expect(try PatternScrubber().scrub(once) == once)
    return once
  }

  // MARK: Variables

  @Test func `a name that is a secret is scrubbed and stays apart from others`() throws {
    let other = "ghp_" + "1B4a2e77838347a7E420ce178F2E7c6912E16924"
    let env = [Self.token: "1", other: "2", "LANG": "C"]
    let result = try scrubbed(PatternScrubberTests.recording(env: env)).envSubset
    #expect(result.count == 3)
    #expect(result["ghp_<REDACTED>"] != nil && result["LANG"] == "C")
    #expect(Set(result.values) == ["1", "2", "C"])
  }

  @Test func `a name's exact bytes are scrubbed, whatever its text says`() throws {
    var recording = PatternScrubberTests.recording(env: ["A": "1", Self.token: "2"])
    recording.bytes[EnvironmentTexts.keys, "A"] = [0xff] + Array(Self.token.utf8)
    recording.bytes[EnvironmentTexts.keys, Self.token] = Array("B".utf8)
    let text = JSONByteText(try scrubbed(recording))
    #expect(!text.contains("16C7e42F"))
    #expect(!text.contains(Base64.text(of: [0xff] + Array(Self.token.utf8)).prefix(12).description))
  }

  @Test(arguments: [
    ("DB_PASSWORD", "postgres", "<REDACTED>"), ("DB_PASSWORD", "abc", "<REDACTED>"),
    ("MY_TOKEN", "Hunter", "<REDACTED>"), ("MY_KEY", "1234567", "<REDACTED>"),
    ("USE_TOKENS", "true", "true"), ("USE_TOKENS", "No", "No"), ("MAX_TOKENS", "4096", "4096"),
    ("SSH_KEY", "/usr/lib", "/usr/lib"), ("PWD", "/somewhere", "/somewhere"),
    ("MY_KEY", "", ""), ("LANG", "postgres", "postgres"),
  ])
  func `a kept variable with a secret's name keeps its name only`(
    name: String, value: String, expected: String
  ) throws {
    #expect(
      try scrubbed(PatternScrubberTests.recording(env: [name: value])).envSubset == [name: expected]
    )
  }

  @Test func `the password of a variable's URL is looked for elsewhere`() throws {
    let scrubber = PatternScrubber()
    scrubber.learn(from: [Array("DATABASE_URL=postgres://me:tr0ub4dor3@h/db".utf8)])
    scrubber.learn(from: [Array("REPOSITORY=https://me:x-oauth@h/a:b@c".utf8)])
    scrubber.learn(from: [Array("OTHER=https://h:8080/me@elsewhere".utf8)])
    let result = try scrubber.scrub(
      PatternScrubberTests.recording(stdout: "with tr0ub4dor3, 8080/me, postgres"))
    #expect(result.stdout == "with <REDACTED>, 8080/me, postgres")
  }

  // MARK: Members that cmdmox does not know

  @Test func `members that nobody knows are scrubbed`() throws {
    var recording = PatternScrubberTests.recording()
    recording.process = ProcessFacts(pid: 1)
    recording.process?.stdout = StreamFacts(taken: .relayed)
    let members: JSONObject = [
      "text": .string("x \(Self.token)"), "list": ["--password", "letmein"], "number": 12,
      "deep": ["api_key": "9f8e7d6c5b4a", "pin": nil, "also": [["password": "letmein"]]],
      "password": 12_345, .init(Self.token): true,
    ]
    recording.unknownMembers = members
    recording.process?.unknownMembers = members
    recording.process?.stdout?.unknownMembers = members
    let result = try scrubbed(recording)
    let expected: JSONObject = [
      "text": "x ghp_<REDACTED>", "list": ["--password", "<REDACTED>"], "number": 12,
      "deep": ["api_key": "<REDACTED>", "pin": nil, "also": [["password": "<REDACTED>"]]],
      "password": "<REDACTED>", "ghp_<REDACTED>": true,
    ]
    #expect(result.unknownMembers == expected)
    #expect(result.process?.unknownMembers == expected)
    #expect(result.process?.stdout?.unknownMembers == expected)
  }

  @Test func `a fixture of somebody else's is scrubbed everywhere`() throws {
    var fixture = FixtureFile(metadata: .create(testModule: "/\(Self.token)"))
    fixture.metadata.unknownMembers = ["command": .string(Self.token)]
    fixture.metadata.session = SessionFacts()
    fixture.metadata.session?.unknownMembers = ["traceparent": "00", "x": .string(Self.token)]
    fixture.unknownMembers = ["recorded_by": .string(Self.token), "later": [1, 2.5, nil]]
    fixture.matching = MatchingFacts(patterns: ["env:A"])
    fixture.matching?.unknownMembers = ["x": .string(Self.token)]
    fixture.scrubbingRules = [
      ScrubbingRule(pattern: "a", replacement: "b", description: "takes out \(Self.token)"),
      ScrubbingRule(pattern: "x-s3cr3t-value", replacement: ""),
    ]
    fixture.recordings = [
      PatternScrubberTests.recording(env: ["MY_TOKEN": "s3cr3t-value"])
    ]
    var places: [String] = []
    let once = try fixture.scrubbed(by: PatternScrubber()) { places.append($0.place) }
    #expect(!JSONValue.object(once.toDictionary()).text.contains("16C7e42F"))
    #expect(!JSONValue.object(once.toDictionary()).text.contains("s3cr3t"))
    #expect(once.unknownMembers["later"] == [1, 2.5, nil])
    #expect(once.metadata.unknownMembers["command"] == "ghp_<REDACTED>")
    #expect(once.metadata.session?.unknownMembers["traceparent"] == "00")
    for place in [
      "metadata.test_module", "metadata.command", "metadata.session.x", "recorded_by",
      "matching.x", "scrubbing_rules[0].description",
    ] {
      #expect(places.contains(place), "\(places)")
    }
    #expect(try once.scrubbed(by: PatternScrubber()) == once)
  }

  @Test func `a rule of a user is applied to them where it is applied everywhere`() throws {
    var recording = PatternScrubberTests.recording(stdout: "internal-1")
    recording.unknownMembers = ["note": "internal-1"]
    let everywhere = ["args", "env", "stdin", "stdout", "stderr", "cwd"]
    for (places, expected) in [(everywhere, "N"), (["stdout"], "internal-1")] {
      let scrubber = try PatternScrubber(rules: [
        ScrubbingRule(pattern: "internal-[0-9]+", replacement: "N", appliedTo: places)
      ])
      let result = try scrubber.scrub(recording)
      #expect(result.stdout == "N")
      #expect(result.unknownMembers["note"] == .string(expected))
    }
  }

  // MARK: Streams that were cut off

  @Test(arguments: [
    ("x ghp_16C7e42F292c", "x ghp_<REDACTED>"), ("x ghp_", "x ghp_"),
    ("AKIAIOSFO", "AKIA<REDACTED>"), ("a=eyJhbGciOiJI", "a=eyJ<REDACTED>"),
    ("postgres://me:hunt", "postgres://<REDACTED>"), ("see https://host/pa", "see https://host/pa"),
    ("see https://ho", "see https://ho"), ("say tr0ub", "say <REDACTED>"),
    ("plain text that ends in a wor", "plain text that ends in a wor"),
    ("ghp_16C7e42F292c and more", "ghp_16C7e42F292c and more"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "-----BEGIN RSA PRIVATE KEY-----<REDACTED>"),
  ])
  func `what the limit of a stream cut in two is taken out`(text: String, expected: String) throws {
    let scrubber = PatternScrubber()
    try scrubber.redact(value: "tr0ub4dor")
    for isTruncated in [true, false] {
      var recording = PatternScrubberTests.recording(stdout: text)
      recording.stderr = text
      recording.process = ProcessFacts(pid: 1)
      for stream in [\ProcessFacts.stdout, \.stderr] {
        var facts = StreamFacts(taken: .relayed)
        facts.isTruncated = isTruncated
        recording.process?[keyPath: stream] = facts
      }
      let once = try scrubber.scrub(recording)
      if isTruncated { #expect(once.stdout == expected && once.stderr == expected) }
      if !isTruncated, !text.contains("PRIVATE") { #expect(once.stdout == text) }
      #expect(try scrubber.scrub(once) == once)
    }
  }
}
