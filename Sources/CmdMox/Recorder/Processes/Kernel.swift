internal import Glibc
internal import KernelCalls
internal import SystemPackage

/// What the running kernel can do for a recorder.
package enum Kernel {
  /// The release as (6, 18); (0, 0) where it does not look like one.
  package static let release: (major: Int, minor: Int) = {
    var name = utsname()
    guard uname(&name) == 0 else { return (0, 0) }
    let text = withUnsafeBytes(of: &name.release) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let numbers = text.split(whereSeparator: { !$0.isNumber }).prefix(2).compactMap { Int($0) }
    return numbers.count == 2 ? (numbers[0], numbers[1]) : (0, 0)
  }()

  /// Whether the status of a process stays known after its parent has reaped it (Linux 6.15).
  package static let tellsExitStatus: Bool = release >= (6, 15)

  /// Whether a process can be watched without being its parent (Linux 5.3).
  package static var canWatchProcesses: Bool {
    let descriptor = kernel_pidfd_open(getpid())
    guard descriptor >= 0 else { return false }
    close(descriptor)
    return true
  }

  /// Whether somebody has told the kernel how to execute what it does not know by itself
  /// (binfmt_misc).
  static let hasMoreFormats: Bool = Folder.names(in: "/proc/sys/fs/binfmt_misc").count > 2

  /// `CLOCK_MONOTONIC`, nanoseconds: the clock of the events.
  package static var monotonicNs: UInt64 { nanoseconds(CLOCK_MONOTONIC) }

  /// Nanoseconds since the epoch.
  package static var realtimeNs: UInt64 { nanoseconds(CLOCK_REALTIME) }

  /// Nanoseconds since the machine started, sleep included: what /proc counts in.
  static var boottimeNs: UInt64 { nanoseconds(CLOCK_BOOTTIME) }

  private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// An unguessable number that is not 0.
  package static func randomID() -> UInt64 {
    var id: UInt64 = 0
    while id == 0 {
      guard kernel_random(&id, MemoryLayout<UInt64>.size) == 0 else {
        id = UInt64.random(in: 1...UInt64.max)
        break
      }
    }
    return id
  }
}
