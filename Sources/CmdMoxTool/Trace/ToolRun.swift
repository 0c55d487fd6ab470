import ArgumentParser
import CmdMox
import Glibc

/// A session of the command line: the program runs on the caller's terminal, and the tool leaves
/// with its status.
struct ToolRun {
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
    let run = try Self.follow(
      arguments, showsProgress: !isQuiet, hidesProcess: settings.mode == .trace
    ) {
      try RecordingRun($0, settings)
    }
    return ArgumentParser.ExitCode(finish(run))
  }

  /// Starts a program and follows it until it has ended.
  ///
  /// - Throws: ``Failure`` where the program did not run; other errors of `start`.
  static func follow<Run: FollowedRun>(
    _ arguments: [[UInt8]], showsProgress: Bool, hidesProcess: Bool = false,
    start: (RootProgram) throws -> Run
  ) throws -> Run {
    // First of all: a journal that hits a limit is an error, not a signal.
    let signals = SignalRelay()
    var program = RootProgram(arguments: arguments, environment: OwnEnvironment.entries)
    program.signalMask = signals.maskBefore
    let run = try started(program, start)
    // After the program has started: it must not inherit what only the recorder needs.
    Limits.raise()
    Limits.forbidDumps(hidesProcess: hidesProcess)
    let progress = ProgressLine(isWanted: showsProgress)
    run.record(
      signals: signals.descriptor, onSignal: { signals.relay(to: run.pid) },
      onProgress: progress.show)
    progress.erase()
    signals.close()
    return run
  }

  private static func started<Run>(
    _ program: RootProgram, _ start: (RootProgram) throws -> Run
  ) throws -> Run {
    do {
      return try start(program)
    } catch let failure as Failure {
      throw failure
    } catch {
      let status: Status =
        switch error {
        case RootError.notFound: .notFound
        case RootError.notExecutable: .notExecutable
        case is NoJournal: .cannotCreate
        case is DeepError: .unavailable
        default: .ourFault
        }
      throw Failure(status, String(describing: error))
    }
  }

  private func warnOfReview() {
    guard settings.isReviewed else { return }
    let review = ReviewFile(of: settings.fixture)
    if !isQuiet { say("review: \(review.path)") }
    if review.isExposed {
      say("\(review.path) has secrets in it and git does not ignore it; add *.review to .gitignore")
    }
  }

  private func finish(_ run: RecordingRun) -> Int32 {
    do {
      let summary = try run.finish()
      if !isQuiet { say(summary.sentence) }
      warnOfReview()
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
