import CmdMox
import Glibc

/// What can the kernel do for a recorder?
enum KernelCheck {
  static var findings: [Finding] {
    let release = "Linux \(Kernel.release.major).\(Kernel.release.minor)"
    return [
      Kernel.canWatchProcesses
        ? .fine("pidfd_open: processes can be watched (\(release))")
        : .note("pidfd_open is missing (\(release)): an end that no parent reports is found late"),
      Kernel.tellsExitStatus
        ? .fine("PIDFD_INFO_EXIT: the exact status of every process")
        : .note(
          "PIDFD_INFO_EXIT is missing (Linux 6.15 has it): statuses come from parents and exit "
            + "handlers"),
      pipes,
      DeepCheck.finding,
    ]
  }

  private static var pipes: Finding {
    let limit = file("/proc/sys/fs/pipe-max-size").flatMap { Int($0) } ?? 1 << 20
    return limit >= 1 << 20
      ? .fine("pipes of 1 MiB")
      : .note("pipes of at most \(limit) bytes: programs may have to wait for the recorder")
  }

  private static func file(_ path: String) -> String? {
    guard let stream = fopen(path, "re") else { return nil }
    defer { fclose(stream) }
    var line = [CChar](repeating: 0, count: 64)
    guard fgets(&line, Int32(line.count), stream) != nil else { return nil }
    return String(decoding: line.prefix { $0 > 32 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
