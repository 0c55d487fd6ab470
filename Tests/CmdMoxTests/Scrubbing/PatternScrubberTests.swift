import Testing

@testable import CmdMox

@Suite struct PatternScrubberTests {
  static let token = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"

  static func recording(
    args: [String] = [], env: [String: String] = [:], stdout: String = ""
  ) -> RecordedInvocation {
    RecordedInvocation(
      sequence: 0, command: "tool", args: args, envSubset: env, stdout: stdout, timestamp: "")
  }

  /// A recording with the token wherever there is text.
  static func full() -> RecordedInvocation {
    var recording = RecordedInvocation(
      sequence: 0, command: token, args: ["a", token], stdin: token,
      envSubset: ["GIT_X": token], stdout: token, stderr: token, timestamp: "",
      process: ProcessFacts(pid: 1))
    recording.process?.cwd = "/" + token
    recording.process?.executable = "/" + token
    recording.process?.interpreter = "/" + token
    recording.process?.argv0 = token
    return recording
  }

  @Test func `a secret is taken out wherever a recording has text`() throws {
    let scrubbed = try PatternScrubber().scrub(Self.full())
    let text = JSONByteText(scrubbed)
    #expect(!text.contains("16C7e42F"))
    #expect(text.components("ghp_<REDACTED>") == 10)
    #expect(try PatternScrubber().scrub(scrubbed) == scrubbed)
  }

  @Test(arguments: ["args", "env", "stdin", "stdout", "stderr", "cwd"])
  func `a rule is applied where it says, and nowhere else`(place: String) throws {
    let scrubber = try PatternScrubber(rules: [
      ScrubbingRule(pattern: "ghp_[A-Za-z0-9]+", replacement: "§", appliedTo: [place])
    ])
    let expected = ["args": 3, "cwd": 3][place] ?? 1
    #expect(JSONByteText(try scrubber.scrub(Self.full())).components("§") == expected)
  }

  @Test func `rules are applied in their order, until nothing changes`() throws {
    let scrubber = try PatternScrubber(rules: [
      ScrubbingRule(pattern: "b", replacement: "c"), ScrubbingRule(pattern: "a", replacement: "b"),
    ])
    #expect(try scrubber.scrub(Self.recording(stdout: "abc")).stdout == "ccc")
  }

