/// A line of the journal but the first: one invocation.
///
///     {"slot":7,"start_ns":1523,"parent":3,"recording":{…}}
///     {"slot":8,"parent":7}
///
/// The second is one that was filtered out. Blanks stand for a line that was taken back. A line is written by `write` and no one else, so its
/// start is read by position; what stands in `recording` is a fixture's recording.
struct JournalLine: Equatable {
  let slot: Int
  let parent: Int?
  /// Nil for an invocation that was filtered out.
  let recorded: Recorded?

  struct Recorded: Equatable {
    let startNs: Int
    /// Where in the line the recording begins; it ends one byte before the line does.
    let offset: Int
  }

  /// A line that was taken back has nothing else; one that became shorter is filled up with them.
  static let blank = UInt8(ascii: " ")

  /// As many bytes of a line as its start can take: three numbers of 20 digits and the names.
  static let startLength = 112

  static func write(
    _ recording: RecordedInvocation, _ slot: RecordingSlot, into text: inout JSONByteWriter
  ) {
    text.beginObject()
    text.member("slot")
    text.integer(slot.index)
    text.member("start_ns")
    text.integer(Int(clamping: slot.startNs))
    text.member("parent", orNull: slot.parent)
    text.member("recording")
    recording.write(into: &text)
    text.endObject()
    text.append(UInt8(ascii: "\n"))
  }

  static func write(passedOver slot: RecordingSlot, into text: inout JSONByteWriter) {
    text.beginObject()
    text.member("slot")
    text.integer(slot.index)
    text.member("parent", orNull: slot.parent)
    text.endObject()
    text.append(UInt8(ascii: "\n"))
  }

  /// More invocations than any session has; a higher number is a damaged line.
  static let slots = 0..<1 << 40

  /// Reads the start of a line; nil where it is none.
  init?(_ start: [UInt8]) {
    var scanner = Scanner(bytes: start)
    guard scanner.take("{\"slot\":"), let slot = scanner.number(),
      Self.slots.contains(slot)
    else { return nil }
    self.slot = slot
    var startNs: Int?
    if scanner.take(",\"start_ns\":") {
      startNs = scanner.number()
      guard startNs != nil else { return nil }
    }
    guard scanner.take(",\"parent\":") else { return nil }
    if scanner.take("null") {
      parent = nil
    } else {
      guard let number = scanner.number(), Self.slots.contains(number) else { return nil }
      parent = number
    }
    if let startNs {
      guard scanner.take(",\"recording\":{") else { return nil }
      recorded = Recorded(startNs: startNs, offset: scanner.place - 1)
    } else {
      guard scanner.take("}"), scanner.place == start.count else { return nil }
      recorded = nil
    }
  }

  private struct Scanner {
    let bytes: [UInt8]
    var place = 0

    mutating func take(_ text: StaticString) -> Bool {
      guard bytes[place...].starts(with: text.bytes) else { return false }
      place += text.utf8CodeUnitCount
      return true
    }

    mutating func number() -> Int? {
      let digits = bytes[place...].prefix {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
      }
      place = digits.endIndex
      return Int(String(decoding: digits, as: UTF8.self))
    }
  }
}
