import CmdMoxWire
import Testing
import WireSamples

@testable import CmdMox

/// Reads `bytes` through a reader, in pieces of `step` bytes, and describes every event.
func describeEvents(_ bytes: [UInt8], step: Int = .max, reader: EventReader = EventReader())
  -> [String]
{
  var lines: [String] = []
  bytes.withUnsafeBytes { whole in
    var offset = 0
    while offset < whole.count {
      let end = whole.count - offset <= step ? whole.count : offset + step
      offset += reader.fill(from: UnsafeRawBufferPointer(rebasing: whole[offset..<end]))
      reader.takeBatch { lines.append(describe($0)) }
    }
  }
  return lines
}

private func describe(_ event: Event) -> String {
  switch event {
  case .intent(let event):
    "intent \(event.intent) by \(event.speaker.image) pid \(event.pid) "
      + "\(text(event.path)) \(event.arguments.map(text))"
  case .start(let event):
    "start \(event.speaker.image) \(text(event.executable)) \(text(event.cwd)) "
      + "\(event.arguments.map(text)) \(event.environment.map(text))"
  case .failed(let event): "failed \(event.error) \(text(event.path))"
  case .exit(let event): "exit \(event.speaker.image) \(event.code)"
  case .wait(let event): "wait \(event.pid) \(event.status.rawValue)"
  case .call(let event):
    "call \(event.call) \(event.status?.rawValue ?? -1) \(event.command.map(text) ?? "-")"
  case .confined(let event): "confined \(event.reason) \(event.attemptFailed)"
  case .seen(let event):
    "seen \(event.pid) of \(event.ppid) below \(event.ancestor), itself \(event.ownPid) in "
      + "\(event.namespace), by \(event.caller): \(event.flags.rawValue) \(event.mode) "
      + "\(Array(event.head)) \(text(event.cwd)) \(text(event.path)) "
      + "\(event.arguments.map(text)) \(event.environment.map(text))"
  }
}

@Suite("Frames and messages") struct FrameTests {
  @Test("An argument comes out as it went in", arguments: EdgeValue.all, [1, 7, 4096, .max])
  func argumentsSurvive(_ value: EdgeValue, step: Int) {
    let argument = value.bytes
    // One byte at a time through 128 KiB shows nothing more than through a short one.
    let step = argument.count > 4096 ? max(step, 1000) : step
    var encoder = MessageEncoder()
    encoder.start(
      9, parent: 1, pid: 5, at: 3, executable: Array("/bin/x".utf8),
      [Array("x".utf8), argument, []], environment: [argument])
    let reader = EventReader()
    let lines = describeEvents(encoder.bytes, step: step, reader: reader)
    let shown = text(argument)
    #expect(lines == ["start 9 /bin/x / \(["x", shown, ""]) \([shown])"])
    #expect(reader.malformed == 0)
  }

  @Test("Every kind of event is read")
  func kinds() {
    var encoder = MessageEncoder()
    encoder.intent(
      8, by: 1, pid: 5, at: 1, path: Array("/bin/x".utf8), [Array("x".utf8)])
    encoder.failed(by: 1, pid: 5, at: 2, error: 2, path: Array("/bin/y".utf8), [])
    encoder.exit(1, pid: 5, at: 3, code: 7)
    encoder.wait(by: 1, pid: 5, child: 6, at: 4, status: 0x700)
    encoder.call(3, by: 1, pid: 5, at: 5, begin: 4, status: nil, command: Array("ls".utf8))
    encoder.call(3, by: 1, pid: 5, at: 6, begin: 4, status: 9, command: nil)
    encoder.confined(1, pid: 5, at: 7, reason: 2)
    encoder.seen(
      4, pid: 5, ppid: 3, ancestor: 2, own: 1, namespace: 70, caller: 6, at: 8, flags: 4,
      mode: 0o755, head: [0x7f, 0, 0x45], cwd: "/w", path: Array("/bin/z".utf8),
      [Array("z".utf8), []], environment: [Array("A=1".utf8)])
    #expect(
      describeEvents(encoder.bytes) == [
        "intent 8 by 1 pid 5 /bin/x [\"x\"]", "failed 2 /bin/y", "exit 1 7", "wait 6 1792",
        "call 3 -1 ls", "call 3 9 -", "confined chroot false",
        "seen 5 of 3 below 2, itself 1 in 70, by 6: 4 493 [127, 0, 69] /w /bin/z [\"z\", \"\"] "
          + "[\"A=1\"]",
      ])
  }

  @Test("Events of a batch come in the order of their stamps, equal ones as they arrived")
  func order() {
    var encoder = MessageEncoder()
    for (image, stamp) in [(1, 30), (2, 10), (3, 20), (4, 10)] as [(UInt64, UInt64)] {
      encoder.exit(image, pid: 5, at: stamp, code: 0)
    }
    #expect(describeEvents(encoder.bytes) == ["exit 2 0", "exit 4 0", "exit 3 0", "exit 1 0"])
  }

  @Test(
    "Garbage before, between and behind frames is skipped and counted",
    arguments: [
      EdgeValue("a NUL", [0]), EdgeValue("a C", [0x43]),
      EdgeValue("a magic and no frame", [0x43, 0x4d, 0x58, 0x31, 9]),
      EdgeValue("many C", [UInt8](repeating: 0x43, count: 9000)),
    ])
  func garbage(_ value: EdgeValue) {
    let garbage = value.bytes
    var encoder = MessageEncoder()
    encoder.exit(1, pid: 5, at: 1, code: 1)
    let first = encoder.bytes
    encoder.removeAll()
    encoder.exit(2, pid: 5, at: 2, code: 2)
    let reader = EventReader()
    let bytes = garbage + first + garbage + encoder.bytes + garbage
    #expect(describeEvents(bytes, reader: reader) == ["exit 1 1", "exit 2 2"])
    #expect(reader.malformed >= 2)
  }

  @Test("Frames of two messages between each other find together")
  func interleaved() {
    let long = [UInt8](repeating: 0x61, count: 5000)
    var left = MessageEncoder()
    left.start(1, parent: 0, pid: 5, at: 1, executable: long, [])
    var right = MessageEncoder()
    right.exit(3, pid: 5, at: 0, code: 0)
    right.removeAll()
    right.start(2, parent: 0, pid: 6, at: 2, executable: long, [])
    let mixed =
      left.bytes[..<4096] + right.bytes[..<4096] + right.bytes[4096...] + left.bytes[4096...]
    let lines = describeEvents(Array(mixed))
    #expect(lines.map { $0.prefix(7) } == ["start 1", "start 2"])
  }

  @Test("A count that its payload cannot hold is refused", arguments: [1, 2, 1 << 20, .max])
  func wrongCounts(_ count: UInt32) {
    var encoder = MessageEncoder()
    encoder.append(CMDMOX_KIND_INTENT, pid: 5, image: 1, stamp: 1) { payload in
      payload.append(UInt64(7))
      payload.append(UInt32(5))
      payload.append(UInt32(0))
      payload.append(count)
      payload.append([])
      payload.append([])
    }
    let reader = EventReader()
    #expect(describeEvents(encoder.bytes, reader: reader).isEmpty)
    #expect(reader.malformed == 1)
  }
}
