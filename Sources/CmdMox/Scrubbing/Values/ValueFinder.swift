/// Finds many byte strings in a text, each of four bytes or more; adding one more costs little, however
/// many there are.
///
/// A table of bits tells for most places of a text that nothing begins there.
struct ValueFinder: Sendable {
  /// As many bytes as are looked at first.
  static let head = 4
  /// How many bits of a hash choose one in the table.
  private static let bits = 16

  /// The byte strings by their first four bytes, the longest first.
  private var strings: [UInt32: [[UInt8]]] = [:]
  /// For each hash of four bytes whether a string may begin with them.
  private var table = [UInt64](repeating: 0, count: 1 << (bits - 6))
  private var longest = 0

  var isEmpty: Bool { strings.isEmpty }

  /// Adds a byte string; one that is shorter than ``head`` is passed over.
  mutating func add(_ string: [UInt8]) {
    guard string.count >= Self.head else { return }
    let head = string.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    var alike = strings.removeValue(forKey: head) ?? []
    if !alike.contains(string) {
      alike.insert(string, at: alike.firstIndex { $0.count <= string.count } ?? alike.count)
    }
    strings[head] = alike
    let hash = Self.hash(head)
    table[hash >> 6] |= 1 << UInt64(hash & 63)
    longest = max(longest, string.count)
  }

  private static func hash(_ head: UInt32) -> Int {
    // Fibonacci hashing: D. E. Knuth, The Art of Computer Programming 3, 6.4.
    Int((head &* 2_654_435_769) >> UInt32(32 - bits))
  }

  /// Where strings stand: of those that touch by a byte or more, all together.
  func ranges(in text: UnsafeBufferPointer<UInt8>, atMost limit: Int = .max) -> [Range<Int>] {
    var found: [Range<Int>] = []
    guard !isEmpty, text.count >= Self.head else { return found }
    let bytes = UnsafeRawBufferPointer(text)
    table.withUnsafeBufferPointer { table in
      for place in 0...(text.count - Self.head) {
        let head = bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
        let hash = Self.hash(head)
        guard table[hash >> 6] & (1 << UInt64(hash & 63)) != 0,
          let length = length(at: place, head, bytes)
        else { continue }
        let end = place + length
        if let last = found.last, place < last.upperBound {
          found[found.count - 1] = last.lowerBound..<max(last.upperBound, end)
        } else if found.count == limit {
          return
        } else {
          found.append(place..<end)
        }
      }
    }
    return found
  }

  /// The length of the longest string that stands at a place.
  private func length(at place: Int, _ head: UInt32, _ text: UnsafeRawBufferPointer) -> Int? {
    strings[head]?.first { string in
      string.count <= text.count - place
        && string.withUnsafeBytes { $0.elementsEqual(text[place..<(place + string.count)]) }
    }?.count
  }

  /// Where the beginning of a string stands that goes on behind the end of the text: four bytes of it
  /// or more.
  func beginningAtEnd(of text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard text.count >= Self.head else { return nil }
    let bytes = UnsafeRawBufferPointer(text)
    return (max(0, text.count - longest)...(text.count - Self.head)).first { place in
      let head = bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
      return strings[head]?.contains { $0.starts(with: text[place...]) } ?? false
    }
  }
}
