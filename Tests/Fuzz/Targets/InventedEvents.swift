import WireSamples

@testable import CmdMox

extension Choices {
  /// Few, so that they meet.
  mutating func inventedImage() -> UInt64 { UInt64(number(below: 12)) }

  /// 0 for none; an intent's id is an image's where it turns out to be opaque.
  mutating func inventedIntent() -> UInt64 { one(of: [0, 50, 51, 52, 53, 77, 2, 3]) }

  mutating func inventedPid() -> UInt32 {
    one(of: [100, 101, 102, 103, 104, 105, 1, UInt32.max, 100, 101, 102, 103])
  }

  mutating func inventedStatus() -> WaitStatus {
    WaitStatus(rawValue: one(of: [0, 9, 0x100, 0x7f00, 0x137f, 0xffff, -1, 0x8b]))
  }

  fileprivate mutating func inventedStamp(around nowNs: UInt64) -> UInt64 {
    let step = UInt64(byte())
    switch byte() % 16 {
    case 0: return .max
    case 1: return 0
    case 2: return nowNs &+ step &* 50_000_000
    default: return nowNs &+ step &* 20_000
    }
  }

  fileprivate mutating func inventedPath() -> [UInt8] {
    Array(
      one(of: ["/bin/sh", "sh", "", "./x/../y", "/", "/bin/busybox", "a/b", "/proc/self/exe"]).utf8)
  }

  fileprivate mutating func inventedWords() -> [[UInt8]] {
    (0..<number(below: 5)).map { _ in
      Array(
        one(of: [
          "sh", "-c", "x y", "--", "", "/bin/sh", "a", String(repeating: "l", count: 4100),
        ]).utf8)
    }
  }
}

extension MessageEncoder {
  /// Appends one event.
  mutating func invented(by choices: inout Choices, around nowNs: UInt64) {
    let stamp = choices.inventedStamp(around: nowNs)
    switch choices.number(below: 9) {
    case 0:
      intent(
        choices.inventedIntent(), by: choices.inventedImage(),
        pid: choices.flag() ? 0 : choices.inventedPid(), writer: choices.inventedPid(), at: stamp,
        flags: UInt32(choices.number(below: 32)), cwd: choices.flag() ? "" : "/tmp",
        path: choices.inventedPath(), choices.inventedWords())
    case 1, 7:
      start(
        choices.inventedImage(), parent: choices.inventedImage(),
        intent: choices.inventedIntent(), pid: choices.inventedPid(),
        ppid: choices.flag() ? 0 : choices.inventedPid(), at: stamp,
        realtime: choices.flag() ? .max : stamp, script: UInt32(choices.number(below: 5)),
        executable: choices.inventedPath(), choices.inventedWords(),
        environment: choices.inventedWords())
    case 2:
      failed(
        intent: choices.inventedIntent(), by: choices.inventedImage(), pid: choices.inventedPid(),
        at: stamp, error: choices.one(of: [2, 13, 20, -1]),
        flags: UInt32(choices.number(below: 32)), path: choices.inventedPath(),
        choices.inventedWords())
    case 3: exit(choices.inventedImage(), pid: choices.inventedPid(), at: stamp, code: 3)
    case 4:
      wait(
        by: choices.inventedImage(), pid: choices.inventedPid(), child: choices.inventedPid(),
        at: stamp, status: UInt32(bitPattern: choices.inventedStatus().rawValue))
    case 5:
      call(
        choices.inventedImage(), by: choices.inventedImage(), pid: choices.inventedPid(),
        at: stamp, begin: choices.inventedStamp(around: nowNs),
        status: choices.flag() ? UInt32(bitPattern: choices.inventedStatus().rawValue) : nil,
        command: choices.flag() ? Array("x y".utf8) : nil)
    case 8:
      seen(
        choices.inventedIntent(), pid: choices.inventedPid(), ppid: choices.inventedPid(),
        ancestor: choices.flag() ? choices.inventedPid() : 0, own: choices.inventedPid(),
        namespace: UInt64(choices.number(below: 3)), caller: choices.inventedImage(), at: stamp,
        flags: UInt32(choices.number(below: 16)), mode: choices.one(of: [0o100755, 0o104755, 0]),
        head: choices.one(of: [[], Array("#!/bin/sh\n".utf8), [0x7f, 0x45, 0x4c, 0x46, 1]]),
        cwd: choices.flag() ? "" : "/tmp", path: choices.inventedPath(), choices.inventedWords(),
        environment: choices.inventedWords())
    default:
      confined(
        choices.inventedImage(), pid: choices.inventedPid(), at: stamp,
        reason: UInt32(choices.number(below: 4)), undone: choices.flag())
    }
  }
}
