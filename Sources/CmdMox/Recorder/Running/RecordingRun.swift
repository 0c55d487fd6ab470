internal import Glibc
internal import SystemPackage

/// A program that runs under a recorder in this process.
///
/// The order of calls: `init`, ``record(signals:onSignal:onProgress:)``, ``finish()``. Not safe to
/// share between threads.
package final class RecordingRun {
  private let recorder: SessionRecorder
  /// Where every exec is seen.
  private let deep: DeepRoot?
  /// The program's process.
  package let pid: UInt32

  /// Makes the session and starts the program.
  ///
  /// - Parameter replay: answers commands.
  /// - Throws: ``RootError``, ``SessionError``, ``NoJournal``, ``DeepError``; nothing is left of the session then.
  package init(
    _ program: RootProgram, _ settings: SessionSettings, replay: ReplayDesk? = nil
  ) throws {
    let library = try PreloadPath.find()
    let file = try program.file()
    let directory = try SessionDirectory(settings.mode)
    let cwd = Self.cwd(of: program)
    (settings.scrubber as? PatternScrubber)?.learn(from: program.environment)
    do {
      recorder = try SessionRecorder(
        directory, settings, arguments: program.arguments, cwd: cwd, replay: replay)
    } catch {
      directory.remove()
      throw NoJournal(reason: String(describing: error))
    }
    do {
      let intent = Kernel.randomID()
      let variables = RootVariables(
        session: directory.path,
        library: PreloadPath.path(of: try PreloadPath.prepare(library, in: directory), for: file),
        intent: intent, commands: replay == nil ? nil : directory.commands)
      let startNs = Kernel.monotonicNs
      let environment = variables.environment(from: program.environment)
      if settings.isDeep {
        let root = try DeepRoot(file, program, environment: environment, in: directory)
        (pid, deep) = (root.pid, root)
      } else {
        (pid, deep) = (try RootProcess(file, program, environment: environment).pid, nil)
      }
      var facts = RootFacts(
        pid: pid, intent: intent, arguments: program.arguments, cwd: cwd, startNs: startNs)
      facts.outputs = [STDOUT_FILENO, STDERR_FILENO].map { number in
        Self.identity(program.standardStreams[number]?.rawValue ?? number)
      }
      recorder.begin(facts, execWatch: deep?.watcher)
    } catch {
      recorder.abandon()
      throw error
    }
  }

  /// Records until the program has ended; the parameters are those of
  /// ``SessionRecorder/run(_:signals:onSignal:onProgress:)``.
  package func record(
    signals: Int32 = -1, onSignal: () -> Void = {},
    onProgress: (SessionRecorder.Progress) -> Void = { _ in }
  ) {
    recorder.run(
      RootWatch(pid: pid, isChild: true), signals: signals, onSignal: onSignal,
      onProgress: onProgress)
    deep?.leave()
  }

  /// Writes the fixture.
  ///
  /// - Throws: ``UnwrittenFixture``.
  package func finish() throws -> SessionSummary { try recorder.finish() }

  private static func cwd(of program: RootProgram) -> [UInt8] {
    let folder = program.workingDirectory ?? "."
    guard let cwd = folder.withPlatformString({ realpath($0, nil) }) else { return [] }
    defer { free(cwd) }
    return Array(UnsafeRawBufferPointer(start: cwd, count: strlen(cwd)))
  }

  private static func identity(_ descriptor: Int32) -> (device: UInt64, inode: UInt64) {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? (UInt64(status.st_dev), UInt64(status.st_ino)) : (0, 0)
  }
}

/// The journal or the pipe of a session could not be made.
package struct NoJournal: Error, CustomStringConvertible {
  let reason: String

  /// One sentence.
  package var description: String { reason }
}
