/// A word that a shell reads back as exactly these bytes, and that a terminal can show.
package enum ShellWord {
  /// Plain words stand as they are, others in single quotes; where there is anything in them that a
  /// terminal must not see they stand as `$'…'` (POSIX.1-2024; bash, zsh, ksh).
  package static func quoted(_ bytes: [UInt8]) -> String {
    if bytes.isEmpty { return "''" }
    if bytes.allSatisfy({ isPlain[Int($0)] }) { return String(decoding: bytes, as: UTF8.self) }
    return isVisible(bytes) ? singleQuoted(bytes) : escaped(bytes)
  }

  private static let isPlain: [Bool] = (0...255).map { byte in
    switch UInt8(byte) {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "_@%+=:,./-".utf8.contains(UInt8(byte))
    }
  }

  private static func isVisible(_ bytes: [UInt8]) -> Bool {
    if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return true }
    var isVisible = true
    VisibleText.forEachScalar(bytes) { scalar, _ in
      isVisible = isVisible && scalar.map(VisibleText.isPlain) ?? false
    }
    return isVisible
  }

  private static func singleQuoted(_ bytes: [UInt8]) -> String {
    var word = [UInt8(ascii: "'")]
    for byte in bytes {
      if byte == UInt8(ascii: "'") { word += Array("'\\''".utf8) } else { word.append(byte) }
    }
    word.append(UInt8(ascii: "'"))
    return String(decoding: word, as: UTF8.self)
  }

  private static func escaped(_ bytes: [UInt8]) -> String {
    var word = "$'"
    VisibleText.forEachScalar(bytes) { scalar, raw in
      switch scalar {
      case "\n": word += "\\n"
      case "\t": word += "\\t"
      case "'": word += "\\'"
      case "\\": word += "\\\\"
      case let scalar? where VisibleText.isPlain(scalar): word.unicodeScalars.append(scalar)
      default: for byte in raw { word += VisibleText.escape(byte) }
      }
    }
    return word + "'"
  }
}
