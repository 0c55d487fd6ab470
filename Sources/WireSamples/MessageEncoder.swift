public import CmdMoxWire

/// Writes messages as the preload does, for tests and benchmarks; the preload has its own in C.
public struct MessageEncoder {
  /// The frames so far, one behind the other.
  public private(set) var bytes: [UInt8] = []
  private var message: UInt64 = 1
  private var payload: [UInt8] = []

  public init() {}

  /// Forgets the frames so far.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
  }

  /// Appends one message, cut into as many frames as it needs.
  public mutating func append(
    _ kind: cmdmox_kind, pid: UInt32, image: UInt64, stamp: UInt64,
    _ members: (inout PayloadWriter) -> Void
  ) {
    var writer = PayloadWriter(reusing: payload)
    writer.restart(image: image, stamp: stamp)
    members(&writer)
    payload = writer.bytes
    let room = Int(CMDMOX_FRAME_MAX) - Int(CMDMOX_FRAME_HEADER)
    var start = 0
    var index = 0
    repeat {
      let end = min(payload.count, start + room)
      appendFrame(
        kind: UInt8(kind.rawValue), pid: pid, index: index, isLast: end == payload.count,
        payload[start..<end])
      start = end
      index += 1
    } while start < payload.count
    message += 1
  }

  private mutating func appendFrame(
    kind: UInt8, pid: UInt32, index: Int, isLast: Bool, _ piece: ArraySlice<UInt8>
  ) {
    var header = PayloadWriter()
    header.append(UInt32(0x3158_4d43))
    header.append(UInt8(CMDMOX_WIRE_VERSION))
    header.append(kind)
    header.append(isLast ? UInt16(CMDMOX_FRAME_LAST.rawValue) : 0)
    header.append(pid)
    header.append(UInt16(index))
    header.append(UInt16(piece.count))
    header.append(message)
    bytes += header.bytes
    bytes += piece
  }
}

/// Writes the members of a payload.
public struct PayloadWriter {
  /// The payload so far.
  public private(set) var bytes: [UInt8]

  init(reusing bytes: [UInt8] = []) {
    self.bytes = bytes
  }

  mutating func restart(image: UInt64, stamp: UInt64) {
    bytes.removeAll(keepingCapacity: true)
    append(image)
    append(stamp)
  }

  /// Appends an integer, little-endian.
  public mutating func append(_ integer: some FixedWidthInteger) {
    withUnsafeBytes(of: integer.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Appends bytes as they are.
  public mutating func append(block: [UInt8]) {
    bytes += block
  }

  /// Appends a string with its NUL.
  public mutating func append(_ string: [UInt8]) {
    bytes += string
    bytes.append(0)
  }
}
