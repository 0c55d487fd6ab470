import Glibc
import SystemPackage
import Testing

@testable import CmdMox

@Suite struct RecordingSessionTests {
  static func session(
    _ folder: TemporaryFolder, allowlist: [String] = [], commands: [String]? = nil
  ) -> RecordingSession {
    RecordingSession(
      fixturePath: folder.path.appending("f.json"), environmentAllowlist: allowlist,
      commandFilter: commands)
  }

  // The three scenarios of cmd-mox.

  @Test func `a session writes what was recorded as a versioned fixture`() throws {
    let folder = try TemporaryFolder()
    let session = Self.session(folder)
    try session.start()
    try session.record(
      Invocation(command: "git", args: ["status"], stdin: "in"),
      Response(stdout: "clean\n", stderr: "note\n", exitCode: 3), durationMs: 12)
    try session.record(Invocation(command: "ls"), Response())
    let fixture = try session.finalize()
    #expect(fixture.version == .current)
    #expect(fixture.recordings.map(\.sequence) == [0, 1])
    #expect(fixture.recordings.map(\.command) == ["git", "ls"])
    #expect(fixture.recordings[0].args == ["status"])
    #expect(fixture.recordings[0].stdin == "in")
    #expect(fixture.recordings[0].stdout == "clean\n")
    #expect(fixture.recordings[0].stderr == "note\n")
    #expect(fixture.recordings[0].exitCode == 3)
    #expect(fixture.recordings.map(\.durationMs) == [12, 0])
    #expect(fixture.metadata.platform == "linux")
    #expect(fixture.scrubbingRules.isEmpty)
  }

  @Test func `a fixture that a session wrote loads as the same fixture`() throws {
    let folder = try TemporaryFolder()
    let session = Self.session(folder)
    try session.start()
    for text in RandomFixture.pieces {
      try session.record(
        Invocation(command: "c", args: [text], stdin: text, env: ["K": text]),
        Response(stdout: text, stderr: text))
    }
    let fixture = try session.finalize()
    #expect(fixture.recordings.count == RandomFixture.pieces.count)
    #expect(try FixtureFile.load(folder.path.appending("f.json")) == fixture)
    #expect(try FixtureFile(dictionary: fixture.toDictionary()) == fixture)
  }

  @Test func `a session keeps a subset of the environment`() throws {
    let folder = try TemporaryFolder()
    let session = Self.session(folder, allowlist: ["KEEP", "HOME"])
    try session.start()
    try session.record(
      Invocation(
        command: "git",
        env: [
          "GIT_DIR": "d", "KEEP": "1", "PATH": "/", "HOME": "/root", "GIT_TOKEN": "x", "LANG": "C",
          "CMDMOX_SESSION": "s",
        ]),
      Response())
    let kept = try session.finalize().recordings.first?.envSubset
    #expect(kept == ["GIT_DIR": "d", "KEEP": "1", "HOME": "/root"])
  }

  // The life of a session.

  @Test func `calls out of order are errors`() throws {
    let folder = try TemporaryFolder()
    let session = Self.session(folder)
    let nothing = Invocation(command: "true")
    #expect(throws: LifecycleError.notStarted) { try session.record(nothing, Response()) }
    #expect(throws: LifecycleError.notStarted) { try session.finalize() }
    try session.start()
    #expect(throws: LifecycleError.alreadyStarted) { try session.start() }
    _ = try session.finalize()
    #expect(throws: LifecycleError.alreadyFinalized) { try session.start() }
    #expect(throws: LifecycleError.alreadyFinalized) { try session.record(nothing, Response()) }
  }

