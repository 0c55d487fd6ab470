import ArgumentParser
import CmdMox
import Glibc
import SystemPackage

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a recording for other programs to read.",
    discussion: """
      compile-commands: a JSON compilation database. chrome-trace: for Perfetto, speedscope and \
      chrome://tracing. ndjson: one recording a line, for jq, DuckDB, Spark. otlp: OpenTelemetry spans, \
      to a file or to a collector. sqlite: a database. sh: a script that runs the commands again.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case compileCommands = "compile-commands"
    case chromeTrace = "chrome-trace"
    case ndjson
    case otlp
    case sqlite
    case sh
  }

  @OptionGroup var input: LookedAtFixture

  @Option(name: [.short, .long], help: "What to write.") var format: Format

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("Where to write it; standard output otherwise.", valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(help: "Keep what the file has already (compile-commands, sqlite).") var append = false
  @Option(
    help: ArgumentHelp(
      "Send the spans to this OTLP/HTTP collector (otlp); http://localhost:4318 is a usual one.",
      valueName: "url"))
  var endpoint: String?

  @Flag(help: "Only sources that are there now (compile-commands).") var existing = false

  func validate() throws {
    if append, format != .compileCommands, format != .sqlite {
      throw ValidationError("--append goes with compile-commands and sqlite only")
    }
    if format == .sqlite, output == nil || output == "-" {
      throw ValidationError("a database needs a file: -o FILE")
    }
    if endpoint != nil, format != .otlp { throw ValidationError("--endpoint goes with otlp only") }
    if endpoint != nil, output != nil { throw ValidationError("--endpoint or -o, not both") }
    if append, output == nil { throw ValidationError("--append needs a file: -o FILE") }
    if existing, format != .compileCommands {
      throw ValidationError("--existing goes with compile-commands only")
    }
  }

  mutating func run() throws {
    if format == .sqlite, let output {
      throw try LookProgram.run(["sqlite", input.fixture, output] + (append ? ["--append"] : []))
    }
    let hasStreams = format == .ndjson || format == .sh
    let view = try input.load(keepsStreams: { _ in hasStreams })
    switch format {
    case .compileCommands: try compilationDatabase(view)
    case .chromeTrace: try Destination(output).write { try ChromeTrace.write(view, to: $0) }
    case .ndjson: try Destination(output).write { try FlatRecordings.write(view, to: $0) }
    case .otlp: try spans(view)
    // cmdmox-look makes it.
    case .sqlite: break
    case .sh: try Destination(output).write { try ShellScript.write(view, to: $0) }
    }
  }

  /// One request a line, as the collector's own file exporter writes them.
  private func spans(_ view: SessionView) throws {
    let variable = { (name: String) in getenv(name).map { String(cString: $0) } }
    let requests = TraceRequests(
      view, service: variable("OTEL_SERVICE_NAME"),
      resource: ResourceAttributes.parse(variable("OTEL_RESOURCE_ATTRIBUTES") ?? ""))
    if let endpoint {
      let collector = try Collector(endpoint)
      try WaitLine.during("sending the spans") { _ in
        try requests.forEachRequest(collector.send)
      }
    } else {
      try Destination(output).write { write in
        try requests.forEachRequest { request in
          try write(request)
          try [UInt8(ascii: "\n")].withUnsafeBytes { try write($0) }
        }
      }
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
