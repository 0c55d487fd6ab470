internal import Glibc

/// Finds the frames in what was read from the FIFO, and its way back after bytes that are none.
struct FrameScanner {
  private let bytes: UnsafeRawBufferPointer
  /// The bytes that are done with: frames and garbage.
  private(set) var consumed = 0
  /// How often something that is no frame had to be skipped.
  private(set) var malformed = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// The next whole frame; nil where only the beginning of one, or nothing, is left.
  mutating func next() -> Frame? {
    while consumed < bytes.count {
      switch Frame.parse(UnsafeRawBufferPointer(rebasing: bytes[consumed...])) {
      case .frame(let frame, let length):
        consumed += length
        return frame
      case .incomplete:
        if beginsLikeAFrame(at: consumed) { return nil }
        skipGarbage()
      case .malformed:
        skipGarbage()
      }
    }
    return nil
  }

  private mutating func skipGarbage() {
    malformed += 1
    consumed += 1
    while consumed < bytes.count, !beginsLikeAFrame(at: consumed) {
      consumed += distanceToNextCandidate()
    }
  }

  /// How far it is to the next byte that could be the first of the magic.
  private func distanceToNextCandidate() -> Int {
    let from = consumed + 1
    guard from < bytes.count, let base = bytes.baseAddress,
      let found = memchr(base + from, Int32(Frame.magic & 0xff), bytes.count - from)
    else { return bytes.count - consumed }
    return UnsafeRawPointer(found) - (base + consumed)
  }

  /// Whether the magic, or at the end as much of it as is there, stands at `offset`.
  private func beginsLikeAFrame(at offset: Int) -> Bool {
    for place in 0..<min(4, bytes.count - offset) {
      guard bytes[offset + place] == UInt8(truncatingIfNeeded: Frame.magic >> (8 * place)) else {
        return false
      }
    }
    return true
  }
}