  @Test(arguments: [-1, .min])
  func `a negative duration is an error, and nothing is stored`(duration: Int) throws {
    let folder = try TemporaryFolder()
    let session = Self.session(folder)
    try session.start()
    #expect(throws: LifecycleError.negativeDuration(duration)) {
      try session.record(Invocation(command: "true"), Response(), durationMs: duration)
    }
    try session.record(Invocation(command: "long"), Response(), durationMs: .max)
    #expect(try session.finalize().recordings.map(\.durationMs) == [.max])
  }

  @Test(arguments: [
    (LifecycleError.notStarted, "the recording session has not been started; call start() first"),
    (.alreadyStarted, "the recording session has been started already; start() is called once"),
    (
      .alreadyFinalized,
      "the recording session has been finalized; another recording needs a new session"
    ),
    (.negativeDuration(-5), "a duration must be 0 ms or more, found -5 ms"),
    (.invalidSlot(-1), "a slot must be between 0 and 2^40, found -1"),
  ])
  func `errors are sentences`(error: LifecycleError, sentence: String) {
    #expect(error.description == sentence)
  }

  @Test func `the second finalize returns the same and writes nothing`() throws {
    let folder = try TemporaryFolder()
    let session = Self.session(folder)
    try session.start()
    try session.record(Invocation(command: "true"), Response())
    let fixture = try session.finalize()
    unlink(folder.path.appending("f.json").string)
    #expect(try session.finalize() == fixture)
    #expect(try names(in: folder.path) == [])
  }

  @Test func `a session without recordings makes an empty fixture`() throws {
    let folder = try TemporaryFolder()
    let session = Self.session(folder)
    try session.start()
    #expect(try session.finalize().recordings.isEmpty)
    #expect(try FixtureFile.load(folder.path.appending("f.json")).recordings.isEmpty)
  }

  @Test func `a fixture that could not be written can be written later`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("later").appending("f.json")
    let session = RecordingSession(fixturePath: path)
    try session.start()
    try session.record(Invocation(command: "true"), Response())
    #expect(throws: FixtureError.unwritable(file: path, errno: .noSuchFileOrDirectory)) {
      try session.finalize()
    }
    mkdir(folder.path.appending("later").string, 0o700)
    #expect(try session.finalize().recordings.count == 1)
    #expect(try FixtureFile.load(path).recordings.count == 1)
  }

  @Test(
    arguments: [
      (nil, ["git", "/usr/bin/git", "ls"]), (["git"], ["git", "/usr/bin/git"]),
      (["/usr/bin/git"], ["/usr/bin/git"]), (["ls", "git"], ["git", "/usr/bin/git", "ls"]),
      ([], []), (["gi"], []),
    ] as [([String]?, [String])])
  func `records the commands that were asked for`(filter: [String]?, expected: [String]) throws {
    let folder = try TemporaryFolder()
    let session = Self.session(folder, commands: filter)
    try session.start()
    for command in ["git", "/usr/bin/git", "ls"] {
      try session.record(Invocation(command: command), Response())
    }
    let recordings = try session.finalize().recordings
    #expect(recordings.map(\.command) == expected)
    #expect(recordings.map(\.sequence) == Array(0..<expected.count))
  }

  @Test func `many threads can record at once`() async throws {
    let folder = try TemporaryFolder()
    let session = Self.session(folder)
    try session.start()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for index in 0..<200 {
            try session.record(
              Invocation(command: "c", args: ["\(task)", "\(index)"]), Response())
          }
        }
      }
      try await group.waitForAll()
    }
    let fixture = try session.finalize()
    #expect(fixture.recordings.map(\.sequence) == Array(0..<1600))
    #expect(Set(fixture.recordings.map(\.args)).count == 1600)
    for task in 0..<8 {
      let own = fixture.recordings.filter { $0.args[0] == "\(task)" }.map { $0.args[1] }
      #expect(own == (0..<200).map(String.init))
    }
  }

  @Test func `finalize during recording ends it cleanly`() async throws {
    let folder = try TemporaryFolder()
    let session = Self.session(folder)
    try session.start()
    let recorded = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for count in 0..<2000 {
            do {
              try session.record(Invocation(command: "c"), Response())
            } catch LifecycleError.alreadyFinalized { return count }
            // Few threads run all tasks; `finalize` needs its turn.
            await Task.yield()
          }
          return 2000
        }
      }
      group.addTask {
        _ = try session.finalize()
        return 0
      }
      return try await group.reduce(0, +)
    }
    #expect(try session.finalize().recordings.count == recorded)
  }

  @Test func `a recording begins its duration before it is recorded`() throws {
    let folder = try TemporaryFolder()
    let session = Self.session(folder)
    try session.start()
    let before = Timestamp.now()
    try session.record(Invocation(command: "sleep"), Response(), durationMs: 3_600_000)
    let timestamp = try #require(try session.finalize().recordings.first?.timestamp)
    let earliest = Timestamp(microseconds: before.microseconds - 3_600_000_000)
    #expect(timestamp >= earliest.description && timestamp < before.description)
  }
}
