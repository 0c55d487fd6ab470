@testable import CmdMox

extension Choices {
  /// Where numbers of a fixture are at their ends, or just wrong.
  private mutating func inventedNumber() -> Int {
    one(of: [0, 1, 3, -1, 255, 1000, 1 << 40, Int.max, Int.min, Int.max - 1])
  }

  private mutating func inventedOptional() -> Int? { flag() ? inventedNumber() : nil }

  mutating func inventedFixture() -> FixtureFile {
    var metadata = FixtureMetadata.create()
    if flag() {
      var session = SessionFacts()
      session.mode = one(of: ["trace", "record", ""])
      session.setCommand([Array("make".utf8), [0xff]])
      session.exitCode = inventedOptional()
      session.durationMs = inventedOptional()
      metadata.session = session
    }
    return FixtureFile(
      metadata: metadata, recordings: (0..<number(below: 8)).map { inventedRecording(sequence: $0) }
    )
  }

  /// A recording in which somebody has changed numbers.
  mutating func inventedRecording(sequence: Int) -> RecordedInvocation {
    var recording = RecordedInvocation(
      sequence: sequence, command: one(of: ["cat", "sh", "gcc", "", "make"]),
      args: one(of: [[], ["-n"], ["x"], ["-c", "a.c", "-o", "a.o"], ["-c", "x y"], ["@r"]]),
      stdin: one(of: ["", "abc", "abcdef"]),
      stdout: one(of: ["", "out", String(repeating: "long", count: 10_000), "\u{0}<\u{1b}"]),
      exitCode: inventedNumber(),
      timestamp: one(of: [
        "", "2026-02-25T10:30:00.000000Z", "9999-99-99T99:99:99Z", "x",
        "2026-02-25T10:30:00+99:99", "99999999999999999999-01-01T00:00:00Z",
      ]), durationMs: inventedNumber())
    if flag() { recording.process = inventedProcess() }
    return recording
  }

  private mutating func inventedProcess() -> ProcessFacts {
    var facts = ProcessFacts(pid: inventedNumber())
    facts.termination = one(of: [.exited, .signaled, .failed, .running, .replaced, .unknown])
    facts.signal = inventedOptional()
    facts.error = one(of: [nil, "ENOENT", ""])
    facts.ppid = inventedOptional()
    facts.parent = flag() ? number(below: 8) : inventedOptional()
    facts.startedUs = inventedOptional()
    facts.endedUs = inventedOptional()
    facts.userCpuUs = inventedOptional()
    facts.systemCpuUs = inventedOptional()
    facts.maxRssKib = inventedOptional()
    if flag() { facts.setCwd(Array(one(of: ["/", "relative", ""]).utf8)) }
    if flag() { facts.setExecutable(Array(one(of: ["/usr/bin/gcc", ""]).utf8) + [0xff]) }
    facts.stdin = inventedStream()
    facts.stdout = inventedStream()
    facts.stderr = inventedStream()
    return facts
  }

  private mutating func inventedStream() -> StreamFacts? {
    guard flag() else { return nil }
    var facts = StreamFacts(taken: one(of: [.relayed, .file, .unknown, .inherited, .closed]))
    facts.length = inventedOptional()
    facts.isEnded = flag()
    facts.isTruncated = flag()
    facts.isMerged = flag()
    return facts
  }
}
