/// How a secret reads where it was encoded on its way.
enum ValueForms {
  /// The value itself, in a JSON string, percent-encoded, and in base64 wherever in the encoded text
  /// it begins.
  static func all(of value: [UInt8]) -> [[UInt8]] {
    [value, json(value), percent(value, keeps: "-._~"), percent(value, keeps: "-._~!*'()")]
      + base64(value)
  }

  private static func json(_ value: [UInt8]) -> [UInt8] {
    var text = JSONByteWriter(layout: .compact)
    text.string(String(decoding: value, as: UTF8.self))
    return Array(text.bytes.dropFirst().dropLast())
  }

  private static func percent(_ value: [UInt8], keeps marks: String) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return value.flatMap { byte -> [UInt8] in
      let isKept =
        byte < 0x80
        && (Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber
          || marks.utf8.contains(byte))
      return isKept
        ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }

  /// Shorter ones would be found where there is no secret.
  private static let leastForBase64 = 8

  /// The characters that depend on the value alone, for each of the three places in a group of three
  /// bytes where it can begin; in both alphabets.
  private static func base64(_ value: [UInt8]) -> [[UInt8]] {
    guard value.count >= leastForBase64 else { return [] }
    return (0..<3).flatMap { shift -> [[UInt8]] in
      let text = Base64.encode([UInt8](repeating: 0, count: shift) + value)
      let first = (shift * 8 + 5) / 6
      let end = (shift + value.count) * 8 / 6
      let inner = Array(text[first..<end])
      let other = inner.map { byte -> UInt8 in
        switch byte {
        case UInt8(ascii: "+"): UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        default: byte
        }
      }
      return [inner, other]
    }
  }
}
