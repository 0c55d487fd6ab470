import Testing

@testable import CmdMox

/// What nobody can have said, as fuzzing said it: no invocation is lost, none comes twice.
@Suite("Events that contradict each other") struct ContradictionTests {
  let session = SyntheticSession()

  /// Everything was handed over and nothing stayed.
  private func expectNothingLeft() {
    let table = session.table
    #expect(table.images.isEmpty && table.processes.isEmpty && table.liveCount == 0)
    #expect(session.sink.recorded.map(\.slot).sorted() == Array(0..<table.nextSlot))
  }

  @Test("An intent does not take the id of an image that lives")
  func intentNamedAsImage() {
    session.batch {
      $0.start(2, "a", pid: 200, ms: 10)
      $0.intent(2, "b", pid: 201, ms: 11)
      $0.start(3, "c", parent: 1, intent: 2, pid: 202, ms: 12)
    }
    _ = session.end()
    expectNothingLeft()
  }

  @Test("An image does not take the id of an intent that waits for it")
  func imageNamedAsIntent() {
    session.batch {
      $0.intent(2, "b", pid: 201, ms: 11)
      $0.start(2, "a", pid: 200, ms: 12)
    }
    #expect(session.end() == ["0<- b: unknown opaque static"])
    expectNothingLeft()
  }

  @Test("The same intent of two processes is the first one's")
  func intentTwice() {
    session.batch {
      $0.intent(20, "a", pid: 200, ms: 10)
      $0.intent(20, "b", pid: 201, ms: 11)
    }
    #expect(session.end() == ["0<- a: unknown opaque static"])
    expectNothingLeft()
  }

  @Test("An intent that its own process announces, once it runs, is nobody's parent")
  func announcesItself() {
    session.batch {
      $0.start(2, "a", intent: 20, pid: 200, ms: 10)
      $0.intent(20, "b", by: 2, pid: 201, ms: 11)
    }
    #expect(session.end() == ["0<- a: running"])
    expectNothingLeft()
  }

  @Test("What nobody knew the pid of is recorded, where its children have spoken for it, too")
  func nameless() {
    session.batch {
      $0.intent(20, "a", pid: 0, ms: 10)
      $0.intent(21, "b", pid: 0, ms: 11)
      $0.start(3, "c", intent: 20, pid: 202, ms: 12)
    }
    #expect(session.end().count == 3)
    expectNothingLeft()
  }

  @Test("What the root's process ran before the root spoke is over then")
  func beforeTheRoot() {
    let sink = CollectingSink()
    let table = InvocationTable(
      root: RootIdentity(pid: 100, intent: 77), originNs: 0, realtimeNs: 0, sink: sink,
      probe: ScriptedProbe())
    for (image, parent, intent) in [(3, 5, 0), (7, 0, 77)] as [(UInt64, UInt64, UInt64)] {
      table.handle(
        .start(
          StartEvent(
            speaker: Speaker(image: image, stamp: image, pid: 100), parent: parent, intent: intent,
            realtime: 0, ppid: 99, goesOn: false, script: 0,
            executable: UnsafeRawBufferPointer(start: nil, count: 0),
            cwd: UnsafeRawBufferPointer(start: nil, count: 0), arguments: WireStrings(),
            environment: WireStrings())))
    }
    table.endSession(nowNs: 10)
    #expect(sink.recorded.map(\.ending) == [.replaced])
    #expect(table.images.isEmpty)
  }
}
