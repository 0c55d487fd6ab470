import CmdMox
import Glibc
import SystemPackage
import Testing

@Suite("cmdmox show") struct ShowTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// A build whose second source does not compile.
  private func failingBuild(_ mode: String = "trace") throws {
    try workspace.write("good.c", "int good(void) { return 0; }\n")
    try workspace.write("bad.c", "int bad(void) { return }\n")
    try workspace.write(
      "Makefile",
      "all: good.o bad.o\n%.o: %.c\n\t@grep -q nothing $< || true\n\tgcc -c -o $@ $<; test $$? = 0\n"
    )
    let result = try workspace.cmdmox(mode, "-q", "--", "make").run()
    #expect(result.status == 2, "\(result.errorText)")
  }

  @Test("A list has a line for each invocation, a tree one more for the root")
  func forms() throws {
    try failingBuild()
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

  @Test("A failed command's errors stand with it")
  func standardError() throws {
    try failingBuild("record")
    let text = try workspace.cmdmox("show", "cmdmox.json", "--failed").run().outputText
    #expect(text.contains("  | bad.c:1:24: error:"), "\(text)")
  }

  @Test("The compiler's error stands first, then who failed because of it")
  func failed() throws {
    try failingBuild()
    let text = try workspace.cmdmox("show", "cmdmox.json", "--failed").run().outputText
    let lines = text.split(separator: "\n")
    #expect(lines.first?.hasPrefix("exit 1: #") == true, "\(text)")
    #expect(lines.first?.contains("bad.c") == true, "\(text)")
    let makes = try #require(text.firstRange(of: "made fail: make (exit 2)"), "\(text)")
    let expected = try #require(text.firstRange(of: "expected, or did not mind"), "\(text)")
    #expect(makes.upperBound < expected.lowerBound)
    #expect(text[expected.upperBound...].contains("grep -q nothing"))
  }

  @Test("Invocations are selected by command, by pattern, by time")
  func selection() throws {
    try failingBuild()
    let greps = try workspace.cmdmox("show", "cmdmox.json", "--command", "grep").run().outputText
    #expect(greps.split(separator: "\n").count == 3)
    let pattern = try workspace.cmdmox("show", "cmdmox.json", "--grep", "^gcc.*ba[d]").run()
    #expect(pattern.outputText.split(separator: "\n").count == 2)
    let slowest = try workspace.cmdmox("show", "cmdmox.json", "--slowest", "2").run().outputText
    #expect(slowest.split(separator: "\n").count == 3)
    let wrong = try workspace.cmdmox("show", "cmdmox.json", "--grep", "(").run()
    #expect(wrong.status == 64)
    #expect(wrong.errorText.hasPrefix("cmdmox: --grep ("))
  }

  @Test("JSON is JSON, in every form", arguments: [[], ["--tree"], ["--failed"], ["0"]])
  func json(form: [String]) throws {
    try failingBuild()
    let command = workspace.cmdmox(arguments: ["show", "cmdmox.json", "--json"] + form)
    let result = try command.run()
    #expect(result.status == 0, "\(result.errorText)")
    try workspace.write("shown.json", result.outputText)
    let check = """
      import json; shown = json.load(open("shown.json"))
      assert shown and all({"recording", "depth", "children", "failed"} <= set(one) for one in shown)
      """
    let python = try Command("python3", "-c", check, in: workspace.path).run()
    #expect(python.status == 0, "\(python.errorText)")
  }

  @Test("One invocation is shown whole, with what it wrote and a line to paste")
  func one() throws {
    try failingBuild("record")
    let recording = try #require(
      workspace.fixture().recordings.first { $0.exitCode == 1 && $0.command == "sh" })
    let text = try workspace.cmdmox("show", "cmdmox.json", "\(recording.sequence)").run().outputText
    let line = "cd -- \(workspace.path) && /bin/sh -c 'gcc -c -o bad.o bad.c; test $? = 0'"
    #expect(text.contains(line), "\(text)")
    #expect(text.contains("  bad.c:1:24: error: expected expression"), "\(text)")
    let missing = try workspace.cmdmox("show", "cmdmox.json", "999").run()
    #expect(missing.status == 66)
    #expect(missing.errorText.contains("has no invocation 999"))
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
    try failingBuild()
    let always = try workspace.cmdmox("show", "--tree", "--color", "always", "cmdmox.json").run()
    #expect(always.outputText.contains("\u{1b}[31m"))
    let never = try workspace.cmdmox("show", "--tree", "--color", "never", "cmdmox.json").run()
    #expect(!never.outputText.contains("\u{1b}"))
  }

  @Test("On a terminal lines fit, failures are red, and a pager gets them all")
  func terminal() throws {
    try failingBuild()
    try workspace.write("pager.sh", "cat > paged.txt\n")
    let script = { (variables: String, options: String) in
      "stty cols 60; \(variables) '\(Workspace.tool)' show cmdmox.json --tree \(options)"
    }
    let narrow = try onTerminal(script("PAGER=cat", ""))
    #expect(narrow.contains("\u{1b}[31m") && narrow.contains("…"), "\(narrow)")
    let plain = try onTerminal(script("NO_COLOR=1 PAGER=cat", ""))
    #expect(!plain.contains("\u{1b}[31m"))
    #expect(plain.split(whereSeparator: \.isNewline).allSatisfy { $0.count <= 60 }, "\(plain)")
    let paged = try onTerminal(script("PAGER='sh pager.sh'", ""))
    #expect(!paged.contains("gcc"))
    let text = try Command("cat", "paged.txt", in: workspace.path).run().outputText
    #expect(text.contains("gcc") && text.contains("\u{1b}[31m"))
    let direct = try onTerminal(script("PAGER='sh pager.sh'", "--no-pager"))
    #expect(direct.contains("make"))
    let missing = try onTerminal(script("PAGER=/no/such/pager", ""))
    #expect(missing.contains("make"))
  }

  /// What a terminal gets to see of a shell script's output.
  private func onTerminal(_ script: String) throws -> String {
    let command = Command(
      "script", "-qec", script, "/dev/null", environment: ["TERM": "xterm", "NO_COLOR": nil],
      in: workspace.path)
    return try command.run().outputText
  }
}
