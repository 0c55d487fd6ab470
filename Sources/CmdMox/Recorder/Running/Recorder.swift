internal import Glibc
public import SystemPackage

/// Runs a program and records what it runs.
///
///     var recorder = Recorder(fixturePath: "deploy.json")
///     let recording = try await recorder.run(["./deploy.sh", "staging"])
///     print(recording.exitCode, try recording.fixture().recordings.count)
public struct Recorder: Sendable {
  /// What is kept of each command.
  public enum Mode: Sendable {
    /// That it ran, when, and how it ended; streams are not touched.
    case trace
    /// What it was given and what it answered, too: what a replay needs.
    case record
  }

  /// Where the fixture goes; an earlier one is kept as `<file>.old`.
  public var fixturePath: FilePath
  /// What is kept of each command.
  public var mode = Mode.record
  /// The commands to record, by base name; nil for all.
  public var commandFilter: [String]?
  /// Names of variables that are kept in every recording.
  public var environmentAllowlist: [String] = []
  /// Takes secrets out of every recording before it is stored; nil keeps them, and then the fixture
  /// is nothing to be shared.
  public var scrubber: (any Scrubber)? = PatternScrubber()
  /// Whether `<fixture>.review` is written beside the fixture: what the scrubber took out, and what it
  /// may have overlooked. It has secrets in it.
  public var reviewMode = false
  /// Whether what a captured command itself runs is captured too.
  public var recordsNestedCommands = false
  /// How many bytes of each stream are kept; more flows on, and the stream is marked truncated.
  public var captureLimit = 16 << 20
  /// Whether a trace sees every program, static ones and those that they run too, by a seccomp filter
  /// on the program. Set-user-ID programs get no privileges then, unless this process is root's. In
  /// the mode `record` it changes nothing.
  public var isDeep = false
  /// Whether the session goes on until every descendant of the program has ended.
  public var waitsForDescendants = false

  /// A recorder that captures streams and writes to `fixturePath`.
  public init(fixturePath: FilePath) {
    self.fixturePath = fixturePath
  }

  /// Runs a program and records it until it has ended.
  ///
  /// If the task is cancelled the program's process group is killed, and the fixture of what was
  /// seen until then is written.
  ///
  /// - Parameters:
  ///   - command: the program and its arguments; looked for in PATH if it has no slash.
  ///   - environment: the program's; nil for this process's own.
  ///   - workingDirectory: where it starts; nil for where this process is.
  /// - Throws: ``RecorderError``.
  public func run(
    _ command: [String], environment: [String: String]? = nil, workingDirectory: FilePath? = nil
  ) async throws -> Recording {
    let context = try start(
      command, environment: environment, workingDirectory: workingDirectory)
    return try await withTaskCancellationHandler {
      try await context.finish()
    } onCancel: {
      context.cancel()
    }
  }

  /// Starts a program, in a process group of its own.
  ///
  /// - Parameters:
  ///   - command: the program and its arguments; looked for in PATH if it has no slash.
  ///   - environment: the program's; nil for this process's own.
  ///   - workingDirectory: where it starts; nil for where this process is.
  ///   - standardInput: what it reads; nil for this process's own.
  ///   - standardOutput: where it writes; nil for this process's own.
  ///   - standardError: where it writes its messages; nil for this process's own.
  /// - Throws: ``RecorderError``.
  public func start(
    _ command: [String], environment: [String: String]? = nil, workingDirectory: FilePath? = nil,
    standardInput: FileDescriptor? = nil, standardOutput: FileDescriptor? = nil,
    standardError: FileDescriptor? = nil
  ) throws -> RecordingContext {
    let program = RootProgram(
      command, environment: environment, workingDirectory: workingDirectory,
      standardInput: standardInput, standardOutput: standardOutput, standardError: standardError)
    do {
      return try RecordingContext(program, settings())
    } catch {
      throw RecorderError(error)
    }
  }

  private func settings() -> SessionSettings {
    var settings = SessionSettings(fixture: OwnEnvironment.absolute(fixturePath))
    settings.mode = mode == .trace ? .trace : .record
    settings.commands = commandFilter
    settings.environmentAllowlist = environmentAllowlist
    settings.scrubber = scrubber
    settings.isReviewed = reviewMode
    settings.waitsForDescendants = waitsForDescendants
    settings.isDeep = isDeep && mode == .trace
    settings.capture.limit = UInt64(max(0, captureLimit))
    settings.capture.isNested = recordsNestedCommands
    return settings
  }
}

/// Why a program was not run, or its fixture not written.
public struct RecorderError: Error, CustomStringConvertible {
  /// What went wrong.
  public enum Kind: Sendable {
    /// There is no such program: 127 in a shell.
    case notFound
    /// The program cannot be executed: 126 in a shell.
    case notExecutable
    /// The session could not be made, or this system does not let it see every program.
    case noSession
    /// The program ran, and its fixture could not be written.
    case notWritten
  }

  /// What went wrong.
  public let kind: Kind
  /// One sentence: what is wrong, where, and what to do.
  public let description: String

  init(_ error: any Error) {
    description = String(describing: error)
    kind =
      switch error {
      case RootError.notFound: .notFound
      case RootError.notExecutable: .notExecutable
      case is UnwrittenFixture: .notWritten
      default: .noSession
      }
  }
}
