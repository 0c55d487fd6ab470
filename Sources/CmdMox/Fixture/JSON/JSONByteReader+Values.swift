extension JSONByteReader {
  mutating func kind() throws -> JSONKind {
    try skipWhitespace()
    guard position < end else { throw syntax("a value", foundHere) }
    switch buffer[position] {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    default: throw syntax("a value", foundHere)
    }
  }

  mutating func value() throws -> JSONValue {
    switch try kind() {
    case .null:
      try literal("null")
      return .null
    case .bool:
      let isTrue = buffer[position] == UInt8(ascii: "t")
      try literal(isTrue ? "true" : "false")
      return .bool(isTrue)
    case .number: return try number()
    case .string: return .string(try string())
    case .array: return .array(try array { try $0.value() })
    case .object:
      var object = JSONObject()
      try enterObject()
      while try nextMember() {
        let name = try memberName()
        object[name] = try value()
      }
      return .object(object)
    }
  }

  /// Takes any value and forgets it; text in it is not checked to be UTF-8.
  mutating func skip() throws {
    switch try kind() {
    case .string:
      _ = try scanString()
      isAfterValue = true
    case .array:
      try enterArray()
      while try nextElement() { try skip() }
    case .object:
      try enterObject()
      while try nextMember() { try skip() }
    case .null, .bool, .number: _ = try value()
    }
  }

  private mutating func literal(_ word: StaticString) throws {
    let count = word.utf8CodeUnitCount
    while end - position < count, try readMore() {}
    let here = UnsafeBufferPointer(start: buffer + position, count: min(count, end - position))
    guard here.elementsEqual(word.bytes) else { throw syntax("a value", "another word") }
    position += count
    isAfterValue = true
  }

  mutating func integer() throws -> Int {
    guard try kind() == .number else { throw try mismatch("an integer of 64 bits") }
    guard case .integer(let value) = try number() else {
      throw DecodingFailure(
        path: path, reason: .type(expected: "an integer of 64 bits", found: "another number"))
    }
    return value
  }

  private mutating func number() throws -> JSONValue {
    var scan = position
    while true {
      while scan < end, Self.isOfNumber(buffer[scan]) { scan += 1 }
      guard scan == end else { break }
      let length = scan - position
      let hasMore = try readMore()
      scan = position + length
      guard hasMore else { break }
    }
    let text = UnsafeBufferPointer(start: buffer + position, count: scan - position)
    guard let number = JSONNumber(text) else { throw syntax("a number", "a malformed one") }
    position = scan
    isAfterValue = true
    return number.value
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }
}

/// A number in JSON's grammar: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
struct JSONNumber {
  let value: JSONValue

  /// Nil for what the grammar does not allow.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    var place = 0
    func digits() -> Int {
      let start = place
      while place < text.count, text[place] &- UInt8(ascii: "0") < 10 { place += 1 }
      return place - start
    }
    func take(_ one: Character, or other: Character) -> Bool {
      guard place < text.count, text[place] == one.asciiValue || text[place] == other.asciiValue
      else { return false }
      place += 1
      return true
    }
    let isNegative = text.first == UInt8(ascii: "-")
    if isNegative { place = 1 }
    let first = place
    let whole = digits()
    guard whole == 1 || whole > 1 && text[first] != UInt8(ascii: "0") else { return nil }
    if place == text.count {
      value = Self.integer(text, from: first, isNegative: isNegative)
      return
    }
    if take(".", or: ".") { guard digits() > 0 else { return nil } }
    if take("e", or: "E") {
      _ = take("+", or: "-")
      guard digits() > 0 else { return nil }
    }
    guard place == text.count else { return nil }
    let written = String(decoding: text, as: UTF8.self)
    guard let double = Double(written), double.isFinite else {
      value = .largeNumber(written)
      return
    }
    value = .double(double)
  }

  private static func integer(
    _ text: UnsafeBufferPointer<UInt8>, from first: Int, isNegative: Bool
  ) -> JSONValue {
    var result = 0
    for place in first..<text.count {
      let digit = Int(text[place] &- UInt8(ascii: "0"))
      let (tens, isOver) = result.multipliedReportingOverflow(by: 10)
      let (sum, isFarther) =
        isNegative ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
      if isOver || isFarther { return .largeNumber(String(decoding: text, as: UTF8.self)) }
      result = sum
    }
    return .integer(result)
  }
}
