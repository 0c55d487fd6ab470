import ArgumentParser
import CmdMox
import Glibc
import SystemPackage

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Runs a program and records every command that it runs, streams untouched.",
    usage: "cmdmox trace [options] [--] <command> [<argument> ...]")

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp(
      """
      Where the fixture goes; an earlier one is kept as <file>.old. %c: the command's name, %p: \
      cmdmox's process id, %t: the time.
      """, valueName: "file"))
  var output = "cmdmox.json"

  @Option(help: ArgumentHelp("Record these commands only.", valueName: "a,b"))
  var commands: String?

  @Option(
    name: .customLong("env-allow"),
    help: ArgumentHelp("Variables to keep in every recording.", valueName: "K,L"))
  var environmentAllowlist: String?

  @Flag(name: .customLong("wait"), help: "Wait for descendants that outlive the program.")
  var waitsForDescendants = false

  @Flag(name: [.short, .long], help: "Say nothing at the end.")
  var quiet = false

  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp("The program to run, and its arguments.", valueName: "command"))
  var command: [String] = []

  mutating func run() throws {
    if let option = command.first, option.hasPrefix("-"), option != "--" {
      throw Failure(.usage, "unknown option \(option); put -- before a command with that name")
    }
    let arguments = Arguments.last(command.first == "--" ? command.count - 1 : command.count)
    guard let name = arguments.first else {
      throw Failure(.usage, "no command to run; try `cmdmox trace -- make`")
    }
    let settings = try settings(name: String(decoding: name, as: UTF8.self))
    let library = try ourFault { try PreloadPath.find() }
    let program = try RootProcess.look(for: name)
    let directory = try ourFault { try SessionDirectory() }
    let cwd = Arguments.currentDirectory
    // First of all: a journal that hits a limit is an error, not a signal.
    let signals = SignalRelay()
    let recorder: Recorder
    do {
      recorder = try Recorder(directory, settings, arguments: arguments, cwd: cwd)
    } catch {
      directory.remove()
      throw Failure(.cannotCreate, String(describing: error))
    }
    let status: Int32
    do {
      status = try trace(program, arguments, cwd, library, directory, recorder, signals)
    } catch let failure as Failure {
      recorder.abandon()
      throw failure
    }
    throw ArgumentParser.ExitCode(status)
  }

  private func settings(name: String) throws -> SessionSettings {
    let path = FixtureName(output).path(
      root: name, pid: UInt32(getpid()), nanoseconds: Kernel.realtimeNs)
    var settings = SessionSettings(fixture: Arguments.absolute(path))
    if let errno = FileAccess.obstacle(to: settings.fixture) {
      throw Failure(
        .cannotCreate,
        "\(path): the fixture cannot be written there: \(errno); choose another place with -o")
    }
    settings.commands = commands.map(Arguments.list)
    settings.environmentAllowlist = environmentAllowlist.map(Arguments.list) ?? []
    settings.waitsForDescendants = waitsForDescendants
    return settings
  }

  /// Runs the program and records it.
  ///
  /// - Returns: the status to leave with.
  private func trace(
    _ program: FilePath, _ arguments: [[UInt8]], _ cwd: [UInt8], _ library: FilePath,
    _ directory: SessionDirectory, _ recorder: Recorder, _ signals: SignalRelay
  ) throws -> Int32 {
    let intent = Kernel.randomID()
    let variables = RootVariables(
      session: directory.path,
      library: try ourFault { try PreloadPath.prepare(library, in: directory) }, intent: intent)
    let startNs = Kernel.monotonicNs
    let root = try RootProcess(
      program, arguments, environment: variables.environment(from: Arguments.environment),
      mask: signals.maskBefore)
    // After the root has started: it must not inherit what only the recorder needs.
    Limits.raise()
    recorder.begin(
      RootFacts(
        pid: root.pid, intent: intent, arguments: arguments, cwd: cwd, startNs: startNs))
    let progress = ProgressLine(isWanted: !quiet)
    recorder.run(
      RootWatch(pid: root.pid, isChild: true), signals: signals.descriptor,
      onSignal: { signals.relay(to: root.pid) }, onProgress: progress.show)
    progress.erase()
    signals.close()
    return finish(recorder)
  }

  private func finish(_ recorder: Recorder) -> Int32 {
    do {
      let summary = try recorder.finish()
      if !quiet { say(summary.sentence) }
      return Int32(summary.rootStatus < 0 ? Int(Status.ourFault.rawValue) : summary.rootStatus)
    } catch let unwritten as UnwrittenFixture {
      say(unwritten.description)
      return unwritten.rootStatus > 0
        ? Int32(unwritten.rootStatus) : Status.cannotCreate.rawValue
    } catch {
      say(String(describing: error))
      return Status.ourFault.rawValue
    }
  }
}

/// Runs something of which a failure is cmdmox's own.
func ourFault<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch {
    throw Failure(.ourFault, String(describing: error))
  }
}
