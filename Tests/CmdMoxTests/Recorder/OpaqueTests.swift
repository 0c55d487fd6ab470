import Testing
import WireSamples

@testable import CmdMox

@Suite("What is announced and not confirmed") struct OpaqueTests {
  let session = SyntheticSession()

  @Test("An intent that no start confirms before its process ends is opaque")
  func neverHeardOf() {
    session.batch { $0.intent(20, "hello -x", pid: 200, writer: 100, ms: 10, flags: 1) }
    #expect(session.lines.isEmpty)
    session.batch { $0.wait(for: 200, ms: 12, status: 4 << 8) }
    #expect(session.lines == ["0<- hello -x: 4 wait opaque static"])
    #expect(session.sink.recorded.first?.ppid == 100)
  }

  @Test("A child that was killed at once is recorded with its signal")
  func killedAtOnce() {
    session.batch {
      $0.intent(20, "sleep 50", pid: 200, ms: 10)
      $0.wait(for: 200, ms: 10, status: 9)
    }
    #expect(session.lines == ["0<- sleep 50: 137 wait opaque static"])
  }

  @Test("An opaque program that nobody waits for ends when its pidfd says so")
  func pidfd() {
    session.probe.parents[200] = 100
    session.batch { $0.intent(20, "hello", pid: 200, ms: 10) }
    session.probe.end(200, WaitStatus(exitCode: 6))
    session.batch()
    #expect(session.lines == ["0<- hello: 6 pidfd opaque static"])
  }

  @Test("The children of an opaque program hang below it")
  func children() {
    session.batch {
      $0.intent(20, "wrapper", pid: 200, writer: 100, ms: 10, flags: 1)
      $0.start(3, "ls", parent: 1, intent: 20, pid: 201, ppid: 200, ms: 11)
      $0.wait(for: 200, ms: 12)
    }
    #expect(session.end() == ["0<- wrapper: 0 wait opaque static", "1<0 ls: running"])
  }

  @Test("A child of an opaque program that is over hangs below it too")
  func lateChild() {
    session.batch {
      $0.intent(20, "wrapper", pid: 200, writer: 100, ms: 10, flags: 1)
      $0.wait(for: 200, ms: 12)
    }
    session.batch { $0.start(3, "ls", parent: 1, intent: 20, pid: 201, ppid: 1, ms: 15) }
    #expect(session.end() == ["0<- wrapper: 0 wait opaque static", "1<0 ls: running"])
  }

  @Test("An opaque program that executes something is replaced by it")
  func opaqueExecutes() {
    session.batch {
      $0.intent(20, "wrapper", pid: 200, ms: 10)
      $0.start(3, "ls", parent: 1, intent: 20, pid: 200, ms: 11)
      $0.wait(for: 200, ms: 12)
    }
    #expect(session.lines == ["0<- wrapper: replaced opaque static", "1<0 ls: 0 wait"])
  }

  @Test("A process that becomes something opaque was replaced, and its status is the opaque one's")
  func becomesOpaque() {
    session.batch {
      $0.start(2, "sh", pid: 200, ms: 9)
      $0.intent(20, "hello", by: 2, pid: 200, ms: 10)
      $0.wait(for: 200, ms: 12, status: 5 << 8)
    }
    #expect(session.lines == ["0<- sh: replaced", "1<0 hello: 5 wait opaque static"])
  }

  @Test("A process that speaks on did not become what it announced")
  func didNotHappen() {
    session.batch {
      $0.start(2, "sh", pid: 200, ms: 9)
      $0.intent(20, "hello", by: 2, pid: 200, ms: 10)
      $0.exit(2, pid: 200, ms: 11, code: 5)
      $0.wait(for: 200, ms: 12, status: 5 << 8)
    }
    #expect(session.lines == ["0<- sh: 5 wait"])
  }

  @Test("The environment of something opaque is read while it lives")
  func environment() {
    session.probe.environments[200] = Array("A=1\0B=ü\0".utf8)
    session.batch { $0.intent(20, "hello", pid: 200, writer: 100, ms: 10, flags: 1) }
    session.batch { $0.wait(for: 200, ms: 12) }
    #expect(session.sink.recorded.first?.environment.slices.map(text) == ["A=1", "B=ü"])
  }

  @Test("An intent of somebody unknown is recorded at the end")
  func withoutPid() {
    session.batch {
      $0.intent(20, "hello", pid: 0, writer: 100, ms: 10, flags: 1)
      $0.intent(21, "hallo", pid: 0, writer: 100, ms: 11, flags: 1)
      $0.start(3, "hallo", intent: 21, pid: 300, ms: 12)
      $0.wait(for: 300, ms: 13)
    }
    #expect(session.end() == ["1<- hello: unknown opaque static", "0<- hallo: 0 wait"])
  }

