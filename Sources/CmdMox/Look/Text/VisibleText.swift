/// Text of a recording as a terminal may show it: nothing in it moves the cursor, changes colours,
/// or turns the direction of writing round.
package enum VisibleText {
  /// What a line shows of bytes: control characters and bytes that are no UTF-8 as `\x1b`.
  package static func line(_ bytes: some Collection<UInt8>) -> String {
    text(bytes, keeping: { _ in false })
  }

  /// What stands on several lines: line breaks and tabs stay.
  package static func lines(_ bytes: some Collection<UInt8>) -> String {
    text(bytes, keeping: { $0 == "\n" || $0 == "\t" })
  }

  private static func text(
    _ bytes: some Collection<UInt8>, keeping isKept: (Unicode.Scalar) -> Bool
  ) -> String {
    var shown = ""
    shown.reserveCapacity(bytes.count)
    forEachScalar(bytes) { scalar, raw in
      if let scalar, isKept(scalar) || isPlain(scalar) {
        shown.unicodeScalars.append(scalar)
      } else {
        for byte in raw { shown += escape(byte) }
      }
    }
    return shown
  }

  /// Calls `body` with each character and its bytes; nil for bytes that are no UTF-8.
  static func forEachScalar(
    _ bytes: some Collection<UInt8>, _ body: (Unicode.Scalar?, ArraySlice<UInt8>) -> Void
  ) {
    let bytes = Array(bytes)
    var decoder = Unicode.UTF8.ForwardParser()
    var input = bytes.makeIterator()
    var place = 0
    while true {
      switch decoder.parseScalar(from: &input) {
      case .valid(let encoded):
        body(Unicode.UTF8.decode(encoded), bytes[place..<place + encoded.count])
        place += encoded.count
      case .error(let length):
        body(nil, bytes[place..<place + length])
        place += length
      case .emptyInput: return
      }
    }
  }

  /// `\x1b`.
  static func escape(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.utf8.count == 1 ? "\\x0" + digits : "\\x" + digits
  }

  /// Whether a terminal just shows it: no control, format or separator character, and nothing that
  /// Unicode has no character for.
  static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7f }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      return false
    default: return true
    }
  }
}
