import Testing
import WireSamples

@testable import CmdMox

@Suite("Garbage in the pipe") struct FuzzTests {
  /// A stream with every kind of event, long ones too, of few processes and images so that they
  /// meet.
  static func stream(_ random: inout SeededGenerator) -> [UInt8] {
    var encoder = MessageEncoder()
    let words = ["a", "", "sh", "-c", "x y", String(repeating: "l", count: 5000)]
    for _ in 0..<60 {
      func id() -> UInt64 { UInt64.random(in: 0...12, using: &random) }
      func pid() -> UInt32 { UInt32.random(in: 0...6, using: &random) + 97 }
      func argv() -> [[UInt8]] {
        (0..<Int.random(in: 0...4, using: &random)).map { _ in
          Array((words.randomElement(using: &random) ?? "").utf8)
        }
      }
      let stamp = UInt64.random(in: 0...1000, using: &random)
      let path = Array((Bool.random(using: &random) ? "/bin/sh" : "sh").utf8)
      switch Int.random(in: 0...7, using: &random) {
      case 0:
        encoder.intent(
          id() + 50, by: id(), pid: pid(), writer: pid(), at: stamp,
          flags: UInt32.random(in: 0...7, using: &random), path: path, argv())
      case 1:
        encoder.start(
          id(), parent: id(), intent: Bool.random(using: &random) ? id() + 50 : 0, pid: pid(),
          ppid: Bool.random(using: &random) ? 0 : pid(), at: stamp,
          script: UInt32.random(in: 0...5, using: &random), executable: path, argv(),
          environment: argv())
      case 2:
        encoder.failed(
          intent: id() + 50, by: id(), pid: pid(), at: stamp, error: 2, path: path, argv())
      case 3: encoder.exit(id(), pid: pid(), at: stamp, code: 3)
      case 4: encoder.wait(by: id(), pid: pid(), child: pid(), at: stamp, status: 9)
      case 5:
        encoder.call(
          id(), by: id(), pid: pid(), at: stamp, begin: 0,
          status: Bool.random(using: &random) ? 0 : nil,
          command: Bool.random(using: &random) ? Array("x y".utf8) : nil)
      case 6:
        encoder.seen(
          id() + 70, pid: pid(), ppid: pid(), ancestor: pid(), own: pid(),
          namespace: Bool.random(using: &random) ? 0 : id(), caller: id() + 90, at: stamp,
          flags: UInt32.random(in: 0...15, using: &random), head: path, path: path, argv(),
          environment: [
            Array("CMDMOX_SESSION=\(SyntheticSession.directory)".utf8),
            Array("CMDMOX_PARENT=000000000000000\(id() % 10)00000000000000005\(id() % 10)".utf8),
          ])
      default: encoder.confined(id(), pid: pid(), at: stamp, reason: 1)
      }
    }
    return encoder.bytes
  }

  /// Spoils a stream in one of several ways.
  static func spoil(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    switch Int.random(in: 0...5, using: &random) {
    case 0:
      for _ in 0..<20 {
        let place = Int.random(in: bytes.indices, using: &random)
        bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
      }
    case 1: bytes.removeLast(Int.random(in: 1...bytes.count / 2, using: &random))
    case 2:
      let from = Int.random(in: 0..<bytes.count / 2, using: &random)
      bytes.removeSubrange(from..<from + Int.random(in: 1...200, using: &random))
    case 3:
      // Giant lengths and counts.
      for _ in 0..<10 {
        let place = Int.random(in: 0..<bytes.count - 4, using: &random)
        bytes.replaceSubrange(place..<place + 4, with: [0xff, 0xff, 0xff, 0xff])
      }
    case 4: bytes = (0..<8000).map { _ in UInt8.random(in: 0...255, using: &random) }
    default: break
    }
  }

  @Test(
    "No stream, however spoilt, ends the recorder or grows it", arguments: 0..<300)
  func survives(seed: Int) {
    var random = SeededGenerator(seed: seed)
    let session = SyntheticSession()
    let reader = EventReader(capacity: 1 << 14)
    for round in 0..<4 {
      var bytes = Self.stream(&random)
      Self.spoil(&bytes, &random)
      bytes.withUnsafeBytes { whole in
        var offset = 0
        while offset < whole.count {
          let end = min(whole.count, offset + Int.random(in: 1...9000, using: &random))
          let taken = reader.fill(from: UnsafeRawBufferPointer(rebasing: whole[offset..<end]))
          #expect(taken > 0)
          offset += taken
          reader.takeBatch { session.table.handle($0) }
          session.table.takeReports(nowNs: UInt64(round) * 300_000_000)
          session.table.endBatch(nowNs: UInt64(round) * 300_000_000, isDrained: true)
        }
      }
    }
    let lines = session.end()
    let table = session.table
    #expect(table.images.isEmpty)
    #expect(table.processes.isEmpty)
    #expect(table.watched.isEmpty)
    #expect(table.sighted.isEmpty)
    // The root's own may be left, and those of processes forked from it.
    #expect(table.fingerprints.values.allSatisfy { $0 == 0 })
    #expect(table.shells.isEmpty && table.announced.isEmpty && table.awaiting.isEmpty)
    #expect(Set(session.sink.recorded.map(\.slot)).count == lines.count)
    #expect(reader.incomplete <= 1024)
  }

  @Test("Incomplete messages are bounded in number and in bytes")
  func bounds() {
    var assembler = MessageAssembler(maximumCount: 10, maximumBytes: 20_000)
    let payload = [UInt8](repeating: 1, count: 4000)
    payload.withUnsafeBytes { bytes in
      for message in 0..<100 as Range<UInt64> {
        _ = assembler.add(
          Frame(
            kind: 1, isLast: false, pid: 1, index: 0, message: message, payload: bytes))
        #expect(assembler.incompleteCount <= 10)
        #expect(assembler.heldBytes <= 20_000)
      }
      // One that goes on for ever is given up.
      for index in 1..<100 as Range<UInt16> {
        _ = assembler.add(
          Frame(
            kind: 1, isLast: false, pid: 1, index: index, message: 99, payload: bytes))
        #expect(assembler.heldBytes <= 24_000)
      }
    }
    #expect(assembler.dropped == 100)
    #expect(assembler.heldBytes == 0)
  }
}
