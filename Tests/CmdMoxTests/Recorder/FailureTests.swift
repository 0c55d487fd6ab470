import Glibc
import Testing
import WireSamples

@testable import CmdMox

@Suite("Commands that could not be executed") struct FailureTests {
  let session = SyntheticSession()

  @Test("A search through PATH is one failed command", arguments: [1, 2, 8])
  func search(places: Int) {
    session.batch {
      for place in 0..<places {
        $0.failed("no -v", path: "/p\(place)/no", pid: 200, ms: 10 + UInt64(place))
      }
      $0.wait(for: 200, ms: 30, status: 127 << 8)
    }
    #expect(session.lines == ["0<- no -v: failed 2"])
  }

  @Test("A search that comes to something is no failure")
  func found() {
    session.batch {
      $0.failed("ls -l", path: "/usr/local/bin/ls", pid: 200, ms: 10)
      $0.failed("ls -l", path: "/usr/bin/ls", pid: 200, ms: 11)
      $0.intent(20, "ls -l", pid: 200, ms: 12)
      $0.start(3, "ls -l", intent: 20, pid: 200, ms: 13)
      $0.wait(for: 200, ms: 14)
    }
    #expect(session.lines == ["0<- ls -l: 0 wait"])
  }

  @Test("A search that comes to a start of which no intent was heard is no failure")
  func foundWithoutIntent() {
    session.batch {
      $0.failed("ls -l", path: "/usr/local/bin/ls", pid: 200, ms: 10)
      $0.start(3, "ls -l", pid: 200, ms: 13)
      $0.wait(for: 200, ms: 14)
    }
    #expect(session.lines == ["0<- ls -l: 0 wait"])
  }

  @Test("A folder that PATH names twice does not make two failures", arguments: [true, false])
  func twice(found: Bool) {
    session.batch {
      $0.failed("no", path: "/bin/no", pid: 200, ms: 10)
      $0.failed("no", path: "/bin/no", pid: 200, ms: 11)
      $0.failed("no", path: "/sbin/no", pid: 200, ms: 11)
      if found { $0.start(3, "no", pid: 200, ms: 12) }
      $0.wait(for: 200, ms: 13)
    }
    #expect(session.end() == [found ? "0<- no: 0 wait" : "0<- no: failed 2"])
  }

  @Test("A search that a pidfd overtakes is the same one still")
  func overtaken() {
    session.probe.parents[200] = 100
    session.batch { $0.failed("ls", path: "/sbin/ls", pid: 200, ms: 10) }
    session.probe.end(200, WaitStatus(rawValue: 9))
    session.batch(at: 20) {
      $0.intent(20, "ls", pid: 200, ms: 12)
      $0.start(3, "ls", intent: 20, pid: 200, ms: 13)
    }
    #expect(session.lines == ["0<- ls: 137 pidfd"])
  }

  @Test("Other arguments are another command")
  func otherArguments() {
    session.batch {
      $0.failed("no a", path: "/p1/no", pid: 200, ms: 10)
      $0.failed("no b", path: "/p2/no", pid: 200, ms: 11)
      $0.wait(for: 200, ms: 12)
    }
    #expect(session.lines == ["0<- no a: failed 2", "1<- no b: failed 2"])
  }

  @Test("What was there and refused is the reason, not what was absent")
  func reason() {
    session.batch {
      $0.failed("no", path: "/p1/no", pid: 200, ms: 10, error: ENOENT)
      $0.failed("no", path: "/p2/no", pid: 200, ms: 11, error: EACCES)
      $0.failed("no", path: "/p3/no", pid: 200, ms: 12, error: ENOENT)
      $0.wait(for: 200, ms: 13)
    }
    #expect(session.lines == ["0<- no: failed \(EACCES)"])
  }

  @Test("A spawn that failed is recorded at once, as often as it was tried")
  func spawn() {
    session.batch {
      $0.failed("no", path: "/bin/no", pid: 100, ms: 10, flags: 1)
      $0.failed("no", path: "/bin/no", pid: 100, ms: 11, flags: 1)
    }
    #expect(session.lines == ["0<- no: failed 2", "1<- no: failed 2"])
  }

  @Test("An announced exec that failed is failed and not opaque")
  func announced() {
    session.batch {
      $0.intent(20, "text", pid: 200, ms: 10)
      $0.failed("text", path: "/bin/text", intent: 20, pid: 200, ms: 11, error: ENOEXEC)
      $0.wait(for: 200, ms: 12, status: 126 << 8)
    }
    #expect(session.lines == ["0<- text: failed \(ENOEXEC)"])
    #expect(session.table.announced.isEmpty)
  }

  @Test(
    "A failure has the status that a shell gives it",
    arguments: [(ENOENT, 127), (ENOTDIR, 127), (EACCES, 126), (ENOEXEC, 126), (E2BIG, 126)])
  func status(error: Int32, expected: Int) {
    #expect(Ending.failed(error).exitCode == expected)
  }

  @Test(
    "An errno has its symbol", arguments: [(ENOENT, "ENOENT"), (E2BIG, "E2BIG"), (9999, "9999")])
  func symbols(error: Int32, expected: String) {
    #expect(errnoName(error) == expected)
  }
}
