import CmdMox
import Glibc
import KernelCalls

/// The signals that would end the tool: what its process group was sent reaches the root by itself,
/// what was sent to the tool alone is passed on.
final class SignalRelay {
  private static let signals =
    [
      SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO,
      SIGSTKFLT, SIGPWR,
    ] + Array(34...64)  // those of libc's own aside: signal(7)

  /// What was blocked before: the root starts with that.
  let maskBefore: sigset_t
  /// Readable when a signal has come; -1 where there is no descriptor left.
  private(set) var descriptor: Int32

  init() {
    var before = sigset_t()
    descriptor = kernel_signal_descriptor(Self.signals, Self.signals.count, &before)
    maskBefore = before
  }

  /// Takes note of nothing any more: the signals stay blocked.
  func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Passes on what has come; to nobody, it is only taken note of.
  func relay(to pid: UInt32?) {
    var signal: Int32 = 0
    var isFromKernel: Int32 = 0
    var sender: Int32 = 0
    while kernel_next_signal(descriptor, &signal, &isFromKernel, &sender) == 1 {
      // Ctrl-C goes to the whole process group, and a hangup too. What the program itself sends is for
      // its group, or for its parent.
      guard isFromKernel == 0, let pid,
        !ProcessFiles.descends(UInt32(bitPattern: sender), from: pid)
      else { continue }
      kill(Int32(pid), signal)
    }
  }
}
