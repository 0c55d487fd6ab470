import Glibc
import SystemPackage
import Testing

@testable import CmdMox

@Suite("Processes as /proc and pidfds tell them") struct ProcessProbeTests {
  /// Starts a program that lives until the test reaps it or lets it go.
  private func start(_ arguments: String...) throws -> UInt32 {
    let argv = arguments.map { strdup($0) } + [nil]
    defer { for pointer in argv { free(pointer) } }
    var pid: Int32 = 0
    let error = posix_spawn(&pid, arguments[0], nil, nil, argv, environ)
    try #require(error == 0)
    return UInt32(pid)
  }

  private func waitUntilReadable(_ descriptor: Int32) {
    var polls = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    poll(&polls, 1, 60_000)
  }

  @Test(
    "A line of /proc/PID/stat is read whatever the program is called",
    arguments: ["cat", "a b", ")", ") S 1 (", ""])
  func parsing(name: String) {
    let numbers = (4...52).map(String.init).joined(separator: " ")
    let line = Array("12 (\(name)) Z \(numbers)\n".utf8)
    #expect(
      ProcessFiles.parse(line)
        == ProcessFiles.Stat(
          state: UInt8(ascii: "Z"), parent: 4, usedTicks: 14 + 15, startTicks: 22, exitStatus: 52))
  }

  @Test("A line that is cut off says nothing", arguments: [0, 1, 20, 60, 100])
  func cutOff(length: Int) {
    let numbers = (4...52).map(String.init).joined(separator: " ")
    #expect(ProcessFiles.parse(Array("12 (cat) Z \(numbers)".utf8.prefix(length))) == nil)
  }

  @Test("A process that was reaped by its parent has its exact status", arguments: [0, 3, 255])
  func status(code: Int32) throws {
    try #require(Kernel.canWatchProcesses)
    let probe = PidfdProbe()
    let pid = try start("/bin/sh", "-c", "exit \(code)")
    #expect(probe.watch(pid, serial: 7, seenNs: Kernel.monotonicNs) == .watching)
    waitUntilReadable(probe.descriptor)
    var status: Int32 = 0
    #expect(waitpid(Int32(pid), &status, 0) == Int32(pid))
    var reports: [(UInt64, WaitStatus?)] = []
    probe.poll { reports.append(($0, $1)) }
    #expect(reports.map(\.0) == [7])
    #expect(reports.first?.1 == (Kernel.tellsExitStatus ? WaitStatus(exitCode: code) : nil))
    probe.poll { _, _ in Issue.record("a process is reported once") }
    #expect(probe.watch(pid, serial: 8, seenNs: Kernel.monotonicNs) == .gone)
  }

  @Test("A zombie is not alive and has a status; a kernel that tells none reports it as it is")
  func zombie() throws {
    let probe = PidfdProbe(tellsStatus: false)
    let pid = try start("/bin/sh", "-c", "kill -9 $$")
    #expect(probe.watch(pid, serial: 7, seenNs: Kernel.monotonicNs) == .watching)
    waitUntilReadable(probe.descriptor)
    #expect(!probe.isAlive(pid))
    #expect(probe.statusOfZombie(pid)?.signal == SIGKILL)
    var reported: [UInt64] = []
    probe.poll { serial, status in
      reported.append(serial)
      #expect(status == nil)
    }
    #expect(reported == [7])
    waitpid(Int32(pid), nil, 0)
    #expect(probe.statusOfZombie(pid) == nil)
  }

  @Test("A process is not taken for one that had its pid before it was started")
  func reusedPid() throws {
    let pid = try start("/bin/sleep", "1000")
    defer {
      kill(Int32(pid), SIGKILL)
      waitpid(Int32(pid), nil, 0)
    }
    let probe = PidfdProbe()
    // A minute ago: long before it was there.
    let earlier = Kernel.monotonicNs - 60_000_000_000
    #expect(probe.watch(pid, serial: 1, seenNs: earlier) == .gone)
    #expect(probe.watch(pid, serial: 2, seenNs: Kernel.monotonicNs) == .watching)
    #expect(probe.isAlive(pid))
    #expect(probe.parent(of: pid) == UInt32(getpid()))
  }

  @Test("The environment is read of the program that was announced and no other")
  func environment() throws {
    let pid = try start("/usr/bin/env", "-i", "A=1", "/bin/sleep", "1000")
    defer {
      kill(Int32(pid), SIGKILL)
      waitpid(Int32(pid), nil, 0)
    }
    let probe = PidfdProbe()
    var environment: [UInt8]?
    while environment == nil, probe.isAlive(pid) {
      environment = probe.environment(of: pid, running: Array("/bin/sleep".utf8))
    }
    #expect(environment == Array("A=1\0".utf8))
    #expect(probe.environment(of: pid, running: Array("sleep".utf8)) != nil)
    #expect(probe.environment(of: pid, running: Array("/bin/cat".utf8)) == nil)
    #expect(probe.environment(of: pid, running: Array("/nowhere".utf8)) == nil)
  }
}
