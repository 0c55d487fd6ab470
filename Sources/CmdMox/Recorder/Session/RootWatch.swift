internal import Glibc
internal import KernelCalls

/// Tells when a session's root has ended, and how.
package final class RootWatch {
  /// How the root ended.
  struct End {
    var status: WaitStatus?
    var source: StatusSource
  }

  private let pid: Int32
  private let isChild: Bool
  /// A pidfd; -1 where the kernel has none.
  private(set) var descriptor: Int32

  /// Whether the session is over when the root says that it leaves: it waits for the fixture then.
  var endsWithItsWord: Bool { !isChild }

  /// - Parameter isChild: whether this process is its parent, and reaps it.
  package init(pid: UInt32, isChild: Bool) {
    self.pid = Int32(bitPattern: pid)
    self.isChild = isChild
    descriptor = kernel_pidfd_open(self.pid)
  }

  deinit { close() }

  /// Watches no more.
  func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Whether the root has to be asked now and then: no descriptor tells.
  var hasToBeAsked: Bool { descriptor < 0 }

  /// How the root ended; nil as long as it lives. Called when the descriptor is readable.
  func end() -> End? {
    isChild ? reaped() : looked()
  }

  private func reaped() -> End? {
    var status: Int32 = 0
    let result = waitpid(pid, &status, WNOHANG)
    if result == 0 || (result < 0 && errno == EINTR) { return nil }
    return End(status: result == pid ? WaitStatus(rawValue: status) : nil, source: .wait)
  }

  /// The kernel tells the status of somebody else's child once that one has reaped it; before, /proc
  /// has it.
  private func looked() -> End? {
    var status: Int32 = 0
    if hasToBeAsked {
      let zombie = ProcessFiles.statusOfZombie(UInt32(bitPattern: pid))
      let isGone = zombie == nil && kill(pid, 0) != 0 && errno == ESRCH
      return zombie != nil || isGone
        ? End(status: zombie, source: zombie == nil ? .exit : .pidfd) : nil
    }
    for _ in 0..<2 {
      if let zombie = ProcessFiles.statusOfZombie(UInt32(bitPattern: pid)) {
        return End(status: zombie, source: .pidfd)
      }
      if kernel_pidfd_exit_status(descriptor, &status) == 1 {
        return End(status: WaitStatus(rawValue: status), source: .pidfd)
      }
      // Between the two it is neither, for a moment.
      var hangup = pollfd(fd: descriptor, events: 0, revents: 0)
      poll(&hangup, 1, 100)
    }
    return End(status: nil, source: .exit)
  }
}
