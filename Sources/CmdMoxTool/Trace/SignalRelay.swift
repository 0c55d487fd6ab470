import Glibc
import KernelCalls

/// The signals that would end the tool: what the terminal sends reaches the root by itself, what was
/// sent to the tool alone is passed on.
final class SignalRelay {
  private static let signals = [SIGINT, SIGQUIT, SIGTERM, SIGHUP]

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
    while kernel_next_signal(descriptor, &signal, &isFromKernel) == 1 {
      // Ctrl-C goes to the whole process group, and a hangup too.
      if isFromKernel == 0, let pid { kill(Int32(pid), signal) }
    }
  }
}
