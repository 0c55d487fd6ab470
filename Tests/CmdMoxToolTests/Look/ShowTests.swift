import CmdMox
import Glibc
import SystemPackage
import Testing

@Suite("cmdmox show") struct ShowTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test("A list has a line for each invocation, a tree one more for the root")
  func forms() throws {
    try workspace.failingBuild()
    let count = try workspace.fixture().recordings.count
    let list = try workspace.cmdmox("show").run()
    #expect(list.status == 0, "\(list.errorText)")
    #expect(list.outputText.split(separator: "\n").count == count + 1)
    let tree = try workspace.cmdmox("show", "cmdmox.json", "--tree").run().outputText
    #expect(tree.contains("│  └─ grep"), "\(tree)")
    #expect(tree.split(separator: "\n").count == count + 2)
    #expect(tree.contains("└─ "))
    #expect(!tree.contains("\u{1b}"))
  }

  @Test("Invocations are selected by command, by pattern, by time")
  func selection() throws {
    try workspace.failingBuild()
    let greps = try workspace.cmdmox("show", "cmdmox.json", "--command", "grep").run().outputText
    #expect(greps.split(separator: "\n").count == 3)
    let pattern = try workspace.cmdmox("show", "cmdmox.json", "--grep", "^gcc.*ba[d]").run()
    #expect(pattern.outputText.split(separator: "\n").count == 2)
    let inner = try workspace.cmdmox("show", "--tree", "--command", "cc1", "cmdmox.json").run()
    let tree = inner.outputText.split(separator: "\n").map { $0.split(separator: "─").last ?? "" }
    #expect(tree.map { String($0.prefix(8)) }.suffix(2) == [" gcc -c ", " cc1 -qu"], "\(tree)")
    #expect(!inner.outputText.contains("grep"))
    let wrong = try workspace.cmdmox("show", "cmdmox.json", "--grep", "(").run()
    #expect(wrong.status == 64)
    #expect(wrong.errorText.hasPrefix("cmdmox: --grep ("))
  }

  /// Three commands of a make: a sh of 90 ms, in which a gcc ran for 80, and a ld of 30.
  static func times() -> FixtureFile {
    func recording(
      _ sequence: Int, _ command: String, parent: Int?, _ us: Range<Int>
    ) -> RecordedInvocation {
      var process = ProcessFacts(pid: 100 + sequence)
      (process.parent, process.termination) = (parent, .exited)
      (process.startedUs, process.endedUs) = (us.lowerBound, us.upperBound)
      (process.userCpuUs, process.systemCpuUs, process.maxRssKib) = (3000, 1500, 20 << 10)
      return RecordedInvocation(
        sequence: sequence, command: command, timestamp: "", process: process)
    }
    return FixtureFile(
      metadata: .create(),
      recordings: [
        recording(0, "ld", parent: nil, 0..<30_000),
        recording(1, "sh", parent: nil, 30_000..<120_000),
        recording(2, "gcc", parent: 1, 35_000..<115_000),
      ])
  }

  @Test("The slowest stand first, with their times; --own does not count what they ran")
  func slowest() throws {
    try Self.times().save(to: workspace.file("times.json"))
    func rows(_ options: String...) throws -> [[Substring]] {
      let command = workspace.cmdmox(arguments: ["show", "times.json", "--slowest"] + options)
      return try command.run().outputText.split(separator: "\n").map { $0.split(separator: " ") }
    }
    let all = try rows("9")
    #expect(all[0] == ["#", "start", "s", "time", "own", "cpu", "memory", "outcome", "command"])
    #expect(all.dropFirst().map { $0.last } == ["sh", "gcc", "ld"])
    let line = "1 0.030 90.0 ms 10.0 ms 4.50 ms 20.0 MiB ok sh"
    #expect(all[1] == line.split(separator: " "))
    #expect(try rows("2").dropFirst().map { $0.last } == ["sh", "gcc"])
    #expect(try rows("9", "--own").dropFirst().map { $0.last } == ["gcc", "ld", "sh"])
    #expect(try workspace.cmdmox("show", "times.json", "--own").run().status == 64)
  }

  @Test("In a pipe nothing is shortened, were it a megabyte", arguments: [[], ["--tree"], ["0"]])
  func whole(form: [String]) throws {
    let argument = String(repeating: "x", count: 1 << 20)
    var fixture = Self.times()
    fixture.recordings[0].args = [argument, "end"]
    try fixture.save(to: workspace.file("huge.json"))
    let result = try workspace.cmdmox(arguments: ["show", "huge.json"] + form).run()
    #expect(result.status == 0)
    #expect(result.outputText.contains("ld \(argument) end\n"))
  }

  @Test(
    "JSON is JSON, in every form",
    arguments: [[], ["--tree"], ["--failed"], ["0"], ["--slowest", "3"], ["--command", "gcc"]])
  func json(form: [String]) throws {
    try workspace.failingBuild()
    let command = workspace.cmdmox(arguments: ["show", "cmdmox.json", "--json"] + form)
    let result = try command.run()
    #expect(result.status == 0, "\(result.errorText)")
    try workspace.write("shown.json", result.outputText)
    let check = """
      import json; shown = json.load(open("shown.json"))
      names = {"recording", "depth", "children", "own_us", "failed"}
      assert shown and all(names <= set(one) for one in shown)
      """
    let python = try Command("python3", "-c", check, in: workspace.path).run()
    #expect(python.status == 0, "\(python.errorText)")
  }

  @Test("What cannot be read is said, and how it is wrong")
  func problems() throws {
    #expect(try workspace.cmdmox("show", "nowhere.json").run().status == 66)
    try workspace.write("bad.json", "{")
    #expect(try workspace.cmdmox("show", "bad.json").run().status == 65)
    let both = try workspace.cmdmox("show", "bad.json", "--tree", "--failed").run()
    #expect(both.status == 64)
  }

  static let lies = """
    {"version": "1.0", "metadata": {"created_at": "\\u001b[31m", "cmdmox_version": "", "platform":
    "linux", "python_version": ""}, "recordings": [
    {"sequence": 0, "command": "\\u001b]0;x\\u0007", "args": ["\\u009b31m", "\\u202e", "\\udcff"],
     "stdin": "", "env_subset": {"A\\u001b": "\\u001b[2J"}, "stdout": "\\u001b[2J", "stderr": "\\r\\b",
     "exit_code": 5000000000, "timestamp": "\\u001b", "duration_ms": -5, "process": {"pid": -1,
     "parent": 1, "started_us": 9223372036854775807, "ended_us": -9223372036854775808,
     "cwd": "\\u001b[1m", "executable": "\\n", "argv0": "\\u001b", "interpreter": "\\u001b",
     "termination": "signaled", "signal": -99, "error": "\\u001b", "status_source": "\\u001b",
     "user_cpu_us": 9223372036854775807, "system_cpu_us": 9223372036854775807,
     "max_rss_kib": -9223372036854775808, "opaque": "\\u001b", "confined": "\\u001b"}},
    {"sequence": 1, "command": "b", "args": [], "stdin": "", "env_subset": {}, "stdout": "",
     "stderr": "", "exit_code": -9223372036854775808, "timestamp": "", "duration_ms":
     9223372036854775807, "process": {"pid": 1, "parent": 0, "termination": "failed",
     "error": "\\u001b"}},
    {"sequence": 1, "command": "", "args": [], "stdin": "", "env_subset": {}, "stdout": "",
     "stderr": "", "exit_code": 1, "timestamp": "", "duration_ms": 0}],
    "scrubbing_rules": []}
    """

  @Test(
    "A fixture that lies is shown all the same, and no control character comes through",
    arguments: [[], ["--tree"], ["--failed"], ["--slowest", "5"], ["0"], ["1"]])
  func lying(form: [String]) throws {
    try workspace.write("lies.json", Self.lies)
    let result = try workspace.cmdmox(arguments: ["show", "lies.json"] + form).run()
    #expect(result.status == 0, "\(result.errorText)")
    #expect(!result.outputText.isEmpty)
    #expect(result.output.allSatisfy { $0 == 10 || $0 >= 0x20 && $0 != 0x7f })
    #expect(result.outputText.unicodeScalars.allSatisfy { !(0x80...0x9f ~= $0.value) })
    #expect(!result.outputText.contains("\u{202e}"))
  }

  @Test("A fixture without recordings has a heading", arguments: [[], ["--tree"], ["--failed"]])
  func empty(form: [String]) throws {
    try workspace.write("empty.json", ReportTests.good)
    let result = try workspace.cmdmox(arguments: ["show", "empty.json"] + form).run()
    #expect(result.status == 0)
    #expect(!result.outputText.isEmpty)
  }

  @Test("Colours stand where they are wanted")
  func colors() throws {
    try workspace.failingBuild()
    let always = try workspace.cmdmox("show", "--tree", "--color", "always", "cmdmox.json").run()
    #expect(always.outputText.contains("\u{1b}[31m"))
    let never = try workspace.cmdmox("show", "--tree", "--color", "never", "cmdmox.json").run()
    #expect(!never.outputText.contains("\u{1b}"))
  }
}
