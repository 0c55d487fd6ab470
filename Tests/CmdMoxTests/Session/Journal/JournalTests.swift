import Glibc
import SystemPackage
import Testing

@testable import CmdMox

@Suite struct JournalTests {
  static func session(
    _ folder: TemporaryFolder, commands: [String]? = nil
  ) -> RecordingSession {
    RecordingSession(
      fixturePath: folder.path.appending("f.json"), journalDirectory: folder.path,
      metadata: .create(testModule: "at the start"), commandFilter: commands)
  }

  /// Records one invocation named after its slot.
  static func record(
    _ index: Int, start: Int, parent: Int? = nil, command: String? = nil,
    args: [String] = [], into session: RecordingSession
  ) throws {
    try session.record(
      Invocation(command: command ?? "c\(index)", args: args), Response(), durationMs: index,
      timestamp: Timestamp(microseconds: start), process: ProcessFacts(pid: 1000 + index),
      slot: RecordingSlot(index: index, startNs: UInt64(start), parent: parent))
  }

  @Test(arguments: 0..<20)
  func `whatever the order of finish, the fixture is in the order of start`(seed: Int) throws {
    let folder = try TemporaryFolder()
    let session = Self.session(folder)
    try session.start()
    var random = SeededGenerator(seed: seed)
    // Slots with holes; starts with ties, not in the order of the slots.
    let slots = (0..<60).map { $0 * 2 }
    let starts = slots.map { _ in Int.random(in: 0..<40, using: &random) }
    let parents = slots.map { $0 == 0 ? nil : Optional(slots[$0 / 4]) }
    for place in slots.indices.shuffled(using: &random) {
      try Self.record(slots[place], start: starts[place], parent: parents[place], into: session)
      if Bool.random(using: &random) { try session.flush() }
    }
    let summary = try session.finish(metadata: .create(testModule: "at the end"))
    #expect(summary.recordings == 60 && summary.lost == 0)
    let fixture = try FixtureFile.load(summary.file)
    let expected = slots.indices.sorted { (starts[$0], slots[$0]) < (starts[$1], slots[$1]) }
    #expect(fixture.metadata.testModule == "at the end")
    #expect(fixture.recordings.map(\.sequence) == Array(0..<60))
    #expect(fixture.recordings.map(\.command) == expected.map { "c\(slots[$0])" })
    for (sequence, place) in expected.enumerated() {
      let parent = parents[place].flatMap { slot in
        expected.firstIndex { slots[$0] == slot }
      }
      #expect(fixture.recordings[sequence].process?.parent == parent)
    }
    // Memory makes the same of the same.
    #expect(try names(in: folder.path) == ["f.json", "journal.jsonl"])
  }

  @Test(arguments: [true, false])
  func `a parent that was filtered out is replaced by its nearest recorded ancestor`(
    isJournaled: Bool
  ) throws {
    let folder = try TemporaryFolder()
    let commands = ["keep"]
    let session =
      isJournaled
      ? Self.session(folder, commands: commands)
      : RecordingSession(fixturePath: folder.path.appending("f.json"), commandFilter: commands)
    try session.start()
    try Self.record(3, start: 3, parent: 2, command: "keep", into: session)
    try Self.record(2, start: 2, parent: 1, command: "drop", into: session)
    try Self.record(1, start: 1, parent: 0, command: "drop", into: session)
    try Self.record(0, start: 0, command: "keep", into: session)
    try Self.record(5, start: 5, parent: 4, command: "keep", into: session)
    try Self.record(6, start: 6, parent: 5, command: "keep", into: session)
    try Self.record(8, start: 8, parent: 7, command: "keep", into: session)
    try Self.record(7, start: 7, command: "drop", into: session)
    let fixture = try session.finalize()
    #expect(fixture.recordings.map(\.sequence) == [0, 1, 2, 3, 4])
    #expect(fixture.recordings.map { $0.process?.parent } == [nil, 0, nil, 2, nil])
    let journal = folder.path.appending("journal.jsonl")
    if isJournaled {
      #expect(!String(decoding: try contents(of: journal), as: UTF8.self).contains("drop"))
    }
  }

