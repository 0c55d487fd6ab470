/// How a secret reads where it was encoded on its way.
enum ValueForms {
  /// The value itself, without white space around it, in strings of JSON and XML, percent-encoded, as a
  /// word of a shell's script, and in base64 wherever in the encoded text it begins.
  static func all(of value: [UInt8]) -> [[UInt8]] {
    let trimmed = Array(value.trimmingWhiteSpace)
    let whole = trimmed.count < value.count && trimmed.count >= SecretValues.least ? trimmed : value
    let encoded = json(whole) + percent(whole) + [markup(whole)] + shell(whole) + base64(whole)
    return [value, whole] + longLines(of: whole) + encoded
  }

  /// Lines of a secret that has several, where they can be nothing else: they stand alone in logs.
  private static func longLines(of value: [UInt8]) -> [[UInt8]] {
    let lines = value.split(separator: UInt8(ascii: "\n")).map { Array($0.trimmingWhiteSpace) }
    guard lines.count > 1 else { return [] }
    return lines.filter { line in
      line.count >= leastForLine && line.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") }
        && !line.starts(with: "-----".utf8)
    }
  }

  private static let leastForLine = 20

  // MARK: JSON

  /// As JSON has to have it; and as writers make it that keep to ASCII, escape what HTML would take for
  /// markup, or escape slashes.
  private static func json(_ value: [UInt8]) -> [[UInt8]] {
    var text = JSONByteWriter(layout: .compact)
    text.string(String(decoding: value, as: UTF8.self))
    let plain = String(decoding: text.bytes.dropFirst().dropLast(), as: UTF8.self)
    let ascii = escaped(plain) { $0.value >= 0x80 }
    return [
      Array(plain.utf8), Array(ascii.utf8),
      Array(escaped(plain) { "<>&".unicodeScalars.contains($0) }.utf8),
      Array(plain.replacing("/", with: "\\/").utf8), Array(ascii.replacing("/", with: "\\/").utf8),
    ]
  }

  private static func escaped(_ text: String, _ isEscaped: (Unicode.Scalar) -> Bool) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      guard isEscaped(scalar) else { return result.unicodeScalars.append(scalar) }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
  }

  // MARK: URLs

  private static func percent(_ value: [UInt8]) -> [[UInt8]] {
    ["-._~", "-._~!*'()", "-._~/"].flatMap { marks -> [[UInt8]] in
      let upper = percent(value, keeps: marks, digits: "0123456789ABCDEF")
      return [
        upper, percent(value, keeps: marks, digits: "0123456789abcdef"),
        Array(String(decoding: upper, as: UTF8.self).replacing("%20", with: "+").utf8),
      ]
    }
  }

  private static func percent(
    _ value: [UInt8], keeps marks: String, digits: StaticString
  ) -> [UInt8] {
    value.flatMap { byte -> [UInt8] in
      isAlphanumeric(byte) || marks.utf8.contains(byte)
        ? [byte]
        : [
          UInt8(ascii: "%"), digits.utf8Start[Int(byte >> 4)], digits.utf8Start[Int(byte & 15)],
        ]
    }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  // MARK: XML and shells

  private static func markup(_ value: [UInt8]) -> [UInt8] {
    value.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "&"): Array("&amp;".utf8)
      case UInt8(ascii: "<"): Array("&lt;".utf8)
      case UInt8(ascii: ">"): Array("&gt;".utf8)
      case UInt8(ascii: "\""): Array("&quot;".utf8)
      default: [byte]
      }
    }
  }

  /// Inside single quotation marks, and with a backslash before what is special.
  private static func shell(_ value: [UInt8]) -> [[UInt8]] {
    let quoted = value.flatMap { $0 == UInt8(ascii: "'") ? Array(#"'\''"#.utf8) : [$0] }
    let escaped = value.flatMap { byte -> [UInt8] in
      isAlphanumeric(byte) || byte >= 0x80 || "_./:,@%+=-".utf8.contains(byte)
        ? [byte] : [UInt8(ascii: "\\"), byte]
    }
    return [quoted, escaped]
  }

  // MARK: Base64

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

extension BidirectionalCollection<UInt8> where SubSequence == ArraySlice<UInt8> {
  /// Without spaces, tabs and line breaks at its ends.
  fileprivate var trimmingWhiteSpace: ArraySlice<UInt8> {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
    let start = drop(while: isSpace)
    return start[..<(start.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start.startIndex)]
  }
}
