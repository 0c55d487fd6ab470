import Glibc

/// The limits of the recorder's own process. Its root must not inherit what is changed here.
enum Limits {
  private static let manyDescriptors: rlim_t = 1 << 20

  /// Lets the recorder have as many descriptors as it may, one for each process that it watches, and
  /// files of any size: the program's limits are the program's.
  static func raise() {
    raise(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), to: manyDescriptors)
    raise(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), to: rlim_t.max)
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
