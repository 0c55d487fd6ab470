import Testing
import WireSamples

@testable import CmdMox

@Suite("system, popen and pclose") struct CallTests {
  let session = SyntheticSession()

  private func shell(
    _ encoder: inout MessageEncoder, _ image: UInt64, _ command: String, pid: UInt32, ms: UInt64,
    endOfOptions: Bool = true
  ) {
    let words = ["sh", "-c"] + (endOfOptions ? ["--"] : []) + [command]
    encoder.start(
      image, parent: 1, pid: pid, ppid: 100, at: ms * 1_000_000, executable: Array("/bin/sh".utf8),
      words.map { Array($0.utf8) })
  }

  private func call(
    _ encoder: inout MessageEncoder, _ number: UInt64, _ command: String?, begin: UInt64,
    ms: UInt64, status: UInt32?
  ) {
    encoder.call(
      number, by: 1, pid: 100, at: ms * 1_000_000, begin: begin * 1_000_000, status: status,
      command: command.map { Array($0.utf8) })
  }

  private var codes: [Int] {
    session.sink.recorded.sorted { $0.slot < $1.slot }.map(\.ending.exitCode)
  }

  @Test("The status of system() is its shell's", arguments: [true, false])
  func system(endOfOptions: Bool) {
    session.probe.gone = [200]
    session.batch {
      shell(&$0, 2, "exit 4", pid: 200, ms: 11, endOfOptions: endOfOptions)
      call(&$0, 1, "exit 4", begin: 10, ms: 12, status: 4 << 8)
    }
    #expect(
      session.end() == [
        "0<- sh -c \(endOfOptions ? "-- " : "")exit 4: 4 wait"
      ])
  }

  @Test("A shell that executes its command in place passes its status on")
  func inPlace() {
    session.probe.gone = [200]
    session.batch {
      shell(&$0, 2, "ls", pid: 200, ms: 11)
      $0.start(3, "ls", parent: 2, pid: 200, ms: 12)
      call(&$0, 1, "ls", begin: 10, ms: 13, status: 2 << 8)
    }
    #expect(session.end() == ["0<- sh -c -- ls: replaced", "1<0 ls: 2 wait"])
  }

  @Test("Of two calls at once each status goes to the shell that said it")
  func twins() {
    session.probe.gone = [200, 201]
    session.batch {
      shell(&$0, 2, "x", pid: 200, ms: 11)
      shell(&$0, 3, "x", pid: 201, ms: 11)
      $0.exit(2, pid: 200, ms: 12, code: 1)
      $0.exit(3, pid: 201, ms: 12, code: 2)
      call(&$0, 1, "x", begin: 10, ms: 13, status: 2 << 8)
      call(&$0, 2, "x", begin: 10, ms: 13, status: 1 << 8)
    }
    _ = session.end()
    #expect(codes == [1, 2])
  }

  @Test("A guess does not stand against a status that is certain")
  func finalStands() {
    session.batch {
      shell(&$0, 2, "x", pid: 200, ms: 11)
      $0.wait(for: 200, ms: 12, status: 1 << 8)
      call(&$0, 1, "x", begin: 10, ms: 13, status: 2 << 8)
    }
    #expect(codes == [1])
  }

  @Test("A shell that still lives is not what a call that is over ran")
  func livesOn() {
    session.batch {
      shell(&$0, 2, "x", pid: 200, ms: 11)
      call(&$0, 1, "x", begin: 10, ms: 13, status: 2 << 8)
    }
    #expect(session.end() == ["0<- sh -c -- x: running"])
  }

  @Test("A shell from before the call is not its shell")
  func tooEarly() {
    session.probe.gone = [200]
    session.batch {
      shell(&$0, 2, "x", pid: 200, ms: 9)
      call(&$0, 1, "x", begin: 10, ms: 13, status: 2 << 8)
    }
    #expect(codes.isEmpty)
    #expect(session.end() == ["0<- sh -c -- x: unknown"])
  }

  @Test("pclose() tells the status of its own popen()", arguments: [true, false])
  func popen(childFirst: Bool) {
    session.probe.gone = [200, 201]
    session.batch {
      if childFirst { shell(&$0, 2, "x", pid: 200, ms: 11) }
      call(&$0, 5, "x", begin: 10, ms: 12, status: nil)
      if !childFirst { shell(&$0, 2, "x", pid: 200, ms: 13) }
      call(&$0, 6, "x", begin: 14, ms: 15, status: nil)
      shell(&$0, 3, "x", pid: 201, ms: 16)
      call(&$0, 6, nil, begin: 14, ms: 17, status: 6 << 8)
      call(&$0, 5, nil, begin: 10, ms: 18, status: 5 << 8)
    }
    _ = session.end()
    #expect(codes == [5, 6])
    #expect(session.table.openCalls.isEmpty && session.table.shells.isEmpty)
  }
}
