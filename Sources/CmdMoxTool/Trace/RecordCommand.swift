import ArgumentParser
import CmdMox

struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Runs a program and records what its commands were given and what they answered.",
    usage: "cmdmox record [options] [--] <command> [<argument> ...]")

  @Option(help: "Capture the commands that the program itself runs, or all that those run, too.")
  var depth = CaptureDepth.outermost

  @Option(
    name: .customLong("max-capture"),
    help: ArgumentHelp(
      "How much of each stream is kept; K, M or G may follow. More flows on.", valueName: "bytes"))
  var maxCapture: ByteCount = ByteCount(bytes: CaptureSettings().limit)

  @OptionGroup var options: SessionOptions

  mutating func run() throws {
    let arguments = try options.program.arguments(of: Self.self)
    var settings = try options.settings(root: arguments[0])
    settings.mode = .record
    settings.capture.limit = maxCapture.bytes
    settings.capture.isNested = depth == .all
    throw try ToolRun(settings, isQuiet: options.quiet).run(arguments)
  }
}
