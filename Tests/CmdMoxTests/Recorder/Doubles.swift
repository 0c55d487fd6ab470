import WireSamples

@testable import CmdMox

/// Keeps what is handed over, in the order of slots.
final class CollectingSink: InvocationSink {
  var recorded: [FinishedInvocation] = []
  var refusedCommands: Set<String> = []
  var reason = OpaqueReason.static

  func records(_ command: ArraySlice<UInt8>) -> Bool {
    !refusedCommands.contains(text(command))
  }

  func filter(_ environment: WireStrings, command: ArraySlice<UInt8>) -> PackedStrings {
    environment.packed
  }

  func keepsEnvironment(of command: ArraySlice<UInt8>) -> Bool { true }

  func judge(
    _ commandLine: CommandLine, program: ProgramFile?, status: WaitStatus?
  ) -> OpaqueReason {
    reason
  }

  func take(_ invocation: FinishedInvocation) {
    recorded.append(invocation)
  }
}

/// Processes as a test says that they are: all live until said otherwise.
final class ScriptedProbe: ProcessProbe {
  /// 0: no later than the batch.
  var nowNs: UInt64 = 0
  var gone: Set<UInt32> = []
  var zombies: [UInt32: WaitStatus] = [:]
  var isOutOfDescriptors = false
  var parents: [UInt32: UInt32] = [:]
  var environments: [UInt32: [UInt8]] = [:]
  var family: Set<UInt32> = []
  /// The processes that execs were seen of, by the execs.
  var seen: [UInt64: UInt32] = [:]
  var commandLines: [UInt32: CommandLine] = [:]
  private(set) var watched: [UInt64: UInt32] = [:]
  private(set) var asked: [UInt32] = []
  private var reports: [(UInt64, WaitStatus?)] = []
  private var statuses: [UInt32: WaitStatus] = [:]

  /// The process ends; its pidfd tells.
  func end(_ pid: UInt32, _ status: WaitStatus?) {
    gone.insert(pid)
    statuses[pid] = status
    for (serial, watchedPid) in watched where watchedPid == pid {
      watched.removeValue(forKey: serial)
      reports.append((serial, status))
    }
  }

  func belongs(_ pid: UInt32) -> Bool { family.contains(pid) }
  var members: [UInt32] { family.subtracting(gone).sorted() }

  func watch(_ pid: UInt32, serial: UInt64, seenNs: UInt64) -> Watched {
    asked.append(pid)
    if isOutOfDescriptors { return .unavailable }
    if gone.contains(pid) { return .gone }
    watched[serial] = pid
    return .watching
  }

  func watch(exec: UInt64, serial: UInt64) -> Watched {
    guard let pid = seen.removeValue(forKey: exec) else { return .unavailable }
    if gone.contains(pid) {
      reports.append((serial, statuses[pid]))
    } else {
      watched[serial] = pid
    }
    return .watching
  }

  func forget(exec: UInt64) { seen.removeValue(forKey: exec) }

  func unwatch(serial: UInt64) { watched.removeValue(forKey: serial) }

  func poll(_ report: (UInt64, WaitStatus?) -> Void) {
    for (serial, status) in reports { report(serial, status) }
    reports.removeAll()
  }

  func isAlive(_ pid: UInt32) -> Bool { !gone.contains(pid) && zombies[pid] == nil }
  func statusOfZombie(_ pid: UInt32) -> WaitStatus? { zombies[pid] }
  func parent(of pid: UInt32) -> UInt32? { gone.contains(pid) ? nil : parents[pid] }
  func commandLine(of pid: UInt32) -> CommandLine? { commandLines[pid] }
  func environment(of pid: UInt32, running path: [UInt8]) -> [UInt8]? { environments[pid] }
}

func text(_ bytes: some Sequence<UInt8>) -> String {
  String(decoding: Array(bytes), as: UTF8.self)
}

/// A session of synthetic events: the root is image 1 with pid 100, times are milliseconds.
final class SyntheticSession {
  let sink = CollectingSink()
  let probe = ScriptedProbe()
  let table: InvocationTable
  private var encoder = MessageEncoder()
  private let reader = EventReader()
  private(set) var nowMs: UInt64 = 0
  static let directory = "/run/cmdmox-1"

  /// - Parameter rootSpeaks: whether the root is a program that reports.
  init(ancestors: Ancestors = Ancestors(), rootSpeaks: Bool = true) {
    table = InvocationTable(
      root: RootIdentity(pid: 100, intent: 77), originNs: 0, realtimeNs: 0, sink: sink,
      probe: probe, ancestors: ancestors, session: Array(Self.directory.utf8))
    if rootSpeaks { table.handleRootStart(&encoder) }
    batch()
  }

