import CmdMox
import SystemPackage
import Testing

@Suite("cmdmox diff") struct DiffTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func build(_ name: String, flags: String) throws {
    try workspace.write("a.c", "int a;\n")
    try workspace.write("Makefile", "all:\n\tgcc \(flags) -c a.c -o a.o\n\trm a.o\n")
    let result = try workspace.cmdmox("trace", "-q", "-o", name, "--", "make").run()
    #expect(result.status == 0, "\(result.errorText)")
  }

  @Test("Two builds of the same are the same; a flag is a difference, with what follows of it")
  func makefile() throws {
    try build("one.json", flags: "-O1")
    try build("again.json", flags: "-O1")
    try build("other.json", flags: "-O2")
    let same = try workspace.cmdmox("diff", "one.json", "again.json").run()
    #expect(same.status == 0, "\(same.outputText)\(same.errorText)")
    #expect(same.outputText.hasPrefix("both did the same"))
    let different = try workspace.cmdmox("diff", "one.json", "other.json").run()
    #expect(different.status == 1)
    #expect(
      different.outputText.contains("~ 1 × gcc\n    arguments: - -O1\n    arguments: + -O2\n"))
    #expect(!different.outputText.contains("only in"))
  }

  @Test("JSON says the same, for programs")
  func json() throws {
    try build("one.json", flags: "-O1")
    try build("other.json", flags: "-O2")
    let result = try workspace.cmdmox("diff", "one.json", "other.json", "--json").run()
    #expect(result.status == 1)
    try workspace.write("diff.json", result.outputText)
    let check = """
      import json; diff = json.load(open("diff.json"))
      assert not diff["same"] and diff["added"] == [] and diff["exit_codes"] is None
      gcc = [one for one in diff["changed"] if one["command_line"].startswith("gcc")]
      assert gcc[0]["changes"] == [{"what": "arguments", "removed": ["-O1"], "added": ["-O2"]}]
      """
    let python = try Command("python3", "-c", check, in: workspace.path).run()
    #expect(python.status == 0, "\(python.errorText)")
  }

  @Test("Fixtures that lie are compared, and nothing of them reaches the terminal")
  func lies() throws {
    try workspace.write("lies.json", ShowTests.lies)
    try workspace.write("empty.json", ReportTests.good)
    var huge = ShowTests.times()
    huge.recordings[0].args = [String(repeating: "x", count: 1 << 20)]
    try huge.save(to: workspace.file("huge.json"))
    huge.recordings[0].args[0] += "y"
    try huge.save(to: workspace.file("larger.json"))
    #expect(try workspace.cmdmox("diff", "huge.json", "huge.json").run().status == 0)
    #expect(try workspace.cmdmox("diff", "huge.json", "larger.json").run().status == 1)
    let same = try workspace.cmdmox("diff", "lies.json", "lies.json").run()
    #expect(same.status == 0)
    for pair in [("lies.json", "empty.json"), ("empty.json", "lies.json")] {
      let result = try workspace.cmdmox("diff", pair.0, pair.1).run()
      #expect(result.status == 1)
      #expect(result.output.allSatisfy { $0 == 10 || $0 >= 0x20 && $0 != 0x7f })
    }
    #expect(try workspace.cmdmox("diff", "nowhere", "empty.json").run().status == 66)
  }
}
