import ArgumentParser
import CmdMox

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Runs a program and records every command that it runs, streams untouched.",
    usage: "cmdmox trace [options] [--] <command> [<argument> ...]")

  @Flag(
    help: """
      See every program, static ones and those that they run too, by a seccomp filter. Set-user-ID \
      programs get no privileges then, unless root runs it.
      """)
  var deep = false

  @OptionGroup var options: SessionOptions

  mutating func run() throws {
    let arguments = try options.program.arguments(of: Self.self)
    var settings = try options.settings(root: arguments[0])
    settings.isDeep = deep
    throw try ToolRun(settings, isQuiet: options.quiet).run(arguments)
  }
}
