import CmdMoxWire
import Testing
import WireSamples

@testable import CmdMox

/// Something that happens to a session.
private struct Step {
  var name: String
  var apply: (SyntheticSession, inout MessageEncoder) -> Void
}

/// Every order of the steps in which those that are named in `chains` keep theirs.
private func orders(_ steps: [Step], chains: [[String]]) -> [[Step]] {
  if steps.isEmpty { return [[]] }
  return steps.indices.flatMap { index -> [[Step]] in
    let first = steps[index]
    let waits = chains.contains { chain in
      guard let place = chain.firstIndex(of: first.name) else { return false }
      return steps.contains { chain[..<place].contains($0.name) }
    }
    if waits { return [] }
    var rest = steps
    rest.remove(at: index)
    return orders(rest, chains: chains).map { [first] + $0 }
  }
}

@Suite("Execs that are seen and told of, in whatever order") struct SeenOrderTests {
  private let seen = Step(name: "seen") { session, encoder in
    session.probe.seen[40] = 200
    encoder.seen(SeenExec(40, "ls -l", pid: 200).handed(1, 20), ms: 12)
  }
  private let announced = Step(name: "announced") {
    $1.intent(20, "ls -l", pid: 200, writer: 100, ms: 11, flags: 1)
  }
  private let started = Step(name: "started") { $1.start(2, "ls -l", intent: 20, pid: 200, ms: 13) }
  private let left = Step(name: "left") { $1.exit(2, pid: 200, ms: 14, code: 3) }
  private let ended = Step(name: "ended") { session, _ in
    session.probe.end(200, WaitStatus(rawValue: 3 << 8))
  }

  private func run(_ order: [Step], inOneBatch: Bool) -> SyntheticSession {
    let session = SyntheticSession()
    if inOneBatch {
      session.batch { encoder in for step in order { step.apply(session, &encoder) } }
    } else {
      for step in order { session.batch { step.apply(session, &$0) } }
    }
    for _ in 0..<3 { session.batch() }
    return session
  }

  @Test(
    "Announced by a spawn, seen, started and ended, in any order that can be: one invocation",
    arguments: [true, false])
  func anyOrder(inOneBatch: Bool) {
    let orders = orders(
      [announced, seen, started, left, ended], chains: [["seen", "started", "left", "ended"]])
    #expect(orders.count == 5)
    for order in orders {
      let session = run(order, inOneBatch: inOneBatch)
      #expect(session.family == ["ls -l < -: 3 pidfd"], "\(order.map(\.name))")
      #expect(session.table.processes.count == 1)
      #expect(session.table.announced.isEmpty && session.table.awaiting.isEmpty)
      #expect(session.probe.watched.isEmpty && session.probe.seen.isEmpty)
      #expect(session.end().count == 1)
    }
  }

  @Test("The same of a program that cannot speak", arguments: [true, false])
  func anyOrderOpaque(inOneBatch: Bool) {
    for order in orders([announced, seen, ended], chains: [["seen", "ended"]]) {
      let session = run(order, inOneBatch: inOneBatch)
      #expect(session.family == ["ls -l < -: 3 pidfd opaque static"], "\(order.map(\.name))")
      #expect(session.table.processes.count == 1)
      #expect(session.end().count == 1)
    }
  }

  @Test("An exec that a hook announced, in its only order", arguments: [true, false])
  func hooked(inOneBatch: Bool) {
    let announced = Step(name: "announced") { $1.intent(20, "ls -l", pid: 200, ms: 11) }
    let session = run([announced, seen, started, left, ended], inOneBatch: inOneBatch)
    #expect(session.family == ["ls -l < -: 3 pidfd"])
  }
}