  @Test(
    "A start confirms an intent by its path, its bare name, its descriptor, or its arguments",
    arguments: [
      (UInt32(1), "/bin/ls", "ls", true), (1, "/usr/bin/ls", "ls", true),
      (1, "/usr/bin/other", "other", false), (3, "ls", "x", true), (5, "/memfd:a", "x", true),
    ])
  func confirmation(flags: UInt32, path: String, argument: String, isConfirmed: Bool) {
    session.batch {
      $0.intent(20, argument, pid: 200, writer: 100, ms: 10, flags: flags, path: path)
      $0.start(3, "ls", intent: 20, pid: 200, ms: 11)
      $0.wait(for: 200, ms: 12)
    }
    #expect(session.lines.count == (isConfirmed ? 1 : 2))
  }
}

@Suite("Intents that come late") struct LateIntentTests {
  let session = SyntheticSession()

  @Test("A spawned child waits for the intent that says what its caller ran")
  func afterTheEnd() {
    session.batch {
      $0.start(3, "ls", intent: 20, pid: 200, ms: 11)
      $0.exit(3, pid: 200, ms: 12)
      $0.wait(for: 200, ms: 13)
    }
    #expect(session.lines.isEmpty)
    session.batch { $0.intent(20, "LS", pid: 200, writer: 100, ms: 10, flags: 1, path: "/bin/ls") }
    #expect(session.lines == ["0<- ls: 0 wait"])
    #expect(session.sink.recorded.first?.commandLine.argv0.map(text) == "LS")
  }

  @Test(
    "A child that has executed something by then is still what was announced",
    arguments: [false, true])
  func afterTheNextProgram(isOver: Bool) {
    session.batch {
      $0.start(
        3, parent: 1, intent: 20, pid: 200, ppid: 100, at: 11_000_000,
        executable: Array("/src/build.sh".utf8), ["sh", "./build.sh", "x"].map { Array($0.utf8) })
      $0.intent(21, "gcc", by: 3, pid: 200, ms: 12)
      $0.start(4, "gcc", parent: 3, intent: 21, pid: 200, ms: 13)
      if isOver { $0.wait(for: 200, ms: 14) }
    }
    session.batch {
      $0.intent(
        20, "./build.sh x", pid: 200, writer: 100, ms: 10, flags: 1, path: "/src/build.sh")
      if !isOver { $0.wait(for: 200, ms: 14) }
    }
    session.batch()
    #expect(session.lines == ["0<- build.sh x: replaced", "1<0 gcc: 0 wait"])
  }

  @Test(
    "An intent that does not come holds up no program that was replaced", arguments: [false, true])
  func neverAndReplaced(sessionEnds: Bool) {
    session.batch(at: 15) {
      $0.start(3, "sh", intent: 20, pid: 200, ms: 11)
      $0.intent(21, "gcc", by: 3, pid: 200, ms: 12)
      $0.start(4, "gcc", parent: 3, intent: 21, pid: 200, ms: 13)
      $0.wait(for: 200, ms: 14)
    }
    #expect(session.lines == ["1<0 gcc: 0 wait"])
    if !sessionEnds { session.batch(at: 1012) }
    #expect(
      (sessionEnds ? session.end() : session.lines) == ["0<- sh: replaced", "1<0 gcc: 0 wait"])
  }

  @Test("An intent that never comes is not waited for for ever")
  func never() {
    session.batch(at: 12) {
      $0.start(3, "ls", intent: 20, pid: 200, ms: 11)
      $0.wait(for: 200, ms: 12)
    }
    #expect(session.table.isExpecting)
    session.batch(at: 2000)
    #expect(session.lines == ["0<- ls: 0 wait"])
    #expect(!session.table.isExpecting)
  }

  @Test("A grandchild that came before the intent of the opaque program between moves below it")
  func grandchildFirst() {
    session.batch { $0.start(3, "ls", parent: 1, intent: 20, pid: 201, ppid: 200, ms: 11) }
    session.batch { $0.intent(20, "wrapper", pid: 200, writer: 100, ms: 10, flags: 1) }
    session.batch {
      $0.wait(for: 200, ms: 20)
    }
    #expect(session.end() == ["1<- wrapper: 0 wait opaque static", "0<1 ls: running"])
  }

  @Test("A status that came before the intent of its process is kept for it")
  func statusFirst() {
    session.batch { $0.wait(for: 200, ms: 13, status: 7 << 8) }
    session.batch { $0.intent(20, "hello", pid: 200, writer: 100, ms: 10, flags: 1) }
    #expect(session.lines == ["0<- hello: 7 wait opaque static"])
  }

  @Test("A status of an earlier process with the same pid is not kept for a later one")
  func olderStatus() {
    session.batch { $0.wait(for: 200, ms: 9, status: 7 << 8) }
    session.batch { $0.intent(20, "hello", pid: 200, writer: 100, ms: 10, flags: 1) }
    session.probe.gone = [200]
    #expect(session.end() == ["0<- hello: unknown opaque static"])
  }
}
