import Glibc
import SystemPackage
import Testing
import WireSamples

@testable import CmdMox

@Suite("Pid namespaces") struct NamespaceTests {
  let session = SyntheticSession()

  @Test("Pids of another namespace are nobody's here, and nothing is asked about them")
  func foreign() {
    session.batch {
      $0.start(2, "unshare sh", pid: 200, ms: 10)
      $0.intent(20, "sh", by: 2, pid: 1, ms: 11)
      $0.start(3, "sh", parent: 2, intent: 20, pid: 1, ppid: 0, ms: 12)
      $0.start(4, "ls", parent: 3, pid: 2, ppid: 1, ms: 13)
    }
    #expect(session.probe.asked == [200])
    session.batch {
      $0.exit(4, pid: 2, ms: 14, code: 3)
      $0.wait(for: 2, by: 3, pid: 1, ms: 15, status: 3 << 8)
      $0.exit(3, pid: 1, ms: 16)
      $0.wait(for: 200, ms: 18)
    }
    #expect(
      session.end() == ["0<- unshare sh: 0 wait", "1<0 sh: 0 exit", "2<1 ls: 3 wait"])
  }

  @Test("The same pid in two namespaces is two processes")
  func samePid() {
    session.batch {
      $0.start(2, "a", pid: 1, ppid: 0, ms: 10)
      $0.start(3, "b", pid: 1, ppid: 0, ms: 11)
      $0.start(4, "c", parent: 2, pid: 7, ppid: 1, ms: 12)
      $0.start(5, "d", parent: 3, pid: 7, ppid: 1, ms: 13)
      $0.wait(for: 7, by: 2, pid: 1, ms: 14, status: 1 << 8)
      $0.wait(for: 7, by: 3, pid: 1, ms: 15, status: 2 << 8)
    }
    #expect(session.lines == ["2<0 c: 1 wait", "3<1 d: 2 wait"])
  }

  @Test("Without a parent to wait in the same namespace the exit handler's word is taken")
  func exitAlone() {
    session.batch(at: 20) {
      $0.start(2, "a", pid: 1, ppid: 0, ms: 10)
      $0.exit(2, pid: 1, ms: 12, code: 4)
    }
    for ms in [100, 600, 700] as [UInt64] { session.batch(at: ms) }
    #expect(session.lines == ["0<- a: 4 exit"])
  }

  @Test("A process whose pid may be of another namespace is not watched until it has spoken")
  func uncertain() {
    session.batch { $0.intent(20, "sh", pid: 1, ms: 10) }
    #expect(session.probe.asked.isEmpty)
    session.probe.parents[200] = 100
    session.batch { $0.intent(21, "sh", pid: 200, ms: 11) }
    #expect(session.probe.asked == [200])
  }

  @Test("A process that could not be told from a foreign one while it executed lives on")
  func foundByItsWord() {
    session.batch(at: 20) { $0.intent(20, "gcc", pid: 200, ms: 10) }
    session.batch(at: 30) { $0.start(2, "gcc", intent: 20, pid: 200, ppid: 150, ms: 25) }
    #expect(session.probe.asked == [200])
    session.batch(at: 500)
    session.batch(at: 600) {
      $0.exit(2, pid: 200, ms: 590)
      $0.wait(for: 200, pid: 150, ms: 595, status: 3 << 8)
    }
    #expect(session.lines == ["0<- gcc: 3 wait"])
  }

  @Test("A process that was found late, still without a word, is waited for")
  func foundLate() {
    session.batch(at: 20) { $0.intent(20, "static", pid: 200, ms: 10) }
    session.probe.family.insert(200)
    session.batch(at: 3000)
    #expect(session.probe.asked == [200])
    session.batch(at: 6000)
    #expect(session.lines.isEmpty)
    session.probe.end(200, WaitStatus(exitCode: 4))
    for ms in [6100, 6200] as [UInt64] { session.batch(at: ms) }
    #expect(session.lines == ["0<- static: 4 pidfd opaque static"])
  }
}

@Suite("Images that are over") struct AncestorsTests {
  private func withFile(_ body: (FileDescriptor) throws -> Void) throws {
    let path = FilePath("/tmp/cmdmox-ancestors-\(UInt64.random(in: .min ... .max))")
    let file = try FileDescriptor.open(
      path, .readWrite, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
    defer { try? file.close() }
    _ = path.withPlatformString { unlink($0) }
    try body(file)
  }

  @Test("Every image is found again, in memory or in the file", arguments: [1, 16, 1000, 5000])
  func found(count: UInt64) throws {
    try withFile { file in
      let ancestors = Ancestors(limit: 16, spill: file)
      for id in 1...count {
        ancestors.insert(
          id,
          Ancestor(
            slotForChildren: id % 3 == 0 ? nil : Int(id), namespace: id % 2, pid: UInt32(id)))
      }
      for id in stride(from: 1, through: count, by: 97) {
        #expect(
          ancestors.find(id)
            == Ancestor(
              slotForChildren: id % 3 == 0 ? nil : Int(id), namespace: id % 2, pid: UInt32(id)))
      }
      #expect(ancestors.find(count + 1) == nil)
      #expect(ancestors.heldCount <= 16)
    }
  }

  @Test("What is asked for often stays in memory")
  func refreshed() {
    let ancestors = Ancestors(limit: 8)
    for id in 1...100 as ClosedRange<UInt64> {
      ancestors.insert(id, Ancestor(slotForChildren: Int(id), namespace: 0, pid: 1))
      #expect(ancestors.find(1)?.slotForChildren == 1)
    }
    #expect(ancestors.find(50) == nil)
  }

  @Test("Without a file what leaves memory is forgotten, and that is no error")
  func withoutFile() {
    let ancestors = Ancestors(limit: 4)
    for id in 1...10 as ClosedRange<UInt64> {
      ancestors.insert(id, Ancestor(slotForChildren: 0, namespace: 0, pid: 1))
    }
    #expect(ancestors.find(1) == nil)
    #expect(ancestors.find(10) != nil)
  }
}
