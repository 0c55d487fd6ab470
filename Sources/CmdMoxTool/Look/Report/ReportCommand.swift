import ArgumentParser
import CmdMox

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Makes a page that shows a recording: summary, timeline, tree, search.",
    discussion: "The page is one file that needs no network.")

  @OptionGroup var input: LookedAtFixture

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("Where the page goes.", valueName: "file"), completion: .file())
  var output = "report.html"

  mutating func run() throws {
    throw try LookProgram.run(["report", input.fixture, output])
  }
}
