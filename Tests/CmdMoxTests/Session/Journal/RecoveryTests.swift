import Glibc
import SystemPackage
import Testing

@testable import CmdMox

@Suite struct RecoveryTests {
  /// A journal of four recordings and one that was filtered out, as its recorder left it.
  static func journal(in folder: TemporaryFolder) throws -> [UInt8] {
    let session = RecordingSession(
      fixturePath: folder.path.appending("f.json"), journalDirectory: folder.path,
      metadata: .create(testModule: "at the start"), commandFilter: ["c0", "c1", "c3", "c4"])
    try session.start()
    for index in [4, 2, 3, 1, 0] {
      try JournalTests.record(
        index, start: index, parent: index == 0 ? nil : index - 1, args: ["ümlaut\n"], into: session
      )
    }
    try session.flush()
    return try contents(of: folder.path.appending("journal.jsonl"))
  }

  @Test func `a session whose recorder died makes the fixture it would have made`() throws {
    let folder = try TemporaryFolder()
    _ = try Self.journal(in: folder)
    let summary = try RecordingSession.recover(folder.path) { $0.testFunction = "recovered" }
    #expect(
      summary == FixtureSummary(file: folder.path.appending("f.json"), recordings: 4, lost: 0))
    let fixture = try FixtureFile.load(summary.file)
    #expect(fixture.recordings.map(\.command) == ["c0", "c1", "c3", "c4"])
    #expect(fixture.recordings.map { $0.process?.parent } == [nil, 0, 1, 2])
    #expect(fixture.metadata.testModule == "at the start")
    #expect(fixture.metadata.testFunction == "recovered")
    #expect(try names(in: folder.path) == ["f.json", "journal.jsonl"])
  }

  @Test func `a journal cut off anywhere gives what was whole`() throws {
    let folder = try TemporaryFolder()
    let whole = try Self.journal(in: folder)
    let path = folder.path.appending("journal.jsonl")
    // Blanks follow the first line.
    let lineBreak = try #require(whole.firstIndex(of: 0x0a))
    let header = try #require(whole[..<lineBreak].lastIndex(of: UInt8(ascii: "}"))) + 1
    for length in 0...whole.count {
      let cut = whole[..<length]
      try write(cut, to: path)
      guard length >= header else {
        #expect(throws: JournalError.noHeader(file: path)) {
          try RecordingSession.recover(folder.path)
        }
        continue
      }
      let lines = cut.split(separator: 0x0a).dropFirst()
      let complete = max(0, cut.count { $0 == 0x0a } - 1)
      let filtered = lines.prefix(complete).count { $0.count < 40 }
      let summary = try RecordingSession.recover(folder.path)
      #expect(summary.recordings == complete - filtered)
      #expect(summary.lost == lines.count - complete)
      #expect(try FixtureFile.load(summary.file).recordings.count == summary.recordings)
    }
  }

  @Test(arguments: [
    "", "{}", "{\"slot\":9", "{\"slot\":9,\"start_ns\":1,\"parent\":null,\"recording\":{}}",
    "{\"slot\":-1,\"parent\":null}", "{\"slot\":99999999999999,\"parent\":null}",
    "{\"slot\":1,\"parent\":-7}", "\u{0}\u{0}\u{0}",
  ])
  func `a damaged line is left out and counted`(line: String) throws {
    let folder = try TemporaryFolder()
    let whole = try Self.journal(in: folder)
    let path = folder.path.appending("journal.jsonl")
    var lines = whole.split(separator: 0x0a).map(Array.init)
    lines.insert(Array(line.utf8), at: 2)
    try write(lines.flatMap { $0 + [0x0a] }, to: path)
    let summary = try RecordingSession.recover(folder.path)
    #expect(summary.recordings == 4 && summary.lost == 1)
    let fixture = try FixtureFile.load(summary.file)
    #expect(fixture.recordings.map(\.sequence) == [0, 1, 2, 3])
  }

  @Test(arguments: [["a"], ["ümlaut", "f.json"], ["with\nbreak"]])
  func `the fixture goes where it is asked for`(names: [String]) throws {
    let folder = try TemporaryFolder()
    _ = try Self.journal(in: folder)
    var path = folder.path
    for name in names {
      if path != folder.path { _ = path.withPlatformString { mkdirOnce($0) } }
      path = path.appending(name)
    }
    #expect(try RecordingSession.recover(folder.path, to: path).file == path)
    #expect(try FixtureFile.load(path).recordings.count == 4)
  }

  @Test func `a fixture's path comes back exactly`() throws {
    let path = FilePath(platformString: [0x2f, -1, 0x0a, 0x22, 0])
    let header = JournalHeader(
      fixturePath: path, metadata: .create(), scrubbingRules: [.init(pattern: "a", replacement: "")]
    )
    #expect(try JournalHeader(object: header.object) == header)
  }

  @Test(arguments: ["", "\n", "{}\n", "[]\n", "{\"journal\":2}\n", "text\n"])
  func `what is no journal is an error`(text: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("journal.jsonl")
    try write(text.utf8, to: path)
    let error = #expect(throws: JournalError.self) { try RecordingSession.recover(folder.path) }
    #expect(error == .noHeader(file: path))
    #expect(
      error?.description
        == "\(path): not the journal of a session, or one that was cut off in its first line; "
        + "nothing can be recovered from it")
  }

  @Test func `no journal at all is an error`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("journal.jsonl")
    let error = #expect(throws: JournalError.self) { try RecordingSession.recover(folder.path) }
    #expect(error == .unreadable(file: path, errno: .noSuchFileOrDirectory))
    #expect(
      error?.description == "\(path): the journal cannot be read: No such file or directory")
  }
}

/// Makes a folder, or finds it made.
private func mkdirOnce(_ path: UnsafePointer<CChar>) -> Int32 { mkdir(path, 0o700) }
