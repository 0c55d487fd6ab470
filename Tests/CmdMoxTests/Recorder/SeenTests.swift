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

@Suite("Execs that are seen from outside") struct SeenTests {
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

  @Test("What a static program runs, and what that runs, stands below it")
  func staticFamily() {
    let session = SyntheticSession()
    session.see(SeenExec(40, "make", pid: 200).handed(1, 20))
    session.see(SeenExec(41, "go build", pid: 300, caller: 0xa2).below(200).handed(1, 20))
    session.see(SeenExec(42, "compile x", pid: 400, caller: 0xa3).below(300).handed(1, 20))
    session.batch { $0.start(9, "compile x", intent: 20, pid: 400, ppid: 300, ms: 60) }
    session.see(SeenExec(43, "link", pid: 401, caller: 0xa3).below(300).handed(1, 20))
    for (pid, code) in [(400, 1), (401, 2), (300, 3), (200, 4)] as [(UInt32, Int32)] {
      session.probe.end(pid, WaitStatus(exitCode: code))
    }
    session.batch()
    session.batch()
    #expect(
      session.family == [
        "make < -: 4 pidfd opaque static", "go build < make: 3 pidfd opaque static",
        "link < go: 2 pidfd opaque static", "compile x < go: 1 pidfd",
      ])
    #expect(session.table.fingerprints.count == 1, "only that of the root is left")
    #expect(session.table.sighted.count == 1)
  }

  @Test("A subshell that was forked hands on whose memory it has")
  func forked() {
    let session = SyntheticSession()
    session.see(SeenExec(40, "busybox sh", pid: 200).handed(1, 20))
    // 201 was forked by 200, and 202 by 201.
    session.see(SeenExec(41, "first", pid: 202, caller: 0xa2).below(201, ancestor: 200))
    // Nobody is left above this one.
    session.see(SeenExec(42, "late", pid: 203, caller: 0xa2).below(1, ancestor: 0))
    #expect(
      session.endedFamily() == [
        "busybox sh < -: running opaque static", "first < busybox: running opaque static",
        "late < busybox: running opaque static",
      ])
  }

  @Test("A child that was forked before its parent executed something else belongs to the former")
  func forkedBefore() {
    let session = SyntheticSession()
    session.see(SeenExec(40, "sh", pid: 200).handed(1, 20))
    session.see(SeenExec(41, "other", pid: 200, caller: 0xa2).handed(1, 20))
    session.see(SeenExec(42, "child", pid: 201, caller: 0xa2).below(200))
    session.see(SeenExec(43, "below other", pid: 202, caller: 0xa3).below(200))
    #expect(
      session.endedFamily() == [
        "sh < -: replaced opaque static", "other < sh: running opaque static",
        "child < sh: running opaque static", "below other < other: running opaque static",
      ])
  }

  @Test("An orphan whose memory nobody knows hangs on what its variables name")
  func orphan() {
    let session = SyntheticSession()
    session.batch { $0.start(2, "sh", pid: 200, ms: 3) }
    session.see(SeenExec(40, "late", pid: 300, caller: 0xa9).below(1, ancestor: 0).handed(2))
    session.see(SeenExec(41, "busybox", pid: 201, caller: 0xa2).below(200).handed(2, 20))
    session.see(SeenExec(42, "later", pid: 301, caller: 0xa8).below(1, ancestor: 0).handed(2, 20))
    #expect(
      session.endedFamily().dropFirst() == [
        "late < sh: running opaque static", "busybox < sh: running opaque static",
        "later < busybox: running opaque static",
      ])
  }

  @Test("A process whose memory is the same at its next exec had failed")
  func failed() {
    let session = SyntheticSession()
    session.see(SeenExec(40, "./missing-interpreter", pid: 200))
    session.see(SeenExec(41, "ls", pid: 200))
    session.probe.end(200, WaitStatus(rawValue: 0))
    session.batch()
    session.batch()
    #expect(session.family == ["ls < -: 0 pidfd opaque static"])
  }

  @Test("What a process says of a failed exec takes it back", arguments: [UInt64(0), 20])
  func saidToHaveFailed(intent: UInt64) {
    let session = SyntheticSession()
    session.batch {
      if intent != 0 { $0.intent(intent, "text", pid: 200, ms: 10) }
      $0.seen(SeenExec(40, "text", pid: 200).handed(1, intent), ms: 11)
      $0.failed("text", path: "/bin/text", intent: intent, pid: 200, ms: 12, error: 8)
    }
    session.probe.end(200, WaitStatus(rawValue: 126 << 8))
    #expect(session.endedFamily() == ["text < -: failed 8"])
  }

  @Test("A spawn that failed after its child had been seen is one failure")
  func failedSpawn() {
    let session = SyntheticSession()
    session.see(SeenExec(40, "text", pid: 200).handed(1, 20))
    session.batch {
      $0.failed("text", path: "/bin/text", intent: 20, pid: 100, ms: 12, error: 8, flags: 1)
    }
    #expect(session.endedFamily() == ["text < -: failed 8"])
    #expect(session.probe.watched.isEmpty)
  }

  @Test("A file that the kernel may not know counts only if something came of it")
  func doubtful() {
    let session = SyntheticSession()
    let text = SeenExec(40, "script", pid: 200).with { $0.head = Array("echo no hash bang".utf8) }
    session.see(text)
    session.probe.end(200, WaitStatus(rawValue: 126 << 8))
    session.batch()
    session.batch()
    #expect(session.family.isEmpty)
    // Its own children have its memory, or another.
    session.see(text.with { ($0.exec, $0.pid) = (41, 201) })
    session.see(SeenExec(42, "of the same", pid: 202).below(201))
    session.see(text.with { ($0.exec, $0.pid) = (43, 203) })
    session.see(SeenExec(44, "of another", pid: 204, caller: 0xa2).below(203))
    #expect(
      session.endedFamily() == [
        "of the same < -: running opaque static", "script < -: running opaque static",
        "of another < script: running opaque static",
      ])
  }

  @Test("A static program becomes a static one becomes a dynamic one")
  func replaced() {
    let session = SyntheticSession()
    session.see(SeenExec(40, "one", pid: 200).handed(1, 20))
    session.see(SeenExec(41, "two", pid: 200, caller: 0xa2).handed(1, 20))
    session.see(SeenExec(42, "three", pid: 200, caller: 0xa3).handed(1, 20))
    session.batch { $0.start(2, "three", intent: 20, pid: 200, ms: 30) }
    session.probe.end(200, WaitStatus(rawValue: 9))
    session.batch()
    session.batch()
    #expect(
      session.family == [
        "one < -: replaced opaque static", "two < one: replaced opaque static",
        "three < two: 137 pidfd",
      ])
  }

  @Test("A script is what its caller ran, whoever that was")
  func script() {
    let session = SyntheticSession()
    session.see(SeenExec(40, "deploy.sh x", pid: 200).with { $0.path = "/bin/deploy.sh" })
    session.batch {
      $0.start(
        2, parent: 1, pid: 200, ppid: 100, at: 30_000_000, script: 1,
        executable: Array("/bin/deploy.sh".utf8),
        ["/bin/sh", "/bin/deploy.sh", "x"].map { Array($0.utf8) })
    }
    #expect(session.endedFamily() == ["deploy.sh x < -: running"])
  }

  @Test("A root that cannot speak has children all the same, and may become something else")
  func staticRoot() {
    let session = SyntheticSession(rootSpeaks: false)
    session.see(SeenExec(40, "one", pid: 200, caller: 0xa1).handed(0, 77))
    session.see(SeenExec(41, "two", pid: 100, caller: 0xa1).below(1).handed(0, 77))
    session.see(SeenExec(42, "three", pid: 201, caller: 0xa2).handed(0, 77))
    session.batch { $0.start(2, "three", parent: 0, intent: 77, pid: 201, ms: 40) }
    #expect(
      session.endedFamily() == [
        "one < -: running opaque static", "two < -: unknown opaque static", "three < two: running",
      ])
  }

  @Test("A pid that comes back is another process, even before anybody told of the end")
  func reusedPid() {
    let session = SyntheticSession()
    session.batch { $0.start(2, "sh", pid: 200, ms: 3) }
    session.see(SeenExec(40, "first", pid: 300, caller: 0xa2).below(200).handed(2))
    session.batch { $0.start(3, "first", parent: 2, pid: 300, ppid: 200, ms: 12) }
    session.see(SeenExec(41, "second", pid: 300, caller: 0xa2).below(200).handed(2))
    #expect(
      session.endedFamily() == [
        "sh < -: running", "first < sh: unknown", "second < sh: running opaque static",
      ])
  }

  @Test("Children that are seen before their parent's library spoke hang on it")
  func speaksLate() {
    let session = SyntheticSession()
    session.sink.reason = .unknown
    session.see(SeenExec(40, "ps", pid: 200).handed(1, 20))
    session.see(SeenExec(41, "early", pid: 201, caller: 0xa2).below(200).with { $0.handed = nil })
    session.batch { $0.start(2, "ps", intent: 20, pid: 200, ms: 30) }
    session.see(SeenExec(42, "later", pid: 202, caller: 0xa2).below(200).handed(2))
    #expect(
      session.endedFamily() == [
        "ps < -: running", "early < ps: running opaque environment",
        "later < ps: running",
      ])
  }

  @Test("Where an exec was not seen, what is heard of it stands as ever")
  func missed() {
    let session = SyntheticSession()
    session.batch { $0.start(2, "sh", pid: 200, ms: 3) }
    session.see(SeenExec(40, "ls", pid: 201, caller: 0xa2).below(200).handed(2))
    // This one became something else meanwhile.
    session.batch { $0.start(3, "env", parent: 2, intent: 0, pid: 201, ppid: 200, ms: 20) }
    #expect(
      session.endedFamily() == [
        "sh < -: running", "ls < sh: replaced opaque static", "env < ls: running",
      ])
  }

  @Test("The variables of a program that cannot speak are known")
  func environment() {
    let session = SyntheticSession()
    session.see(SeenExec(40, "static", pid: 200))
    #expect(session.end().count == 1)
    let kept = session.sink.recorded[0].environment.slices.map(text)
    #expect(kept.contains("CMDMOX_SESSION=\(SyntheticSession.directory)"))
  }

  @Test(
    "Why nothing was heard: an environment without the library, another session, a confined caller")
  func reasons() {
    let session = SyntheticSession()
    session.sink.reason = .unknown
    session.batch {
      $0.start(2, "guard", pid: 200, ms: 3)
      $0.confined(2, pid: 200, at: 4_000_000, reason: 1)
    }
    session.see(SeenExec(40, "bare", pid: 300).with { $0.handed = nil })
    session.see(SeenExec(41, "inner", pid: 301).with { $0.handed?.session = "/run/cmdmox-2" })
    session.see(SeenExec(42, "below", pid: 302, caller: 0xa2).below(200).with { $0.handed = nil })
    session.see(SeenExec(43, "deeper", pid: 303, caller: 0xa3).below(302).with { $0.handed = nil })
    for pid in [300, 301, 302, 303] as [UInt32] {
      session.probe.end(pid, WaitStatus(rawValue: 0))
    }
    #expect(
      session.endedFamily().dropFirst() == [
        "bare < -: 0 pidfd opaque environment", "inner < -: 0 pidfd opaque session",
        "below < guard: 0 pidfd opaque confined", "deeper < below: 0 pidfd opaque confined",
      ])
  }

  @Test("What is handed to another session is recorded once", arguments: [true, false])
  func elsewhere(isAnnouncedFirst: Bool) {
    let session = SyntheticSession()
    session.sink.reason = .unknown
    let elsewhere = CMDMOX_INTENT_ELSEWHERE.rawValue | CMDMOX_INTENT_SPAWN.rawValue
    let announce = { (encoder: inout MessageEncoder) in
      encoder.intent(20, "sh", pid: 200, writer: 100, ms: 10, flags: elsewhere)
    }
    if isAnnouncedFirst { session.batch(announce) }
    session.see(SeenExec(40, "sh", pid: 200).with { $0.handed?.session = "/run/cmdmox-2" })
    session.see(SeenExec(41, "ls", pid: 201, caller: 0xa2).below(200).with { $0.handed = nil })
    if !isAnnouncedFirst { session.batch(announce) }
    #expect(
      session.endedFamily() == [
        "sh < -: running opaque session", "ls < sh: running opaque environment",
      ])
  }

  @Test("Processes of other pid namespaces are watched by their pids here")
  func namespaces() {
    let session = SyntheticSession()
    let inode: UInt64 = 4_026_532_000
    session.batch {
      $0.start(2, "unshare", pid: 200, ms: 3)
      $0.intent(20, "sh", by: 2, pid: 1, ms: 4)
    }
    session.see(
      SeenExec(40, "sh", pid: 300, caller: 0xa2).below(200).handed(2, 20).with {
        ($0.namespace, $0.ownPid) = (inode, 1)
      })
    session.batch { $0.start(3, "sh", parent: 2, intent: 20, pid: 1, ppid: 0, ms: 12) }
    session.see(
      SeenExec(41, "ls", pid: 301, caller: 0xa3).below(300).handed(3).with {
        ($0.namespace, $0.ownPid) = (inode, 7)
      })
    session.batch {
      $0.start(4, "ls", parent: 3, pid: 7, ppid: 1, ms: 22)
      $0.wait(for: 7, by: 3, pid: 1, ms: 23, status: 5 << 8)
    }
    session.probe.end(300, WaitStatus(rawValue: 4 << 8))
    session.batch()
    session.batch()
    #expect(
      session.endedFamily() == [
        "unshare < -: running", "sh < unshare: 4 pidfd", "ls < sh: 5 wait",
      ])
    #expect(session.end().count == 3)
  }

  @Test("The first process of a namespace that a static program makes, and its children")
  func staticNamespace() {
    let session = SyntheticSession()
    let inode: UInt64 = 4_026_532_000
    session.see(SeenExec(40, "static", pid: 200).handed(1, 20))
    session.see(
      SeenExec(41, "init", pid: 300, caller: 0xa2).below(200).handed(1, 20).with {
        ($0.namespace, $0.ownPid) = (inode, 1)
      })
    session.see(
      SeenExec(42, "ls", pid: 301, caller: 0xa3).below(300).handed(1, 20).with {
        ($0.namespace, $0.ownPid) = (inode, 2)
      })
    session.batch { $0.start(2, "ls", intent: 20, pid: 2, ppid: 1, ms: 40) }
    session.probe.end(301, WaitStatus(rawValue: 6 << 8))
    session.batch()
    session.batch()
    #expect(
      session.endedFamily() == [
        "static < -: running opaque static", "init < static: running opaque static",
        "ls < init: 6 pidfd",
      ])
  }

  @Test("A caller whose memory cannot be read: what the program says, what /proc shows, or a loss")
  func unreadable() {
    let session = SyntheticSession()
    session.sink.reason = .unknown
    let unreadable = SeenExec(40, "", pid: 200, caller: 0).with {
      $0.flags = CMDMOX_SEEN_UNREADABLE.rawValue | CMDMOX_SEEN_UNCERTAIN.rawValue
      $0.path = ""
      $0.handed = nil
    }
    session.see(unreadable)
    session.batch { $0.start(2, "speaks x", pid: 200, ms: 12) }
    session.probe.commandLines[201] = CommandLine(
      executable: Array("/bin/shown".utf8),
      arguments: PackedStrings(bytes: Array("shown\0x\0".utf8), count: 2))
    session.see(unreadable.with { ($0.exec, $0.pid) = (41, 201) })
    session.see(unreadable.with { ($0.exec, $0.pid) = (42, 202) })
    for pid in [200, 201, 202] as [UInt32] { session.probe.end(pid, WaitStatus(rawValue: 0)) }
    session.batch()
    session.batch()
    #expect(
      session.endedFamily() == ["speaks x < -: 0 pidfd", "shown x < -: 0 pidfd opaque environment"])
    #expect(session.table.unreadCount == 1)
  }

  @Test("Without a descriptor the process is looked after by its pid")
  func noDescriptor() {
    let session = SyntheticSession()
    session.batch { $0.seen(SeenExec(40, "ls", pid: 200), ms: 3) }
    #expect(session.probe.asked == [200])
  }

  @Test("Programs that would have had privileges are counted")
  func unprivileged() {
    let session = SyntheticSession()
    session.see(
      SeenExec(40, "sudo", pid: 200).with { $0.flags = CMDMOX_SEEN_UNPRIVILEGED.rawValue })
    session.batch { $0.start(2, "sudo", pid: 200, ms: 12) }
    #expect(session.endedFamily() == ["sudo < -: running"])
    #expect(session.sink.recorded[0].isUnprivileged)
  }

  @Test("An id that is seen of the root, and announced late for a program that speaks: one image")
  func foreignId() {
    let session = SyntheticSession(rootSpeaks: false)
    session.batch { encoder in
      encoder.start(3, "x", parent: 8, intent: 50, pid: 103, ms: 10)
      encoder.seen(
        SeenExec(50, "ls", pid: 103, caller: 0).below(102, ancestor: 0).with {
          ($0.ownPid, $0.handed) = (100, nil)
        }, ms: 11)
      encoder.intent(50, "y", by: 4, pid: 100, ms: 12)
    }
    _ = session.end()
    #expect(session.table.liveCount == 0)
    #expect(session.table.images.isEmpty && session.table.announced.isEmpty)
  }

  @Test("What the root announced and another process says has failed: the root goes on")
  func foreignFailure() {
    let session = SyntheticSession(rootSpeaks: false)
    session.batch { encoder in
      encoder.intent(51, "ls", by: 6, pid: 100, ms: 1)
      encoder.failed("ls", path: "/bin/ls", by: 6, intent: 51, pid: 1, ms: 2)
      encoder.start(6, "root", parent: 0, intent: 77, pid: 100, ppid: 0, ms: 3)
    }
    _ = session.end()
    #expect(session.table.images.isEmpty && session.table.processes.isEmpty)
  }

  @Test("There was no descriptor for a process, and then there was one: it is watched once")
  func watchedOnce() {
    let session = SyntheticSession()
    session.probe.isOutOfDescriptors = true
    session.batch(at: 20) { $0.start(2, "sh", pid: 200, ms: 11) }
    session.probe.isOutOfDescriptors = false
    session.see(SeenExec(40, "ls", pid: 200).handed(2))
    for ms in [300, 600, 900] as [UInt64] { session.batch(at: ms) }
    #expect(session.probe.asked == [200])
    #expect(session.probe.watched.count == 1)
  }
}
