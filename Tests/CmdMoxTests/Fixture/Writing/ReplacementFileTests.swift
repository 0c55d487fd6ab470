import Foundation
import Glibc
import SystemPackage
import Testing

@testable import CmdMox

@Suite struct ReplacementFileTests {
  static func mode(_ path: FilePath) -> mode_t {
    var status = stat()
    _ = path.withPlatformString { lstat($0, &status) }
    return status.st_mode & 0o7777
  }

  static let fixture = FixtureFile(
    metadata: .create(),
    recordings: [RecordedInvocation(sequence: 0, command: "true", timestamp: "")])

  @Test func `a fixture is for its owner only, and nothing else is left`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("f.json")
    try write("earlier".utf8, to: path)
    chmod(path.string, 0o644)
    try Self.fixture.save(to: path)
    #expect(Self.mode(path) == 0o600)
    #expect(try names(in: folder.path) == ["f.json"])
    #expect(try FixtureFile.load(path) == Self.fixture)
  }

  @Test func `a symbolic link keeps pointing at the fixture`() throws {
    let folder = try TemporaryFolder()
    let real = folder.path.appending("real")
    mkdir(real.string, 0o700)
    try write("earlier".utf8, to: real.appending("f.json"))
    symlink("real/f.json", folder.path.appending("link").string)
    try Self.fixture.save(to: folder.path.appending("link"))
    #expect(try FixtureFile.load(real.appending("f.json")) == Self.fixture)
    #expect(try names(in: folder.path) == ["link", "real"])
    #expect(try names(in: real) == ["f.json"])
  }

  @Test(arguments: [
    ("", Errno.isDirectory), ("missing/f.json", .noSuchFileOrDirectory),
    ("file/f.json", .notDirectory),
    (String(repeating: "n", count: 300), .fileNameTooLong),
  ])
  func `a path that cannot be written is named`(name: String, errno: Errno) throws {
    let folder = try TemporaryFolder()
    try write("".utf8, to: folder.path.appending("file"))
    let path = name.isEmpty ? folder.path : folder.path.pushing(FilePath(name))
    let error = #expect(throws: FixtureError.self) { try Self.fixture.save(to: path) }
    #expect(error == .unwritable(file: path, errno: errno))
    #expect(try names(in: folder.path) == ["file"])
  }

  @Test func `an empty path is an error`() {
    #expect(throws: FixtureError.self) { try Self.fixture.save(to: FilePath()) }
  }

  @Test func `a device is written, not replaced`() throws {
    try Self.fixture.save(to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    let error = #expect(throws: FixtureError.self) { try Self.fixture.save(to: "/dev/full") }
    #expect(error == .unwritable(file: "/dev/full", errno: .noSpace))
    #expect(
      error?.description == "/dev/full: the fixture cannot be written: No space left on device")
  }

  /// In a process of its own: the limit holds for all files of a process.
  @Test func `a disk that is full leaves the earlier fixture and nothing else`() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let path = folder.path.appending("f.json")
      try ReplacementFileTests.fixture.save(to: path)
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 200_000, rlim_max: 200_000)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let large = FixtureFile(
        metadata: .create(),
        recordings: (0..<5000).map {
          RecordedInvocation(sequence: $0, command: "large", timestamp: "")
        })
      let error = #expect(throws: FixtureError.self) { try large.save(to: path) }
      #expect(error == .unwritable(file: path, errno: .fileTooLarge))
      #expect(try FixtureFile.load(path) == ReplacementFileTests.fixture)
      #expect(try names(in: folder.path) == ["f.json"])
    }
  }

  @Test func `a writer that is dropped leaves nothing`() throws {
    let folder = try TemporaryFolder()
    do {
      let writer = try FixtureWriter(to: folder.path.appending("f.json"), like: Self.fixture)
      try writer.append(Self.fixture.recordings[0])
      #expect(try names(in: folder.path).count == 1)
    }
    #expect(try names(in: folder.path) == [])
  }
}
