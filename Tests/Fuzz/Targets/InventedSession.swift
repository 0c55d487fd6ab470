@testable import CmdMox

/// A session whose processes, clock and events an input makes up. The root is image 1, process 100.
final class InventedSession {
  static let root = RootIdentity(pid: 100, intent: 77)

  let sink = CheckingSink()
  let probe = InventedProcesses()
  let table: InvocationTable
  private(set) var nowNs: UInt64 = 1_000_000_000

  init() {
    table = InvocationTable(
      root: Self.root, originNs: nowNs, realtimeNs: 0, sink: sink, probe: probe,
      ancestors: Ancestors(limit: 8))
  }

  func endBatch(after ns: UInt64 = 5_000_000, isDrained: Bool = true) {
    nowNs &+= ns
    table.endBatch(nowNs: nowNs, isDrained: isDrained)
    table.takeReports(nowNs: nowNs)
  }

  /// Ends the session. Nothing may be left of it, and every place among the recordings be taken.
  func end() {
    table.endSession(nowNs: nowNs)
    for (what, count) in [
      ("images", table.images.count), ("live", table.liveCount),
      ("processes", table.processes.count), ("announced", table.announced.count),
      ("awaiting", table.awaiting.count), ("shells", table.shells.count),
      ("watched", table.watched.count), ("dying", table.dying.count),
      ("descriptors", probe.watched.count),
      ("places without a recording", table.nextSlot - sink.slots.count),
    ] {
      expect(count == 0, "left: \(count) \(what)")
    }
  }
}

/// Takes every invocation once.
final class CheckingSink: InvocationSink {
  private(set) var slots: Set<Int> = []

  func records(_ command: ArraySlice<UInt8>) -> Bool { true }

  func filter(_ environment: WireStrings, command: ArraySlice<UInt8>) -> PackedStrings {
    environment.packed
  }

  func keepsEnvironment(of command: ArraySlice<UInt8>) -> Bool { true }

  func judge(
    _ commandLine: CommandLine, program: ProgramFile?, status: WaitStatus?
  ) -> OpaqueReason { .unknown }

  func take(_ invocation: FinishedInvocation) {
    expect(slots.insert(invocation.slot).inserted, "recorded twice: \(invocation.slot)")
    expect(invocation.parentSlot != invocation.slot, "its own parent")
    expect(invocation.endNs.map { $0 >= invocation.startNs } ?? true, "ends before it starts")
  }
}

/// Processes of which an input says what becomes of them.
final class InventedProcesses: ProcessProbe {
  /// No later than the batch.
  let nowNs: UInt64 = 0
  var gone: Set<UInt32> = []
  var zombies: [UInt32: WaitStatus] = [:]
  var isOutOfDescriptors = false
  private(set) var watched: [UInt64: UInt32] = [:]
  private var reports: [(UInt64, WaitStatus?)] = []

  func end(_ pid: UInt32, _ status: WaitStatus?) {
    gone.insert(pid)
    for (serial, watchedPid) in watched where watchedPid == pid {
      reports.append((serial, status))
    }
  }

  func watch(_ pid: UInt32, serial: UInt64, seenNs: UInt64) -> Watched {
    expect(pid != 0 && watched[serial] == nil, "watched twice: \(serial)")
    if isOutOfDescriptors { return .unavailable }
    if gone.contains(pid) { return .gone }
    watched[serial] = pid
    return .watching
  }

  /// An exec stands for the process whose pid its id says.
  func watch(exec: UInt64, serial: UInt64) -> Watched {
    let pid = 100 + UInt32(truncatingIfNeeded: exec % 6)
    return exec % 2 == 0 ? .unavailable : watch(pid, serial: serial, seenNs: 0)
  }

  func forget(exec: UInt64) {}

  func commandLine(of pid: UInt32) -> CommandLine? {
    pid % 2 == 0
      ? CommandLine(executable: Array("/bin/sh".utf8), arguments: PackedStrings()) : nil
  }

  func unwatch(serial: UInt64) { watched.removeValue(forKey: serial) }

  func poll(_ report: (UInt64, WaitStatus?) -> Void) {
    for (serial, status) in reports where watched.removeValue(forKey: serial) != nil {
      report(serial, status)
    }
    reports.removeAll()
  }

  func isAlive(_ pid: UInt32) -> Bool { !gone.contains(pid) && zombies[pid] == nil }
  func statusOfZombie(_ pid: UInt32) -> WaitStatus? { zombies[pid] }
  func parent(of pid: UInt32) -> UInt32? { gone.contains(pid) ? nil : pid - 1 }
  func belongs(_ pid: UInt32) -> Bool { pid % 2 == 0 }
  var members: [UInt32] { [] }
  func environment(of pid: UInt32, running path: [UInt8]) -> [UInt8]? { Array("A=1\0B".utf8) }
}
