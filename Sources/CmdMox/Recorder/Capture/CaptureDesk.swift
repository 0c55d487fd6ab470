internal import CmdMoxWire
internal import Glibc
internal import SystemPackage

/// Answers stand-ins and makes recordings of what they report.
///
/// Not safe to share between threads.
final class CaptureDesk {
  private let socket: ControlSocket
  private let settings: CaptureSettings
  private let table: InvocationTable
  private unowned let sink: any InvocationSink
  private let rootStreams: [FileIdentity]
  /// Connections of commands that run.
  private var live: [ObjectIdentifier: ControlConnection] = [:]
  /// The places of commands that may run others which are captured too, by intent.
  private var slots: [UInt64: Int] = [:]

  /// - Parameter rootStreams: the root's stdout and stderr.
  init(
    _ socket: ControlSocket, _ settings: CaptureSettings, table: InvocationTable,
    sink: any InvocationSink, rootStreams: [FileIdentity]
  ) {
    self.socket = socket
    self.settings = settings
    self.table = table
    self.sink = sink
    self.rootStreams = rootStreams
  }

  /// Readable when a stand-in waits for an answer.
  var descriptor: Int32 { socket.descriptor }

  /// How many commands are being captured.
  var liveCount: Int { live.count }

  /// Answers whoever waits, without waiting itself.
  func serve() {
    while socket.poll(onMessage: take, onClose: close) {}
  }

  private func take(_ connection: ControlConnection, _ message: ControlConnection.Message) {
    switch message {
    case .request(let request): answer(connection, request)
    case .report(let report, let kept):
      defer { for descriptor in kept { Glibc.close(descriptor) } }
      record(connection, report, kept)
    }
  }

  private func answer(_ connection: ControlConnection, _ request: CaptureRequest) {
    connection.request = request
    let isRecorded = sink.records(request.commandLine.command)
    if isRecorded {
      let slot = table.takeSlot()
      connection.slot = slot
      live[ObjectIdentifier(connection)] = connection
      if settings.isNested { slots[request.intent] = slot }
    }
    connection.send(
      CaptureDecision(
        action: isRecorded ? .capture : .run,
        // What is not recorded may run something that is.
        isNested: settings.isNested || !isRecorded, limit: settings.limit,
        rootStreams: rootStreams))
  }

  private func record(
    _ connection: ControlConnection, _ report: CaptureReport, _ kept: [Int32]
  ) {
    live.removeValue(forKey: ObjectIdentifier(connection))
    guard let request = connection.request, let slot = connection.slot else { return }
    connection.slot = nil
    var finished = finished(request, slot)
    finished.pid = report.pid != 0 ? report.pid : request.pid
    finished.endNs = max(report.stampNs, request.stampNs)
    finished.ending = report.error != 0 ? .failed(report.error) : .ended(report.status, .wait)
    finished.usage = report.error != 0 ? nil : report.usage
    finished.streams = CapturedStreams(report.streams, kept: kept)
    sink.take(finished)
  }

  private func finished(_ request: CaptureRequest, _ slot: Int) -> FinishedInvocation {
    let command = request.commandLine.command
    let environment = request.environment.bytes.withUnsafeBytes { bytes in
      sink.filter(WireStrings(bytes: bytes, count: request.environment.count), command: command)
    }
    table.seen += 1
    return FinishedInvocation(
      slot: slot, parentSlot: slots[request.parent], pid: request.pid, ppid: request.ppid,
      commandLine: request.commandLine, cwd: request.cwd, environment: environment,
      startNs: request.stampNs, endNs: nil, realtimeNs: request.realtimeNs, ending: .running)
  }

  /// A stand-in that goes without a report was killed: how its command ended, nobody knows.
  private func close(_ connection: ControlConnection) {
    live.removeValue(forKey: ObjectIdentifier(connection))
    guard let request = connection.request, let slot = connection.slot else { return }
    connection.slot = nil
    var finished = finished(request, slot)
    finished.endNs = max(Kernel.monotonicNs, request.stampNs)
    finished.ending = .unknown
    sink.take(finished)
  }

  /// Hands over what still runs at the end of the session.
  func endSession() {
    for connection in live.values {
      guard let request = connection.request, let slot = connection.slot else { continue }
      connection.slot = nil
      sink.take(finished(request, slot))
    }
    live.removeAll()
  }
}

/// How a session captures.
package struct CaptureSettings: Sendable {
  /// Bytes that are kept of each stream.
  package var limit: UInt64 = 16 << 20
  /// Whether what a captured command runs is captured too.
  package var isNested = false

  package init() {}
}
