import Glibc
import SystemPackage
import Testing

/// The man pages are made by `make man` and kept in docs/man.
@Suite("Man pages") struct ManualTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static let pages = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent().appending("docs/man")

  @Test(
    "Every option of every command is in its page; `make man` makes the pages anew",
    arguments: [
      "show", "report", "export", "diff", "rerun", "trace", "record", "replay", "auto", "recover",
      "validate", "scrub", "review", "doctor", "generate-test",
    ])
  func options(command: String) throws {
    let help = try workspace.cmdmox("help", command).run().outputText
    let page = try Command("cat", "cmdmox.\(command).1", in: Self.pages).run().outputText
    try #require(!page.isEmpty, "no page")
    // Options stand in lines of their own; what other lines name is another command's.
    let lines = help.split(separator: "\n").filter { $0.hasPrefix("  -") }
    let words = lines.flatMap { $0.split { " ,[]<>()".contains($0) } }
    try #require(words.contains("--help"))
    for option in Set(words.filter { $0.hasPrefix("--") && $0.count > 2 }) where option != "--" {
      let name = option.dropFirst(2).prefix { $0.isLetter || $0.isNumber || $0 == "-" }
      #expect(page.contains("Fl -\(name)"), "\(option)")
    }
  }

  @Test(
    "What takes a program has its own --help", arguments: ["trace", "record", "replay", "auto"],
    ["-h", "--help"])
  func help(command: String, option: String) throws {
    let result = try workspace.cmdmox(command, option).run()
    #expect(result.status == 0)
    #expect(try result.outputText == workspace.cmdmox("help", command).run().outputText)
    #expect(result.outputText.contains("USAGE: cmdmox \(command) "))
  }

  @Test("Every command has a page")
  func pages() throws {
    let help = try workspace.cmdmox("--help").run().outputText
    let list = try #require(help.split(separator: "SUBCOMMANDS:").last).split(separator: "\n")
    let names = list.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first }.filter { $0 != "See" }
    #expect(names.count > 10)
    for name in names {
      let page = try Command("cat", "cmdmox.\(name).1", in: Self.pages).run()
      #expect(page.status == 0, "\(name)")
    }
  }
}
