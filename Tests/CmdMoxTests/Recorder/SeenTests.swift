import CmdMoxWire
import Testing
import WireSamples

@testable import CmdMox

@Suite("Execs that are seen from outside") struct SeenTests {
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
}
