import Testing
import WireSamples

@testable import CmdMox

@Suite("From events to invocations") struct InvocationTableTests {
  let session = SyntheticSession()

  @Test("A command that was announced, confirmed, left and waited for is one invocation")
  func ordinary() {
    session.batch {
      $0.intent(20, "ls -l", pid: 200, ms: 10)
      $0.start(2, "ls -l", intent: 20, pid: 200, ms: 11)
      $0.exit(2, pid: 200, ms: 15, code: 3)
      $0.wait(for: 200, ms: 16, status: 3 << 8)
    }
    #expect(session.lines == ["0<- ls -l: 3 wait"])
    #expect(session.sink.recorded.first?.endNs == 15_000_000)
    #expect(session.table.liveCount == 0)
    #expect(session.end().count == 1)
  }

  @Test("Nothing of a finished invocation stays")
  func leavesNothing() {
    session.batch {
      $0.intent(20, "sh -c x", pid: 200, ms: 10)
      $0.start(2, "sh -c x", intent: 20, pid: 200, ms: 11)
      $0.failed("no", path: "/bin/no", by: 2, pid: 201, ms: 12)
      $0.wait(for: 201, by: 2, pid: 200, ms: 13)
      $0.exit(2, pid: 200, ms: 15)
      $0.wait(for: 200, ms: 16)
    }
    let table = session.table
    #expect(table.images.count == 1)
    #expect(table.processes.count == 1)
    #expect(table.shells.isEmpty && table.announced.isEmpty && table.watched.isEmpty)
    #expect(table.touched.isEmpty && table.dying.isEmpty)
  }

  @Test("The status that a parent reaped stands against what the process said before it died")
  func waitOverridesExit() {
    session.batch {
      $0.start(2, "printf x", pid: 200, ms: 11)
      $0.exit(2, pid: 200, ms: 15)
    }
    session.batch { $0.wait(for: 200, ms: 16, status: 13) }
    #expect(session.lines == ["0<- printf x: 141 wait"])
  }

  @Test("The status from a pidfd is known once everything that was said before has been read")
  func pidfdOverridesAll() {
    session.batch { $0.start(2, "sleep 1", pid: 200, ms: 11) }
    session.probe.end(200, WaitStatus(rawValue: 9))
    session.batch { $0.exit(2, pid: 200, ms: 15) }
    #expect(session.lines == ["0<- sleep 1: 137 pidfd"])
  }

  @Test("A process that nobody can tell more of ends as its exit handler said, after a while")
  func exitAlone() {
    session.probe.gone = [200]
    session.batch(at: 20) {
      $0.start(2, "true", pid: 200, ms: 11)
      $0.exit(2, pid: 200, ms: 15, code: 1)
    }
    session.batch(at: 40)
    #expect(session.lines.isEmpty)
    session.batch(at: 80)
    #expect(session.lines == ["0<- true: 1 exit"])
  }

  @Test("A process that began and ended while the recorder was at work is one invocation")
  func beganMeanwhile() {
    session.probe.gone = [200]
    session.probe.nowNs = 30_000_000
    session.batch(at: 20) { $0.intent(20, "ls", pid: 200, ms: 19, flags: 1) }
    session.batch(at: 35) {
      $0.start(2, "ls", intent: 20, pid: 200, ms: 22)
      $0.wait(for: 200, ms: 24, status: 3 << 8)
    }
    #expect(session.end() == ["0<- ls: 3 wait"])
  }

  @Test("A process that left no word has no status")
  func unknown() {
    session.probe.gone = [200]
    session.batch(at: 20) { $0.start(2, "true", pid: 200, ms: 11) }
    session.batch(at: 40)
    session.batch(at: 80)
    #expect(session.lines == ["0<- true: unknown"])
  }

  @Test("A zombie that nobody waits for has a status at the end")
  func zombie() {
    session.batch {
      $0.start(2, "true", pid: 200, ms: 11)
      $0.exit(2, pid: 200, ms: 12)
    }
    session.probe.zombies[200] = WaitStatus(rawValue: 13)
    #expect(session.end() == ["0<- true: 141 pidfd"])
  }

  @Test("A stopped or continued child has not ended", arguments: [0x137f, 0xffff] as [UInt32])
  func changes(_ status: UInt32) {
    session.batch {
      $0.start(2, "sleep 1", pid: 200, ms: 11)
      $0.wait(for: 200, ms: 12, status: status)
    }
    #expect(session.end() == ["0<- sleep 1: running"])
  }

  @Test("An image that executes another one is replaced, and the status is the last one's")
  func replaced() {
    session.batch {
      $0.start(2, "env ls", pid: 200, ms: 11)
      $0.intent(21, "ls", by: 2, pid: 200, ms: 12)
      $0.start(3, "ls", parent: 2, intent: 21, pid: 200, ms: 13)
      $0.exit(3, pid: 200, ms: 14)
      $0.wait(for: 200, ms: 15)
    }
    #expect(session.lines == ["0<- env ls: replaced", "1<0 ls: 0 wait"])
    #expect(session.sink.recorded.first?.endNs == 13_000_000)
  }

