import CmdMox
import Glibc
import SystemPackage
import Testing

@Suite("The library runs a program and gives its fixture") struct RecorderTests {
  let folder: FilePath

  init() throws {
    var template = Array("/tmp/cmdmox-test-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    folder = FilePath(platformString: template)
  }

  private func recorder() -> Recorder { Recorder(fixturePath: folder.appending("f.json")) }

  @Test("What a program ran, with what it said")
  func ordinary() async throws {
    let recording = try await recorder().run([
      "sh", "-c", "echo a | tr a b >&2; seq 2 | wc -l >&2; exit 3",
    ])
    #expect(recording.exitCode == 3)
    #expect(recording.invocations == 3 && recording.failed == 0 && recording.lost == 0)
    let fixture = try recording.fixture()
    #expect(fixture.recordings.first { $0.command == "tr" }?.stdin == "a\n")
    #expect(fixture.recordings.first { $0.command == "tr" }?.stdout == "b\n")
    #expect(fixture.metadata.session?.mode == "record")
  }

  @Test("A trace, with a place, an environment and a filter")
  func options() async throws {
    var recorder = recorder()
    recorder.mode = .trace
    recorder.commandFilter = ["env"]
    recorder.environmentAllowlist = ["GREETING"]
    let recording = try await recorder.run(
      ["sh", "-c", "env >/dev/null; pwd >/dev/null; true"],
      environment: ["GREETING": "hello", "PATH": "/usr/bin:/bin"], workingDirectory: "/")
    let recordings = try recording.fixture().recordings
    #expect(recordings.map(\.command) == ["env"])
    #expect(recordings.first?.envSubset == ["GREETING": "hello"])
    #expect(recordings.first?.process?.cwd == "/")
  }

  @Test("A deep trace, several at once: static programs too", .enabled(if: isDeepPossible))
  func deep() async throws {
    let source = folder.appending("still.c")
    let still = folder.appending("still").string
    let build = """
      echo 'int main(int c, char **v) { return c + (v == 0); }' >\(source)
      cc -static -o \(still) \(source)
      """
    _ = try await recorder().run(["sh", "-c", build])
    try await withThrowingTaskGroup(of: Recording.self) { group in
      for number in 0..<4 {
        var recorder = Recorder(fixturePath: folder.appending("\(number).json"))
        recorder.mode = .trace
        recorder.isDeep = true
        group.addTask { [recorder] in
          try await recorder.run(["sh", "-c", "\(still); \(still) x; exit \(number)"])
        }
      }
      for try await recording in group {
        let recordings = try recording.fixture().recordings
        #expect(recordings.map(\.exitCode) == [1, 2])
        #expect(recordings.allSatisfy { $0.process?.opaque == .static })
        #expect(recording.lost == 0)
      }
    }
  }

  @Test("Many at once")
  func many() async throws {
    try await withThrowingTaskGroup(of: (Int, Recording).self) { group in
      for number in 0..<8 {
        let recorder = Recorder(fixturePath: folder.appending("\(number).json"))
        group.addTask {
          (
            number,
            try await recorder.run(["sh", "-c", "seq \(number) >/dev/null; exit \(number)"])
          )
        }
      }
      for try await (number, recording) in group {
        #expect(recording.exitCode == number)
        #expect(try recording.fixture().recordings.map(\.args) == [["\(number)"]])
      }
    }
  }

  @Test("Cancelling kills the whole group, and what was seen is kept")
  func cancel() async throws {
    let recorder = recorder()
    let marks = [folder.appending("a"), folder.appending("b")]
    let command = "sh -c 'echo $$ > $0.new; mv $0.new $0; exec sleep 60'"
    let script = "seq 2 >/dev/null; (\(command) \(marks[0]); :) & \(command) \(marks[1]); echo no"
    let task = Task { try await recorder.run(["sh", "-c", script]) }
    try await eventually { marks.allSatisfy { $0.withPlatformString { access($0, F_OK) } == 0 } }
    task.cancel()
    let recording = try await task.value
    #expect(recording.exitCode == 137)
    let recordings = try recording.fixture().recordings
    #expect(recordings.map(\.command).sorted().suffix(3) == ["seq", "sh", "sh"])
    #expect(recordings.first?.process?.stdout?.taken == .inherited)
    #expect(
      recordings.filter { $0.command == "sh" }.allSatisfy { $0.process?.termination != .exited })
    for mark in marks {
      let pid = try #require(try processID(in: mark))
      try await eventually { kill(pid, 0) != 0 && errno == ESRCH }
    }
  }

  /// Waits for what another process does: 30 s at least, and longer where other tests hold up this one.
  private func eventually(_ condition: () -> Bool) async throws {
    for _ in 0..<6000 where !condition() { try await Task.sleep(for: .milliseconds(5)) }
    try #require(condition())
  }

  private func processID(in file: FilePath) throws -> Int32? {
    let descriptor = try FileDescriptor.open(file, .readOnly)
    defer { try? descriptor.close() }
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = try bytes.withUnsafeMutableBytes { try descriptor.read(into: $0) }
    return Int32(String(decoding: bytes[..<count], as: UTF8.self).dropLast())
  }

