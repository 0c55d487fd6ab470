import CmdMox
import Glibc
import SystemPackage
import Testing

@Suite("cmdmox trace") struct TraceTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
  }

  @Test("Commands are recorded, stdout is the program's own, the end is told in one line")
  func ordinary() throws {
    let result = try workspace.trace(
      shell: "echo hello; /bin/true; ls /nowhere 2>/dev/null; exit 3"
    )
    .run()
    #expect(result.status == 3)
    #expect(result.outputText == "hello\n")
    let fixture = workspace.file("cmdmox.json")
    #expect(result.errorText == "cmdmox: 2 invocations, 1 failed; fixture: \(fixture)\n")
    #expect(try workspace.lines() == ["true: 0 exited", "ls /nowhere: 2 exited"])
    let session = try #require(workspace.fixture().metadata.session)
    #expect(session.exitCode == 3)
    #expect(session.command?.first == "sh")
    #expect(session.cwd == workspace.path.string)
    #expect(workspace.sessions.isEmpty)
  }

  @Test(
    "The status is the program's, 128 + n after signal n",
    arguments: [
      ("exit 0", 0), ("exit 1", 1), ("exit 255", 255), ("kill -9 $$", 137), ("kill -15 $$", 143),
    ])
  func status(script: String, expected: Int32) throws {
    #expect(try workspace.trace(shell: script).run().status == expected)
    #expect(try workspace.fixture().metadata.session?.exitCode == Int(expected))
  }

  @Test("Nothing is said with --quiet")
  func quiet() throws {
    let result = try workspace.trace("--quiet", shell: "/bin/true").run()
    #expect(result.errorText.isEmpty)
    #expect(try workspace.lines() == ["true: 0 exited"])
  }

  @Test("Dashes before the command are not needed")
  func withoutDashes() throws {
    let result = try workspace.cmdmox("trace", "-q", "sh", "-c", "exit 4", "--", "-q").run()
    #expect(result.status == 4)
    #expect(
      try workspace.fixture().metadata.session?.command == ["sh", "-c", "exit 4", "--", "-q"])
  }

  @Test(
    "A command that cannot run is told as a shell tells it",
    arguments: [
      ("nowhere-to-be-found", 127, "nowhere-to-be-found: command not found in PATH"),
      ("./nowhere", 127, "./nowhere: no such file"),
      ("./text", 126, "./text: not an executable file"),
      ("/tmp", 126, "/tmp: not an executable file"),
      ("", 127, "the command is empty"),
    ])
  func cannotRun(name: String, status: Int32, sentence: String) throws {
    try workspace.write("text", "no program")
    let result = try workspace.cmdmox("trace", "--", name, "x").run()
    #expect(result.status == status)
    #expect(result.errorText == "cmdmox: \(sentence)\n")
    #expect(workspace.sessions.isEmpty)
  }

  @Test(
    "Wrong usage is 64 and one line", arguments: [["trace"], ["trace", "--nonsense"], ["oops"]])
  func usage(arguments: [String]) throws {
    let result = try Command(
      bytes: ([Workspace.tool.string] + arguments).map { Array($0.utf8) }, in: workspace.path
    ).run()
    #expect(result.status == 64)
    #expect(result.errorText.hasPrefix("cmdmox: "))
    #expect(result.errorText.split(separator: "\n").count == 1)
  }

  @Test("A list of no commands is wrong usage", arguments: ["", ",", " , "])
  func noCommands(list: String) throws {
    let result = try workspace.cmdmox("trace", "--commands", list, "--", "true").run()
    #expect(result.status == 64)
    #expect(result.errorText.hasPrefix("cmdmox: --commands names no command"))
  }

  @Test("Spaces around the names of a list do not matter")
  func spacedCommands() throws {
    _ = try workspace.cmdmox(
      "trace", "-q", "--commands", " true , x", "--", "sh", "-c", "/bin/true; ls"
    )
    .run()
    #expect(try workspace.lines() == ["true: 0 exited"])
  }

  @Test("A child that the root forked last of all is recorded as running", arguments: 0..<10)
  func lastChild(round: Int) throws {
    let script = "sleep 0.4 >/dev/null 2>&1 & exit 2"
    #expect(try workspace.trace("-q", shell: script).run().status == 2)
    #expect(try workspace.lines() == ["sleep 0.4: 0 running"])
    let process = try #require(workspace.fixture().recordings.first?.process)
    #expect(process.opaque == nil)
  }

  @Test("--wait waits for what orphans go on to run", arguments: 0..<3)
  func orphans(round: Int) throws {
    let script = "(sleep 0.3; /bin/true; /bin/false) >/dev/null 2>&1 & exit 2"
    #expect(try workspace.trace("-q", "--wait", shell: script).run().status == 2)
    #expect(
      try workspace.lines() == ["sleep 0.3: 0 exited", "true: 0 exited", "false: 1 exited"])
  }

  @Test("A script without #! is run by the shell, as execvp does")
  func plainScript() throws {
    try workspace.write("plain", "/bin/true\nexit 6\n", mode: 0o755)
    let result = try workspace.cmdmox("trace", "-q", "./plain").run()
    #expect(result.status == 6)
    #expect(try workspace.lines() == ["true: 0 exited"])
  }

  @Test("Only the commands asked for are recorded, and children find their recorded ancestors")
  func commandFilter() throws {
    let script = "env sh -c 'ls /nowhere 2>/dev/null; env true'; :"
    _ = try workspace.trace("--commands", "ls,true", shell: script).run()
    #expect(try workspace.lines() == ["ls /nowhere: 2 exited", "true: 0 exited"])
    #expect(try workspace.fixture().recordings.allSatisfy { $0.process?.parent == nil })
  }

  @Test("Variables that are asked for are kept, others not")
  func environment() throws {
    _ = try workspace.trace(
      "--env-allow", "WANTED", shell: "WANTED='ü b' OTHER=1 SECRET_TOKEN=x /bin/true"
    ).run()
    #expect(try workspace.fixture().recordings.first?.envSubset == ["WANTED": "ü b"])
  }

  @Test("A descendant that outlives the program is running")
  func running() throws {
    for name in ["started", "pipe"] {
      #expect(mkfifo(workspace.file(name).string, 0o600) == 0)
    }
    var command = workspace.trace(
      "-q", shell: "sh -c 'echo go >started; read x <pipe' & read x <started")
    // Somebody else lets it go, when the session is over.
    command.arguments =
      ["sh", "-c", "\"$@\"; echo go >pipe", "x"].map { Array($0.utf8) } + command.arguments
    #expect(try command.run().status == 0)
    #expect(
      try workspace.lines() == ["sh -c echo go >started; read x <pipe: 0 running"])
  }

  @Test("A descendant that outlives the program is waited for where that is asked for")
  func waitedFor() throws {
    let result = try workspace.trace(
      "-q", "--wait",
      shell: "sh -c \"while kill -0 $$ 2>/dev/null; do :; done; exit 3\" & /bin/true"
    ).run()
    #expect(result.status == 0)
    #expect(try workspace.lines().map { $0.suffix(10) }.sorted() == [": 0 exited", ": 3 exited"])
  }

  @Test("Bytes of an argument stay what they are", arguments: ArgumentBytes.all)
  func bytes(_ argument: ArgumentBytes) throws {
    var command = workspace.trace("-q", shell: "/bin/true \"$1\"")
    command.arguments += [[0x78], argument.bytes]
    #expect(try command.run().status == 0)
    let recording = try #require(workspace.fixture().recordings.first)
    #expect(recording.command == "true")
    #expect(recording.args.count == 1)
    let exact = recording.bytes["args", "0"] ?? Array((recording.args.first ?? "").utf8)
    #expect(exact == argument.bytes)
  }

  @Test("A session inside a session takes its own commands")
  func nested() throws {
    let tool = Workspace.tool
    let result = try workspace.trace(
      "-q", shell: "/bin/true; \(tool) trace -q -o inner.json -- sh -c 'ls >/dev/null; :'; :"
    ).run()
    #expect(result.status == 0, "\(result.errorText)")
    #expect(try workspace.lines("inner.json") == ["ls: 0 exited"])
    // The outer session sees that the inner one's root was started, and nothing of it.
    #expect(try workspace.lines().map { $0.prefix(6) } == ["true: ", "cmdmox", "sh -c "])
    #expect(try workspace.fixture().recordings.last?.process?.opaque == .session)
  }

  @Test(
    "A signal that is sent to the tool alone reaches the program", arguments: [SIGTERM, SIGHUP])
  func signals(signal: Int32) throws {
    let name = signal == SIGTERM ? "TERM" : "HUP"
    var command = workspace.trace(
      "-q", shell: "trap 'exit 7' \(name); echo ready; while :; do /bin/true; done")
    command.onOutput = { output, pid in
      if output.starts(with: Array("ready\n".utf8)) { kill(pid, signal) }
    }
    #expect(try command.run().status == 7)
  }

  @Test("An interrupt from the terminal reaches the program once, and the fixture is written")
  func interrupt() throws {
    let python = """
      import os, pty, sys
      pid, terminal = pty.fork()
      if pid == 0:
          os.execv(sys.argv[1], sys.argv[1:])
      seen = b''
      while b'ready' not in seen:
          seen += os.read(terminal, 1000)
      os.write(terminal, b'\\x03')
      try:
          while True:
              seen += os.read(terminal, 1000)
      except OSError:
          pass
      print(seen.count(b'once'), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
      """
    var command = workspace.trace(
      shell: "trap 'echo once; exit 9' INT; echo ready; while :; do /bin/true; done")
    command.arguments = ["python3", "-c", python].map { Array($0.utf8) } + command.arguments
    #expect(try command.run().outputText == "1 9\n")
    #expect(try workspace.fixture().metadata.session?.exitCode == 9)
  }
}

/// Bytes that an argument can have.
struct ArgumentBytes: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let bytes: [UInt8]

  static let all = [
    ArgumentBytes(testDescription: "empty", bytes: []),
    ArgumentBytes(testDescription: "space", bytes: [0x20]),
    ArgumentBytes(testDescription: "newline", bytes: [0x0a]),
    ArgumentBytes(testDescription: "not UTF-8", bytes: [0xff, 0xfe, 0x41, 0x80]),
    ArgumentBytes(testDescription: "ümlaut", bytes: Array("ümlaut".utf8)),
    // The kernel's limit for one string, its NUL included.
    ArgumentBytes(
      testDescription: "128 KiB", bytes: [UInt8](repeating: 0x61, count: (128 << 10) - 1)),
  ]
}
