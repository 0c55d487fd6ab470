internal import Glibc
internal import SystemPackage

/// What /proc says of a process. Source: proc(5).
package enum ProcessFiles {
  struct Stat: Equatable {
    var state: UInt8
    var parent: UInt32
    /// Clock ticks on a processor, in user and kernel mode.
    var usedTicks: UInt64
    /// Clock ticks since the machine started.
    var startTicks: UInt64
    /// What wait(2) will give its parent, once it is a zombie.
    var exitStatus: Int32
  }

  /// The numbers of all processes.
  static var all: [UInt32] { Folder.names(in: "/proc").compactMap { UInt32($0) } }

  static func state(of pid: UInt32) -> Stat? {
    read(pid, "stat", limit: 4096).flatMap(parse)
  }

  /// Reads a line of /proc/PID/stat. The program's name in it may hold anything, `)` too.
  static func parse(_ line: [UInt8]) -> Stat? {
    guard let close = line.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = line[(close + 1)...].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
    guard fields.count > 49, let state = fields[0].first,
      let parent = UInt32(String(decoding: fields[1], as: UTF8.self)),
      let user = UInt64(String(decoding: fields[11], as: UTF8.self)),
      let kernel = UInt64(String(decoding: fields[12], as: UTF8.self)),
      let start = UInt64(String(decoding: fields[19], as: UTF8.self)),
      let status = Int32(String(decoding: fields[49], as: UTF8.self))
    else { return nil }
    return Stat(
      state: state, parent: parent, usedTicks: user &+ kernel, startTicks: start,
      exitStatus: status)
  }

  /// Whether a process waits for a processor, or a page, and has hardly had any yet: one that works on
  /// its own is not about to execute something.
  static func isHeldUp(_ pid: UInt32) -> Bool {
    guard let stat = state(of: pid), stat.usedTicks <= 2 else { return false }
    return stat.state == UInt8(ascii: "R") || stat.state == UInt8(ascii: "D")
  }

  /// The status of a process that has ended and was not reaped yet; nil for every other one.
  static func statusOfZombie(_ pid: UInt32) -> WaitStatus? {
    guard let stat = state(of: pid), stat.state == UInt8(ascii: "Z") else { return nil }
    return WaitStatus(rawValue: stat.exitStatus)
  }

  /// Whether a process is `ancestor`, or that is among its ancestors; false for one that is gone.
  package static func descends(_ pid: UInt32, from ancestor: UInt32) -> Bool {
    var pid = pid
    while pid > 1, pid != ancestor, let parent = state(of: pid)?.parent { pid = parent }
    return pid == ancestor
  }

  /// st_dev and st_ino of one of its descriptors; 0 where it is closed.
  static func identity(_ pid: UInt32, descriptor: Int32) -> (device: UInt64, inode: UInt64) {
    var status = stat()
    return stat("/proc/\(pid)/fd/\(descriptor)", &status) == 0
      ? (UInt64(status.st_dev), UInt64(status.st_ino)) : (0, 0)
  }

  /// Whether the process with this pid can be the one that was seen at a monotonic stamp.
  ///
  /// A pid comes back after all others were used: nothing to look for within a second.
  static func wasThere(_ pid: UInt32, atNs seenNs: UInt64) -> Bool {
    let now = Kernel.monotonicNs
    guard now > seenNs &+ 1_000_000_000 else { return true }
    guard let stat = state(of: pid) else { return false }
    let tickNs = 1_000_000_000 / UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
    let asleepNs = Kernel.boottimeNs &- now
    return stat.startTicks * tickNs <= seenNs &+ asleepNs &+ 2 * tickNs
  }

  /// Whether a process runs the file at `path`; a bare name is compared with the file's own.
  static func runs(_ pid: UInt32, _ path: [UInt8]) -> Bool {
    let link = "/proc/\(pid)/exe"
    guard path.contains(UInt8(ascii: "/")) else {
      return Self.link(pid, "exe").map { baseName($0[...]) == baseName(path[...]) } ?? false
    }
    var running = stat()
    var wanted = stat()
    let terminated = path.map { CChar(bitPattern: $0) } + [0]
    return stat(link, &running) == 0 && stat(terminated, &wanted) == 0
      && running.st_dev == wanted.st_dev && running.st_ino == wanted.st_ino
  }

  /// Where a link below /proc/PID leads; nil where it cannot be read.
  static func link(_ pid: UInt32, _ name: String) -> [UInt8]? {
    var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = target.withUnsafeMutableBytes { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        characters.baseAddress.map { readlink("/proc/\(pid)/\(name)", $0, characters.count) } ?? -1
      }
    }
    return count >= 0 ? Array(target[..<count]) : nil
  }

  /// The bytes of a file below /proc/PID; nil where it cannot be read.
  static func read(_ pid: UInt32, _ name: String, limit: Int) -> [UInt8]? {
    let descriptor = open("/proc/\(pid)/\(name)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while bytes.count < limit {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0 { return nil }
      if count == 0 { break }
      bytes += piece[..<count]
    }
    return bytes
  }
}
