import CmdMoxWire
import Glibc
import KernelCalls
import SystemPackage
import WireSamples

@testable import CmdMox

/// Stand-ins that say anything, in any pieces, with any descriptors, and go at any time; and events
/// meanwhile. Every command that was taken on is recorded once.
func fuzzControl(_ bytes: UnsafeRawBufferPointer) {
  var choices = Choices(bytes)
  let session = InventedSession()
  let desk = session.desk(replaying: choices.flag() ? choices.inventedReplay() : nil)
  var standIns: [StandIn] = []
  let reader = EventReader(capacity: 1 << 14)
  var encoder = MessageEncoder()
  while !choices.isAtEnd {
    switch choices.number(below: 8) {
    case 0 where standIns.count < 6: standIns.append(StandIn())
    case 1 where !standIns.isEmpty:
      standIns.remove(at: choices.number(below: standIns.count))
    case 2:
      encoder.invented(by: &choices, around: session.nowNs)
      encoder.take(by: reader, session.table)
    case 3: session.endBatch()
    default:
      guard !standIns.isEmpty else { continue }
      standIns[choices.number(below: standIns.count)].say(by: &choices)
    }
    desk.serve()
    for standIn in standIns { standIn.hear() }
  }
  standIns.removeAll()
  desk.serve()
  desk.endSession()
  session.end()
}

extension InventedSession {
  /// A desk of which stand-ins find the socket.
  fileprivate func desk(replaying replay: ReplayDesk?) -> CaptureDesk {
    unlink(StandIn.path.string)
    var settings = CaptureSettings()
    settings.limit = 1 << 16
    do {
      return CaptureDesk(
        try ControlSocket(at: StandIn.path, forAll: false), settings, table: table, sink: sink,
        rootStreams: [FileIdentity(), FileIdentity(device: 1, inode: 2)], decider: replay,
        takeEvents: {})
    } catch {
      fatalError("no socket: \(error)")
    }
  }
}

/// A program that connects as a stand-in.
private final class StandIn {
  /// In memory, for speed.
  static let path: FilePath = {
    let folder = "/dev/shm/cmdmox-fuzz-\(getpid())"
    mkdir(folder, 0o700)
    atexit { rmdir("/dev/shm/cmdmox-fuzz-\(getpid())") }
    return FilePath(folder).appending("control")
  }()

  private let socket: Int32

  init() {
    socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Self.path.string.utf8) }
    let status = withUnsafePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    expect(status == 0, "not connected: \(errno)")
  }

  deinit { close(socket) }

  func say(by choices: inout Choices) {
    switch choices.number(below: 8) {
    case 0..<3: send(choices.inventedRequest(), &choices)
    case 3..<5: send(choices.inventedReport(), &choices, kept: choices.inventedFiles())
    case 5:
      var payload: [UInt8] = []
      payload.append(integer: UInt32(choices.number(below: 4)))
      payload.append(integer: UInt32(0))
      send(controlMessage(CMDMOX_CONTROL_INPUT, payload + choices.bytes()), &choices)
    case 6: send(choices.bytes(), &choices, kept: choices.inventedFiles())
    default:
      send(controlMessage(CMDMOX_CONTROL_DECISION, choices.bytes()), &choices)
    }
  }

  private func send(_ message: [UInt8], _ choices: inout Choices, kept: [Int32] = []) {
    defer { for file in kept { close(file) } }
    // The rest may come later, or be taken for a message of its own.
    let length = choices.byte() == 0xff ? choices.number(below: message.count + 1) : message.count
    _ = message.withUnsafeBytes { bytes in
      kept.isEmpty
        ? Glibc.send(socket, bytes.baseAddress, length, Int32(MSG_NOSIGNAL))
        : kernel_socket_send(socket, bytes.baseAddress, length, kept, kept.count)
    }
  }

  /// What the desk says has the form of a message.
  func hear() {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT))
    guard count > 0 else { return }
    expect(count >= 8, "half a header")
    let length = bytes[..<4].reversed().reduce(0) { $0 << 8 | Int($1) }
    expect(8 + length <= count, "half a message: \(count) bytes of \(8 + length)")
  }
}

extension Choices {
  fileprivate mutating func inventedRequest() -> [UInt8] {
    var payload: [UInt8] = []
    payload.append(integer: inventedImage())
    payload.append(integer: inventedIntent())
    payload.append(integer: one(of: [1_000_000_000, 0, UInt64.max]))
    payload.append(integer: one(of: [1_000_000_000, 0, UInt64.max]))
    payload.append(integer: inventedPid())
    payload.append(integer: inventedPid())
    let arguments = one(of: [["cat"], ["cat", "-n"], [], ["sh", "-c", "x y"], ["cat", "x"]])
    payload.append(integer: one(of: [UInt32(arguments.count), 0, UInt32.max]))
    payload.append(integer: one(of: [UInt32(1), 0, UInt32.max]))
    for _ in 0..<4 { payload.append(integer: UInt64(number(below: 3))) }
    for text in [one(of: ["/tmp", ""]), one(of: ["/bin/cat", "cat", ""])] + arguments + ["A=1"] {
      payload += Array(text.utf8) + [0]
    }
    return controlMessage(CMDMOX_CONTROL_REQUEST, payload)
  }

  fileprivate mutating func inventedReport() -> [UInt8] {
    var payload: [UInt8] = []
    payload.append(integer: one(of: [2_000_000_000, 0, UInt64.max]))
    payload.append(integer: inventedStatus().rawValue)
    payload.append(integer: one(of: [UInt32(0), 2, UInt32.max]))
    payload.append(integer: inventedPid())
    payload.append(integer: UInt32(0))
    for _ in 0..<3 { payload.append(integer: one(of: [0, UInt64.max])) }
    for _ in 0..<3 {
      payload.append(integer: UInt32(number(below: 8)))
      payload.append(integer: UInt32(number(below: 32)))
      for _ in 0..<5 { payload.append(integer: one(of: [3, 0, UInt64.max])) }
    }
    return controlMessage(CMDMOX_CONTROL_REPORT, payload)
  }

  /// Up to four files; one may say to be very long.
  fileprivate mutating func inventedFiles() -> [Int32] {
    (0..<number(below: 5)).map { _ in
      let file = Array("kept".utf8).withUnsafeBytes { kernel_memory_file($0.baseAddress, $0.count) }
      if byte() == 0xff { ftruncate(file, 1 << 40) }
      return file
    }
  }

  /// A desk that answers from a fixture in which somebody has changed numbers.
  fileprivate mutating func inventedReplay() -> ReplayDesk {
    let fixture = FixtureFile(
      metadata: .create(),
      recordings: (0..<number(below: 5)).map { inventedRecording(sequence: $0) })
    do {
      return try ReplayDesk(
        ReplaySession(fixture: fixture, scrubber: { _ in nil }),
        onMiss: one(of: [.fail, .run, .record]), keepsTime: flag())
    } catch {
      fatalError("\(error)")
    }
  }
}
