internal import Glibc
package import SystemPackage

/// Records from stored events instead of a live session: no pipe, no processes, the same way from
/// an event to the fixture. For measuring the recorder alone.
package final class StoredStream {
  private let session: RecordingSession
  private let sink: JournalSink
  private let table: InvocationTable
  private let reader = EventReader()

  /// - Parameters:
  ///   - directory: where the journal is made.
  ///   - root: the root that the events belong to.
  package init(directory: FilePath, fixture: FilePath, root: RootFacts) throws {
    let settings = SessionSettings(fixture: fixture)
    session = RecordingSession(
      fixturePath: fixture, journalDirectory: directory, metadata: .create(),
      scrubber: settings.scrubber)
    try session.start()
    sink = JournalSink(session: session, settings: settings, originNs: root.startNs)
    let spill = try FileDescriptor.open(
      directory.appending("ancestors"), .readWrite,
      options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
    table = InvocationTable(
      root: RootIdentity(pid: root.pid, intent: root.intent), originNs: root.startNs,
      realtimeNs: Kernel.realtimeNs, sink: sink, probe: NoProbe(),
      ancestors: Ancestors(spill: spill))
  }

  /// Takes every event of a file, from where its descriptor stands to its end.
  ///
  /// - Returns: how many events there were.
  package func take(_ stream: FileDescriptor) throws -> Int {
    let before = reader.events
    while true {
      let filled = try reader.fill(from: stream)
      reader.takeBatch { table.handle($0) }
      table.endBatch(nowNs: 0, isDrained: filled.isDrained)
      try session.flush()
      if filled.isDrained { return reader.events - before }
    }
  }

  /// Ends the session and writes the fixture.
  ///
  /// - Returns: how many recordings it has.
  package func finish() throws -> Int {
    table.endSession(nowNs: 0)
    return try session.finish(metadata: .create()).recordings
  }
}

/// Knows of no process: stored events belong to none.
private final class NoProbe: ProcessProbe {
  var nowNs: UInt64 { 0 }
  func watch(_ pid: UInt32, serial: UInt64, seenNs: UInt64) -> Watched { .watching }
  func watch(exec: UInt64, serial: UInt64) -> Watched { .gone }
  func forget(exec: UInt64) {}
  func commandLine(of pid: UInt32) -> CommandLine? { nil }
  func unwatch(serial: UInt64) {}
  func poll(_ report: (UInt64, WaitStatus?) -> Void) {}
  func isAlive(_ pid: UInt32) -> Bool { false }
  func statusOfZombie(_ pid: UInt32) -> WaitStatus? { nil }
  func parent(of pid: UInt32) -> UInt32? { nil }
  func belongs(_ pid: UInt32) -> Bool { false }
  var members: [UInt32] { [] }
  func environment(of pid: UInt32, running path: [UInt8]) -> [UInt8]? { nil }
}
