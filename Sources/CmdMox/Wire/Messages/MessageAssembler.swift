/// Puts messages together that were cut into several frames, within bounds.
///
/// Frames of one message come in order, frames of different messages in any order between them.
/// A message that its writer gave up stays until the bounds need its room.
struct MessageAssembler {
  /// What a message may have, in bytes: the kernel's limit for arguments and environment is
  /// 6 MiB with the usual stack limit.
  static let maximumMessage = 64 << 20

  private struct Partial {
    let kind: UInt8
    let pid: UInt32
    var nextIndex: Int
    var bytes: [UInt8]
    /// The number of the message's last frame among all frames: the smallest is the stalest.
    var touched: UInt64
  }

  struct Message {
    let kind: UInt8
    let pid: UInt32
    let bytes: [UInt8]
  }

  private let maximumCount: Int
  private let maximumBytes: Int
  private var partials: [UInt64: Partial] = [:]
  private var frames: UInt64 = 0
  /// The bytes that incomplete messages hold.
  private(set) var heldBytes = 0
  /// Messages that were dropped: given up by their writer, out of order, or out of bounds.
  private(set) var dropped = 0

  init(maximumCount: Int = 1024, maximumBytes: Int = maximumMessage) {
    self.maximumCount = maximumCount
    self.maximumBytes = maximumBytes
  }

  var incompleteCount: Int { partials.count }

  /// Takes a frame of a message that has more than one.
  ///
  /// - Returns: the message, when this frame completes it.
  mutating func add(_ frame: Frame) -> Message? {
    frames += 1
    if frame.index == 0 {
      drop(frame.message)
      makeRoom(for: frame.payload.count)
      partials[frame.message] = Partial(
        kind: frame.kind, pid: frame.pid, nextIndex: 1, bytes: Array(frame.payload),
        touched: frames)
      heldBytes += frame.payload.count
      return nil
    }
    guard var partial = partials.removeValue(forKey: frame.message) else {
      // The rest of a message that was dropped before, and counted then.
      return nil
    }
    guard partial.nextIndex == Int(frame.index), partial.kind == frame.kind,
      partial.pid == frame.pid, partial.bytes.count + frame.payload.count <= maximumBytes
    else {
      heldBytes -= partial.bytes.count
      dropped += 1
      return nil
    }
    if frame.isLast {
      heldBytes -= partial.bytes.count
      partial.bytes.append(contentsOf: frame.payload)
      return Message(kind: partial.kind, pid: partial.pid, bytes: partial.bytes)
    }
    partial.nextIndex += 1
    partial.touched = frames
    partial.bytes.append(contentsOf: frame.payload)
    partials[frame.message] = partial
    heldBytes += frame.payload.count
    makeRoom(for: 0, sparing: frame.message)
    return nil
  }

  private mutating func drop(_ message: UInt64) {
    guard let partial = partials.removeValue(forKey: message) else { return }
    heldBytes -= partial.bytes.count
    dropped += 1
  }

  /// Drops the stalest messages until `bytes` more, and one more message, are within the bounds.
  private mutating func makeRoom(for bytes: Int, sparing kept: UInt64? = nil) {
    while partials.count >= maximumCount || heldBytes + bytes > maximumBytes {
      let stalest = partials.filter { $0.key != kept }.min { $0.value.touched < $1.value.touched }
      guard let stalest else { return }
      drop(stalest.key)
    }
  }
}
