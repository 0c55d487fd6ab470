internal import Glibc

/// Bytes as a key: hashed and compared all at once, where an array goes byte by byte.
struct ByteString: Hashable, Sendable {
  var bytes: [UInt8]

  init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  static func == (left: ByteString, right: ByteString) -> Bool {
    left.bytes.count == right.bytes.count
      && memcmp(left.bytes, right.bytes, left.bytes.count) == 0
  }

  func hash(into hasher: inout Hasher) {
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
  }

  /// Adds a text so that what follows cannot be taken for a part of it.
  mutating func append(part: some Collection<UInt8>) {
    var count = UInt32(truncatingIfNeeded: part.count)
    for _ in 0..<4 {
      bytes.append(UInt8(truncatingIfNeeded: count))
      count >>= 8
    }
    bytes.append(contentsOf: part)
  }
}

/// The names of the variables that recordings name.
struct VariableNames: Sendable {
  private var names: Set<ByteString> = []
  /// Which lengths there are, and which first bytes: most variables are told apart by these.
  private var lengths: UInt64 = 0
  private var firstBytes = SIMD4<UInt64>()

  var isEmpty: Bool { names.isEmpty }

  mutating func insert(_ name: [UInt8]) {
    guard let first = name.first, names.insert(ByteString(name)).inserted else { return }
    lengths |= 1 << UInt64(min(name.count, 63))
    firstBytes[Int(first >> 6)] |= 1 << UInt64(first & 63)
  }

  /// The name as it is kept; nil where it is none of them.
  func name(_ name: UnsafeBufferPointer<UInt8>) -> ByteString? {
    guard let first = name.first, lengths & 1 << UInt64(min(name.count, 63)) != 0,
      firstBytes[Int(first >> 6)] & 1 << UInt64(first & 63) != 0
    else { return nil }
    let name = ByteString(name)
    return names.contains(name) ? name : nil
  }
}
