import ArgumentParser
import CmdMox
import Glibc

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Says what two recordings did differently.",
    discussion: """
      What differs in every run is not looked at: the directory of the session, names of temporary \
      files, process ids in names, times within noise. Exits with 0 if both did the same, with 1 if \
      not; time is shown and does not count.
      """)

  @Argument(help: ArgumentHelp("The earlier recording.", valueName: "first"), completion: .file())
  var first: String
  @Argument(help: ArgumentHelp("The later one.", valueName: "second"), completion: .file())
  var second: String

  @Flag(help: "As JSON: an object.") var json = false
  @Option(help: "When to colour.") var color = Style.Choice.auto
  @Flag(inversion: .prefixedNo, help: "Show page by page on a terminal.") var pager = true

  mutating func run() throws {
    let views = (try LookedAtFixture.load(first), try LookedAtFixture.load(second))
    let difference = WaitLine.during("comparing") { _ in SessionDifference(views.0, views.1) }
    let output = TextOutput()
    if json {
      try difference.write(to: output.write)
      try output.flush()
    } else {
      let pager = Pager(isWanted: self.pager)
      defer { pager?.wait() }
      try DifferenceListing(
        difference: difference,
        style: Style(color, isTerminal: pager != nil || Terminal.isOutput),
        columns: pager?.columns ?? Terminal.columns, output: output
      ).print()
      try output.flush()
    }
    if !difference.isSame { throw ArgumentParser.ExitCode(Status.found.rawValue) }
  }
}