  @Test(arguments: [-1, Int.min, 1 << 40])
  func `a slot that is none is an error`(index: Int) throws {
    let folder = try TemporaryFolder()
    let session = Self.session(folder)
    try session.start()
    #expect(throws: LifecycleError.invalidSlot(index)) {
      try Self.record(index, start: 0, into: session)
    }
  }

  @Test(arguments: [
    "", " ", "\n", "ümlaut", "}", "\"}\n{\"slot\":1", String(repeating: "x", count: 131_072),
  ])
  func `an argument of any shape passes through the journal`(argument: String) throws {
    let folder = try TemporaryFolder()
    let session = Self.session(folder)
    try session.start()
    for index in 0..<3 {
      try Self.record(index, start: index, args: [argument, "\(index)"], into: session)
    }
    let summary = try session.finish(metadata: .create())
    let fixture = try FixtureFile.load(summary.file)
    #expect(fixture.recordings.map(\.args) == (0..<3).map { [argument, "\($0)"] })
  }

  @Test func `what was flushed is on the disk, for its owner only`() throws {
    let folder = try TemporaryFolder()
    let session = Self.session(folder)
    try session.start()
    let journal = folder.path.appending("journal.jsonl")
    #expect(ReplacementFileTests.mode(journal) == 0o600)
    try Self.record(0, start: 0, into: session)
    try session.flush()
    let text = String(decoding: try contents(of: journal), as: UTF8.self)
    #expect(text.split(separator: "\n").count == 2)
    #expect(text.hasSuffix("}\n"))
  }

  @Test func `a journal that is there already is not overwritten`() throws {
    let folder = try TemporaryFolder()
    let journal = folder.path.appending("journal.jsonl")
    try write("earlier".utf8, to: journal)
    #expect(throws: JournalError.unwritable(file: journal, errno: .fileExists)) {
      try Self.session(folder).start()
    }
    #expect(try contents(of: journal) == Array("earlier".utf8))
  }

  @Test func `finish and finalize agree, and write once`() throws {
    let folder = try TemporaryFolder()
    let session = Self.session(folder)
    try session.start()
    try Self.record(0, start: 0, into: session)
    let summary = try session.finish(metadata: .create())
    let fixture = try session.finalize()
    #expect(fixture.recordings.map(\.command) == ["c0"])
    unlink(summary.file.string)
    #expect(try session.finish(metadata: .create()) == summary)
    #expect(try session.finalize() == fixture)
    #expect(try names(in: folder.path) == ["journal.jsonl"])
  }

  @Test func `a memory session and a journal make the same fixture`() throws {
    let folder = try TemporaryFolder()
    let memory = RecordingSession(fixturePath: folder.path.appending("m.json"))
    let journal = Self.session(folder)
    for session in [memory, journal] {
      try session.start()
      for index in [3, 1, 2, 0] {
        try Self.record(index, start: 9 - index, parent: index - 1, into: session)
      }
    }
    #expect(try memory.finalize().recordings == journal.finalize().recordings)
  }

  /// In a process of its own: the limit holds for all files of a process.
  @Test func `recordings that do not fit on the disk are counted, the others are kept`() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let session = JournalTests.session(folder)
      try session.start()
      try JournalTests.record(0, start: 0, into: session)
      try session.flush()
      let journal = folder.path.appending("journal.jsonl")
      let before = try contents(of: journal)
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1000, rlim_max: 1 << 40)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      for index in 1...20 { try JournalTests.record(index, start: index, into: session) }
      #expect(throws: JournalError.unwritable(file: journal, errno: .fileTooLarge)) {
        try session.flush()
      }
      #expect(session.lostRecordings == 20)
      #expect(try contents(of: journal) == before)
      limit.rlim_cur = 1 << 40
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      try JournalTests.record(21, start: 21, into: session)
      let summary = try session.finish(metadata: .create())
      #expect(summary.recordings == 2 && summary.lost == 20)
      let fixture = try FixtureFile.load(summary.file)
      #expect(fixture.recordings.map(\.command) == ["c0", "c21"])
      #expect(fixture.recordings.map(\.sequence) == [0, 1])
    }
  }

  /// In a process of its own: the limit holds for all descriptors of a process.
  @Test func `a small session is finished with one descriptor to spare`() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let session = JournalTests.session(folder)
      try session.start()
      for index in [2, 0, 1] {
        try JournalTests.record(index, start: index, parent: 0, into: session)
      }
      // The lowest free number tells how many are open below it.
      let next = try FileDescriptor.open("/dev/null", .readOnly)
      try next.close()
      var before = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &before)
      var limit = rlimit(rlim_cur: rlim_t(next.rawValue) + 1, rlim_max: before.rlim_max)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      let summary = try session.finish(metadata: .create())
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &before)
      #expect(summary.recordings == 3)
      #expect(try FixtureFile.load(summary.file).recordings.map(\.command) == ["c0", "c1", "c2"])
    }
  }
}
