/// Base64 with padding, RFC 4648 section 4.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let pad = UInt8(ascii: "=")
  /// The value of each character; 255 for those that are none.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  static func text(of bytes: [UInt8]) -> String {
    String(decoding: encode(bytes), as: UTF8.self)
  }

  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var start = 0
    while start < bytes.count {
      let present = min(3, bytes.count - start)
      var group = UInt32(bytes[start]) << 16
      if present > 1 { group |= UInt32(bytes[start + 1]) << 8 }
      if present > 2 { group |= UInt32(bytes[start + 2]) }
      text.append(alphabet[Int(group >> 18)])
      text.append(alphabet[Int(group >> 12 & 63)])
      text.append(present > 1 ? alphabet[Int(group >> 6 & 63)] : pad)
      text.append(present > 2 ? alphabet[Int(group & 63)] : pad)
      start += 3
    }
    return text
  }

  /// The bytes; nil for text that no encoder makes (a wrong character, wrong padding, bits set that
  /// stand for nothing).
  static func decode(_ text: String) -> [UInt8]? {
    let text = Array(text.utf8)
    guard text.count % 4 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    for start in stride(from: 0, to: text.count, by: 4) {
      let isLast = start + 4 == text.count
      let padding = isLast ? text[(start + 2)...].reversed().prefix { $0 == pad }.count : 0
      var group: UInt32 = 0
      for place in 0..<4 {
        let value = place >= 4 - padding ? 0 : values[Int(text[start + place])]
        guard value != 255 else { return nil }
        group = group << 6 | UInt32(value)
      }
      guard group & (UInt32(1) << UInt32(8 * padding) - 1) == 0 else { return nil }
      for place in 0..<(3 - padding) {
        bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * place)))
      }
    }
    return bytes
  }
}