  @Test("A pid that comes back is another process")
  func reusedPid() {
    session.batch {
      $0.start(2, "first", pid: 200, ms: 11)
      $0.start(3, "second", pid: 200, ms: 20)
    }
    #expect(session.end() == ["0<- first: unknown", "1<- second: running"])
  }

  @Test("The child of a dead parent still hangs below it")
  func orphan() {
    session.batch {
      $0.start(2, "sh", pid: 200, ms: 11)
      $0.wait(for: 200, ms: 12)
    }
    session.batch { $0.start(3, "late", parent: 2, pid: 300, ppid: 1, ms: 20) }
    #expect(session.end() == ["0<- sh: 0 wait", "1<0 late: running"])
  }

  @Test("Commands that are not recorded stand aside: their children hang on what is recorded")
  func commandFilter() {
    session.sink.refusedCommands = ["sh"]
    session.batch {
      $0.start(2, "make", pid: 200, ms: 11)
      $0.start(3, "sh -c gcc", parent: 2, pid: 201, ppid: 200, ms: 12)
      $0.start(4, "gcc", parent: 3, pid: 202, ppid: 201, ms: 13)
      $0.wait(for: 202, by: 3, pid: 201, ms: 14)
      $0.wait(for: 201, by: 2, pid: 200, ms: 15)
      $0.wait(for: 200, ms: 16)
    }
    #expect(session.lines == ["0<- make: 0 wait", "1<0 gcc: 0 wait"])
  }

  @Test("The root is no recording; what it executes later is")
  func root() {
    session.batch {
      $0.intent(20, "ls", pid: 100, ms: 10)
      $0.start(2, "ls", intent: 20, pid: 100, ppid: 1, ms: 11)
      $0.exit(2, pid: 100, ms: 15)
    }
    #expect(session.table.rootSaidExit?.status.exitCode == 0)
    session.table.rootEnded(WaitStatus(rawValue: 0), .pidfd, at: 17_000_000)
    #expect(session.end() == ["0<- ls: 0 pidfd"])
  }

  @Test("An exit of an earlier image of the root does not end the session")
  func rootGoesOn() {
    session.batch {
      $0.exit(1, pid: 100, ms: 9)
      $0.start(2, "ls", pid: 100, ppid: 1, ms: 11)
    }
    #expect(session.table.rootSaidExit == nil)
  }

  @Test("Confinement is kept unless the attempt failed", arguments: [true, false])
  func confined(undone: Bool) {
    session.batch {
      $0.start(2, "sandbox", pid: 200, ms: 11)
      $0.confined(2, pid: 200, at: 12_000_000, reason: 1)
      if undone { $0.confined(2, pid: 200, at: 13_000_000, reason: 1, undone: true) }
      $0.wait(for: 200, ms: 14)
    }
    #expect(session.sink.recorded.first?.confinement == (undone ? nil : .seccomp))
  }

  @Test("Without a descriptor left the end of a process is found by looking again")
  func noDescriptors() {
    session.probe.isOutOfDescriptors = true
    session.batch(at: 20) { $0.start(2, "true", pid: 200, ms: 11) }
    session.probe.isOutOfDescriptors = false
    session.probe.gone = [200]
    for ms in [300, 600, 700, 800] as [UInt64] { session.batch(at: ms) }
    #expect(session.lines == ["0<- true: unknown"])
  }
}

@Suite("Scripts") struct ScriptTests {
  let session = SyntheticSession()
  static let seen = ["bash", "-eu", "./deploy.sh", "--fast"].map { Array($0.utf8) }

  @Test("A script is what the caller ran, its interpreter is beside it", arguments: [true, false])
  func script(announced: Bool) {
    session.batch {
      if announced {
        $0.intent(20, "deploy --fast", pid: 200, ms: 10, path: "./deploy.sh")
      }
      $0.start(
        2, parent: 1, intent: announced ? 20 : 0, pid: 200, at: 11_000_000, script: 2,
        executable: Array("/deploy.sh".utf8), Self.seen)
      $0.wait(for: 200, ms: 12)
    }
    #expect(session.lines == ["0<- deploy.sh --fast: 0 wait"])
    let line = session.sink.recorded.first?.commandLine
    #expect(line?.interpreter.map(text) == "bash")
    #expect(line?.argv0.map(text) == (announced ? "deploy" : "./deploy.sh"))
  }

  @Test(
    "The command is the base name of what was invoked",
    arguments: [
      ("/usr/bin/gcc", "cc", "gcc"), ("/bin/busybox", "ls", "ls"), ("/bin/busybox", "", "busybox"),
      ("/proc/self/exe", "/opt/tool", "tool"), ("/bin/bash", "-bash", "bash"), ("ls", "ls", "ls"),
      ("/bin/ümlaut", "x", "ümlaut"), ("/", "x", "/"),
    ])
  func names(executable: String, argv0: String, expected: String) {
    var arguments = PackedStrings()
    arguments.append(argv0.utf8)
    let line = CommandLine(
      executable: Array(executable.utf8), arguments: arguments, interpreter: nil)
    #expect(text(line.command) == expected)
  }
}
