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
  private let decider: (any CommandDecider)?
  private let takeEvents: () -> Void
  /// Commands that run and are recorded.
  private var live: [ObjectIdentifier: CapturedCommand] = [:]
  private var files = OutputFiles()
  /// What commands wrote that wrote much, in the order in which they ended.
  private var unstored: [EndedCommand] = []
  private var unstoredBytes: UInt64 { unstored.reduce(0) { $0 + $1.keptBytes } }
  /// More of it takes too much memory, or too many descriptors.
  private static let mostUnstoredBytes: UInt64 = 256 << 20
  private let mostUnstored: Int
  /// Commands whose stdin has to be known before they can be decided about.
  private var undecided: [ObjectIdentifier: Question] = [:]

  /// - Parameters:
  ///   - decider: decides about commands; nil: all are captured that are recorded.
  ///   - rootStreams: the root's stdout and stderr.
  ///   - takeEvents: gives the table everything that was said until now.
  init(
    _ socket: ControlSocket, _ settings: CaptureSettings, table: InvocationTable,
    sink: any InvocationSink, rootStreams: [FileIdentity], decider: (any CommandDecider)?,
    takeEvents: @escaping () -> Void
  ) {
    self.socket = socket
    self.settings = settings
    self.table = table
    self.sink = sink
    self.rootStreams = rootStreams
    self.decider = decider
    self.takeEvents = takeEvents
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    mostUnstored = Int(min(64, limit.rlim_cur / 8))
  }

  /// Readable when a stand-in waits for an answer.
  var descriptor: Int32 { socket.descriptor }

  /// How many commands are being captured.
  var liveCount: Int { live.count }

  /// Answers whoever waits, without waiting itself.
  ///
  /// - Returns: whether anybody was there.
  @discardableResult func serve() -> Bool {
    var hasServed = false
    repeat {
      while hasRoom, socket.poll(onMessage: take, onClose: close) { hasServed = true }
    } while storeNext()
    return hasServed
  }

  private var hasRoom: Bool {
    unstored.count <= mostUnstored && unstoredBytes <= Self.mostUnstoredBytes
  }

  /// Stores what one command wrote. Much of it takes seconds, in which nobody is answered.
  ///
  /// - Returns: whether there was one.
  private func storeNext() -> Bool {
    guard !unstored.isEmpty else { return false }
    store(unstored.removeFirst())
    takeEvents()
    return true
  }

  private func take(_ connection: ControlConnection, _ message: ControlConnection.Message) {
    switch message {
    case .request(let request): meet(connection, request)
    case .input(let bytes, let flags): take(connection, bytes, flags)
    case .report(let report, let kept): record(connection, report, kept)
    }
  }

  private func meet(_ connection: ControlConnection, _ request: CaptureRequest) {
    // A stand-in stands in for one command; a second one would take the first one's place.
    guard live[ObjectIdentifier(connection)] == nil else { return }
    // Its parent's start came by the other way, and so did what it tried before.
    takeEvents()
    var request = request
    request.clockShiftNs = table.clocks.shift(
      stampNs: request.stampNs, realtimeNs: request.realtimeNs)
    request.stampNs &+= request.clockShiftNs
    decide(connection, Question(request: request, commandLine: table.meet(request)))
  }

  private func take(_ connection: ControlConnection, _ bytes: [UInt8], _ flags: InputFlags) {
    guard let question = undecided[ObjectIdentifier(connection)] else { return }
    if question.take(bytes, flags) { decide(connection, question) }
  }

  private func decide(_ connection: ControlConnection, _ question: Question) {
    undecided.removeValue(forKey: ObjectIdentifier(connection))
    let isRecorded = sink.records(question.commandLine.command)
    switch decider?.decide(question) ?? (isRecorded ? .capture : .run(isNested: true)) {
    case .capture:
      begin(connection, question)
      send(connection, .capture, isNested: settings.isNested)
    case .run(let isNested):
      table.noteCaptured(question.request)
      send(connection, .run, isNested: isNested)
    case .answer(let answer):
      table.noteCaptured(question.request)
      connection.send(answer)
    case .ask(let count, let need):
      question.ask(count: count)
      undecided[ObjectIdentifier(connection)] = question
      connection.ask(for: count, need)
    }
  }

  private func begin(_ connection: ControlConnection, _ question: Question) {
    let request = question.request
    let command = CapturedCommand(
      request: request, commandLine: question.commandLine, slot: table.takeSlot(),
      parentSlot: table.ancestor(request.parent)?.slotForChildren)
    table.addAncestor(request, slot: command.slot)
    live[ObjectIdentifier(connection)] = command
    files.opened(by: command)
  }

  private func send(
    _ connection: ControlConnection, _ action: CaptureDecision.Action, isNested: Bool
  ) {
    connection.send(
      CaptureDecision(
        action: action, isNested: isNested, limit: settings.limit, rootStreams: rootStreams))
  }

  private func record(
    _ connection: ControlConnection, _ report: CaptureReport, _ kept: [Int32]
  ) {
    guard let command = leave(connection) else {
      for descriptor in kept { Glibc.close(descriptor) }
      return
    }
    table.noteCaptured(command.request)
    var finished = finished(command)
    finished.pid = report.pid != 0 ? report.pid : command.request.pid
    let endNs = report.stampNs &+ command.request.clockShiftNs
    finished.endNs = max(endNs, command.request.stampNs)
    finished.ending = report.error != 0 ? .failed(report.error) : .ended(report.status, .wait)
    finished.usage = report.error != 0 ? nil : report.usage
    let ended = EndedCommand(
      finished: finished, streams: report.streams, kept: kept, limit: settings.limit,
      overlaps: command.overlaps)
    if ended.isLarge { unstored.append(ended) } else { store(ended) }
  }

  private func store(_ ended: EndedCommand) {
    defer { for descriptor in ended.kept { Glibc.close(descriptor) } }
    var streams = CapturedStreams(ended.streams, kept: ended.kept, limit: ended.limit)
    streams.mark(overlapping: ended.overlaps)
    var finished = ended.finished
    finished.streams = streams
    sink.take(finished)
  }

  /// A stand-in that goes without a report was killed, and its command with it.
  private func close(_ connection: ControlConnection) {
    undecided.removeValue(forKey: ObjectIdentifier(connection))
    guard let command = leave(connection) else { return }
    table.follow(command, environment: environment(of: command))
  }

  /// The command behind a connection, which has ended.
  private func leave(_ connection: ControlConnection) -> CapturedCommand? {
    guard let command = live.removeValue(forKey: ObjectIdentifier(connection)) else { return nil }
    files.closed(by: command)
    return command
  }

  private func finished(_ command: CapturedCommand) -> FinishedInvocation {
    let request = command.request
    table.seen += 1
    return FinishedInvocation(
      slot: command.slot, parentSlot: command.parentSlot, pid: request.pid, ppid: request.ppid,
      commandLine: command.commandLine, cwd: request.cwd, environment: environment(of: command),
      startNs: request.stampNs, endNs: nil, realtimeNs: request.realtimeNs, ending: .running)
  }

  private func environment(of command: CapturedCommand) -> PackedStrings {
    let environment = command.request.environment
    return environment.bytes.withUnsafeBytes { bytes in
      sink.filter(
        WireStrings(bytes: bytes, count: environment.count), command: command.commandLine.command)
    }
  }

  /// Hands over what still runs at the end of the session.
  func endSession() {
    for command in live.values.sorted(by: { $0.slot < $1.slot }) { sink.take(finished(command)) }
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
