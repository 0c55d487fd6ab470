/// Looks for what JSON strings escape, eight bytes at a time.
enum JSONEscapes {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highs: UInt64 = 0x8080_8080_8080_8080

  /// How many bytes from `start` can stand in a JSON string as they are: the distance to the first
  /// quotation mark, backslash or control character.
  ///
  /// - Parameter count: how many bytes there are to look at; never more are read.
  static func plainLength(_ start: UnsafePointer<UInt8>, count: Int) -> Int {
    var length = 0
    let raw = UnsafeRawPointer(start)
    while length &+ 8 <= count {
      let word = UInt64(
        littleEndian: raw.loadUnaligned(fromByteOffset: length, as: UInt64.self))
      // Each term sets the high bit of the first byte that it looks for, counted from the lowest;
      // bits above that one may be wrong, and are not looked at.
      let quote = word ^ (ones &* 0x22)
      let backslash = word ^ (ones &* 0x5c)
      let found =
        ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
        | ((word &- ones &* 0x20) & ~word)
      let marks = found & highs
      if marks != 0 { return length &+ marks.trailingZeroBitCount / 8 }
      length &+= 8
    }
    while length < count, !isEscaped(start[length]) { length &+= 1 }
    return length
  }

  static func isEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }
}

extension JSONByteWriter {
  /// UTF-8 as a JSON string.
  mutating func quoted(_ text: UnsafeBufferPointer<UInt8>) {
    reserve(text.count + 2)
    put(UInt8(ascii: "\""))
    if let start = text.baseAddress {
      var done = 0
      while true {
        let plain = JSONEscapes.plainLength(start + done, count: text.count - done)
        reserve(plain + 8)
        put(UnsafeBufferPointer(start: start + done, count: plain))
        done += plain
        if done == text.count { break }
        escaped(start[done])
        done += 1
      }
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func escaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"")
    case UInt8(ascii: "\\"): append("\\\\")
    case 0x08: append("\\b")
    case 0x09: append("\\t")
    case 0x0a: append("\\n")
    case 0x0c: append("\\f")
    case 0x0d: append("\\r")
    default:
      append("\\u00")
      append(Self.hexadecimal[Int(byte >> 4)])
      append(Self.hexadecimal[Int(byte & 15)])
    }
  }

  private static let hexadecimal = Array("0123456789abcdef".utf8)
}
