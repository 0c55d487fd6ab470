internal import CmdMoxWire
internal import Glibc
internal import KernelCalls

/// One stand-in's connection: cuts what it sends into messages.
///
/// Not safe to share between threads.
final class ControlConnection {
  /// A whole message.
  enum Message {
    case request(CaptureRequest)
    /// `kept` are the descriptors of the kept streams, in order; whoever gets them closes them.
    case report(CaptureReport, kept: [Int32])
    /// A part of a command's stdin.
    case input([UInt8], InputFlags)
  }

  private let socket: Int32
  private var received: [UInt8] = []
  private var descriptors: [Int32] = []

  init(_ socket: Int32) { self.socket = socket }

  deinit {
    for descriptor in descriptors { close(descriptor) }
    close(socket)
  }

  /// Reads what has come.
  ///
  /// - Returns: false where the connection is over, or is no stand-in's.
  func receive(_ body: (Message) -> Void) -> Bool {
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var came = [Int32](repeating: -1, count: 8)
      var count = came.count
      let length = kernel_socket_receive(socket, &block, block.count, &came, &count)
      if length < 0 { return errno == EAGAIN || errno == EINTR }
      descriptors += came.prefix(count)
      if length == 0 { return false }
      received += block.prefix(length)
      guard takeMessages(body) else { return false }
    }
  }

  /// Answers. The other side waits for nothing else, and an answer is short: it never blocks.
  func send(_ decision: CaptureDecision) {
    send(decision.bytes)
  }

  /// Asks for the next bytes of stdin.
  ///
  func ask(for count: Int, _ need: InputNeed) {
    var payload: [UInt8] = []
    let flags =
      (need.patienceMs != nil ? CMDMOX_ASK_OPTIONAL.rawValue : 0)
      | (need.mayTake ? CMDMOX_ASK_TAKES.rawValue : 0)
    payload.append(integer: UInt64(count))
    payload.append(integer: UInt32(flags))
    payload.append(integer: UInt32(need.patienceMs ?? 0))
    send(controlMessage(CMDMOX_CONTROL_ASK, payload))
  }

  /// Sends an answer: in one message where it is short, else its bytes in memory files, so that
  /// nothing waits for a command that is slow to read.
  func send(_ answer: CommandAnswer) {
    let isShort = answer.stdout.count + answer.stderr.count <= Int(CMDMOX_ANSWER_INLINE)
    let message = answer.message(isWhole: isShort)
    guard !isShort else { return send(message) }
    let files = [answer.stdout, answer.stderr].map { bytes in
      bytes.withUnsafeBytes { kernel_memory_file($0.baseAddress, $0.count) }
    }
    defer { for file in files where file >= 0 { close(file) } }
    _ = message.withUnsafeBytes {
      kernel_socket_send(socket, $0.baseAddress, $0.count, files, files.count)
    }
  }

  private func send(_ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes {
      Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
  }

  private func takeMessages(_ body: (Message) -> Void) -> Bool {
    let headerLength = Int(CMDMOX_CONTROL_HEADER)
    while received.count >= headerLength {
      let (length, version, kind) = received.withUnsafeBytes { bytes in
        (
          Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))),
          UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self)),
          UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 6, as: UInt16.self))
        )
      }
      guard version == CMDMOX_CONTROL_VERSION, length <= Int(CMDMOX_CONTROL_MAX) else {
        return false
      }
      guard received.count >= headerLength + length else { return true }
      let message = received.withUnsafeBytes { bytes in
        decode(kind, UnsafeRawBufferPointer(rebasing: bytes[headerLength..<headerLength + length]))
      }
      received.removeFirst(headerLength + length)
      guard let message else { return false }
      body(message)
    }
    return true
  }

  private func decode(_ kind: UInt16, _ payload: UnsafeRawBufferPointer) -> Message? {
    switch UInt32(kind) {
    case CMDMOX_CONTROL_REQUEST.rawValue: return CaptureRequest(payload).map { .request($0) }
    case CMDMOX_CONTROL_REPORT.rawValue:
      guard let report = CaptureReport(payload) else { return nil }
      defer { descriptors.removeAll() }
      return .report(report, kept: descriptors)
    case CMDMOX_CONTROL_INPUT.rawValue:
      var reader = WireReader(payload)
      let flags = InputFlags(rawValue: reader.integer(UInt32.self))
      _ = reader.integer(UInt32.self)
      return payload.count < 8 ? nil : .input(Array(payload[8...]), flags)
    default: return nil
    }
  }
}
