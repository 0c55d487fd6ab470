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
  /// How many invocations failed because of it.
  var depth: Int { consequences.count }
}

/// Finds out which failures made others fail.
///
/// A recording does not say why a process failed. What is assumed: who runs a command that fails and
/// fails later did so because of it. A shell: because of the last one. make: because of those after
/// which it started nothing more, unless it was to keep going. Another program (a test runner):
/// because of each. `test`, `grep` and their like, whose failure is an answer, count only where
/// nothing else failed.
package struct FailureSearch {
  private let view: SessionView
  private let isFailed: [Bool]
  private let keepsGoing: [Bool]

  package init(_ view: SessionView) {
    self.view = view
    isFailed = Self.failures(view)
    keepsGoing = Self.keepsGoing(view)
  }

  /// The failures that made the session or others fail, the deepest first, then the expected ones;
  /// otherwise in the order of their ends.
  package func chains() -> (unexpected: [FailureChain], expected: [FailureChain]) {
    let culprits = culpritsOfAll()
    var causes: [Int] = []
    for place in view.tree.depthFirst where isFailed[place] && culprits[place].isEmpty {
      causes.append(place)
    }
    let isBlamed = blamed(culprits)
    let chains = causes.sorted { endUs($0) < endUs($1) }.map { chain(from: $0, isBlamed) }
    let unexpected = chains.enumerated().filter { !$0.element.isExpected }
      .sorted { ($1.element.depth, $0.offset) < ($0.element.depth, $1.offset) }
    return (unexpected.map(\.element), chains.filter(\.isExpected))
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
      let root = CommandKind(root: view.facts.command ?? [])
      for place in self.culprits(of: root, among: view.tree.outermost, root.keepsGoing) {
        isBlamed[place] = true
      }
    }
    return isBlamed
  }

  private func culpritsOfAll() -> [[Int]] {
    view.recordings.indices.map { place in
      guard isFailed[place] else { return [] }
      return culprits(
        of: CommandKind(view.recordings[place]), among: view.tree.children(of: place),
        keepsGoing[place])
    }
  }

  /// The children that made an invocation fail.
  private func culprits(
    of parent: CommandKind, among children: some Sequence<Int>, _ keepsGoing: Bool
  ) -> [Int] {
    let failed = children.filter { isFailed[$0] }
    guard let last = failed.max(by: { endUs($0) < endUs($1) }) else { return [] }
    let serious = failed.filter { !CommandKind.isQuestion(view.recordings[$0].command) }
    guard let lastSerious = serious.max(by: { endUs($0) < endUs($1) }) else { return [last] }
    if parent.isShell { return [lastSerious] }
    guard parent.isMake, !keepsGoing else { return serious }
    let lastStartUs = children.reduce(0) { max($0, view.intervals[$1].startUs) }
    let stoppers = serious.filter { endUs($0) >= lastStartUs }
    return stoppers.isEmpty ? [lastSerious] : stoppers
  }

  /// When it ended, or what it executed in its place.
  private func endUs(_ place: Int) -> Int { view.lifetimes[place].endUs }

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

  /// Parents before their children: make hands it down to those that it runs.
  private static func keepsGoing(_ view: SessionView) -> [Bool] {
    let root = CommandKind(root: view.facts.command ?? []).keepsGoing
    var keepsGoing = [Bool](repeating: false, count: view.recordings.count)
    for place in view.tree.depthFirst {
      let above = view.tree.parents[place].map { keepsGoing[$0] } ?? root
      keepsGoing[place] = above || CommandKind(view.recordings[place]).keepsGoing
    }
    return keepsGoing
  }
}
