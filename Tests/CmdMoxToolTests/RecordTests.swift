import CmdMox
import Glibc
import SystemPackage
import Testing

@Suite("cmdmox record") struct RecordTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
  }

  @Test("The end is told in one line, truncated streams too")
  func summary() throws {
    let result = try workspace.record("--max-capture", "10", shell: "seq 100; true").run()
    #expect(result.status == 0)
    let fixture = workspace.file("cmdmox.json")
    #expect(
      result.errorText == "cmdmox: 1 invocation, 1 stream truncated; fixture: \(fixture)\n")
    let recording = try #require(workspace.fixture().recordings.first)
    #expect(recording.stdout == "1\n2\n3\n4\n5\n")
    #expect(recording.process?.stdout?.length == 292)
  }

  @Test(
    "A limit that is none is wrong usage", arguments: ["x", "-1", "1X", "9999999999999G", ""])
  func nonsense(limit: String) throws {
    let result = try workspace.record("--max-capture=\(limit)", shell: "touch ran").run()
    #expect(result.status == 64)
    #expect(result.errorText.contains("--max-capture"))
    #expect(workspace.file("ran").withPlatformString { access($0, F_OK) } != 0)
  }

  @Test(
    "Limits in the units that people write",
    arguments: [("0", 0), ("5", 5), ("1k", 1024), ("1K", 1024), ("1M", 4_000), ("1G", 4_000)])
  func units(limit: String, kept: Int) throws {
    let result = try workspace.record("--max-capture", limit, shell: "head -c 4000 /dev/zero; true")
      .run()
    #expect(result.status == 0 && result.output.count == 4000)
    #expect(try workspace.fixture().recordings.first?.stdout.utf8.count == kept)
  }

  @Test("A fixture's folder that is missing is told before anything runs")
  func noFolder() throws {
    let result = try workspace.record("-o", "nowhere/f.json", shell: "touch ran").run()
    #expect(result.status == 73)
    #expect(workspace.file("ran").withPlatformString { access($0, F_OK) } != 0)
  }

  /// A descriptor that stayed open for each command would soon be one too many.
  @Test(
    "A recorder with few descriptors captures thousands of commands, and loses none",
    arguments: [(500, 16, 64), (3_000, 64, 256)])
  func descriptors(count: Int, atOnce: Int, limit: Int) throws {
    let lines = (1...count).map { "\($0)\n" }
    let list = try workspace.write("numbers", lines.joined())
    let words = [
      "sh", "-c", "ulimit -n \(limit); exec \"$@\"", "sh", Workspace.tool.string, "record", "--",
      "xargs", "-a", list.string, "-P", "\(atOnce)", "-n", "1", "/bin/echo",
    ]
    let result = try Command(bytes: words.map { Array($0.utf8) }, in: workspace.path)
      .run(limitMs: 180_000)
    #expect(result.status == 0)
    #expect(result.errorText.contains("cmdmox: \(count) invocations; fixture"))
    let said = result.outputText.split(separator: "\n").compactMap { Int($0) }
    #expect(said.sorted() == Array(1...count))
    let recordings = try workspace.fixture().recordings
    #expect(recordings.map(\.stdout).sorted() == lines.sorted())
    #expect(recordings.allSatisfy { $0.process?.stdout?.taken == .relayed })
  }

  @Test(
    "The session directory is removed in the middle: the program goes on, its status is kept",
    arguments: ["$CMDMOX_SESSION", "${CMDMOX_SESSION%/*/*}"])
  func removed(directory: String) throws {
    // One command is being captured meanwhile.
    let result = try workspace.record(
      shell: """
        seq 2; mkfifo go; (read x <go; seq 3) | cat & sh -c 'rm -rf "$1"; echo >go; echo 4' sh \
        "\(directory)"; wait; seq 5 | tail -1; /bin/true; exit 5
        """
    ).run()
    #expect(result.status == 5)
    #expect(
      result.outputText.split(separator: "\n").sorted() == ["1", "1", "2", "2", "3", "4", "5"])
    #expect(result.errorText.contains("the rest lost (the session directory was removed"))
    let fixture = try workspace.fixture()
    #expect(fixture.recordings.first?.stdout == "1\n2\n")
    #expect((fixture.metadata.session?.lost ?? 0) > 0)
  }

  @Test(
    "The recorder is killed in the middle: every command goes on and its output arrives",
    arguments: ["KILL", "STOP"])
  func killed(signal: String) throws {
    // A stopped recorder answers nobody; the one that waited goes on after a while.
    // He spares the others that.
    let script = """
      seq 2; sh -c 'kill -\(signal) $(cat pid); sleep 0.2; seq 70000 72000' | tail -1
      for i in 1 2 3 4 5 6; do /bin/echo $i >/dev/null; done; exit 6
      """
    var command = workspace.record("--quiet", shell: script)
    command.arguments =
      Command("sh", "-c", "echo $$ > pid; exec \"$@\"", "sh").arguments
      + command.arguments
    command.onOutput = { output, pid in
      if output.count > 6, signal == "STOP" { kill(pid, SIGCONT) }
    }
    let result = try command.run(limitMs: 40_000)
    #expect(result.outputText == "1\n2\n72000\n")
    #expect(signal == "KILL" ? result.status == 137 : result.status == 6)
  }

  @Test("Storing much output, which takes long, does not keep the next command waiting for good")
  func muchOutput() throws {
    let copies = String(repeating: " | cat", count: 12)
    let script = "head -c 1000000 /dev/urandom\(copies) >/dev/null; /bin/echo over; true"
    let result = try workspace.record("--quiet", shell: script).run(limitMs: 180_000)
    #expect(result.outputText == "over\n" && result.errorText == "")
    let recordings = try workspace.fixture().recordings
    #expect(recordings.count == 14)
    #expect(recordings.last?.stdout == "over\n")
  }

  @Test("The recorder is killed while many commands run: the output of each arrives")
  func killedAmongMany() throws {
    var command = workspace.record(
      "--quiet",
      shell: """
        seq 300 | xargs -P 16 -n 1 sh -c 'test $0 = 150 && kill -KILL $(cat pid); seq $0 $0; seq $0 | wc -l >&2'
        """)
    command.arguments =
      Command("sh", "-c", "echo $$ > pid; exec \"$@\"", "sh").arguments + command.arguments
    let result = try command.run()
    let numbers = (1...300).map(String.init).sorted()
    #expect(result.outputText.split(separator: "\n").map(String.init).sorted() == numbers)
    #expect(result.errorText.split(separator: "\n").map(String.init).sorted() == numbers)
  }

  @Test("The bare form captures too, and says what it does not understand")
  func bare() throws {
    let result = try workspace.bare(
      "sh", "-c", "seq 3; sh -c 'seq 2 >/dev/null; true'",
      environment: [
        "CMDMOX_MODE": "record", "CMDMOX_MAX_CAPTURE": "4", "CMDMOX_DEPTH": "all",
      ]
    ).run()
    #expect(result.outputText == "1\n2\n3\n")
    let recordings = try workspace.fixture().recordings
    #expect(recordings.map(\.command) == ["seq", "sh", "seq"])
    #expect(recordings.first?.stdout == "1\n2\n")
    #expect(recordings.last?.process?.parent == 1)
    let wrong = try workspace.bare(
      "sh", "-c", "exit 3", environment: ["CMDMOX_MODE": "record", "CMDMOX_MAX_CAPTURE": "x"]
    ).run()
    #expect(wrong.status == 3)
    #expect(wrong.errorText.contains("CMDMOX_MAX_CAPTURE"))
  }
}
