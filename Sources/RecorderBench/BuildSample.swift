import WireSamples

/// The events of a build: shells that run compilers, four events for each invocation, about ten
/// arguments and 2 KB of environment.
struct BuildSample {
  private static let pieceLength = 1 << 20
  private var encoder = MessageEncoder()
  private(set) var invocations = 0
  private var nowNs: UInt64 = 1_000_000

  private static let environment: [[UInt8]] =
    (0..<38).map { Array("VARIABLE_\($0)=a value of about forty bytes, \($0) of them".utf8) }
    + ["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/home/somebody", "LANG=C.UTF-8"]
    .map { Array($0.utf8) }
  private static let command: [[UInt8]] = [
    "gcc", "-DHAVE_CONFIG_H", "-I.", "-I../include", "-Wall", "-g", "-O2", "-c", "-o",
    "module.o", "module.c",
  ].map { Array($0.utf8) }
  private static let compiler = Array("/usr/bin/gcc".utf8)

  /// About a mebibyte of events, not more than `limit` invocations in all.
  mutating func piece(upTo limit: Int) -> [UInt8] {
    encoder.removeAll()
    if invocations == 0 {
      encoder.start(
        1, parent: 0, intent: 77, pid: 100, at: 1, executable: Array("/usr/bin/make".utf8),
        [Array("make".utf8)])
    }
    while encoder.bytes.count < Self.pieceLength, invocations < limit { appendInvocation() }
    return encoder.bytes
  }

  private mutating func appendInvocation() {
    let id = UInt64(invocations) * 2 + 1000
    let pid = UInt32(invocations % 30_000 + 200)
    invocations += 1
    encoder.intent(
      id, by: 1, pid: pid, writer: 100, at: nowNs, flags: 1, cwd: "/home/somebody/project",
      path: Self.compiler, Self.command)
    encoder.start(
      id + 1, parent: 1, intent: id, pid: pid, ppid: 100, at: nowNs + 400_000,
      realtime: 1_780_000_000_000_000_000 + nowNs, cwd: "/home/somebody/project",
      executable: Self.compiler, Self.command, environment: Self.environment)
    encoder.exit(
      id + 1, pid: pid, at: nowNs + 800_000, code: 0, user: 9000, system: 2100, peak: 20480)
    encoder.wait(by: 1, pid: 100, child: pid, at: nowNs + 900_000, status: 0)
    nowNs += 1_000_000
  }
}
