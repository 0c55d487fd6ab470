import ArgumentParser
import CmdMox
import SystemPackage

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a recording for other programs to read.",
    discussion: """
      compile-commands: a JSON compilation database. chrome-trace: for Perfetto, speedscope and \
      chrome://tracing. ndjson: one recording a line, for jq, DuckDB, Spark. sh: a script that runs \
      the commands again.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case compileCommands = "compile-commands"
    case chromeTrace = "chrome-trace"
    case ndjson
    case sh
  }

  @OptionGroup var input: LookedAtFixture

  @Option(name: [.short, .long], help: "What to write.") var format: Format

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("Where to write it; standard output otherwise.", valueName: "file"))
  var output: String?

  @Flag(help: "Keep what the file has already (compile-commands).") var append = false
  @Flag(help: "Only sources that are there now (compile-commands).") var existing = false

  func validate() throws {
    if append, format != .compileCommands {
      throw ValidationError("--append goes with compile-commands only")
    }
    if append, output == nil { throw ValidationError("--append needs a file: -o FILE") }
    if existing, format != .compileCommands {
      throw ValidationError("--existing goes with compile-commands only")
    }
  }

  mutating func run() throws {
    let hasStreams = format == .ndjson || format == .sh
    let view = try input.load(keepsStreams: { _ in hasStreams })
    switch format {
    case .compileCommands: try compilationDatabase(view)
    case .chromeTrace: try Destination(output).write { try ChromeTrace.write(view, to: $0) }
    case .ndjson: try Destination(output).write { try FlatRecordings.write(view, to: $0) }
    case .sh: try Destination(output).write { try ShellScript.write(view, to: $0) }
    }
  }

  private func compilationDatabase(_ view: SessionView) throws {
    var database = CompilationDatabase(view, existingOnly: existing)
    if append, let output {
      do {
        try database.append(to: FilePath(output))
      } catch let error as FixtureError {
        throw Failure(.badData, "--append: \(error.description)")
      }
    }
    try Destination(output).write { try database.write(to: $0) }
  }
}
