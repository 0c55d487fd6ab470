/// A failure, and what failed because of it.
package struct FailureChain: Equatable, Sendable {
  /// The place of the invocation that failed first: nothing below it did.
  package let cause: Int
  /// The invocations above that failed because of it, the nearest first. One that executed another
  /// program in its place counts with what became of that.
  package let consequences: [Int]
  /// Whether the session failed because of it.
  package let endedSession: Bool
  /// Whether somebody above went on as if nothing had been: that one expected it, or did not care.
  package var isExpected: Bool { !endedSession }
  /// The outermost invocation that failed.
  package var top: Int { consequences.last ?? cause }
}

/// Finds out which failures made others fail.
///
/// A recording does not say why a process failed. What is assumed: who runs a command that fails and
/// fails later did so because of it, if it is the last command that failed; a program that is no
/// shell (make, a test runner) because of each one. `test`, `grep` and their like, whose failure is an
/// answer, count only where nothing else failed.
package struct FailureSearch {
  private let view: SessionView
  private let isFailed: [Bool]

  package init(_ view: SessionView) {
    self.view = view
    isFailed = Self.failures(view)
  }

  /// The failures that made the session or others fail, then the expected ones; in the order of
  /// their ends.
  package func chains() -> (unexpected: [FailureChain], expected: [FailureChain]) {
    let culprits = culpritsOfAll()
    var causes: [Int] = []
    for place in view.tree.depthFirst where isFailed[place] && culprits[place].isEmpty {
      causes.append(place)
    }
    let isBlamed = blamed(culprits)
    let chains = causes.sorted { view.intervals[$0].endUs < view.intervals[$1].endUs }
      .map { chain(from: $0, isBlamed) }
    return (chains.filter { !$0.isExpected }, chains.filter(\.isExpected))
  }

  private func chain(from cause: Int, _ isBlamed: [Bool]) -> FailureChain {
    var consequences: [Int] = []
    var place = cause
    while isBlamed[place] {
      guard let parent = view.tree.parents[place] else {
        return FailureChain(cause: cause, consequences: consequences, endedSession: true)
      }
      consequences.append(parent)
      place = parent
    }
    return FailureChain(cause: cause, consequences: consequences, endedSession: false)
  }

  /// Whether each invocation made its parent, or the session, fail.
  private func blamed(_ culprits: [[Int]]) -> [Bool] {
    var isBlamed = [Bool](repeating: false, count: isFailed.count)
    for list in culprits { for place in list { isBlamed[place] = true } }
    // Of a fixture without a session nobody knows: then it counts as failed.
    if view.facts.exitCode != 0 {
      let root = view.facts.command?.first ?? ""
      for place in Self.culprits(of: root, among: view.tree.outermost, view, isFailed) {
        isBlamed[place] = true
      }
    }
    return isBlamed
  }

  private func culpritsOfAll() -> [[Int]] {
    view.recordings.indices.map { place in
      guard isFailed[place] else { return [] }
      return Self.culprits(
        of: view.recordings[place].command, among: view.tree.children(of: place), view, isFailed)
    }
  }

  /// The children that made an invocation fail.
  private static func culprits(
    of command: String, among children: some Sequence<Int>, _ view: SessionView, _ isFailed: [Bool]
  ) -> [Int] {
    let failed = children.filter { isFailed[$0] }
    guard let last = failed.max(by: { view.intervals[$0].endUs < view.intervals[$1].endUs })
    else { return [] }
    let serious = failed.filter { !CommandKinds.isQuestion(view.recordings[$0].command) }
    if CommandKinds.isShell(command) {
      return [serious.max { view.intervals[$0].endUs < view.intervals[$1].endUs } ?? last]
    }
    return serious.isEmpty ? [last] : serious
  }

  /// Children before their parents: what was replaced failed if that did which took its place.
  private static func failures(_ view: SessionView) -> [Bool] {
    var isFailed = view.recordings.map { Outcome($0).isFailure }
    for place in view.tree.depthFirst.reversed() {
      guard Outcome(view.recordings[place]) == .replaced,
        let successor = view.successor(of: place)
      else { continue }
      isFailed[place] = isFailed[successor]
    }
    return isFailed
  }
}

/// What is known of commands by their names.
enum CommandKinds {
  static func isShell(_ command: String) -> Bool { shells.contains(base(command)) }

  /// Whether a status other than 0 is an answer more often than a fault.
  static func isQuestion(_ command: String) -> Bool { questions.contains(base(command)) }

  private static func base(_ command: String) -> String {
    String(command.split(separator: "/").last ?? "")
  }

  private static let shells: Set = [
    "sh", "bash", "dash", "zsh", "ksh", "mksh", "busybox", "fish", "ash",
  ]
  private static let questions: Set = [
    "test", "[", "grep", "egrep", "fgrep", "rg", "zgrep", "cmp", "diff", "expr", "false", "which",
    "pgrep", "pkg-config", "pkgconf", "getent", "id", "tty", "command",
  ]
}
