import CmdMox
import Glibc
import SystemPackage
import Testing

@Suite("Secrets in sessions") struct ScrubOptionTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
  }

  private func text(_ name: String = "cmdmox.json") throws -> String {
    try Command("cat", workspace.file(name).string).run().outputText
  }

  @Test("Values of secret variables and of --redact-value are not in the fixture")
  func values() throws {
    let script =
      "printenv MY_TOKEN; ls tr0ub4dor; MY_KEY=0ther-value sh -c 'ls $MY_KEY; true'; true"
    let result = try workspace.cmdmox(
      "record", "-q", "--redact-value", "tr0ub4dor", "--env-allow", "MY_TOKEN", "--", "sh", "-c",
      script, environment: ["MY_TOKEN": "s3cr3t-value"]
    ).run()
    #expect(result.status == 0, "\(result.errorText)")
    #expect(result.outputText == "s3cr3t-value\n")
    let fixture = try text()
    for secret in ["s3cr3t-value", "tr0ub4dor", "0ther-value"] {
      #expect(!fixture.contains(secret))
    }
    let recording = try workspace.fixture().recordings[0]
    #expect(recording.stdout == "<REDACTED>\n")
    #expect(recording.envSubset == ["MY_TOKEN": "<REDACTED>"])
  }

  @Test("A secret of the command line is not in the process's title")
  func title() throws {
    let result = try workspace.cmdmox(
      "trace", "-q", "--redact-value", "tr0ub4dor", "--redact-value=c0rrect-horse", "--", "sh",
      "-c",
      "tr '\\0' ' ' </proc/$PPID/cmdline"
    ).run()
    #expect(
      result.outputText.contains("--redact-value ********* --redact-value=************* -- sh"))
  }

  @Test("With --no-scrub everything is kept")
  func kept() throws {
    _ = try workspace.cmdmox(
      "record", "-q", "--no-scrub", "--", "sh", "-c", "ls --password=hunter2; :"
    )
    .run()
    #expect(try workspace.fixture().recordings.first?.args == ["--password=hunter2"])
    #expect(try workspace.fixture().scrubbingRules.isEmpty)
  }

  @Test(
    "Wrong options are told",
    arguments: [
      (["--redact-value", "abc"], 64, "--redact-value: a value to redact has 3 bytes"),
      (["--review", "--no-scrub"], 64, "--review says what was taken out"),
      (
        ["--rules", "none.yaml"], 66,
        "none.yaml: the rules cannot be read: No such file or directory"
      ),
      (
        ["--rules", "wrong.yaml"], 65,
        "wrong.yaml:2:3: rule “a(”: the pattern is no regular expression"
      ),
      (["--rules", "broken.yaml"], 65, "broken.yaml:2:1: not YAML"),
      (["--rules", "broken.toml"], 65, "broken.toml:2:6: not TOML"),
      (["--rules", "odd.toml"], 65, "odd.toml: not TOML: a character where there can be none"),
      (["--rules", "wrong.toml"], 65, "wrong.toml:1:1: regex must be a string"),
      (["--rules", "broken.json"], 65, "broken.json:1:2: not JSON: expected"),
      (["--rules", "wrong.json"], 65, "wrong.json:2:3: pattern is missing"),
      (["--rules", "number.json"], 65, "number.json: expected a list of rules"),
      (["--rules", "type.yaml"], 65, "type.yaml:1:3: applied_to must be an array, found a string"),
    ])
  func wrong(options: [String], status: Int32, sentence: String) throws {
    try workspace.write("wrong.yaml", "rules:\n- pattern: a(\n")
    try workspace.write("broken.yaml", "rules: [\n")
    try workspace.write("broken.toml", "[[rules]]\nid = x\n")
    try workspace.write("odd.toml", "[\u{2}\t")
    try workspace.write("wrong.toml", "[[rules]]\nregex = 3\n")
    try workspace.write("broken.json", "[,]")
    try workspace.write("wrong.json", "[{\"pattern\": \"a\"},\n  {}]")
    try workspace.write("number.json", "3")
    try workspace.write("type.yaml", "- pattern: a\n  applied_to: args\n")
    let result = try Command(
      bytes: ([Workspace.tool.string, "record"] + options + ["--", "touch", "ran"]).map {
        Array($0.utf8)
      }, in: workspace.path
    ).run()
    #expect(result.status == status)
    #expect(result.errorText.hasPrefix("cmdmox: \(sentence)"), "\(result.errorText)")
    #expect(access(workspace.file("ran").string, F_OK) != 0)
  }

  @Test(
    "Rules of a file are applied and kept", arguments: ["rules.yaml", "rules.json", "rules.toml"])
  func rules(file: String) throws {
    try workspace.write(
      "rules.yaml",
      "rules:\n  - pattern: internal-(\\d+)\n    applied_to: [args]\n    description: Internal numbers\n"
    )
    try workspace.write(
      "rules.json",
      #"[{"pattern": "internal-(\\d+)", "applied_to": ["args"], "description": "Internal numbers"}]"#
    )
    try workspace.write(
      "rules.toml",
      """
      title = "ours"
      [extend]
      useDefault = true
      [allowlist]
      regexes = ['''^99$''']
      [[rules]]
      id = "Internal numbers"
      regex = '''internal-(\\d+)'''
      secretGroup = 1
      keywords = ["internal"]
      [[rules]]
      id = "files"
      path = '''\\.pem$'''
      """)
    _ = try workspace.cmdmox(
      "record", "-q", "--rules", file, "--", "sh", "-c", "ls internal-123 internal-99; :"
    ).run()
    let fixture = try workspace.fixture()
    let whole = ["<REDACTED>", "<REDACTED>"]
    #expect(
      fixture.recordings[0].args
        == (file == "rules.toml" ? ["internal-<REDACTED>", "internal-99"] : whole))
    #expect(fixture.scrubbingRules.map(\.description) == ["Internal numbers"])
  }

  @Test("A recording that a rule cannot scrub is kept without its texts")
  func withheld() throws {
    try workspace.write(
      "rules.yaml", "- pattern: (a+)+$\n  applied_to: [stdout]\n  description: costly\n")
    let many = String(repeating: "a", count: 60) + "b"
    let result = try workspace.cmdmox(
      "record", "--rules", "rules.yaml", "--", "sh", "-c", "printenv MANY; exit 3",
      environment: ["MANY": many]
    ).run()
    #expect(result.status == 3)
    #expect(
      result.errorText.contains("1 without texts (not scrubbed: rule “costly”: matching takes"))
    let recording = try workspace.fixture().recordings[0]
    #expect(recording.command == "printenv" && recording.stdout.isEmpty && recording.args.isEmpty)
  }

  @Test("The bare form takes rules and leaves secrets in by variables")
  func bare() throws {
    try workspace.write("rules.yaml", "- pattern: internal-\\d+\n  applied_to: [args]\n")
    _ = try workspace.bare(
      "sh", "-c", "ls internal-1 --password=hunter2; :",
      environment: ["CMDMOX_RULES": workspace.file("rules.yaml").string]
    ).run()
    #expect(try workspace.fixture().recordings[0].args == ["<REDACTED>", "--password=<REDACTED>"])
    _ = try workspace.bare(
      "sh", "-c", "ls --password=hunter2; :", environment: ["CMDMOX_SCRUB": "off"]
    ).run()
    #expect(try workspace.fixture().recordings[0].args == ["--password=hunter2"])
  }

  @Test("Only its owner can read a fixture, a review and a journal")
  func modes() throws {
    let result = try workspace.cmdmox(
      "record", "-q", "--review", "--", "sh", "-c",
      "umask 0; stat -c %a \"$CMDMOX_SESSION/journal.jsonl\""
    ).run()
    #expect(result.outputText == "600\n")
    let modes = try Command(
      "stat", "-c", "%a", workspace.file("cmdmox.json").string,
      workspace.file("cmdmox.json.review").string
    ).run()
    #expect(modes.outputText == "600\n600\n")
  }

  @Test("The recorder leaves no core file behind", arguments: ["trace", "record"])
  func cores(mode: String) throws {
    // It sets its limit once the program has started, so that the program keeps its own.
    let result = try workspace.cmdmox(
      mode, "-q", "--", "sh", "-c",
      "until grep -q '^Max core file size *1 ' /proc/$PPID/limits; do :; done; ulimit -c"
    ).run()
    #expect(result.status == 0)
    #expect(try result.outputText == Command("sh", "-c", "ulimit -c").run().outputText)
  }
}
