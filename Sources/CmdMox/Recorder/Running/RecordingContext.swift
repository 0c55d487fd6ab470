internal import Glibc
internal import KernelCalls
internal import Synchronization
public import SystemPackage

/// A program that runs and is being recorded.
public final class RecordingContext: Sendable {
  /// The program's process, which leads a process group of its own.
  public let processID: Int32
  private let state: Mutex<State>
  private let cancellation: Cancellation

  private enum State {
    case running([CheckedContinuation<Recording, any Error>])
    case over(Result<Recording, RecorderError>)
  }

  /// Begins to record, on a thread of its own: the recorder waits in system calls.
  init(_ run: sending RecordingRun) throws {
    processID = Int32(bitPattern: run.pid)
    state = Mutex(.running([]))
    cancellation = Cancellation()
    let work = Work(run: run, context: self)
    var thread = pthread_t()
    var before = sigset_t()
    var all = sigset_t()
    sigfillset(&all)
    // Signals are for the threads of whoever uses this library.
    pthread_sigmask(SIG_SETMASK, &all, &before)
    let error = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
        work.context.record(work.run)
        return nil
      }, Unmanaged.passRetained(work).toOpaque())
    pthread_sigmask(SIG_SETMASK, &before, nil)
    precondition(error == 0, "no thread can be made: errno \(error)")
    pthread_detach(thread)
  }

  /// What the recorder's thread gets.
  private final class Work {
    let run: RecordingRun
    let context: RecordingContext

    init(run: RecordingRun, context: RecordingContext) {
      self.run = run
      self.context = context
    }
  }

  /// Kills the program's process group. The fixture of what was seen until then is still written.
  public func cancel() { cancellation.request() }

  /// Waits until the program has ended and its fixture is written.
  ///
  /// - Throws: ``RecorderError`` where the fixture could not be written.
  public func finish() async throws -> Recording {
    try await withCheckedThrowingContinuation { continuation in
      let result: Result<Recording, RecorderError>? = state.withLock { state in
        switch state {
        case .over(let result): return result
        case .running(let waiting):
          state = .running(waiting + [continuation])
          return nil
        }
      }
      if let result { continuation.resume(with: result) }
    }
  }

  private func record(_ run: RecordingRun) {
    run.record(signals: cancellation.descriptor) {
      cancellation.take()
      kill(-processID, SIGKILL)
    }
    let result: Result<Recording, RecorderError>
    do {
      result = .success(Recording(try run.finish()))
    } catch {
      result = .failure(RecorderError(error))
    }
    let waiting: [CheckedContinuation<Recording, any Error>] = state.withLock { state in
      defer { state = .over(result) }
      if case .running(let waiting) = state { return waiting } else { return [] }
    }
    for continuation in waiting { continuation.resume(with: result) }
  }
}

/// Asks the recorder's thread to end the program.
private final class Cancellation: Sendable {
  /// An eventfd(2): readable when the end was asked for.
  let descriptor = kernel_event_create()

  deinit { close(descriptor) }

  func request() { kernel_event_raise(descriptor) }

  func take() { kernel_event_take(descriptor) }
}

/// A recording that is over.
public struct Recording: Sendable {
  /// Where the fixture is.
  public let fixturePath: FilePath
  /// How the program ended, as a shell says it: 128 + n after signal n, -1 where nobody knows.
  public let exitCode: Int
  /// How many invocations were recorded.
  public let invocations: Int
  /// How many of those failed: could not be executed, or ended with a status other than 0.
  public let failed: Int
  /// How many of those were seen from outside only.
  public let opaque: Int
  /// How many events or recordings were lost.
  public let lost: Int
  /// How many streams were longer than what is kept of them.
  public let truncated: Int

  init(_ summary: SessionSummary) {
    fixturePath = summary.fixture
    exitCode = summary.rootStatus
    invocations = summary.tally.recorded
    failed = summary.tally.failed
    opaque = summary.tally.opaqueCount
    lost = summary.lost
    truncated = summary.tally.truncated
  }

  /// Reads the fixture.
  ///
  /// - Throws: ``FixtureError``.
  public func fixture() throws -> FixtureFile { try FixtureFile.load(fixturePath) }
}
