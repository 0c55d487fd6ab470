import SystemPackage
import Testing

@testable import CmdMox

@Suite struct RecordingSessionTests {
  @Test func `a session writes what it recorded and returns it`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("fixture.json")
    let session = RecordingSession(fixturePath: path, environmentAllowlist: ["KEEP"])
    try session.start()
    try session.record(
      Invocation(
        command: "git", args: ["status"], env: ["GIT_DIR": "x", "KEEP": "1", "PATH": "/"]),
      Response(stdout: "clean\n"), durationMs: 12)
    let fixture = try session.finalize()
    #expect(fixture.recordings.count == 1)
    #expect(fixture.recordings.first?.envSubset == ["GIT_DIR": "x", "KEEP": "1"])
    #expect(try FixtureFile.load(path) == fixture)
  }

  @Test func `a journal makes a fixture in the order of start`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("fixture.json")
    let session = RecordingSession(
      fixturePath: path, journalDirectory: folder.path, metadata: .create())
    try session.start()
    for index in [2, 0, 1] {
      try session.record(
        Invocation(command: "c\(index)".utf8, args: ["a", "\(index)"].map(\.utf8)),
        Response(exitCode: index), durationMs: 1, timestamp: Timestamp(microseconds: index),
        process: ProcessFacts(pid: 100 + index),
        slot: RecordingSlot(index: index, startNs: UInt64(index), parent: index == 0 ? nil : 0))
    }
    let summary = try session.finish(metadata: .create())
    #expect(summary.recordings == 3)
    let fixture = try FixtureFile.load(path)
    #expect(fixture.recordings.map(\.command) == ["c0", "c1", "c2"])
    #expect(fixture.recordings.map { $0.process?.parent } == [nil, 0, 0])
  }
}
