import CmdMox
import Glibc
import SystemPackage
import Testing

@Suite("scrub, validate, review") struct FixtureCommandTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
  }

  /// A fixture of one recording, with members put in place of the usual ones.
  private func write(
    _ name: String = "f.json", recording members: String = "", more: String = ""
  ) throws {
    try workspace.write(
      name,
      """
      {"version": "1.0", "metadata": {"created_at": "2026-02-25T10:30:00Z", "cmdmox_version": "0.1.0",
       "platform": "linux", "python_version": ""}, "recordings": [{"sequence": 0, "command": "x",
       "args": [], "stdin": "", "env_subset": {}, "stdout": "", "stderr": "", "exit_code": 0,
       "timestamp": "2026-02-25T10:30:00.5+01:00", "duration_ms": 0\(members)}]\(more)}
      """)
  }

  private func run(_ arguments: String...) throws -> Command.Result {
    try Command(
      bytes: ([Workspace.tool.string] + arguments).map { Array($0.utf8) }, in: workspace.path
    ).run()
  }

  // MARK: scrub

  @Test("A fixture is scrubbed in place, once")
  func inPlace() throws {
    try write(recording: #", "stdout": "password=hunter2", "later": 1"#)
    let dry = try run("scrub", "--dry-run", "f.json")
    #expect(
      dry.outputText
        == "f.json: 1 change to be made\n  1 × Passwords with their names: recordings[0].stdout\n")
    #expect(try workspace.fixture("f.json").recordings[0].stdout == "password=hunter2")
    let result = try run("scrub", "--in-place", "f.json")
    #expect(
      result.outputText
        == "f.json: 1 change\n  1 × Passwords with their names: recordings[0].stdout\n")
    let fixture = try workspace.fixture("f.json")
    #expect(fixture.recordings[0].stdout == "password=<REDACTED>")
    #expect(fixture.recordings[0].unknownMembers["later"] == .integer(1))
    #expect(fixture.scrubbingRules.map(\.description) == ["Passwords with their names"])
    let before = try Command("stat", "-c", "%i %Y", workspace.file("f.json").string).run()
      .outputText
    #expect(try run("scrub", "--in-place", "f.json").outputText == "f.json: nothing to change\n")
    let after = try Command("stat", "-c", "%i %Y", workspace.file("f.json").string).run().outputText
    #expect(before == after)
  }

  @Test("A fixture that cannot be scrubbed does not keep the others from it")
  func several() throws {
    for name in ["a.json", "c.json"] {
      try write(name, recording: #", "stdout": "password=hunter2""#)
    }
    try workspace.write("b.json", "{")
    let result = try run("scrub", "-q", "--in-place", "a.json", "b.json", "none.json", "c.json")
    #expect(result.status == 65)
    let lines = result.errorText.split(separator: "\n")
    #expect(lines.count == 2, "\(lines)")
    #expect(lines[0].hasPrefix("cmdmox: b.json") && lines[1].hasPrefix("cmdmox: none.json"))
    for name in ["a.json", "c.json"] {
      #expect(try workspace.fixture(name).recordings[0].stdout == "password=<REDACTED>")
    }
  }

  @Test("A scrubbed fixture can go elsewhere")
  func output() throws {
    try write(recording: #", "stdout": "password=hunter2""#)
    #expect(try run("scrub", "-q", "-o", "g.json", "f.json").outputText.isEmpty)
    #expect(try workspace.fixture("g.json").recordings[0].stdout == "password=<REDACTED>")
    #expect(try workspace.fixture("f.json").recordings[0].stdout == "password=hunter2")
  }

  @Test(
    "scrub is told what to do",
    arguments: [
      (["f.json"], 64, "give one of --in-place"),
      (["--in-place", "--dry-run", "f.json"], 64, "give one of"),
      (["-o", "x", "f.json", "f.json"], 64, "--output takes one fixture"),
      (["--dry-run", "none.json"], 66, "none.json: the fixture cannot be read"),
      (["--dry-run", "broken.json"], 65, "broken.json: not JSON at line 1"),
      (["-o", "no/where", "f.json"], 73, "no/where: the fixture cannot be written"),
    ])
  func usage(arguments: [String], status: Int32, sentence: String) throws {
    try write()
    try workspace.write("broken.json", "{")
    let result = try Command(
      bytes: ([Workspace.tool.string, "scrub"] + arguments).map { Array($0.utf8) },
      in: workspace.path
    ).run()
    #expect(result.status == status)
    #expect(result.errorText.hasPrefix("cmdmox: \(sentence)"), "\(result.errorText)")
  }

  // MARK: validate

  @Test("Nothing is said of a fixture that is right")
  func right() throws {
    try write()
    let result = try run("validate", "--strict", "f.json")
    #expect(result.status == 0)
    #expect(result.outputText.isEmpty && result.errorText.isEmpty)
  }

  @Test(
    "Each finding is a line with its place",
    arguments: [
      (#", "timestamp": "yesterday""#, "error: recordings[0].timestamp must be a date and time"),
      (#", "timestamp": "2026-02-30T00:00:00Z""#, "error: recordings[0].timestamp must be"),
      (#", "duration_ms": -1"#, "error: recordings[0].duration_ms must be 0 or more, found -1"),
      (#", "exit_code": 256"#, "error: recordings[0].exit_code must be -1 to 255, found 256"),
      (#", "sequence": -1"#, "error: recordings[0].sequence is -1"),
      (#", "sequence": 3"#, "warning: recordings[0].sequence is 3, expected 0"),
      (#", "process": {"pid": 1, "parent": 7}"#, "error: recordings[0].process.parent is 7"),
      (#", "bytes": {"stdout": "!"}"#, "error: recordings[0].bytes.stdout must be base64"),
      (
        #", "bytes": {"stdout": "/w=="}"#, "warning: recordings[0].bytes has bytes that do not read"
      ),
      (
        #", "bytes": {"args": "eA=="}"#,
        "error: recordings[0].bytes.args must be an object of base64"
      ),
      (#", "bytes": {"stdin": 1}"#, "error: recordings[0].bytes.stdin must be base64"),
      (#", "args": [1]"#, "error: recordings[0].args[0] must be a string, found a number"),
      (
        #", "stdout": "password=hunter2""#,
        "error: recordings[0].stdout has a secret: “Passwords with"
      ),
      (#", "args": ["--token", "hunter2"]"#, "error: recordings[0].args has a secret: “Values of"),
      (#", "oops": 1"#, "warning: recordings[0].oops is no member of a recording"),
    ])
  func findings(members: String, line: String) throws {
    try write(recording: members)
    let result = try run("validate", "f.json")
    #expect(result.outputText.hasPrefix("f.json: \(line)"), "\(result.outputText)")
    #expect(result.outputText.split(separator: "\n").count == 1)
    #expect(!result.outputText.contains("hunter2"))
    #expect(result.status == (line.hasPrefix("error") ? 65 : 0))
    #expect(try run("validate", "--strict", "f.json").status == 65)
  }

  @Test("Everything that is wrong is told, wherever it is")
  func everything() throws {
    try workspace.write(
      "f.json",
      """
      {"version": "1.0", "metadata": {"created_at": 1, "platform": "linux", "python_version": ""},
       "recordings": [
        {"sequence": 0, "command": "x", "args": [1, "a", null], "stdin": "", "env_subset": {"A": 1},
         "stdout": "", "exit_code": "0", "timestamp": "", "duration_ms": 0,
         "process": {"ppid": 1, "stdout": {"marks": [1]}}, "bytes": {"stdout": "!"}},
        {"sequence": 1, "command": "x", "args": [], "stdin": "", "env_subset": {}, "stderr": "",
         "stdout": "password=hunter2", "exit_code": 300, "timestamp": "now", "duration_ms": 0}],
       "scrubbing_rules": [{"pattern": "("}]}
      """)
    let result = try run("validate", "f.json")
    #expect(result.status == 65)
    #expect(
      result.outputText == """
        f.json: error: metadata.cmdmox_version is missing
        f.json: error: metadata.created_at must be a string, found a number
        f.json: error: recordings[0].stderr is missing
        f.json: error: recordings[0].args[0] must be a string, found a number
        f.json: error: recordings[0].args[2] must be a string, found null
        f.json: error: recordings[0].env_subset.A must be a string, found a number
        f.json: error: recordings[0].exit_code must be an integer, found a string
        f.json: error: recordings[0].process.pid is missing
        f.json: error: recordings[0].process.stdout.taken is missing
        f.json: error: recordings[0].process.stdout.marks[0] must be a string, found a number
        f.json: error: recordings[0].bytes.stdout must be base64 with padding, found another text
        f.json: error: scrubbing_rules[0].replacement is missing
        f.json: error: recordings[1].timestamp must be a date and time in ISO 8601, as 2026-02-25T10:30:00Z
        f.json: error: recordings[1].exit_code must be -1 to 255, found 300
        f.json: error: recordings[1].stdout has a secret: “Passwords with their names”; run `cmdmox scrub --in-place`

        """)
  }

  @Test("A secret that a later variable shows, and one where nobody looks")
  func late() throws {
    try workspace.write(
      "f.json",
      """
      {"version": "1.0", "metadata": {"created_at": "2026-02-25T10:30:00Z", "cmdmox_version": "0.1.0",
       "platform": "linux", "python_version": "", "note": "password=hunter2"}, "recordings": [
       {"sequence": 0, "command": "x", "args": ["s3cr3t-value"], "stdin": "", "env_subset": {},
       "stdout": "", "stderr": "", "exit_code": 0, "timestamp": "2026-02-25T10:30:00Z",
       "duration_ms": 0},
       {"sequence": 1, "command": "x", "args": [], "stdin": "", "env_subset": {"T_TOKEN":
       "s3cr3t-value"}, "stdout": "", "stderr": "", "exit_code": 0,
       "timestamp": "2026-02-25T10:30:00Z", "duration_ms": 0}]}
      """)
    let result = try run("validate", "f.json")
    let lines = result.outputText.split(separator: "\n")
    #expect(result.status == 65 && !result.outputText.contains("s3cr3t"))
    #expect(lines.count == 3, "\(lines)")
    for path in ["recordings[0].args[0]", "recordings[1].env_subset.T_TOKEN", "metadata.note"] {
      #expect(lines.contains { $0.hasPrefix("f.json: error: \(path) has a secret") }, "\(lines)")
    }
    #expect(try run("scrub", "-q", "--in-place", "f.json").status == 0)
    #expect(try run("validate", "f.json").outputText.isEmpty)
  }

  @Test("Rules have to compile")
  func rules() throws {
    try write(more: #", "scrubbing_rules": [{"pattern": "(", "replacement": ""}]"#)
    let result = try run("validate", "f.json")
    #expect(result.status == 65)
    #expect(
      result.outputText.hasPrefix("f.json: error: scrubbing_rules[0] rule “(”: the pattern is"))
  }

  @Test("Sequences are in order and there once")
  func sequences() throws {
    let text = try Command("true").run().outputText
    #expect(text.isEmpty)
    var fixture = FixtureFile(metadata: .create())
    for sequence in [0, 2, 1, 2] {
      fixture.recordings.append(
        RecordedInvocation(sequence: sequence, command: "x", timestamp: "2026-02-25T10:30:00Z"))
    }
    try fixture.save(to: workspace.file("f.json"))
    #expect(
      try run("validate", "f.json").outputText == """
        f.json: warning: recordings[1].sequence is 2, expected 1
        f.json: error: recordings[2].sequence is 1, and must be higher than the one before
        f.json: error: recordings[3].sequence is 2, as that of recordings[1]

        """)
  }

  @Test("Findings as JSON, files by pattern")
  func json() throws {
    try write("a.json", recording: #", "exit_code": 300"#)
    try write("b.json")
    let result = try run("validate", "--format", "json", "[ab].json")
    #expect(result.status == 65)
    #expect(
      result.outputText
        == #"[{"file":"a.json","level":"error","path":"recordings[0].exit_code","message":"must be -1 to 255, found 300"}]"#
        + "\n")
    #expect(try run("validate", "none*.json").status == 66)
  }

  // MARK: review

  @Test("A review is accepted, noted and deleted")
  func accept() throws {
    try write()
    try workspace.write("f.json.review", "secrets")
    #expect(try run("validate", "f.json").outputText.contains("f.json.review is still there"))
    let unread = try run("review", "f.json")
    #expect(unread.status == 64 && unread.errorText.contains("review --accept"))
    #expect(try run("review", "--accept", "f.json").status == 0)
    #expect(access(workspace.file("f.json.review").string, F_OK) != 0)
    #expect(try workspace.fixture("f.json").metadata.reviewAcknowledged?.hasSuffix("Z") == true)
    #expect(try run("review", "--accept", "f.json").status == 66)
    #expect(try run("validate", "--strict", "f.json").status == 0)
  }

  @Test("A review that git would take is warned of, one that it has is an error")
  func git() throws {
    _ = try Command("git", "-C", workspace.path.string, "init", "-q").run()
    let recorded = try workspace.cmdmox("record", "--review", "-q", "--", "true").run()
    #expect(recorded.errorText.contains("git does not ignore it; add *.review to .gitignore"))
    #expect(try run("validate", "cmdmox.json").outputText.contains("warning: git does not ignore"))
    _ = try Command("git", "-C", workspace.path.string, "add", "cmdmox.json.review").run()
    let committed = try run("validate", "cmdmox.json")
    #expect(committed.status == 65)
    #expect(committed.outputText.contains("error: cmdmox.json.review is committed"))
    _ = try Command(
      "git", "-C", workspace.path.string, "rm", "-q", "--cached", "cmdmox.json.review"
    ).run()
    try workspace.write(".gitignore", "*.review\n")
    let ignored = try workspace.cmdmox("record", "--review", "-q", "--", "true").run()
    #expect(ignored.errorText.isEmpty)
  }
}
