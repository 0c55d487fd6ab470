import CmdMoxWire
import Glibc
import KernelCalls
import SystemPackage
import Testing

@testable import CmdMox

@Suite("Stand-ins that break the rules") struct CaptureDeskTests {
  let folder: TemporaryFolder
  let sink = CollectingSink()
  let table: InvocationTable
  let desk: CaptureDesk

  init() throws {
    folder = try TemporaryFolder()
    table = InvocationTable(
      root: RootIdentity(pid: 100, intent: 77), originNs: 0, realtimeNs: 0, sink: sink,
      probe: ScriptedProbe())
    var settings = CaptureSettings()
    settings.limit = 100
    desk = CaptureDesk(
      try ControlSocket(at: folder.path.appending("control"), forAll: false), settings,
      table: table, sink: sink, rootStreams: [], decider: nil, takeEvents: {})
  }

  private func request(_ intent: UInt64, pid: UInt32) -> [UInt8] {
    var payload: [UInt8] = []
    for number in [1, intent, 10, 20] { payload.append(integer: number) }
    for number in [pid, 100, 1, 0] { payload.append(integer: number) }
    for _ in 0..<4 { payload.append(integer: UInt64(0)) }
    payload += Array("/\0/bin/cat\0cat\0".utf8)
    return controlMessage(CMDMOX_CONTROL_REQUEST, payload)
  }

  /// Sends messages as one stand-in, which then goes.
  private func standIn(_ messages: [UInt8]..., files: [Int32] = []) throws {
    let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) {
      $0.copyBytes(from: folder.path.appending("control").string.utf8)
    }
    let status = withUnsafePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(status == 0)
    for message in messages {
      let sent = message.withUnsafeBytes {
        kernel_socket_send(socket, $0.baseAddress, $0.count, files, files.count)
      }
      try #require(sent == message.count)
      desk.serve()
    }
  }

  private func end() -> [Int] {
    desk.serve()
    desk.endSession()
    table.endSession(nowNs: 100)
    return sink.recorded.map(\.slot).sorted()
  }

  @Test("A stand-in stands in for one command")
  func secondRequest() throws {
    try standIn(request(50, pid: 200), request(51, pid: 200))
    #expect(end() == [0])
    #expect(table.images.isEmpty && table.nextSlot == 1)
  }

  @Test("Two that say the same id are two commands")
  func sameIntent() throws {
    try standIn(request(50, pid: 200))
    desk.serve()
    try standIn(request(50, pid: 201))
    #expect(end() == [0, 1])
    #expect(table.images.isEmpty && table.liveCount == 0)
  }

  @Test("Of a file that says to be longer than memory, only what was asked for is read")
  func giantFile() throws {
    let file = kernel_memory_file("kept", 4)
    defer { close(file) }
    try #require(ftruncate(file, 1 << 40) == 0)
    var payload: [UInt8] = []
    payload.append(integer: UInt64(30))
    for _ in 0..<4 { payload.append(integer: UInt32(0)) }
    for _ in 0..<3 { payload.append(integer: UInt64(0)) }
    for number in 0..<3 {
      payload.append(integer: UInt32(CMDMOX_STREAM_RELAYED.rawValue))
      payload.append(integer: number == 1 ? UInt32(CMDMOX_STREAM_KEPT.rawValue) : 0)
      for _ in 0..<5 { payload.append(integer: UInt64(0)) }
    }
    try standIn(
      request(50, pid: 200) + controlMessage(CMDMOX_CONTROL_REPORT, payload), files: [file])
    #expect(sink.recorded.first?.streams?.stdout.bytes.count == 100)
  }
}
