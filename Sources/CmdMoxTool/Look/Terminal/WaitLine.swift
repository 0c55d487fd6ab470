import CmdMox
import Glibc
import Synchronization

/// One line on a terminal's stderr for work that takes more than a second; it goes when that is over.
///
/// A thread writes it, so that the work need not look at the clock.
final class WaitLine: Sendable {
  private static let patienceNs: UInt64 = 1_000_000_000
  private static let everyUs: useconds_t = 100_000

  private struct State {
    var isOver = false
    var shown = ""
  }

  private let what: String
  private let beginNs = Kernel.monotonicNs
  private let invocations = Atomic<Int>(0)
  private let state = Mutex(State())

  /// Does some work, and says after a while that it is being done.
  ///
  /// - Parameter what: `reading build.json`.
  static func during<Result>(
    _ what: String, _ work: (WaitLine) throws -> Result
  ) rethrows -> Result {
    let line = WaitLine(what)
    defer { line.end() }
    return try work(line)
  }

  private init(_ what: String) {
    self.what = VisibleText.line(what.utf8)
    guard isatty(STDERR_FILENO) == 1 else { return }
    // Without a thread nothing is said.
    _ = OwnThread.begin { self.watch() }
  }

  /// Counts an invocation.
  func step() { invocations.add(1, ordering: .relaxed) }

  private func watch() {
    while show() { usleep(Self.everyUs) }
  }

  /// - Returns: whether there is more to show.
  private func show() -> Bool {
    state.withLock { state in
      guard !state.isOver else { return false }
      let lengthNs = Kernel.monotonicNs - beginNs
      guard lengthNs >= Self.patienceNs else { return true }
      let count = invocations.load(ordering: .relaxed)
      let done = count > 0 ? "\(Quantities.count(count, "invocation")), " : ""
      let line = "cmdmox: \(what): \(done)\(lengthNs / 1_000_000_000) s"
      if line != state.shown { write(toStandardError: "\r\(line)\u{1b}[K") }
      state.shown = line
      return true
    }
  }

  private func end() {
    state.withLock { state in
      state.isOver = true
      if !state.shown.isEmpty { write(toStandardError: "\r\u{1b}[K") }
    }
  }
}
