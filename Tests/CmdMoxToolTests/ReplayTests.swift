import CmdMox
import Glibc
import SystemPackage
import Testing

@Suite("cmdmox replay and auto") struct ReplayTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
  }

  private func record(_ script: String, to name: String = "f.json") throws {
    #expect(try workspace.record("-q", "-o", name, shell: script).run().status != nil)
  }

  private func replay(_ options: String..., shell script: String) -> Command {
    workspace.tool(["replay", "-f", "f.json"] + options + ["--", "sh", "-c", script])
  }

  private func auto(_ options: String..., shell script: String) -> Command {
    workspace.tool(["auto", "-f", "f.json"] + options + ["--", "sh", "-c", script])
  }

  @Test("A replay that went as recorded says so, with the program's status")
  func ordinary() throws {
    try record("seq 2; ls /nowhere; exit 5")
    let result = try replay(shell: "seq 2; ls /nowhere; exit 5").run()
    #expect(result.status == 5)
    #expect(result.outputText == "1\n2\n")
    #expect(
      result.errorText.contains("cmdmox: replayed as recorded: 2 of 2 recordings used; fixture: "))
    #expect(try replay("-q", shell: "seq 2; ls /nowhere 2>/dev/null").run().errorText.isEmpty)
    #expect(workspace.sessions.isEmpty)
  }

  @Test("A miss ends with 127, shows the closest recording, and fails the session")
  func miss() throws {
    try record("seq 2; true")
    let result = try replay(shell: "seq 3; echo $?").run()
    #expect(result.status == 1)
    #expect(result.outputText == "127\n")
    #expect(result.errorText.contains("no recording answers: seq 3"))
    #expect(result.errorText.contains("argument 1 is 3, recorded 2"))
    #expect(result.errorText.contains("1 command not answered, 1 recording not used"))
    #expect(try replay("--on-miss", "run", "--allow-unused", shell: "seq 1").run().status == 0)
    #expect(try replay(shell: "seq 3; exit 4").run().status == 4)
  }

  @Test("Recordings that nothing used fail the session, unless that is allowed")
  func unused() throws {
    try record("seq 1; seq 2; true")
    let result = try replay(shell: "seq 1; true").run()
    #expect(result.status == 1)
    #expect(result.errorText.contains("not used: recording 1: seq 2"))
    #expect(try replay("--allow-unused", shell: "seq 1; true").run().status == 0)
  }

  @Test("Repeats: in the order of the recording, then no more, unless the last one repeats")
  func repeats() throws {
    try workspace.write("n", "0")
    let script = "date +%N; date +%N; true"
    try record(script)
    let recorded = try workspace.fixture("f.json").recordings.map(\.stdout)
    #expect(try replay(shell: script).run().outputText == recorded.joined())
    let more = "date +%N; date +%N; date +%N; true"
    #expect(try replay(shell: more).run().status == 1)
    let repeated = try replay("--repeat-last", shell: more).run()
    #expect(repeated.status == 0 && repeated.outputText == recorded.joined() + recorded[1])
  }

  @Test("The order of the recording, where it is asked for")
  func order() throws {
    try record("seq 1; seq 2; true")
    #expect(try replay(shell: "seq 2; seq 1; true").run().status == 0)
    let strict = try replay("--order", "strict", shell: "seq 2; seq 1; true").run()
    #expect(strict.status == 1)
    #expect(try replay("--order", "strict", shell: "seq 1; seq 2; true").run().status == 0)
  }

  @Test("Arguments, variables and directories that differ in each run")
  func differing() throws {
    try record("echo x > /tmp/cmdmox-a-1; wc -l /tmp/cmdmox-a-1; rm -f /tmp/cmdmox-a-1; true")
    let script = "wc -l /tmp/cmdmox-a-2; rm -f /tmp/cmdmox-a-2; true"
    #expect(try replay(shell: script).run().status == 1)
    let result = try replay("--match", "arg:/tmp/cmdmox-a-[0-9]+", shell: script).run()
    #expect(result.status == 0 && result.outputText == "1 /tmp/cmdmox-a-1\n")
    #expect(try replay("--match", "nonsense", shell: script).run().status == 64)
    #expect(try replay("--match", "arg:[", shell: script).run().status == 64)
    #expect(try replay("--cwd", "required", shell: "cd /; \(script)").run().status == 1)
  }

  @Test("The verdict as JSON")
  func report() throws {
    try record("seq 1; true")
    let result = try replay("--report", "json", shell: "seq 2 2>/dev/null; true").run()
    let line = try #require(result.errorText.split(separator: "\n").joined().firstIndex(of: "{"))
    let text = result.errorText.split(separator: "\n").joined()[line...]
    let python = Command("python3", "-c", "import json, sys; json.loads(sys.argv[1])", String(text))
    #expect(try python.run().status == 0)
  }

  @Test("The verdict in a file of its own, whatever the program says")
  func reportFile() throws {
    try record("seq 1; true")
    let result = try replay(
      "--report-file", "verdict.json", shell: "echo noise >&2; seq 2 2>/dev/null; true"
    ).run()
    #expect(result.status == 1)
    #expect(result.errorText.contains("seq 2"))
    let python = Command(
      "python3", "-c",
      "import json; v = json.load(open('verdict.json')); print(v['passed'], v['miss_count'])",
      in: workspace.path)
    #expect(try python.run().outputText == "False 1\n")
    let nowhere = try replay("--report-file", "missing/verdict.json", shell: "touch ran").run()
    #expect(nowhere.status == 73)
    #expect(try Command("ls", "ran", in: workspace.path).run().status != 0)
  }

  @Test(
    "A fixture that cannot be replayed is told before anything runs",
    arguments: [
      ("missing", 66), ("{", 65), ("[]", 65), (#"{"version": "2.0", "recordings": []}"#, 65),
      ("negative", 65), ("duplicate", 65), ("platform", 65),
    ])
  func badFixture(text: String, status: Int32) throws {
    try record("seq 1; seq 2; true")
    let whole = try String(
      decoding: Command("cat", workspace.file("f.json").string).run().output, as: UTF8.self)
    switch text {
    case "missing": _ = try Command("rm", workspace.file("f.json").string).run()
    case "negative":
      try workspace.write("f.json", whole.replacing("\"sequence\": 1", with: "\"sequence\": -1"))
    case "duplicate":
      try workspace.write("f.json", whole.replacing("\"sequence\": 1", with: "\"sequence\": 0"))
    case "platform":
      try workspace.write(
        "f.json", whole.replacing("\"platform\": \"linux\"", with: "\"platform\": \"win32\""))
    default: try workspace.write("f.json", text)
    }
    let result = try replay(shell: "touch ran").run()
    #expect(result.status == status)
    #expect(result.errorText.hasPrefix("cmdmox: "))
    #expect(workspace.file("ran").withPlatformString { access($0, F_OK) } != 0)
  }

  @Test(
    "Options that make no sense are told before anything runs",
    arguments: [
      (["replay", "--run", "/bin/seq"], 64, "--run /bin/seq: expected the command's name"),
      (["replay", "--match", "foo:x"], 64, "--match foo:x: expected arg:PATTERN"),
      (["replay", "--strict", "--fuzzy"], 64, "--fuzzy"),
      (["auto", "--commands", ","], 64, "--commands names no command"),
      (["auto", "--record-mode", "some"], 64, "'once', 'new-episodes', 'none' or 'all'"),
      (["replay", "-f", "gone.json"], 66, "record it first, or name another one with -f"),
      (["auto", "-f", "gone/f.json"], 73, "the fixture cannot be written there"),
    ])
  func badOptions(words: [String], status: Int32, sentence: String) throws {
    try record("seq 1; true")
    let result = try workspace.tool(
      [words[0], "-f", "f.json"] + words.dropFirst() + ["--", "touch", "ran"]
    ).run()
    #expect(result.status == status)
    #expect(result.errorText.hasPrefix("cmdmox: ") && result.errorText.contains(sentence))
    #expect(workspace.file("ran").withPlatformString { access($0, F_OK) } != 0)
  }

  @Test("A scrubbing rule of the fixture that is none is bad data")
  func badRule() throws {
    try record("seq 1; true")
    var fixture = try workspace.fixture("f.json")
    fixture.scrubbingRules = [ScrubbingRule(pattern: "(", replacement: "x")]
    try fixture.save(to: workspace.file("f.json"))
    let result = try replay(shell: "touch ran").run()
    #expect(result.status == 65 && result.errorText.contains("f.json: rule “(”"))
    #expect(workspace.file("ran").withPlatformString { access($0, F_OK) } != 0)
  }

  @Test("A truncated stream that is needed is a clear error")
  func truncated() throws {
    #expect(
      try workspace.record("-q", "-o", "f.json", "--max-capture", "4", shell: "seq 100 >o; true")
        .run().status == 0)
    let result = try replay(shell: "seq 100 >o; echo $?").run()
    #expect(result.outputText == "127\n" && result.status == 1)
    #expect(result.errorText.contains("has only the first 4 bytes of its stdout, which had 292"))
  }

  @Test("The controller is killed in the middle: later commands fail with 127 and say why")
  func killed() throws {
    try record("seq 1; seq 2; true")
    var command = replay("-q", shell: "seq 1; read p < pid; kill -9 $p; seq 2; echo $?")
    command.arguments =
      Command("sh", "-c", "echo $$ > pid; exec \"$@\"", "sh").arguments + command.arguments
    let result = try command.run(limitMs: 30_000)
    #expect(result.status == 137)
    #expect(result.outputText == "1\n127\n")
    #expect(
      result.errorText
        == "cmdmox: seq: the replay has ended; nothing answers this command any more\n")
  }

  @Test(
    "The session's folder goes in the middle: commands do not run, and say why",
    arguments: ["s.run(['seq', '2'])", "s.run(['/usr/bin/seq', '2'], close_fds=False)"])
  func folderGone(call: String) throws {
    try record("seq 1; seq 2; true")
    let script = """
      import os, subprocess as s
      s.run(["seq", "1"])
      folder = os.environ["CMDMOX_SESSION"]
      os.rename(folder, folder + ".away")
      try: \(call)
      except OSError as error: print(error.errno)
      os.rename(folder + ".away", folder)
      """
    let result = try workspace.tool(
      ["replay", "-f", "f.json", "--", "/usr/bin/python3", "-c", script]
    ).run()
    #expect(result.outputText == "1\n2\n" && result.status == 1)
    #expect(result.errorText.contains("seq: the replay has ended; nothing answers this command"))
    #expect(result.errorText.contains("not used: recording 1: seq 2"))
  }

  @Test("auto: once records the first time and replays from then on")
  func once() throws {
    let script = "date +%N; true"
    let first = try auto(shell: script).run()
    #expect(first.status == 0 && first.errorText.contains("1 invocation; fixture: "))
    let second = try auto(shell: script).run()
    #expect(second.outputText == first.outputText && second.status == 0)
    #expect(try auto(shell: "date; true").run().status == 1)
  }

  @Test("auto: new episodes are appended, known ones answered")
  func newEpisodes() throws {
    try record("date +%N; true")
    let before = try workspace.fixture("f.json").recordings
    let result = try auto(
      "--record-mode", "new-episodes", shell: "date +%N; sh -c 'seq 2; exit 3'; nosuchcommand; true"
    ).run()
    #expect(result.status == 0)
    #expect(result.outputText.hasPrefix(before[0].stdout))
    let after = try workspace.fixture("f.json").recordings
    #expect(after.first == before.first)
    #expect(after.dropFirst().map(\.command) == ["sh"])
    #expect(after.map(\.sequence) == Array(0..<after.count))
    let again = try auto(
      "--record-mode", "new-episodes", shell: "date +%N; sh -c 'seq 2; exit 3'; true"
    ).run()
    #expect(again.status == 0 && again.outputText == result.outputText)
    #expect(try workspace.fixture("f.json").recordings == after)
    #expect(
      try auto("--record-mode", "none", shell: "date +%N; sh -c 'seq 2; exit 3'; true").run().status
        == 0)
  }

  @Test("auto: all records anew; a program that failed does not replace the fixture")
  func all() throws {
    try record("seq 1; true")
    let failed = try auto("--record-mode", "all", shell: "seq 2; exit 3").run()
    #expect(failed.status == 3 && failed.errorText.contains("--keep-failed"))
    #expect(try workspace.fixture("f.json").recordings.map(\.args) == [["1"]])
    #expect(
      try auto("--record-mode", "all", "--keep-failed", shell: "seq 2; exit 3").run().status == 3)
    #expect(try workspace.fixture("f.json").recordings.map(\.args) == [["2"]])
    #expect(try auto("--record-mode", "all", shell: "seq 4; true").run().status == 0)
    #expect(try workspace.fixture("f.json").recordings.map(\.args) == [["4"]])
    #expect(
      try auto("--record-mode", "none", "-f", "none.json", shell: "touch ran").run().status == 66)
  }
}