  @Test func `a rule that never comes to an end is an error with its name`() throws {
    let scrubber = try PatternScrubber(rules: [
      ScrubbingRule(pattern: "a", replacement: "aa", description: "doubles")
    ])
    #expect(throws: ScrubbingError.unsettled(rule: "doubles")) {
      try scrubber.scrub(Self.recording(stdout: "a"))
    }
  }

  @Test(arguments: ["(a+)+$", "(a|aa)+$", "(?:a?){64}a{64}[bc]"])
  func `a costly rule is an error with its name`(pattern: String) throws {
    let scrubber = try PatternScrubber(rules: [
      ScrubbingRule(pattern: pattern, replacement: "", description: "costly")
    ])
    #expect(throws: ScrubbingError.tooCostly(rule: "costly")) {
      try scrubber.scrub(
        Self.recording(stdout: String(repeating: "a", count: 5000) + "!"))
    }
  }

  @Test(arguments: ["(a+)+$", "(a|aa)+$"])
  func `a costly pattern of an allowlist is one, too`(pattern: String) throws {
    let rule = try ScrubbingRule(dictionary: [
      "pattern": "[a!]+", "replacement": "", "description": "costly", "allowed": [.string(pattern)],
    ])
    #expect(throws: ScrubbingError.tooCostly(rule: "costly")) {
      try PatternScrubber(rules: [rule]).scrub(
        Self.recording(stdout: String(repeating: "a", count: 5000) + "!"))
    }
  }

  @Test func `wrong rules are refused when they are added`() throws {
    let scrubber = PatternScrubber()
    #expect(
      throws: ScrubbingError.pattern(
        rule: "mine", problem: "missing closing parenthesis", offset: 1)
    ) {
      try scrubber.add(ScrubbingRule(pattern: "(", replacement: "", description: "mine"))
    }
    #expect(
      throws: ScrubbingError.replacement(rule: "a", problem: "the pattern has no group 1")
    ) {
      try scrubber.add(ScrubbingRule(pattern: "a", replacement: #"\1"#))
    }
    #expect(throws: ScrubbingError.place(rule: "a", word: "output")) {
      try scrubber.add(ScrubbingRule(pattern: "a", replacement: "", appliedTo: ["output"]))
    }
    #expect(scrubber.rules.isEmpty)
  }

  @Test func `a rule must not change how many arguments there are`() throws {
    let scrubber = try PatternScrubber(rules: [
      ScrubbingRule(
        pattern: #"\x00x"#, replacement: "", appliedTo: ["argv"], description: "eats")
    ])
    #expect(throws: ScrubbingError.arguments(rule: "eats")) {
      try scrubber.scrub(Self.recording(args: ["x"]))
    }
  }

  @Test func `the fixture has the rules that were added and those that found something`() throws {
    let scrubber = PatternScrubber()
    let mine = ScrubbingRule(pattern: "mine", replacement: "")
    try scrubber.add(mine)
    #expect(scrubber.rules == [mine])
    _ = try scrubber.scrub(Self.full())
    #expect(scrubber.rules.map(\.description) == ["GitHub tokens", ""])
    #expect(scrubber.possibleRules.count == DefaultRule.all.count + 1)
  }

  @Test func `the rules of a fixture do what the rules did that made it`() throws {
    let first = PatternScrubber()
    let recording = Self.recording(args: ["--password", "x y z", Self.token])
    let scrubbed = try first.scrub(recording)
    #expect(scrubbed.args == ["--password", "<REDACTED>", "ghp_<REDACTED>"])
    #expect(try PatternScrubber(rules: first.rules).scrub(recording) == scrubbed)
  }

  // MARK: Bytes

  @Test func `exact bytes are scrubbed as bytes and stay exact`() throws {
    let bytes: [UInt8] = [0xff] + Array("password=hunter2 ".utf8) + [0xfe]
    let response = Response(stdout: bytes, stderr: [], exitCode: 0)
    var recording = Self.recording(stdout: response.stdout)
    recording.bytes = response.bytes
    let scrubbed = try PatternScrubber().scrub(recording)
    #expect(scrubbed.stdoutBytes == [0xff] + Array("password=<REDACTED> ".utf8) + [0xfe])
    #expect(try PatternScrubber().scrub(scrubbed) == scrubbed)
  }

  @Test func `bytes that an edited text has made stale do not come back`() throws {
    var recording = Self.recording(stdout: "edited " + Self.token)
    recording.bytes["stdout"] = [0xff] + Array(Self.token.utf8)
    var scrubbed = try PatternScrubber().scrub(recording)
    scrubbed.dropStaleBytes()
    #expect(scrubbed.stdout == "edited ghp_<REDACTED>")
    #expect(scrubbed.bytes.isEmpty)
  }

  // MARK: Values

  @Test func `a value is redacted wherever and however it appears`() throws {
    let scrubber = PatternScrubber()
    try scrubber.redact(value: "tr0ub4dor&3 \"x\"")
    for text in [
      "a tr0ub4dor&3 \"x\" b", #"{"a": "tr0ub4dor&3 \"x\""}"#, "?p=tr0ub4dor%263%20%22x%22&q",
      "dHIwdWI0ZG9yJjMgIngi", Base64.text(of: Array("user:tr0ub4dor&3 \"x\"".utf8)),
      Base64.text(of: Array("me:tr0ub4dor&3 \"x\"".utf8)),
      Base64.text(of: Array("i:tr0ub4dor&3 \"x\"!".utf8)),
    ] {
      let scrubbed = try scrubber.scrub(Self.recording(args: ["-x", text], stdout: text))
      #expect(scrubbed.stdout.contains("<REDACTED>"), "\(text)")
      #expect(!scrubbed.stdout.contains("dor"), "\(scrubbed.stdout)")
      #expect(!scrubbed.stdout.contains("ub4"), "\(scrubbed.stdout)")
      #expect(scrubbed.args[1] == scrubbed.stdout)
    }
    #expect(scrubber.rules.isEmpty)
  }

  @Test(arguments: [
    ("a\"b&c/d", #"{"p":"a\u0022b"}"#, false), ("a\"b&c/d", #"{"p":"a\"b&c/d"}"#, true),
    ("a\"b&c/d", #"{"p":"a\"b\u0026c/d"}"#, true), ("a\"b&c/d", #"{"p":"a\"b&c\/d"}"#, true),
    ("päss-wörd", #"{"p":"p\u00e4ss-w\u00f6rd"}"#, true), ("a+b c/d", "?p=a%2bb%20c%2fd", true),
    ("a+b c/d", "?p=a%2Bb+c%2Fd", true), ("a+b c/d", "?p=a%2Bb%20c/d", true),
    ("a&b<c>\"", "<p>a&amp;b&lt;c&gt;&quot;</p>", true), ("it's me", #"+ x 'it'\''s me'"#, true),
    ("a b&c", #"x a\ b\&c"#, true), ("s3cr3t\n", "say s3cr3t now", true),
    ("{\n  k0123456789abcdef0123\n}", "line\nk0123456789abcdef0123\nline", true),
    ("{\n  \"type\": \"x\"\n}", "  \"type\": \"x\"", false),
  ])
  func `a value is redacted as others write it`(value: String, text: String, isFound: Bool) throws {
    let scrubber = PatternScrubber()
    try scrubber.redact(value: value)
    let scrubbed = try scrubber.scrub(Self.recording(stdout: text))
    #expect(scrubbed.stdout.contains("<REDACTED>") == isFound, "\(scrubbed.stdout)")
  }

  @Test func `many values cost little`() throws {
    let scrubber = PatternScrubber()
    for number in 0..<3000 { try scrubber.redact(value: "value-\(number)-of-many") }
    let scrubbed = try scrubber.scrub(Self.recording(stdout: "x value-2999-of-many"))
    #expect(scrubbed.stdout == "x <REDACTED>")
  }

  @Test func `a rule with a secret value in it is not kept`() throws {
    let scrubber = PatternScrubber()
    try scrubber.add(ScrubbingRule(pattern: "x-s3cr3t-value", replacement: ""))
    try scrubber.add(ScrubbingRule(pattern: "y", replacement: "z"))
    #expect(scrubber.rules.count == 2)
    try scrubber.redact(value: "s3cr3t-value")
    #expect(scrubber.rules.map(\.pattern) == ["y"])
    #expect(!scrubber.possibleRules.contains { $0.pattern.contains("s3cr3t") })
  }

  @Test func `values in one another are redacted whole`() throws {
    let scrubber = PatternScrubber()
    for value in ["abcdef", "abcdefgh", "ghijkl"] { try scrubber.redact(value: value) }
    for text in ["abcdefgh", "abcdefghijkl", "abcdef"] {
      #expect(try scrubber.scrub(Self.recording(stdout: "<\(text)>")).stdout == "<<REDACTED>>")
    }
  }

  @Test(arguments: ["", "abc"])
  func `a short value is refused`(value: String) {
    #expect(throws: ScrubbingError.shortValue(length: value.utf8.count, least: 4)) {
      try PatternScrubber().redact(value: value)
    }
  }

  @Test func `a count in a variable with a secret name that a rule changes is gone at once`() throws
  {
    let scrubber = try PatternScrubber(rules: [
      ScrubbingRule(pattern: "3", replacement: "<REDACTED>")
    ])
    let once = try scrubber.scrub(
      RecordedInvocation(sequence: 0, command: "ls", envSubset: ["KEY": "12345"], timestamp: ""))
    #expect(once.envSubset == ["KEY": "<REDACTED>"])
    #expect(try scrubber.scrub(once) == once)
  }

  @Test func `a value that is part of the mark changes nothing`() throws {
    let scrubber = PatternScrubber()
    try scrubber.redact(value: "REDACTED")
    #expect(try scrubber.scrub(Self.recording(stdout: "<REDACTED>")).stdout == "<REDACTED>")
  }

  @Test(arguments: [
    ("GITHUB_TOKEN", "s3cr3t-value", true), ("DB_PASSWORD", "Hunter", false),
    ("DB_PASSWORD", "hunter2", true), ("DB_PASSWORD", "postgres", false),
    ("MY_KEY", "12345", false),
    ("MY_KEY", "8080808", false), ("MY_KEY", "808080801", true), ("PWD", "/no/where1", false),
    ("SSH_KEY", "/usr/lib", false), ("SSH_KEY", "/usr/no-such-file", false),
    ("AWS_SECRET_ACCESS_KEY", "/K7MDENG/bPxRfiCY", true), ("USE_TOKENS", "true", false),
    ("TOKENIZERS_PARALLELISM", "false", false), ("LANG", "s3cr3t-value", false),
    ("API_KEY", "correcthorsebatterystaple", true),
  ])
  func `a variable is secret by its name and its value`(name: String, value: String, isSecret: Bool)
    throws
  {
    var (key, text) = (name, value)
    let judged = key.withUTF8 { key in
      text.withUTF8 { SecretVariables.isSecret(name: key, value: $0) }
    }
    #expect(judged == isSecret)
  }

  @Test func `a secret variable that is kept keeps its name only`() throws {
    let scrubbed = try PatternScrubber().scrub(
      Self.recording(
        args: ["-s3cr3t-value-"], env: ["GITHUB_TOKEN": "s3cr3t-value", "GIT_DIR": "x"]))
    #expect(scrubbed.envSubset == ["GITHUB_TOKEN": "<REDACTED>", "GIT_DIR": "x"])
    #expect(scrubbed.args == ["-<REDACTED>-"])
  }

  @Test func `many threads scrub at once`() async throws {
    let scrubber = PatternScrubber()
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<64 {
        group.addTask {
          try (0..<20).allSatisfy { _ in
            try !JSONByteText(scrubber.scrub(Self.full())).contains("16C7e42F")
          }
        }
      }
      for try await isClean in group { #expect(isClean) }
    }
  }
}

/// A recording as it stands in a file.
struct JSONByteText {
  let text: String

  init(_ recording: RecordedInvocation) {
    var writer = JSONByteWriter(layout: .compact)
    recording.write(into: &writer)
    text = String(decoding: writer.bytes, as: UTF8.self)
  }

  func contains(_ part: String) -> Bool { text.contains(part) }
  func components(_ part: String) -> Int {
    text.split(separator: part, omittingEmptySubsequences: false).count - 1
  }
}
