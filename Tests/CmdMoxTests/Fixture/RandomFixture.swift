@testable import CmdMox

/// The same numbers in each run (SplitMix64), so that a failure can be seen again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9e37_79b9_7f4a_7c15 }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

/// Fixtures with anything in them that a fixture can have.
struct RandomFixture {
  var random: SeededGenerator

  init(seed: Int) { random = SeededGenerator(seed: seed) }

  mutating func coin() -> Bool { Bool.random(using: &random) }
  mutating func number() -> Int {
    [0, 1, -1, 127, .max, .min, Int.random(in: .min ... .max, using: &random)]
      .randomElement(using: &random) ?? 0
  }

  static let pieces = [
    "", " ", "\n", "\r\n", "\t", "\"", "\\", "/", "\u{0}", "\u{1b}", "\u{7f}", "ümlaut",
    "u\u{308}", "\u{fc}", "€", "😀", "\u{fffd}", "\u{2028}", "args", "bytes", "sequence", "pid",
    "$schema", "plain text of some length, so that it is no small string",
  ]

  mutating func text() -> String {
    (0..<Int.random(in: 0...3, using: &random))
      .map { _ in Self.pieces.randomElement(using: &random) ?? "" }.joined()
  }

  mutating func optional<Value>(_ make: (inout Self) -> Value) -> Value? {
    coin() ? make(&self) : nil
  }

  mutating func list<Value>(_ most: Int, _ make: (inout Self) -> Value) -> [Value] {
    (0..<Int.random(in: 0...most, using: &random)).map { _ in make(&self) }
  }

  mutating func value(depth: Int = 3) -> JSONValue {
    switch Int.random(in: 0...(depth > 0 ? 7 : 5), using: &random) {
    case 0: .null
    case 1: .bool(coin())
    case 2: .integer(number())
    case 3: .double(Double.random(in: -1e9...1e9, using: &random))
    case 4: .largeNumber("1234567890123456789012345")
    case 5: .string(text())
    case 6: .array(list(3) { $0.value(depth: depth - 1) })
    default: .object(members(depth: depth - 1))
    }
  }

  mutating func members(depth: Int = 2) -> JSONObject {
    JSONObject(list(3) { ($0.text(), $0.value(depth: depth)) })
  }

  mutating func rawBytes() -> [UInt8] {
    list(8) { UInt8.random(in: 0...255, using: &$0.random) }
  }

  mutating func bytes() -> ExactBytes {
    var bytes = ExactBytes()
    if coin() { bytes["stdout"] = rawBytes() }
    if coin() { bytes[text()] = rawBytes() }
    for index in list(3, { $0.number() }) { bytes["args", String(index)] = rawBytes() }
    return bytes
  }

  mutating func process() -> ProcessFacts {
    var facts = ProcessFacts(pid: number())
    facts.ppid = optional { $0.number() }
    facts.parent = optional { $0.number() }
    facts.executable = optional { $0.text() }
    facts.cwd = optional { $0.text() }
    facts.termination = optional { Termination(rawValue: $0.text()) }
    facts.signal = optional { $0.number() }
    facts.error = optional { $0.text() }
    facts.startedUs = optional { $0.number() }
    facts.endedUs = optional { $0.number() }
    facts.userCpuUs = optional { $0.number() }
    facts.systemCpuUs = optional { $0.number() }
    facts.maxRssKib = optional { $0.number() }
    facts.argv0 = optional { $0.text() }
    facts.interpreter = optional { $0.text() }
    facts.statusSource = optional { StatusSource(rawValue: $0.text()) }
    facts.opaque = optional { OpaqueReason(rawValue: $0.text()) }
    facts.confined = optional { $0.text() }
    facts.bytes = bytes()
    facts.unknownMembers = members()
    return facts
  }

  mutating func recording() -> RecordedInvocation {
    var recording = RecordedInvocation(
      sequence: number(), command: text(), args: list(4) { $0.text() }, stdin: text(),
      envSubset: Dictionary(list(4) { ($0.text(), $0.text()) }) { $1 }, stdout: text(),
      stderr: text(), exitCode: number(), timestamp: text(), durationMs: number(),
      process: optional { $0.process() })
    recording.bytes = bytes()
    recording.unknownMembers = members()
    return recording
  }

  mutating func session() -> SessionFacts {
    var session = SessionFacts()
    session.mode = optional { $0.text() }
    session.command = optional { generator in generator.list(3) { $0.text() } }
    session.cwd = optional { $0.text() }
    session.exitCode = optional { $0.number() }
    session.durationMs = optional { $0.number() }
    session.invocations = optional { $0.number() }
    session.opaque = optional { $0.number() }
    session.lost = optional { $0.number() }
    session.bytes = bytes()
    session.unknownMembers = members()
    return session
  }

  mutating func metadata() -> FixtureMetadata {
    var metadata = FixtureMetadata(
      createdAt: text(), cmdmoxVersion: text(), platform: text(), pythonVersion: text(),
      swiftVersion: optional { $0.text() }, testModule: optional { $0.text() },
      testFunction: optional { $0.text() }, session: optional { $0.session() })
    metadata.unknownMembers = members()
    return metadata
  }

  mutating func rule() -> ScrubbingRule {
    var rule = ScrubbingRule(
      pattern: text(), replacement: text(), appliedTo: list(3) { $0.text() }, description: text())
    rule.unknownMembers = members()
    return rule
  }

  mutating func file() -> FixtureFile {
    var file = FixtureFile(
      metadata: metadata(), recordings: list(4) { $0.recording() },
      scrubbingRules: list(2) { $0.rule() })
    file.schema = text()
    file.matching = optional { generator in
      var facts = MatchingFacts(patterns: generator.list(3) { $0.text() })
      facts.unknownMembers = generator.members()
      return facts
    }
    file.unknownMembers = members()
    return file
  }
}
