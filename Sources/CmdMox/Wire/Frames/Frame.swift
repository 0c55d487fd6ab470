internal import CmdMoxWire

/// One write of one process to the FIFO: a header and a piece of a message.
///
/// The payload points into the buffer that the frame was found in and is valid as long as that.
struct Frame {
  /// The first four bytes of a frame, `CMX1`.
  ///
  /// The C header states the same number with a macro that Swift does not import.
  static let magic: UInt32 = 0x3158_4d43
  static let headerLength = Int(CMDMOX_FRAME_HEADER)
  static let maximumLength = Int(CMDMOX_FRAME_MAX)
  static let maximumPayload = maximumLength - headerLength

  let kind: UInt8
  let isLast: Bool
  /// The writer's process id as the writer sees it.
  let pid: UInt32
  /// The frame's place in its message, from 0.
  let index: UInt16
  let message: UInt64
  let payload: UnsafeRawBufferPointer
}

extension Frame {
  enum Parsed {
    case frame(Frame, length: Int)
    /// The bytes so far could be a frame; more have to come.
    case incomplete
    case malformed
  }

  /// Reads the frame at the start of `bytes`, whatever the bytes are.
  static func parse(_ bytes: UnsafeRawBufferPointer) -> Parsed {
    guard bytes.count >= headerLength else { return .incomplete }
    func integer<T: FixedWidthInteger>(_ offset: Int, _ type: T.Type) -> T {
      T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
    }
    let kind = bytes[Int(CMDMOX_FRAME_AT_KIND)]
    let length = Int(integer(Int(CMDMOX_FRAME_AT_LENGTH), UInt16.self))
    guard integer(Int(CMDMOX_FRAME_AT_MAGIC), UInt32.self) == magic,
      Int(bytes[Int(CMDMOX_FRAME_AT_VERSION)]) == Int(CMDMOX_WIRE_VERSION),
      Int(kind) >= Int(CMDMOX_KIND_FIRST), Int(kind) <= Int(CMDMOX_KIND_LAST),
      length <= maximumPayload
    else { return .malformed }
    guard bytes.count >= headerLength + length else { return .incomplete }
    let flags = integer(Int(CMDMOX_FRAME_AT_FLAGS), UInt16.self)
    let frame = Frame(
      kind: kind,
      isLast: UInt32(flags) & CMDMOX_FRAME_LAST.rawValue != 0,
      pid: integer(Int(CMDMOX_FRAME_AT_PID), UInt32.self),
      index: integer(Int(CMDMOX_FRAME_AT_INDEX), UInt16.self),
      message: integer(Int(CMDMOX_FRAME_AT_MESSAGE), UInt64.self),
      payload: UnsafeRawBufferPointer(rebasing: bytes[headerLength..<headerLength + length]))
    return .frame(frame, length: headerLength + length)
  }
}
