import CmdMox
import SystemPackage
import Testing

@Suite("What a terminal gets") struct TerminalTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func show(_ variables: String = "", _ options: String = "") -> String {
    "\(variables) '\(Workspace.tool)' show cmdmox.json --tree \(options)"
  }

  @Test("Lines fit, failures are red, unless somebody does not want that")
  func lines() throws {
    try workspace.failingBuild()
    let narrow = try workspace.onTerminal(columns: 60, show("PAGER=cat"))
    #expect(narrow.contains("\u{1b}[31m") && narrow.contains("…"), "\(narrow)")
    for script in [show("NO_COLOR=1 PAGER=cat"), show("PAGER=cat", "--color never")] {
      let plain = try workspace.onTerminal(columns: 60, script)
      #expect(!plain.contains("\u{1b}"))
      #expect(plain.split(whereSeparator: \.isNewline).allSatisfy { $0.count <= 60 }, "\(plain)")
    }
    #expect(
      try workspace.onTerminal(show("NO_COLOR=1 PAGER=", "--color always")).contains("\u{1b}["))
  }

  @Test("A pager gets all of it, in colour; one that is not there swallows nothing")
  func pager() throws {
    try workspace.failingBuild()
    try workspace.write("pager.sh", "cat > paged.txt\n")
    #expect(!(try workspace.onTerminal(show("PAGER='sh pager.sh'")).contains("gcc")))
    let text = try Command("cat", "paged.txt", in: workspace.path).run().outputText
    #expect(text.contains("gcc") && text.contains("\u{1b}[31m"))
    for script in [show("PAGER='sh pager.sh'", "--no-pager"), show("PAGER=/no/such/pager")] {
      #expect(try workspace.onTerminal(script).contains("make"))
    }
  }

  @Test("Ctrl-C in the pager does not leave it alone with the terminal")
  func interrupt() throws {
    var fixture = ShowTests.times()
    // More than a pipe holds: the tool is still writing when the pager begins to read.
    fixture.recordings[0].args = [String(repeating: "x", count: 1 << 20)]
    try fixture.save(to: workspace.file("cmdmox.json"))
    try workspace.write("pager.sh", "trap '' INT; kill -INT 0; cat | wc -c > paged.txt\n")
    _ = try workspace.onTerminal(
      "COLUMNS=2000000 PAGER='sh pager.sh' setsid -w '\(Workspace.tool)' show cmdmox.json")
    let count = try Command("cat", "paged.txt", in: workspace.path).run().outputText
    #expect(try #require(Int(count.filter(\.isNumber))) > 1 << 20)
  }

  /// A fixture that takes more than a second to read.
  private static let slow = """
    import time
    with open("slow.json", "w") as file:
        file.write('{"version": "1.0", "metadata": {"created_at": "", "cmdmox_version": "",'
                   '"platform": "linux", "python_version": ""}, "recordings": [')
        for place in range(9000):
            if place == 7000:
                file.flush()
                time.sleep(1.5)
            file.write((", " if place else "") + '{"sequence": %d, "command": "true", "args": [],'
                       '"stdin": "", "env_subset": {}, "stdout": "", "stderr": "", "exit_code": 0,'
                       '"timestamp": "", "duration_ms": 0}' % place)
        file.write(']}')
    """

  @Test(
    "What takes more than a second says so on a terminal's stderr, and then takes it back",
    arguments: [
      ("show slow.json", "reading slow.json: "), ("report slow.json", "report of slow.json: 1 s"),
      ("export slow.json -f sqlite -o all.db", "sqlite of slow.json: 1 s"),
      ("diff slow.json empty.json", "reading slow.json: "),
    ])
  func progress(command: String, line: String) throws {
    try workspace.write("slow.py", Self.slow)
    try workspace.write("empty.json", ReportTests.good)
    #expect(try Command("mkfifo", "slow.json", in: workspace.path).run().status == 0)
    let text = try workspace.onTerminal(
      "python3 slow.py & '\(Workspace.tool)' \(command) >/dev/null")
    #expect(text.contains("\rcmdmox: \(line)"), "\(text)")
    #expect(text.hasSuffix("\r\u{1b}[K"), "\(text.debugDescription)")
  }

  @Test("Without a terminal nothing is said")
  func silent() throws {
    try workspace.write("slow.py", Self.slow)
    #expect(try Command("mkfifo", "slow.json", in: workspace.path).run().status == 0)
    let script = "python3 slow.py & '\(Workspace.tool)' show slow.json >/dev/null"
    #expect(try Command("sh", "-c", script, in: workspace.path).run().errors.isEmpty)
  }
}
