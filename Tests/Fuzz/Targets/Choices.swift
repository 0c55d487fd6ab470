/// Decisions, made by the bytes of an input one after the other. What an input does not say any more
/// is 0.
struct Choices {
  private var rest: UnsafeRawBufferPointer.SubSequence

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  mutating func flag() -> Bool { byte() & 1 != 0 }

  /// - Parameter count: 1 to 256.
  mutating func number(below count: Int) -> Int { Int(byte()) % count }

  mutating func integer<T: FixedWidthInteger>(_ type: T.Type) -> T {
    (0..<T.bitWidth / 8).reduce(0) { value, place in value | T(byte()) << T(8 * place) }
  }

  mutating func one<Element>(of elements: [Element]) -> Element {
    elements[number(below: elements.count)]
  }

  /// As many bytes as the next byte says, and as there are.
  mutating func bytes() -> [UInt8] {
    let count = Int(byte())
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  /// Everything that is left.
  mutating func remaining() -> [UInt8] {
    defer { rest = rest.suffix(0) }
    return Array(rest)
  }
}
