internal import Glibc

/// Reads the members of a payload one after the other and never past its end.
///
/// A read that finds too little answers 0 or nothing and leaves a mark: check `isIntact` once,
/// after the last member.
struct WireReader {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0
  private var failed = false

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// Whether every member was there and nothing lies behind the last.
  var isIntact: Bool { !failed && offset == bytes.count }

  var isAtEnd: Bool { offset == bytes.count }

  mutating func integer<T: FixedWidthInteger>(_ type: T.Type) -> T {
    guard bytes.count - offset >= MemoryLayout<T>.size else {
      failed = true
      return 0
    }
    defer { offset += MemoryLayout<T>.size }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// `count` bytes, whatever they are.
  mutating func block(_ count: UInt32) -> UnsafeRawBufferPointer {
    let start = offset
    guard !failed, Int(count) <= bytes.count - offset else {
      failed = true
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    offset += Int(count)
    return UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
  }

  /// The bytes of a string without its NUL.
  mutating func string() -> UnsafeRawBufferPointer {
    let start = offset
    guard skipStrings(1) else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<offset - 1])
  }

  /// `count` strings; a count that the payload cannot hold fails before anything is reserved.
  mutating func strings(_ count: UInt32) -> WireStrings {
    let start = offset
    guard skipStrings(Int(count)) else { return WireStrings() }
    return WireStrings(
      bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<offset]), count: Int(count))
  }

  private mutating func skipStrings(_ count: Int) -> Bool {
    guard !failed, count <= bytes.count - offset, let base = bytes.baseAddress else {
      // An empty payload has no address; no strings are fine there too.
      failed = failed || count > 0
      return false
    }
    for _ in 0..<count {
      guard let end = memchr(base + offset, 0, bytes.count - offset) else {
        failed = true
        return false
      }
      offset = UnsafeRawPointer(end) - base + 1
    }
    return true
  }
}

/// Strings one behind the other, each with its NUL, as they lie in a payload.
///
/// Valid as long as the payload is.
struct WireStrings: Sequence {
  var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  var count = 0

  struct Iterator: IteratorProtocol {
    fileprivate var rest: UnsafeRawBufferPointer

    mutating func next() -> UnsafeRawBufferPointer? {
      guard rest.count > 0, let base = rest.baseAddress,
        let end = memchr(base, 0, rest.count)
      else { return nil }
      let length = UnsafeRawPointer(end) - base
      let string = UnsafeRawBufferPointer(rebasing: rest[..<length])
      rest = UnsafeRawBufferPointer(rebasing: rest[(length + 1)...])
      return string
    }
  }

  func makeIterator() -> Iterator { Iterator(rest: bytes) }

  /// A copy that outlives the payload.
  var packed: PackedStrings { PackedStrings(bytes: Array(bytes), count: count) }

  func holdsSameBytes(as other: PackedStrings) -> Bool {
    count == other.count && bytes.elementsEqual(other.bytes)
  }
}

/// Strings one behind the other in one array, each with its NUL: an argv without an allocation
/// for each argument.
struct PackedStrings: Equatable {
  var bytes: [UInt8] = []
  var count = 0

  /// The strings without their NULs.
  var slices: [ArraySlice<UInt8>] {
    var slices: [ArraySlice<UInt8>] = []
    slices.reserveCapacity(count)
    var start = 0
    while start < bytes.count, let end = bytes[start...].firstIndex(of: 0) {
      slices.append(bytes[start..<end])
      start = end + 1
    }
    return slices
  }

  /// The strings as they lie in a payload, for as long as `body` takes.
  func withWireStrings<Value>(_ body: (WireStrings) -> Value) -> Value {
    bytes.withUnsafeBytes { body(WireStrings(bytes: $0, count: count)) }
  }

  mutating func append(_ string: some Sequence<UInt8>) {
    bytes.append(contentsOf: string)
    bytes.append(0)
    count += 1
  }
}