  /// Events of one batch, at `ms`.
  func batch(at ms: UInt64? = nil, _ events: (inout MessageEncoder) -> Void = { _ in }) {
    nowMs = ms ?? nowMs + 5
    table.takeReports(nowNs: nowMs * 1_000_000)
    events(&encoder)
    encoder.bytes.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        offset += reader.fill(from: UnsafeRawBufferPointer(rebasing: bytes[offset...]))
        reader.takeBatch { table.handle($0) }
      }
    }
    encoder.removeAll()
    table.endBatch(nowNs: nowMs * 1_000_000, isDrained: true)
  }

  func end() -> [String] {
    table.endSession(nowNs: nowMs * 1_000_000)
    return lines
  }

  func endedFamily() -> [String] {
    _ = end()
    return family
  }

  /// Each recording in a line that names its parent: command args < parent: ending (opaque).
  var family: [String] {
    let recorded = sink.recorded.sorted { ($0.startNs, $0.slot) < ($1.startNs, $1.slot) }
    return recorded.map { each in
      let parent = recorded.first { $0.slot == each.parentSlot }
      return "\(each.words) < \(parent.map { text($0.commandLine.command) } ?? "-"): \(each.how)"
    }
  }

  /// Each recording in a line: slot<parent command args ending (opaque).
  var lines: [String] {
    sink.recorded.sorted { ($0.startNs, $0.slot) < ($1.startNs, $1.slot) }.map(\.line)
  }
}

extension InvocationTable {
  fileprivate func handleRootStart(_ encoder: inout MessageEncoder) {
    encoder.start(
      1, parent: 0, intent: 77, pid: 100, at: 1, executable: Array("/bin/root".utf8),
      [
        Array("root".utf8)
      ])
  }
}

extension FinishedInvocation {
  var line: String {
    "\(slot)<\(parentSlot.map(String.init) ?? "-") \(words): \(how)"
  }

  fileprivate var words: String {
    let arguments = commandLine.arguments.slices.dropFirst().map(text).joined(separator: " ")
    return text(commandLine.command) + (arguments.isEmpty ? "" : " " + arguments)
  }

  fileprivate var how: String {
    let ending =
      switch ending {
      case .ended(let status, let source): "\(status.shellCode) \(source.rawValue)"
      case .replaced: "replaced"
      case .running: "running"
      case .unknown: "unknown"
      case .failed(let error): "failed \(error)"
      }
    return ending + (opaque.map { " opaque \($0.rawValue)" } ?? "")
  }
}

extension MessageEncoder {
  mutating func start(
    _ image: UInt64, _ command: String, parent: UInt64 = 1, intent: UInt64 = 0, pid: UInt32,
    ppid: UInt32 = 100, ms: UInt64
  ) {
    let words = command.split(separator: " ").map { Array($0.utf8) }
    start(
      image, parent: parent, intent: intent, pid: pid, ppid: ppid, at: ms * 1_000_000,
      executable: Array("/bin/".utf8) + words[0], words)
  }

  mutating func intent(
    _ id: UInt64, _ command: String, by image: UInt64 = 1, pid: UInt32, writer: UInt32? = nil,
    ms: UInt64, flags: UInt32 = 0, path: String? = nil
  ) {
    let words = command.split(separator: " ").map { Array($0.utf8) }
    intent(
      id, by: image, pid: pid, writer: writer, at: ms * 1_000_000, flags: flags,
      path: path.map { Array($0.utf8) } ?? Array("/bin/".utf8) + words[0], words)
  }

  mutating func failed(
    _ command: String, path: String, by image: UInt64 = 1, intent: UInt64 = 0, pid: UInt32,
    ms: UInt64, error: Int32 = 2, flags: UInt32 = 0
  ) {
    let words = command.split(separator: " ").map { Array($0.utf8) }
    failed(
      intent: intent, by: image, pid: pid, at: ms * 1_000_000, error: error, flags: flags,
      path: Array(path.utf8), words)
  }

  mutating func exit(_ image: UInt64, pid: UInt32, ms: UInt64, code: UInt32 = 0) {
    exit(image, pid: pid, at: ms * 1_000_000, code: code)
  }

  mutating func wait(
    for child: UInt32, by image: UInt64 = 1, pid: UInt32 = 100, ms: UInt64, status: UInt32 = 0
  ) {
    wait(by: image, pid: pid, child: child, at: ms * 1_000_000, status: status)
  }
}
