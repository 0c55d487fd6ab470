internal import SystemPackage

/// Reads JSON text (RFC 8259, strictly) piece by piece from a descriptor.
///
/// Memory holds one piece of the file, more only where a single string is longer than that. Where the
/// same name stands twice in an object, both are delivered, in order.
struct JSONByteReader: JSONSource, ~Copyable {
  /// How deep arrays and objects may stand in one another.
  static let deepest = 512

  private var window: JSONWindow

  private var line = 1
  /// The offset of the line's first byte in the document.
  private var lineStart = 0
  private var levels: [Level] = []
  /// The names of the members on the way to the current value, one behind the other.
  private var names: UnsafeMutablePointer<UInt8>
  private var namesCapacity = 256
  /// Whether a value has ended since the innermost container began.
  var isAfterValue = false

  /// An array or object that has begun and not ended.
  private struct Level {
    let isObject: Bool
    /// How many elements or members have begun.
    var count = 0
    /// Where in `names` the current member's name stands.
    let nameStart: Int
    var nameEnd: Int
  }

  /// A string with escapes, as it reads without them; kept for its memory.
  var unescaped: [UInt8] = []

  /// A reader of what `input` still has. Leaves `input` open.
  init(input: FileDescriptor?, chunk: Int = 1 << 16) {
    window = JSONWindow(input: input, capacity: chunk)
    names = .allocate(capacity: namesCapacity)
  }

  /// A reader of a document in memory.
  init(_ bytes: some Collection<UInt8>) {
    window = JSONWindow(bytes)
    names = .allocate(capacity: namesCapacity)
  }

  deinit { names.deallocate() }

  /// Begins anew with `count` bytes of `file` at `offset`, in the same memory.
  ///
  /// - Throws: `Errno`. A file that ends earlier makes a shorter document.
  mutating func restart(with file: FileDescriptor, at offset: Int, count: Int) throws {
    (line, lineStart, isAfterValue) = (1, 0, false)
    levels.removeAll(keepingCapacity: true)
    try window.restart(with: file, at: offset, count: count)
  }

  // MARK: The piece of the document that is in memory

  var buffer: UnsafeMutablePointer<UInt8> { window.buffer }
  var end: Int { window.end }
  private var base: Int { window.base }

  /// Where in `buffer` reading goes on.
  var position: Int {
    get { window.position }
    set { window.position = newValue }
  }

  /// Reads more of the document, and forgets what stands before `position`, which then moves.
  ///
  /// - Returns: false at the end of the document; the bytes may have moved all the same.
  mutating func readMore() throws -> Bool {
    try window.readMore()
  }

  // MARK: Structure

  /// Takes the document's start: a byte order mark is an error of its own.
  mutating func begin() throws {
    try skipWhitespace()
    if position + 1 < end, buffer[position] == 0xef, buffer[position + 1] == 0xbb {
      throw syntax("JSON in UTF-8 without a byte order mark", "a byte order mark")
    }
  }

  /// Takes the document's end: nothing but white space may follow.
  mutating func finish() throws {
    try skipWhitespace()
    if position < end { throw syntax("the end of the file", foundHere) }
  }

  /// How many bytes of the document have been read.
  var offset: Int { base + position }

  mutating func skipWhitespace() throws {
    while true {
      let byte = buffer[position]
      if byte > 0x20 { return }
      switch byte {
      case UInt8(ascii: "\n"):
        position &+= 1
        line &+= 1
        lineStart = base &+ position
        let raw = UnsafeRawPointer(buffer)
        while raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
          == 0x2020_2020_2020_2020
        {
          position &+= 8
        }
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
        position &+= 1
      default:
        guard position >= end else { return }
        guard try readMore() else { return }
      }
    }
  }

  mutating func enterObject() throws { try enter(UInt8(ascii: "{"), "an object") }
  mutating func enterArray() throws { try enter(UInt8(ascii: "["), "an array") }

  private mutating func enter(_ bracket: UInt8, _ expected: String) throws {
    try skipWhitespace()
    guard buffer[position] == bracket, position < end else { throw try mismatch(expected) }
    guard levels.count < Self.deepest else {
      throw syntax("at most \(Self.deepest) levels", "more")
    }
    position += 1
    let names = levels.last?.nameEnd ?? 0
    levels.append(
      Level(isObject: bracket == UInt8(ascii: "{"), nameStart: names, nameEnd: names))
    isAfterValue = false
  }

