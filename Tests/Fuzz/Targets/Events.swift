import WireSamples

@testable import CmdMox

/// Events of few images and processes, so that they meet, in an order and at times that make no sense.
func fuzzEvents(_ bytes: UnsafeRawBufferPointer) {
  var choices = Choices(bytes)
  let session = InventedSession()
  let reader = EventReader(capacity: 1 << 14)
  var encoder = MessageEncoder()
  while !choices.isAtEnd {
    switch choices.number(below: 12) {
    case 0..<8: encoder.invented(by: &choices, around: session.nowNs)
    case 8:
      let pid = choices.inventedPid()
      FuzzTarget.tell("\(pid) ends")
      session.probe.end(pid, choices.flag() ? choices.inventedStatus() : nil)
    case 9: session.probe.zombies[choices.inventedPid()] = choices.inventedStatus()
    case 10: session.probe.isOutOfDescriptors.toggle()
    default:
      FuzzTarget.tell("the batch ends")
      encoder.take(by: reader, session.table)
      session.endBatch(
        after: choices.one(of: [0, 1_000_000, 60_000_000, 600_000_000, 3_000_000_000]),
        isDrained: !choices.flag())
    }
  }
  encoder.take(by: reader, session.table)
  session.end()
}

extension MessageEncoder {
  /// Hands what was appended to a table, and forgets it.
  mutating func take(by reader: EventReader, _ table: InvocationTable) {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while rest.count > 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(reader.fill(from: rest)))
        reader.takeBatch { event in
          FuzzTarget.tell(event)
          table.handle(event)
        }
      }
    }
    removeAll()
  }
}