  @Test("Cancelled from its context, and asked twice")
  func context() async throws {
    let context = try recorder().start(["sleep", "60"])
    #expect(context.processID > 0)
    context.cancel()
    async let first = context.finish()
    async let second = context.finish()
    #expect(try await (first.exitCode, second.exitCode) == (137, 137))
    #expect(try await context.finish().exitCode == 137)
  }

  /// In a process of its own: the limit holds for all threads of a process.
  @Test("Without room for a thread nothing runs, and nothing is left")
  func noThread() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      setenv("XDG_RUNTIME_DIR", folder.path.string, 1)
      let fixture = folder.path.appending("f.json")
      let command = ["sh", "-c", "echo it ran >\(folder.path.appending("ran"))"]
      var before = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &before)
      // Room for what the error needs, not for the stack of a thread.
      let pages = try contents(of: "/proc/self/statm").prefix { $0 != 32 }
      var limit = before
      limit.rlim_cur = try #require(UInt(String(decoding: pages, as: UTF8.self))) * 4096 + (4 << 20)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      let error = #expect(throws: RecorderError.self) {
        _ = try Recorder(fixturePath: fixture).start(command)
      }
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &before)
      #expect(error?.kind == .noSession)
      #expect(
        error?.description
          == "no thread can be made for the recorder: Resource temporarily unavailable")
      #expect(try names(in: folder.path) == [])
      let recording = try await Recorder(fixturePath: fixture).run(command)
      #expect(recording.exitCode == 0)
      #expect(try names(in: folder.path).sorted() == ["f.json", "ran"])
    }
  }

  @Test("Streams that are handed in")
  func streams() async throws {
    let ends = try FileDescriptor.pipe()
    _ = fcntl(ends.readEnd.rawValue, F_SETFD, FD_CLOEXEC)
    _ = fcntl(ends.writeEnd.rawValue, F_SETFD, FD_CLOEXEC)
    let context = try recorder().start(["sh", "-c", "seq 3; true"], standardOutput: ends.writeEnd)
    try ends.writeEnd.close()
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 100)
    while case let count = try piece.withUnsafeMutableBytes({ try ends.readEnd.read(into: $0) }),
      count > 0
    {
      text += piece[..<count]
    }
    try ends.readEnd.close()
    #expect(String(decoding: text, as: UTF8.self) == "1\n2\n3\n")
    #expect(try await context.finish().fixture().recordings.first?.stdout == "1\n2\n3\n")
  }

  @Test(
    "A program that is not there, or cannot be executed, is an error",
    arguments: [
      (["nowhere-to-be-found"], RecorderError.Kind.notFound), (["/nowhere"], .notFound),
      (["/etc/passwd"], .notExecutable), ([], .notFound),
    ])
  func missing(command: [String], kind: RecorderError.Kind) async throws {
    let error = await #expect(throws: RecorderError.self) { try await recorder().run(command) }
    #expect(error?.kind == kind)
    #expect(folder.appending("f.json").withPlatformString { access($0, F_OK) } != 0)
  }

  @Test("A fixture that cannot be written is an error, and the program has run")
  func unwritable() async throws {
    let mark = folder.appending("mark")
    let recorder = Recorder(fixturePath: folder.appending("none/f.json"))
    let error = await #expect(throws: RecorderError.self) {
      try await recorder.run(["touch", mark.string])
    }
    #expect(error?.kind == .notWritten)
    #expect(mark.withPlatformString { access($0, F_OK) } == 0)
  }
}

@Suite("The library replays a program") struct PlayerTests {
  let folder: FilePath

  init() throws {
    var template = Array("/tmp/cmdmox-test-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    folder = FilePath(platformString: template)
  }

  private func player(_ mode: RecordMode) -> Player {
    var player = Player(fixturePath: folder.appending("f.json"))
    player.recordMode = mode
    return player
  }

  @Test("Once recorded, then replayed, then missed")
  func once() async throws {
    let recorded = try await player(.once).run(["sh", "-c", "seq 1 >&2; seq 2 >&2; true"])
    #expect(recorded.exitCode == 0 && recorded.recorded == 2 && recorded.verdict == nil)
    let replayed = try await player(.once).run(["sh", "-c", "seq 2 >&2; seq 1 >&2; true"])
    #expect(replayed.exitCode == 0 && replayed.recorded == 0)
    #expect(replayed.verdict?.used == 2)
    try replayed.verify()
    let missed = try await player(.once).run(["sh", "-c", "seq 3 2>/dev/null; true"])
    #expect(missed.exitCode == 0 && missed.verdict?.missCount == 1)
    #expect(throws: VerificationError.self) { try missed.verify() }
  }

  @Test("New episodes are recorded, and nothing without a fixture in mode none")
  func modes() async throws {
    await #expect(throws: FixtureError.self) { try await player(.none).run(["true"]) }
    _ = try await player(.all).run(["sh", "-c", "seq 1 >&2; true"])
    let more = try await player(.newEpisodes).run(["sh", "-c", "seq 1 >&2; seq 2 >&2; true"])
    #expect(more.recorded == 1 && more.isKept)
    let fixture = try FixtureFile.load(folder.appending("f.json"))
    #expect(fixture.recordings.map(\.args) == [["1"], ["2"]])
    #expect(fixture.recordings.map(\.sequence) == [0, 1])
  }
}

private let isDeepPossible = (try? DeepTrial.run()) != nil
