/// Gathers JSON text in memory, as bytes.
///
/// Text stands as UTF-8; only what JSON demands is escaped. The owner of a file takes `bytes` away
/// from time to time, so that memory does not grow with the document.
struct JSONByteWriter: JSONSink, ~Copyable {
  enum Layout {
    /// No space at all: one line of the journal.
    case compact
    /// Two spaces for each level, as `json.dumps(indent=2)` does it.
    case indented
  }

  private var buffer: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// How many bytes have been gathered.
  private(set) var count = 0

  private let isIndented: Bool
  private var depth = 0
  /// Whether the container that is open is still empty.
  private var isFresh = true

  init(layout: Layout, capacity: Int = 4096) {
    isIndented = layout == .indented
    self.capacity = max(capacity, 64)
    buffer = .allocate(capacity: self.capacity)
  }

  deinit { buffer.deallocate() }

  /// What has been gathered; valid until the writer is written to again.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: buffer, count: count) }

  /// Forgets what has been gathered, keeps the memory.
  mutating func removeAll() { count = 0 }

  /// Forgets what was gathered after the first `count` bytes.
  mutating func truncate(to count: Int) { self.count = min(count, self.count) }

  // MARK: Structure

  mutating func beginObject() { open(UInt8(ascii: "{")) }
  mutating func endObject() { close(UInt8(ascii: "}")) }
  mutating func beginArray() { open(UInt8(ascii: "[")) }
  mutating func endArray() { close(UInt8(ascii: "]")) }

  private mutating func open(_ bracket: UInt8) {
    append(bracket)
    depth += 1
    isFresh = true
  }

  private mutating func close(_ bracket: UInt8) {
    depth -= 1
    if !isFresh { lineBreak() }
    append(bracket)
    isFresh = false
  }

  mutating func element() {
    if !isFresh { append(UInt8(ascii: ",")) }
    lineBreak()
    isFresh = false
  }

  mutating func member(_ name: StaticString) {
    element()
    let bytes = name.bytes
    reserve(bytes.count + 4)
    put(UInt8(ascii: "\""))
    put(bytes)
    put(UInt8(ascii: "\""))
    colon()
  }

  mutating func member(_ name: String) {
    element()
    string(name)
    colon()
  }

  private mutating func colon() {
    append(UInt8(ascii: ":"))
    if isIndented { append(UInt8(ascii: " ")) }
  }

  private mutating func lineBreak() {
    guard isIndented else { return }
    reserve(1 + 2 * depth)
    put(UInt8(ascii: "\n"))
    buffer.advanced(by: count).update(repeating: UInt8(ascii: " "), count: 2 * depth)
    count += 2 * depth
  }

  // MARK: Scalars

  mutating func null() { append("null") }
  mutating func bool(_ value: Bool) { append(value ? "true" : "false") }

  mutating func integer(_ value: Int) {
    reserve(20)
    if value < 0 { put(UInt8(ascii: "-")) }
    var rest = value.magnitude
    var digits = 1
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    rest = value.magnitude
    for place in stride(from: count + digits - 1, through: count, by: -1) {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      buffer[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
      rest = quotient
    }
    count += digits
  }

  /// The shortest text that reads back as the same number; `null` for what JSON cannot say (NaN and
  /// the infinities).
  mutating func double(_ value: Double) {
    if value.isFinite { largeNumber(value.description) } else { null() }
  }

  /// A number that is none is written as a string, so that the document stays JSON.
  mutating func largeNumber(_ text: String) {
    var text = text
    text.withUTF8 {
      guard JSONNumber($0) != nil else { return quoted($0) }
      reserve($0.count)
      put($0)
    }
  }

  mutating func string(_ value: String) {
    var value = value
    value.withUTF8 { quoted($0) }
  }

  mutating func base64(_ bytes: [UInt8]) {
    append(UInt8(ascii: "\""))
    Base64.encode(bytes).withUnsafeBufferPointer {
      reserve($0.count)
      put($0)
    }
    append(UInt8(ascii: "\""))
  }

  // MARK: Bytes

  /// Text that stands in the document as it is.
  mutating func append(_ text: StaticString) {
    reserve(text.utf8CodeUnitCount)
    put(text.bytes)
  }

  mutating func append(_ byte: UInt8) {
    reserve(1)
    put(byte)
  }

  /// Makes room for `more` bytes.
  mutating func reserve(_ more: Int) {
    guard count + more > capacity else { return }
    let grown = max(capacity * 2, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: grown)
    larger.update(from: buffer, count: count)
    buffer.deallocate()
    buffer = larger
    capacity = grown
  }

  /// Adds a byte for which there is room.
  mutating func put(_ byte: UInt8) {
    buffer[count] = byte
    count += 1
  }

  /// Adds bytes for which there is room.
  mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress else { return }
    buffer.advanced(by: count).update(from: start, count: bytes.count)
    count += bytes.count
  }
}
