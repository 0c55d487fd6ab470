import CmdMox
import Glibc

/// One line on a terminal's stderr that says how far a session has come, and goes when it is over.
final class ProgressLine {
  private static let everyNs: UInt64 = 100_000_000
  private let isShown: Bool
  private var lastNs: UInt64
  private var last = ""

  init(isWanted: Bool) {
    isShown = isWanted && isatty(STDERR_FILENO) == 1
    lastNs = Kernel.monotonicNs
  }

  /// Shows the state, at most ten times a second.
  func show(_ progress: SessionRecorder.Progress) {
    guard isShown else { return }
    let now = Kernel.monotonicNs
    guard now >= lastNs &+ Self.everyNs else { return }
    let line = "cmdmox: \(progress.seen) invocations, \(progress.running) running"
    guard line != last else { return }
    (lastNs, last) = (now, line)
    write(toStandardError: "\r\(line)\u{1b}[K")
  }

  func erase() {
    guard !last.isEmpty else { return }
    last = ""
    write(toStandardError: "\r\u{1b}[K")
  }
}
