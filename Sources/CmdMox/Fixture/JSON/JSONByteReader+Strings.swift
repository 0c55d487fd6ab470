extension JSONByteReader {
  mutating func string() throws -> String {
    var exact: [UInt8]?
    return try string(exact: &exact)
  }

  mutating func string(exact: inout [UInt8]?) throws -> String {
    try skipWhitespace()
    guard position < end, buffer[position] == UInt8(ascii: "\"") else {
      throw try mismatch("a string")
    }
    let (start, count, isEscaped) = try scanString()
    isAfterValue = true
    if isEscaped {
      return text(of: unescaped, exact: &exact)
    }
    let bytes = UnsafeBufferPointer(start: buffer + start, count: count)
    guard let text = String(exactly: bytes) else {
      throw syntax("text in UTF-8", "other bytes", at: start)
    }
    return text
  }

  /// Takes a string; `position` is at its first quotation mark.
  ///
  /// - Returns: where in `buffer` its bytes stand; or that it had escapes and stands in `unescaped`,
  ///   which is UTF-8 but for bytes that lone surrogates stood for.
  mutating func scanString() throws -> (start: Int, count: Int, isEscaped: Bool) {
    var scan = position + 1
    while true {
      scan += JSONEscapes.plainLength(buffer + scan, count: end - scan)
      if scan == end {
        let length = scan - position
        guard try readMore() else { throw unterminated(at: end) }
        scan = position + length
      } else if buffer[scan] == UInt8(ascii: "\"") {
        let start = position + 1
        position = scan + 1
        return (start, scan - start, false)
      } else {
        let start = position + 1
        unescaped.removeAll(keepingCapacity: true)
        unescaped.append(
          contentsOf: UnsafeBufferPointer(start: buffer + start, count: scan - start))
        position = scan
        try unescape()
        return (0, 0, true)
      }
    }
  }

  /// Takes the rest of a string that has escapes, and appends what it says to `unescaped`.
  private mutating func unescape() throws {
    var plainStart = unescaped.count
    while true {
      let plain = JSONEscapes.plainLength(buffer + position, count: end - position)
      unescaped.append(contentsOf: UnsafeBufferPointer(start: buffer + position, count: plain))
      position += plain
      if position == end {
        guard try readMore() else { throw unterminated(at: position) }
        continue
      }
      try checkText(from: plainStart)
      switch buffer[position] {
      case UInt8(ascii: "\""):
        position += 1
        return
      case UInt8(ascii: "\\"):
        try escape()
      default:
        throw syntax("an escape for a control character", foundHere)
      }
      plainStart = unescaped.count
    }
  }

  /// What stood in the file as it is must be UTF-8; only escapes may stand for other bytes.
  private func checkText(from start: Int) throws {
    guard start < unescaped.count else { return }
    let isText = unescaped.withUnsafeBufferPointer {
      String(exactly: UnsafeBufferPointer(rebasing: $0[start...])) != nil
    }
    guard isText else {
      throw syntax("text in UTF-8", "other bytes")
    }
  }

  private mutating func escape() throws {
    try require(2)
    let letter = buffer[position + 1]
    let byte: UInt8
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte = letter
    case UInt8(ascii: "b"): byte = 0x08
    case UInt8(ascii: "f"): byte = 0x0c
    case UInt8(ascii: "n"): byte = 0x0a
    case UInt8(ascii: "r"): byte = 0x0d
    case UInt8(ascii: "t"): byte = 0x09
    case UInt8(ascii: "u"): return try unicodeEscape()
    default:
      throw syntax("one of the letters \"\\/bfnrtu", found(at: position + 1), at: position + 1)
    }
    unescaped.append(byte)
    position += 2
  }

  private mutating func unicodeEscape() throws {
    var code = try codeUnit()
    if 0xd800...0xdbff ~= code, try nextIsEscape() {
      let low = try codeUnit()
      if 0xdc00...0xdfff ~= low {
        append(0x10000 + (code - 0xd800) << 10 + (low - 0xdc00))
        return
      }
      append(0xfffd)
      code = low
    }
    switch code {
    case 0xdc80...0xdcff:
      // How Python writes a byte that is not text: os.fsdecode, "surrogateescape".
      unescaped.append(UInt8(truncatingIfNeeded: code))
    case 0xd800...0xdfff: append(0xfffd)
    default: append(code)
    }
  }

  /// Takes `\uXXXX`.
  private mutating func codeUnit() throws -> UInt32 {
    try require(6)
    var code: UInt32 = 0
    for place in position + 2..<position + 6 {
      guard let digit = Character(UnicodeScalar(buffer[place])).hexDigitValue else {
        throw syntax("four hexadecimal digits", found(at: place), at: place)
      }
      code = code << 4 | UInt32(digit)
    }
    position += 6
    return code
  }

  private mutating func nextIsEscape() throws -> Bool {
    while end - position < 2 {
      guard try readMore() else { return false }
    }
    return buffer[position] == UInt8(ascii: "\\") && buffer[position + 1] == UInt8(ascii: "u")
  }

  /// Reads until `count` bytes are there.
  private mutating func require(_ count: Int) throws {
    while end - position < count {
      guard try readMore() else { throw unterminated(at: end) }
    }
  }

  private mutating func append(_ code: UInt32) {
    let scalar = UnicodeScalar(code) ?? "\u{fffd}"
    unescaped.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  private func unterminated(at place: Int) -> DecodingFailure {
    syntax("the end of a string", "the end of the file", at: place)
  }
}
