import CmdMox
import SystemPackage
import Testing

@Suite("cmdmox show --failed") struct ShowFailedTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func shown() throws -> String {
    let result = try workspace.cmdmox("show", "cmdmox.json", "--failed").run()
    #expect(result.status == 0, "\(result.errorText)")
    return result.outputText
  }

  @Test("The compiler stands first, then who failed because of it, apart what nobody minded")
  func chain() throws {
    try workspace.failingBuild()
    let text = try shown()
    let lines = text.split(separator: "\n")
    #expect(lines.first?.hasPrefix("exit 1: #") == true, "\(text)")
    #expect(lines.first?.contains(" cc1 ") == true, "\(text)")
    let chain = lines.filter { $0.hasPrefix("  made fail: ") }
    #expect(chain.count == 3, "\(text)")
    #expect(chain.first?.contains("(exit 1) gcc -c -o bad.o bad.c") == true, "\(text)")
    #expect(chain.last == "  made fail: make (exit 2)")
    let expected = try #require(lines.firstIndex { $0.hasSuffix("expected, or did not mind:") })
    #expect(try #require(lines.lastIndex { $0.hasPrefix("  made fail") }) < expected)
    let apart = lines[(expected + 2)...]
    #expect(apart.count == 3, "\(text)")
    #expect(apart.filter { $0.contains(" grep -q nothing ") }.count == 2, "\(text)")
    #expect(apart.filter { $0.contains("nowhere") }.count == 1, "\(text)")
  }

  @Test("How to see what it said: the command is run again, in its directory")
  func again() throws {
    try workspace.failingBuild()
    let text = try shown()
    let line = try #require(text.split(separator: "\n").first { $0.contains("; again: ") })
    #expect(line.hasPrefix("  in \(workspace.path); again: cmdmox rerun cmdmox.json "))
    #expect(text.contains("record with `cmdmox record --depth all`"))
    let number = String(line.split(separator: " ").last ?? "")
    let again = try workspace.cmdmox("rerun", "cmdmox.json", number).run()
    #expect(again.status == 1)
    #expect(again.errorText.contains("bad.c:1:24: error:"), "\(again.errorText)")
  }

  @Test("What the cause wrote to stderr stands with it")
  func standardError() throws {
    try workspace.failingBuild("record")
    let text = try shown()
    #expect(text.contains("\n  | bad.c:1:24: error:"), "\(text)")
    #expect(!text.contains("cmdmox record"))
  }

  @Test("Where stderr goes to stdout, both stand with it, the last lines of many")
  func merged() throws {
    try workspace.write("all.sh", "exec 2>&1; sh -c 'seq 100; echo wrong >&2; exit 3'; exit 4\n")
    _ = try workspace.cmdmox("record", "-q", "--", "sh", "all.sh").run()
    let lines = try shown().split(separator: "\n")
    #expect(lines[2] == "  | … 81 lines")
    #expect(lines[3] == "  | 82" && lines[22] == "  | wrong")
    #expect(lines.last == "  made fail: sh all.sh (exit 4)")
  }

  @Test("A command that is not there is a cause, and cannot be run again")
  func absent() throws {
    _ = try workspace.trace("-q", shell: "env ./nowhere").run()
    let text = try shown()
    #expect(text.hasPrefix("ENOENT: #1 nowhere\n  in \(workspace.path)\n"), "\(text)")
    #expect(!text.contains("rerun"))
  }

  @Test("A program that failed by itself is named; one that went well too")
  func nothing() throws {
    _ = try workspace.trace("-q", shell: "/bin/true; exit 9").run()
    #expect(try shown().hasPrefix("exit 9: sh -c '/bin/true; exit 9'\n  by itself: "))
    _ = try workspace.trace("-q", shell: "/bin/false; /bin/true").run()
    let text = try shown()
    #expect(text.hasPrefix("nothing failed that mattered\n\n1 failure that "), "\(text)")
  }
}