  /// Takes the comma before a member or element; false: takes the bracket that ends the container.
  private mutating func separate(_ bracket: UInt8, _ expected: String) throws -> Bool {
    try skipWhitespace()
    let byte = buffer[position]
    if byte == bracket, position < end {
      position += 1
      levels.removeLast()
      isAfterValue = true
      return false
    }
    if isAfterValue {
      guard byte == UInt8(ascii: ",") else { throw syntax(expected, foundHere) }
      position += 1
      try skipWhitespace()
    }
    levels[levels.count - 1].count += 1
    return true
  }

  mutating func nextElement() throws -> Bool {
    guard try separate(UInt8(ascii: "]"), "a comma or the end of the array") else { return false }
    isAfterValue = false
    return true
  }

  mutating func nextMember() throws -> Bool {
    guard try separate(UInt8(ascii: "}"), "a comma or the end of the object") else {
      return false
    }
    guard buffer[position] == UInt8(ascii: "\"") else {
      throw syntax("a name in quotation marks", foundHere)
    }
    let (start, count, isEscaped) = try scanString()
    if isEscaped {
      // A name is copied as bytes: a lone surrogate cannot be one, and becomes U+FFFD.
      let name = Array(String(decoding: unescaped, as: UTF8.self).utf8)
      name.withUnsafeBufferPointer { keepName($0) }
    } else {
      keepName(UnsafeBufferPointer(start: buffer + start, count: count))
    }
    try skipWhitespace()
    guard buffer[position] == UInt8(ascii: ":") else { throw syntax("a colon", foundHere) }
    position += 1
    isAfterValue = false
    return true
  }

  private mutating func keepName(_ name: UnsafeBufferPointer<UInt8>) {
    let start = levels[levels.count - 1].nameStart
    if start + name.count > namesCapacity {
      let size = (start + name.count) * 2
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
      larger.update(from: names, count: start)
      names.deallocate()
      names = larger
      namesCapacity = size
    }
    if let bytes = name.baseAddress { (names + start).update(from: bytes, count: name.count) }
    levels[levels.count - 1].nameEnd = start + name.count
  }

  func isMember(_ name: StaticString) -> Bool {
    guard let level = levels.last else { return false }
    let count = level.nameEnd &- level.nameStart
    guard count == name.utf8CodeUnitCount else { return false }
    let (left, right) = (names + level.nameStart, name.utf8Start)
    var place = 0
    while place < count, left[place] == right[place] { place &+= 1 }
    return place == count
  }

  func memberName() throws -> String {
    guard let level = levels.last else { return "" }
    let bytes = UnsafeBufferPointer(
      start: names + level.nameStart, count: level.nameEnd - level.nameStart)
    guard let name = String(exactly: bytes) else {
      throw syntax("a name in UTF-8", "other bytes")
    }
    return name
  }

  // MARK: Failures

  var path: JSONPath {
    JSONPath(
      steps: levels.filter { $0.count > 0 }.map { level in
        level.isObject
          ? .member(
            String(
              decoding: UnsafeBufferPointer(
                start: names + level.nameStart, count: level.nameEnd - level.nameStart),
              as: UTF8.self))
          : .element(level.count - 1)
      })
  }

  /// The text at `place` in the buffer (else: where reading goes on) is not JSON.
  func syntax(_ expected: String, _ found: String, at place: Int? = nil) -> DecodingFailure {
    let offset = base + (place ?? position)
    return DecodingFailure(
      path: path,
      reason: .syntax(
        JSONPosition(line: line, column: offset - lineStart + 1, offset: offset),
        expected: expected, found: found))
  }

  /// The value that comes next is of another type, or is not JSON at all.
  mutating func mismatch(_ expected: String) throws -> DecodingFailure {
    let found = try kind()
    return DecodingFailure(path: path, reason: .type(expected: expected, found: found.name))
  }

  /// What stands where reading goes on, for a message.
  var foundHere: String { found(at: position) }

  func found(at place: Int) -> String {
    guard place < end else { return "the end of the file" }
    let byte = buffer[place]
    return switch byte {
    case 0x21...0x7e: "“\(Character(UnicodeScalar(byte)))”"
    case 0x20: "a space"
    case 0x0a: "the end of the line"
    default: "the byte 0x" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
  }
}
