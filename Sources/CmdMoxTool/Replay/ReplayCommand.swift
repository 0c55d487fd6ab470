import ArgumentParser
import CmdMox
import SystemPackage

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Runs a program and answers its commands from a fixture.",
    usage: "cmdmox replay -f <file> [options] [--] <command> [<argument> ...]")

  @Option(
    name: [.short, .long], help: ArgumentHelp("The fixture.", valueName: "file"),
    completion: .file())
  var fixture = "cmdmox.json"

  @OptionGroup var options: MatchOptions

  @Flag(name: [.short, .long], help: "Say nothing at the end of a replay that went as recorded.")
  var quiet = false

  @OptionGroup var program: ProgramArguments

  mutating func run() throws {
    let arguments = try program.arguments(of: Self.self)
    var settings = PlaySettings(fixture: OwnEnvironment.absolute(FilePath(fixture)))
    try options.fill(&settings)
    throw try PlayedRun(settings, isQuiet: quiet, report: options.reporting()).run(arguments)
  }
}
