import ArgumentParser
import CmdMox

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Runs a program and records every command that it runs, streams untouched.",
    usage: "cmdmox trace [options] [--] <command> [<argument> ...]")

  @OptionGroup var options: SessionOptions

  mutating func run() throws {
    let arguments = try options.program.arguments(of: "trace")
    let settings = try options.settings(root: arguments[0])
    throw try ToolRun(settings, isQuiet: options.quiet).run(arguments)
  }
}
