import Glibc
import KernelCalls

/// The limits of the recorder's own process. Its root must not inherit what is changed here.
enum Limits {
  private static let manyDescriptors: rlim_t = 1 << 20

  /// Lets the recorder have as many descriptors as it may, one for each process that it watches, files
  /// of any size, as much memory and time as it takes: the program's limits are the program's.
  static func raise() {
    raise(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), to: manyDescriptors)
    for unlimited in [RLIMIT_FSIZE, RLIMIT_AS, RLIMIT_DATA, RLIMIT_CPU] {
      raise(__rlimit_resource_t(unlimited.rawValue), to: rlim_t.max)
    }
  }

  /// Keeps what the recorder has in memory out of core files.
  ///
  /// - Parameter hidesProcess: whether nobody but root may look into the process either. Stand-ins look
  ///   at their ancestors' descriptors, the recorder's too, so that one stays visible.
  static func forbidDumps(hidesProcess: Bool) {
    // A limit of 1 byte stands for none where cores go to a pipe, too: core(5) takes 0 for any there.
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_CORE.rawValue)
    if getrlimit(resource, &limit) == 0 {
      limit.rlim_cur = min(1, limit.rlim_max)
      setrlimit(resource, &limit)
    }
    if hidesProcess { kernel_forbid_dump() }
  }

  /// Raises a limit as far as it goes: above what the caller gave only with privileges.
  private static func raise(_ resource: __rlimit_resource_t, to wanted: rlim_t) {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return }
    var raised = rlimit(
      rlim_cur: max(wanted, limit.rlim_max), rlim_max: max(wanted, limit.rlim_max))
    if setrlimit(resource, &raised) == 0 { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(resource, &limit)
  }
}
