import Foundation
import Glibc
import Testing

/// Whatever becomes of the tool, execs go on: without an answer the kernel would fail them.
@Suite("Under --deep the program goes on", .deep)
struct KeeperTests {
  private static let many = """
    i=0; while [ $i -lt 200 ]; do "$CALLERS/show_static" quiet exit=3; [ $? = 3 ] || exit 9
    /bin/true $i || exit 8; i=$((i+1)); done; echo done >result
    """

  @Test("when the tool is killed: at once, and for ever")
  func killed() throws {
    let run = try DeepRun("\(DeepRun.pause); \(Self.many)")
    run.signal(SIGKILL)
    try run.goOn()
    try run.expectResult()
    #expect(waits { run.keepers.isEmpty }, "the keeper stays")
  }

  @Test("when the tool is killed in the middle of many execs, whatever it has in hand")
  func killedBusy() throws {
    for round in 0..<20 {
      let run = try DeepRun(
        """
        \(DeepRun.pause); seq 400 | xargs -P 16 -n 1 "$CALLERS/show_static" >count
        wc -l <count >result
        """)
      try run.goOn()
      #expect(waits { run.bytes(of: "count") > round * 200 }, "it does not begin")
      run.signal(SIGKILL)
      try run.expectResult("400\n")
      #expect(waits { run.keepers.isEmpty }, "the keeper stays")
    }
  }

  @Test(
    "when the tool is stopped: after one delay, not one for each exec; what it missed is counted")
  func stopped() throws {
    let run = try DeepRun("\(DeepRun.pause); \(Self.many); exit 5")
    run.signal(SIGSTOP)
    try run.goOn()
    // The limit of a minute is a small part of 400 delays.
    try run.expectResult()
    run.signal(SIGCONT)
    #expect(try run.ending() == .exited(5))
    let session = try #require(try run.fixture().metadata.session)
    #expect(session.exitCode == 5)
    #expect(session.lost ?? 0 > 0)
    #expect(waits { run.keepers.isEmpty }, "the keeper stays")
  }

  @Test("when the tool is stopped again and again while it is at work")
  func stoppedBusy() throws {
    let run = try DeepRun("\(DeepRun.pause); \(Self.many); \(Self.many); exit 5")
    try run.goOn()
    while !run.hasResult {
      run.signal(SIGSTOP)
      usleep(useconds_t.random(in: 0...3_000))
      run.signal(SIGCONT)
      usleep(useconds_t.random(in: 0...3_000))
    }
    #expect(try run.ending() == .exited(5))
    #expect(try run.fixture().metadata.session?.lost == 0)
    #expect(try run.fixture().recordings.count == 800)
  }

  @Test("when the keeper is killed, with everything recorded")
  func keeperKilled() throws {
    let run = try DeepRun("\(DeepRun.pause); \(Self.many); exit 5")
    for keeper in run.keepers { kill(keeper, SIGKILL) }
    try run.goOn()
    #expect(try run.ending() == .exited(5))
    #expect(try run.fixture().metadata.session?.lost == 0)
    #expect(try run.fixture().recordings.count == 400)
  }

  @Test("when the session is over and something lives on, which executes later")
  func outlived() throws {
    let run = try DeepRun("(\(DeepRun.pause); \(Self.many)) >/dev/null 2>&1 & exit 5")
    #expect(try run.ending() == .exited(5))
    #expect(!run.keepers.isEmpty)
    try run.goOn()
    try run.expectResult()
    #expect(waits { run.keepers.isEmpty }, "the keeper stays")
  }

  @Test("and the keeper has nothing open that anybody waits for")
  func keepsNothingOpen() throws {
    let run = try DeepRun("\(DeepRun.pause); exit 5")
    let keeper = try #require(run.keepers.first)
    let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(keeper)/fd")
      .map { try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(keeper)/fd/\($0)") }
    #expect(open.count == 3, "\(open)")
    #expect(open.contains("anon_inode:seccomp notify"))
    #expect(open.filter { $0.hasPrefix("socket:") }.count == 1)
    try run.goOn()
    #expect(try run.ending() == .exited(5))
  }
}

/// A deep trace of a shell that has begun and waits for the test.
private final class DeepRun {
  /// Tells the test that it is there, and goes on when the test wants.
  static let pause = ": >started; read x <go"

  private let sandbox: Sandbox
  private let tool: pid_t

  init(_ text: String) throws {
    sandbox = try Sandbox()
    for name in ["started", "go"] { mkfifo(sandbox.work + "/" + name, 0o600) }
    let program = TracedProgram(shell: text).with(["CALLERS": try Callers.folder()])
    tool = try program.launch(.deep, in: sandbox).start()
    try meet("started", O_RDONLY)
  }

  deinit {
    kill(-tool, SIGKILL)
    waitpid(tool, nil, 0)
  }

  func signal(_ number: Int32) { kill(tool, number) }

  func goOn() throws { try meet("go", O_WRONLY) }

  /// Waits for the end of the tool.
  func ending() throws -> Ending { try Launch.wait(for: tool, limit: .seconds(60)) }

  func fixture() throws -> Fixture {
    try Fixture(json: Data(contentsOf: URL(filePath: sandbox.fixture)))
  }

  var hasResult: Bool { bytes(of: "result") > 0 }

  func expectResult(_ result: String = "done\n") throws {
    #expect(waits(upTo: .seconds(60)) { hasResult }, "the program does not come to its end")
    #expect(sandbox.text(of: "work/result") == result)
  }

  func bytes(of name: String) -> Int {
    var status = stat()
    return stat(sandbox.work + "/" + name, &status) == 0 ? Int(status.st_size) : 0
  }

  /// The keepers of this session.
  var keepers: [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { pid in
      let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
      let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      return words.count == 5 && words[1] == "keep" && words[4].hasPrefix(sandbox.runtime)
    }
  }

  /// Opens a FIFO, which blocks until the program has opened the other end, and closes it.
  private func meet(_ name: String, _ mode: Int32) throws {
    let descriptor = open(sandbox.work + "/" + name, mode | O_CLOEXEC)
    guard descriptor >= 0 else { throw HarnessError.setup("cannot open \(name), errno \(errno)") }
    close(descriptor)
  }
}
