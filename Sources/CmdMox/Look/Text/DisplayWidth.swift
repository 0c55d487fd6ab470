/// How many columns of a terminal text takes.
package enum DisplayWidth {
  /// The text, with `…` for what does not fit.
  package static func shortened(_ text: String, to columns: Int) -> String {
    if text.utf8.count <= columns { return text }
    guard columns > 0 else { return "" }
    var width = 0
    var fitting = text.unicodeScalars.startIndex
    for place in text.unicodeScalars.indices {
      width += columnsOf(text.unicodeScalars[place])
      if width > columns { return String(text.unicodeScalars[..<fitting]) + "…" }
      if width < columns { fitting = text.unicodeScalars.index(after: place) }
    }
    return text
  }

  /// 0 for marks that stand on the character before, 2 for East Asian characters and pictures.
  ///
  /// Source: Unicode's East Asian Width, W and F, by blocks.
  static func columnsOf(_ scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x4dbf, 0x4e00...0x9fff, 0xa000...0xa4cf,
      0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6,
      0x1f300...0x1f64f, 0x1f680...0x1f6ff, 0x1f900...0x1f9ff, 0x20000...0x3fffd:
      return 2
    default: return 1
    }
  }
}
