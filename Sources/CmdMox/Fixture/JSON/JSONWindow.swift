internal import SystemPackage

/// The piece of a document that is in memory: it moves over the document, and grows only where a
/// single thing in there does not fit.
struct JSONWindow: ~Copyable {
  /// Zeros behind the bytes, so that a loop need not look for their end at each step.
  private static let margin = 8

  private(set) var buffer: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// Where in `buffer` reading goes on, and where the bytes end.
  var position = 0
  private(set) var end = 0
  /// How many bytes of the document stood before `buffer`.
  private(set) var base = 0
  /// Where more comes from; nil at the end.
  private var input: FileDescriptor?

  /// A window at the start of what `input` still has. Leaves `input` open.
  init(input: FileDescriptor?, capacity: Int) {
    self.input = input
    self.capacity = max(capacity, 64)
    buffer = .allocate(capacity: self.capacity + Self.margin)
    buffer.initialize(repeating: 0, count: Self.margin)
  }

  /// A window over a whole document.
  init(_ bytes: some Collection<UInt8>) {
    self.init(input: nil, capacity: bytes.count)
    _ = UnsafeMutableBufferPointer(start: buffer, count: capacity).update(fromContentsOf: bytes)
    end = bytes.count
    seal()
  }

  deinit { buffer.deallocate() }

  /// Holds `count` bytes of `file` at `offset`, and nothing more. Throws `Errno`.
  mutating func restart(with file: FileDescriptor, at offset: Int, count: Int) throws {
    input = nil
    (position, end, base) = (0, 0, 0)
    if count > capacity { grow(to: count) }
    while end < count {
      let piece = try file.read(
        fromAbsoluteOffset: Int64(offset + end),
        into: UnsafeMutableRawBufferPointer(start: buffer + end, count: count - end))
      if piece == 0 { break }
      end += piece
    }
    seal()
  }

  /// Reads more, and forgets what stands before `position`, which then moves. Throws `Errno`.
  ///
  /// - Returns: false at the end; the bytes may have moved all the same.
  mutating func readMore() throws -> Bool {
    guard let input else { return false }
    if position > 0 {
      buffer.update(from: buffer + position, count: end - position)
      base += position
      end -= position
      position = 0
    }
    if end == capacity { grow(to: capacity * 2) }
    let piece = try input.read(
      into: UnsafeMutableRawBufferPointer(start: buffer + end, count: capacity - end))
    end += piece
    seal()
    if piece == 0 { self.input = nil }
    return piece > 0
  }

  private mutating func seal() {
    buffer.advanced(by: end).update(repeating: 0, count: Self.margin)
  }

  private mutating func grow(to size: Int) {
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: size + Self.margin)
    larger.update(from: buffer, count: end)
    buffer.deallocate()
    buffer = larger
    capacity = size
  }
}
