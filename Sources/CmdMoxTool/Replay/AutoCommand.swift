import ArgumentParser
import CmdMox
import SystemPackage

struct AutoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "auto",
    abstract: "Replays a fixture where there is one, and records it where there is none.",
    usage: "cmdmox auto -f <file> [options] [--] <command> [<argument> ...]")

  @Option(
    name: [.short, .long], help: ArgumentHelp("The fixture.", valueName: "file"),
    completion: .file())
  var fixture = "cmdmox.json"

  @Option(
    name: .customLong("record-mode"),
    help: """
      once: replay, or record where there is no fixture. new-episodes: answer what is known, record \
      and append the rest. none: replay only. all: record anew.
      """)
  var recordMode = RecordMode.once

  @Flag(
    name: .customLong("keep-failed"),
    help: "Replace an earlier fixture even if the program failed while it was recorded.")
  var keepsFailed = false

  @OptionGroup var options: MatchOptions

  @Option(help: ArgumentHelp("Record these commands only.", valueName: "a,b"))
  var commands: String?

  @Option(
    name: .customLong("env-allow"),
    help: ArgumentHelp("Variables to keep in every recording.", valueName: "K,L"))
  var environmentAllowlist: String?

  @Option(
    name: .customLong("max-capture"),
    help: ArgumentHelp("How much of each stream is kept.", valueName: "bytes"))
  var maxCapture: ByteCount = ByteCount(bytes: CaptureSettings().limit)

  @OptionGroup var scrubbing: ScrubOptions

  @Flag(name: [.short, .long], help: "Say nothing at the end of a session that went well.")
  var quiet = false

  @OptionGroup var program: ProgramArguments

  mutating func run() throws {
    let arguments = try program.arguments(of: Self.self)
    var settings = PlaySettings(fixture: OwnEnvironment.absolute(FilePath(fixture)))
    try options.fill(&settings)
    settings.recordMode = recordMode
    settings.keepsFailed = keepsFailed
    settings.session.commands = commands.map(Arguments.list)
    guard settings.session.commands?.isEmpty != true else {
      throw Failure(.usage, "--commands names no command; leave it out to record all")
    }
    settings.session.environmentAllowlist = environmentAllowlist.map(Arguments.list) ?? []
    settings.session.capture.limit = maxCapture.bytes
    settings.session.scrubber = try scrubbing.scrubber()
    if recordMode != .none, let errno = FileAccess.obstacle(to: settings.fixture) {
      throw Failure(.cannotCreate, "\(fixture): the fixture cannot be written there: \(errno)")
    }
    throw try PlayedRun(settings, isQuiet: quiet, report: options.reporting()).run(arguments)
  }
}
