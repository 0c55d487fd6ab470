internal import SystemPackage

/// From the bytes of the FIFO to events in the order of their stamps.
///
/// Bytes are read into one buffer; the events of a batch are decoded where they lie in it. Events
/// of different processes reach the FIFO in an order that differs a little from the order in which
/// they happened; within a batch the stamps put that right.
///
/// Not safe to share between threads.
final class EventReader {
  private struct Pending {
    let stamp: UInt64
    /// The order of arrival, for equal stamps.
    let order: Int
    let kind: UInt8
    let pid: UInt32
    let place: Place
  }

  private enum Place {
    case buffer(Range<Int>)
    case message([UInt8])
  }

  /// What a call to ``fill(from:)`` found.
  struct Filled {
    var bytes = 0
    /// The pipe had nothing more to give.
    var isDrained = false
  }

  private let buffer: UnsafeMutableRawBufferPointer
  /// The bytes of the buffer that hold something.
  private var filled = 0
  private var assembler: MessageAssembler
  private var pending: [Pending] = []
  /// Frames and messages that could not be understood.
  private(set) var malformed = 0
  /// Events that were decoded.
  private(set) var events = 0

  /// - Parameter capacity: bytes of the buffer, at least two frames.
  init(capacity: Int = 1 << 20, assembler: MessageAssembler = MessageAssembler()) {
    buffer = .allocate(byteCount: max(capacity, 2 * Frame.maximumLength), alignment: 16)
    self.assembler = assembler
  }

  deinit {
    buffer.deallocate()
  }

  /// Messages that came in part only and were given up.
  var dropped: Int { assembler.dropped }

  /// Messages of which a part has come so far.
  var incomplete: Int { assembler.incompleteCount }

  /// Reads what is there, without waiting where the descriptor is non-blocking.
  ///
  /// - Throws: `Errno` of the read, but not for an empty pipe, nor where something was read before: then
  ///   the next call throws, if it goes on.
  func fill(from descriptor: FileDescriptor) throws -> Filled {
    var result = Filled()
    while filled < buffer.count {
      let free = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count: Int
      do {
        count = try descriptor.read(into: free)
      } catch Errno.resourceTemporarilyUnavailable {
        count = 0
      } catch  where result.bytes > 0 {
        break
      }
      if count == 0 {
        result.isDrained = true
        break
      }
      filled += count
      result.bytes += count
    }
    return result
  }

  /// Takes bytes from memory.
  ///
  /// - Returns: how many there was room for.
  func fill(from bytes: UnsafeRawBufferPointer) -> Int {
    let count = min(bytes.count, buffer.count - filled)
    UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    filled += count
    return count
  }

  /// Hands every event that is complete to `body`, by stamp, and forgets it.
  func takeBatch(_ body: (Event) -> Void) {
    let whole = UnsafeRawBufferPointer(rebasing: buffer[..<filled])
    var scanner = FrameScanner(whole)
    while let frame = scanner.next() {
      collect(frame, in: whole)
    }
    malformed += scanner.malformed
    pending.sort { ($0.stamp, $0.order) < ($1.stamp, $1.order) }
    for message in pending {
      switch message.place {
      case .buffer(let range):
        decode(message, UnsafeRawBufferPointer(rebasing: whole[range]), body)
      case .message(let bytes):
        bytes.withUnsafeBytes { decode(message, $0, body) }
      }
    }
    pending.removeAll(keepingCapacity: pending.capacity <= 1 << 15)
    let rest = UnsafeRawBufferPointer(rebasing: whole[scanner.consumed...])
    buffer.copyMemory(from: rest)
    filled = rest.count
  }

  private func collect(_ frame: Frame, in whole: UnsafeRawBufferPointer) {
    if frame.index == 0, frame.isLast {
      guard let payload = frame.payload.baseAddress, let base = whole.baseAddress else {
        malformed += 1
        return
      }
      let start = payload - base
      pending.append(
        Pending(
          stamp: Event.stamp(of: frame.payload), order: pending.count, kind: frame.kind,
          pid: frame.pid, place: .buffer(start..<start + frame.payload.count)))
    } else if let message = assembler.add(frame) {
      let stamp = message.bytes.withUnsafeBytes { Event.stamp(of: $0) }
      pending.append(
        Pending(
          stamp: stamp, order: pending.count, kind: message.kind, pid: message.pid,
          place: .message(message.bytes)))
    }
  }

  private func decode(
    _ message: Pending, _ payload: UnsafeRawBufferPointer, _ body: (Event) -> Void
  ) {
    guard let event = Event.decode(kind: message.kind, pid: message.pid, payload) else {
      malformed += 1
      return
    }
    events += 1
    body(event)
  }
}
