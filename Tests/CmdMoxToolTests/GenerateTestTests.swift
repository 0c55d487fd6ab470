import CmdMox
import Glibc
import SystemPackage
import Testing

@Suite("cmdmox generate-test") struct GenerateTestTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    let recording = RecordedInvocation(
      sequence: 0, command: "git", args: ["status"], stdout: "clean\n", timestamp: "")
    mkdir(workspace.file("fixtures").string, 0o755)
    try FixtureFile(metadata: .create(), recordings: [recording])
      .save(to: workspace.file("fixtures").appending("deploy.json"))
  }

  private func generate(_ options: String...) throws -> Command.Result {
    try workspace.tool(["generate-test"] + options).run()
  }

  private static let python = ["-f", "fixtures/deploy.json", "--language", "python"]

  @Test(
    "To standard output the fixture's path is absolute",
    arguments: [("swift", "fixture = FilePath(\""), ("python", "FIXTURE = Path(\"")])
  func standardOutput(language: String, before: String) throws {
    let result = try generate("-f", "fixtures/deploy.json", "--language", language)
    #expect(result.status == 0 && result.errors.isEmpty)
    let place = workspace.file("fixtures").appending("deploy.json").string
    #expect(result.outputText.contains(before + place))
    #expect(result.outputText.contains("status") && result.outputText.contains("clean\\n"))
  }

  @Test("In a file it is seen from there")
  func file() throws {
    mkdir(workspace.file("tests").string, 0o755)
    let result = try generate(
      "-f", "fixtures/deploy.json", "--language", "swift", "-o", "tests/DeployTests.swift")
    #expect(result.status == 0 && result.output.isEmpty && result.errors.isEmpty)
    let file = workspace.file("tests").appending("DeployTests.swift").string
    let text = try Command("cat", file).run().outputText
    #expect(text.contains("pushing(FilePath(\"../fixtures/deploy.json\"))"))
    #expect(text.contains("@Suite struct DeployReplayTests {"))
  }

  @Test(
    "What is wrong has a sentence and a status",
    arguments: [
      (["-f", "gone.json", "--language", "python"], 66, "gone.json: the fixture cannot be read"),
      (["-f", "fixtures/deploy.json", "--language", "c"], 64, "--language"),
      (["-f", "bad.json", "--language", "python"], 65, "recordings[1].sequence must be a number"),
      (python + ["-o", "gone/test.py"], 73, "gone/test.py: the test cannot be written"),
    ])
  func failures(options: [String], status: Int32, sentence: String) throws {
    let same = RecordedInvocation(sequence: 0, command: "git", timestamp: "")
    try FixtureFile(metadata: .create(), recordings: [same, same]).save(
      to: workspace.file("bad.json"))
    let result = try workspace.tool(["generate-test"] + options).run()
    #expect(result.status == status)
    #expect(result.errorText.hasPrefix("cmdmox: ") && result.errorText.contains(sentence))
    #expect(result.output.isEmpty)
  }

  @Test("What is left out is said")
  func incomplete() throws {
    let many = (0..<300).map { RecordedInvocation(sequence: $0, command: "c\($0)", timestamp: "") }
    try FixtureFile(metadata: .create(), recordings: many).save(to: workspace.file("many.json"))
    let result = try generate("-f", "many.json", "--language", "python")
    #expect(result.status == 0)
    #expect(result.errorText.contains("leaves out some recordings of many.json"))
    #expect(result.outputText.contains("allow_unmatched=True"))
    #expect(try generate("-f", "many.json", "--language", "python", "-q").errors.isEmpty)
  }
}
