import ArgumentParser
import CmdMox

struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Runs a program and records what its commands were given and what they answered.",
    usage: "cmdmox record [options] [--] <command> [<argument> ...]")

  /// Which commands are captured.
  enum Depth: String, CaseIterable, ExpressibleByArgument {
    case outermost, all
  }

  @Option(help: "Capture the commands that the program itself runs, or all that those run, too.")
  var depth = Depth.outermost

  @Option(
    name: .customLong("max-capture"),
    help: ArgumentHelp(
      "How much of each stream is kept; K, M or G may follow. More flows on.", valueName: "bytes"))
  var maxCapture: ByteCount = ByteCount(bytes: CaptureSettings().limit)

  @OptionGroup var options: SessionOptions

  mutating func run() throws {
    let arguments = try options.arguments(of: "record")
    var settings = try options.settings(root: arguments[0])
    settings.mode = .record
    settings.capture.limit = maxCapture.bytes
    settings.capture.isNested = depth == .all
    throw try RecordedRun(settings, isQuiet: options.quiet).run(arguments)
  }
}

/// A number of bytes, as people write it: `4096`, `64K`, `16M`, `1G`, in powers of 1024.
struct ByteCount: ExpressibleByArgument {
  let bytes: UInt64

  init(bytes: UInt64) { self.bytes = bytes }

  init?(argument: String) {
    let units: [Character: UInt64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    let unit = argument.last.flatMap { units[Character($0.uppercased())] }
    guard let count = UInt64(unit == nil ? argument[...] : argument.dropLast()) else { return nil }
    let (bytes, isOver) = count.multipliedReportingOverflow(by: unit ?? 1)
    guard !isOver, bytes <= 1 << 40 else { return nil }
    self.bytes = bytes
  }

  var defaultValueDescription: String { "\(bytes >> 20)M" }
}
