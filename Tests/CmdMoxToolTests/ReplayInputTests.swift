import CmdMox
import Testing

/// What becomes of a command's standard input in a replay: it is looked at, and taken only as far as
/// the recorded command took it.
@Suite("Standard input in a replay") struct ReplayInputTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
  }

  private func record(_ script: String) throws {
    #expect(try workspace.record("-q", "-o", "f.json", shell: script).run().status == 0)
  }

  private func replay(_ options: String..., shell script: String) throws -> Command.Result {
    try workspace.tool(["replay", "-f", "f.json"] + options + ["--", "sh", "-c", script]).run()
  }

  /// Where commands get their input from: a text stands for `INPUT`.
  static let sources = [
    "printf INPUT | COMMAND", "(printf INPUT; sleep 0.1) | COMMAND",
    "printf INPUT > in; COMMAND < in", "COMMAND <<X\nINPUT\nX\n:",
  ]

  private static func script(_ source: String, _ input: String) -> String {
    source.replacing("COMMAND", with: "cksum").replacing("INPUT", with: input) + "; true"
  }

  @Test("A command that has to run after all gets all of it", arguments: sources)
  func missed(source: String) throws {
    try record(Self.script(source, "known"))
    for input in ["knowing", "other", "kn"] {
      let script = Self.script(source, input)
      let bare = try Command("sh", "-c", script, in: workspace.path).run().output
      let run = try replay("--on-miss", "run", "--allow-unused", "--run", "sleep", shell: script)
      #expect(run.status == 0 && run.output == bare, "\(run.errorText)")
    }
  }

  @Test("A new episode is recorded with all of it", arguments: sources)
  func newEpisode(source: String) throws {
    try record(Self.script(source, "known"))
    let script = Self.script(source, "knowing")
    let bare = try Command("sh", "-c", script, in: workspace.path).run().output
    for _ in 0..<2 {
      let result = try workspace.tool(
        ["auto", "-f", "f.json", "--record-mode", "new-episodes", "--", "sh", "-c", script]
      ).run()
      #expect(result.status == 0 && result.output == bare, "\(result.errorText)")
    }
    let inputs = try workspace.fixture("f.json").recordings.map(\.stdin).filter { !$0.isEmpty }
    let end = source.contains("<<") ? "\n" : ""
    #expect(inputs == ["known" + end, "knowing" + end])
  }

  @Test("More than a pipe holds is read: then the command cannot run any more")
  func large() throws {
    let most = "head -c 700000 /dev/zero | tr '\\0' x"
    let script = "\(most) | cksum; true"
    #expect(
      try workspace.record("-q", "-o", "f.json", "--commands", "cksum", shell: script).run().status
        == 0)
    let result = try replay("--run", "head,tr", shell: script)
    #expect(result.status == 0, "\(result.errorText)")
    let other = "(\(most); echo y) | cksum; echo $?"
    let missed = try replay("--on-miss", "run", "--run", "head,tr", shell: other)
    #expect(missed.outputText == "127\n")
    #expect(
      missed.errorText.contains(
        "cksum: it would have to run, and its input was read to look for its recording"))
  }

  @Test("What looking for a recording has seen, and the command has not read, is there afterwards")
  func leftOver() throws {
    let reads = "{ dd bs=2 count=1 status=none of=/dev/null; cat; }"
    try record("echo abcdef > f; \(reads) < f; true")
    var fixture = try workspace.fixture("f.json")
    // Whether there are six bytes is looked at, too.
    var longer = try #require(fixture.recordings.first { $0.command == "dd" })
    longer.sequence = 7
    longer.stdin = "abcdXY"
    longer.process?.stdin?.length = 6
    fixture.recordings.append(longer)
    try fixture.save(to: workspace.file("f.json"))
    let result = try replay(
      "--allow-unused", "--run", "cat", shell: "echo abcdef | \(reads); true")
    #expect(result.outputText == "cdef\n", "\(result.errorText)")
  }

  @Test("A writer that comes late is waited for, where another recording would do without")
  func late() throws {
    let script = "(sleep 0.2; echo a) | cksum; cksum </dev/null; true"
    try record(script)
    for _ in 0..<5 {
      let result = try replay("--run", "sleep", shell: script)
      #expect(result.status == 0, "\(result.errorText)")
    }
  }
}
