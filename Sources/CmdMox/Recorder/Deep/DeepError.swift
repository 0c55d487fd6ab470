internal import Glibc
package import SystemPackage

/// Why not every exec can be seen: said before anything runs.
package enum DeepError: Error, Equatable {
  /// Linux 5.9 has the last part that is needed: the end of a listener whose family is gone.
  case kernelIsTooOld
  /// The kernel did not take the filter.
  case refused(Errno)
  /// The memory of the program cannot be read, or it cannot be found.
  case unreadable
  /// The launcher ended before it said anything.
  case noLauncher
  /// The process that answers when this one has ended could not be started.
  case noKeeper(Errno)
  case noWatcher(Errno)

  static let oldestKernel = (major: 5, minor: 9)
}

extension DeepError: CustomStringConvertible {
  /// One sentence, and what helps.
  package var description: String {
    "a deep trace is not possible here: \(reason); run without --deep"
  }

  /// What stands in the way.
  package var reason: String {
    switch self {
    case .kernelIsTooOld:
      "Linux \(Kernel.release.major).\(Kernel.release.minor) is older than "
        + "\(Self.oldestKernel.major).\(Self.oldestKernel.minor)"
    case .refused(.resourceBusy):
      "another supervisor listens to the system calls of this process already (a --deep around this "
        + "one, or a container's)"
    case .refused(.invalidArgument), .refused(.noFunction):
      "the kernel has no seccomp user notification"
    case .refused(let errno): "the kernel refuses the seccomp filter: \(errno)"
    case .unreadable:
      "the memory of the program cannot be read (kernel.yama.ptrace_scope, a container's rules, or a "
        + "/proc of another pid namespace)"
    case .noLauncher: "cmdmox-deep does not run"
    case .noKeeper(let errno): "cmdmox-deep does not run in the background: \(errno)"
    case .noWatcher(let errno): "the execs cannot be watched: \(errno)"
    }
  }
}
