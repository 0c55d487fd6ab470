internal import CmdMoxWire
internal import Glibc
internal import KernelCalls
internal import SystemPackage

/// Watches processes through pidfds: no child of ours, and still the exact status where the kernel
/// tells it (`ioctl(PIDFD_GET_INFO)`, Linux 6.15), after the real parent has reaped it.
///
/// Source: pidfd_open(2), `<linux/pidfd.h>`. Not safe to share between threads.
final class PidfdProbe: ProcessProbe {
  private var watchSet: Int32
  private var descriptors: [UInt64: Int32] = [:]
  private let tellsStatus: Bool
  private let limit: Int
  private var events = [kernel_watched](repeating: kernel_watched(), count: 64)

  private let member: [UInt8]
  private let execWatch: ExecWatcher?

  /// - Parameters:
  ///   - session: the session directory that members name.
  ///   - execWatch: has processes that execs were seen of.
  ///   - tellsStatus: whether the kernel keeps the status of a reaped process.
  init(
    session: FilePath = "", execWatch: ExecWatcher? = nil,
    tellsStatus: Bool = Kernel.tellsExitStatus
  ) {
    self.tellsStatus = tellsStatus
    self.execWatch = execWatch
    member = Array("\(CMDMOX_ENV_SESSION)=\(session)".utf8)
    limit = Self.descriptorLimit - Self.descriptorsKept
    watchSet = limit > 0 ? kernel_watch_create() : -1
  }

  /// Descriptors that stay free for everything else that a recorder opens.
  private static let descriptorsKept = 64

  private static var descriptorLimit: Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
    return Int(clamping: limit.rlim_cur)
  }

  deinit { close() }

  var nowNs: UInt64 { Kernel.monotonicNs }

  /// Watches nothing any more.
  func close() {
    for descriptor in descriptors.values { Glibc.close(descriptor) }
    descriptors.removeAll()
    if watchSet >= 0 { Glibc.close(watchSet) }
    watchSet = -1
  }

  /// Readable when a watched process ended: for a recorder that has nothing else to do.
  var descriptor: Int32 { watchSet }

  func watch(_ pid: UInt32, serial: UInt64, seenNs: UInt64) -> Watched {
    guard watchSet >= 0, descriptors.count < limit else { return .unavailable }
    let descriptor = kernel_pidfd_open(Int32(bitPattern: pid))
    guard descriptor >= 0 else {
      return errno == ESRCH || errno == EINVAL ? .gone : .unavailable
    }
    guard ProcessFiles.wasThere(pid, atNs: seenNs) else {
      Glibc.close(descriptor)
      return .gone
    }
    return keep(descriptor, serial)
  }

  func watch(exec: UInt64, serial: UInt64) -> Watched {
    guard let descriptor = execWatch?.takeProcess(of: exec) else { return .unavailable }
    guard watchSet >= 0, descriptors.count < limit else {
      Glibc.close(descriptor)
      return .unavailable
    }
    return keep(descriptor, serial)
  }

  func forget(exec: UInt64) {
    if let descriptor = execWatch?.takeProcess(of: exec) { Glibc.close(descriptor) }
  }

  private func keep(_ descriptor: Int32, _ serial: UInt64) -> Watched {
    guard kernel_watch_add(watchSet, descriptor, serial) == 0 else {
      Glibc.close(descriptor)
      return .unavailable
    }
    descriptors[serial] = descriptor
    return .watching
  }

  func unwatch(serial: UInt64) {
    // Closing takes it out of the set: there is no other copy of the descriptor.
    if let descriptor = descriptors.removeValue(forKey: serial) { Glibc.close(descriptor) }
  }

  func poll(_ report: (UInt64, WaitStatus?) -> Void) {
    while true {
      let count = kernel_watch_next(watchSet, &events, Int32(events.count))
      guard count > 0 else { return }
      for event in events[..<Int(count)] {
        let serial = event.key
        guard let descriptor = descriptors[serial] else { continue }
        let isReaped = event.is_reaped != 0
        // A zombie's status is told once its parent has reaped it: another edge.
        guard isReaped || !tellsStatus else { continue }
        var status: Int32 = 0
        let told = isReaped && kernel_pidfd_exit_status(descriptor, &status) == 1
        unwatch(serial: serial)
        report(serial, told ? WaitStatus(rawValue: status) : nil)
      }
      guard Int(count) == events.count else { return }
    }
  }

  func isAlive(_ pid: UInt32) -> Bool {
    guard let state = ProcessFiles.state(of: pid)?.state else { return false }
    return state != UInt8(ascii: "Z") && state != UInt8(ascii: "X")
  }

  func statusOfZombie(_ pid: UInt32) -> WaitStatus? {
    ProcessFiles.statusOfZombie(pid)
  }

  func parent(of pid: UInt32) -> UInt32? {
    ProcessFiles.state(of: pid)?.parent
  }

  func belongs(_ pid: UInt32) -> Bool {
    let block = ProcessFiles.read(pid, "environ", limit: 4 << 20) ?? []
    return block.split(separator: 0).contains { $0.elementsEqual(member) }
  }

  var members: [UInt32] {
    let own = UInt32(bitPattern: getpid())
    return ProcessFiles.all.filter { $0 != own && belongs($0) && isAlive($0) }
  }

  func commandLine(of pid: UInt32) -> CommandLine? {
    guard let executable = ProcessFiles.link(pid, "exe"),
      let line = ProcessFiles.read(pid, "cmdline", limit: 4 << 20)
    else { return nil }
    return CommandLine(
      executable: executable,
      arguments: PackedStrings(bytes: line, count: line.count { $0 == 0 }))
  }

  func environment(of pid: UInt32, running path: [UInt8]) -> [UInt8]? {
    guard ProcessFiles.runs(pid, path) else { return nil }
    // In the middle of an exec there is the program already and no environment yet.
    let block = ProcessFiles.read(pid, "environ", limit: 4 << 20)
    return block?.isEmpty == true ? nil : block
  }
}
