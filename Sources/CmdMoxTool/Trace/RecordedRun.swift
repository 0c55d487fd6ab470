import ArgumentParser
import CmdMox
import Glibc
import SystemPackage

/// A program that runs under a recorder in this process.
struct RecordedRun {
  private let settings: SessionSettings
  private let isQuiet: Bool

  init(_ settings: SessionSettings, isQuiet: Bool) {
    self.settings = settings
    self.isQuiet = isQuiet
  }

  /// Runs the program and records it.
  ///
  /// - Returns: the status to leave with.
  /// - Throws: ``Failure`` where the program did not run.
  func run(_ arguments: [[UInt8]]) throws -> ArgumentParser.ExitCode {
    let library = try ourFault { try PreloadPath.find() }
    let program = try RootProcess.look(for: arguments[0])
    let directory = try ourFault { try SessionDirectory(captures: settings.mode == .record) }
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
    do {
      return ArgumentParser.ExitCode(
        try record(program, arguments, cwd, library, directory, recorder, signals))
    } catch let failure as Failure {
      recorder.abandon()
      throw failure
    }
  }

  /// - Returns: the status to leave with.
  private func record(
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
    var facts = RootFacts(
      pid: root.pid, intent: intent, arguments: arguments, cwd: cwd, startNs: startNs)
    facts.outputs = [STDOUT_FILENO, STDERR_FILENO].map(FileAccess.identity)
    recorder.begin(facts)
    let progress = ProgressLine(isWanted: !isQuiet)
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
      if !isQuiet { say(summary.sentence) }
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
