import CmdMoxWire
import Testing
import WireSamples

@testable import CmdMox

@Suite("Execs that are seen in part, or elsewhere") struct SeenPartlyTests {
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
