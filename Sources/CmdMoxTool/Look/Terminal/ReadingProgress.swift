import CmdMox
import Glibc

/// One line on a terminal's stderr for what takes more than a second; it goes when that is over.
final class ReadingProgress {
  private static let patienceNs: UInt64 = 1_000_000_000
  private static let everyNs: UInt64 = 200_000_000
  /// The clock is looked at once for so many steps.
  private static let stride = 1024

  private let what: String
  private let isShown = isatty(STDERR_FILENO) == 1
  private var steps = 0
  private var nextNs = Kernel.monotonicNs + patienceNs
  private var isOnScreen = false

  init(_ what: String) { self.what = what }

  func step() {
    steps += 1
    guard isShown, steps % Self.stride == 0, Kernel.monotonicNs >= nextNs else { return }
    nextNs = Kernel.monotonicNs + Self.everyNs
    isOnScreen = true
    write(toStandardError: "\rcmdmox: \(what): \(steps) invocations\u{1b}[K")
  }

  func erase() {
    if isOnScreen { write(toStandardError: "\r\u{1b}[K") }
    isOnScreen = false
  }
}
