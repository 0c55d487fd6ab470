internal import Glibc
internal import KernelCalls
internal import Synchronization

/// Follows a program on a thread of its own, since following waits in system calls, and gives what
/// came of it to whoever asks.
final class Follower<Outcome: Sendable>: Sendable {
  /// The program's process, which leads a process group of its own.
  let processID: Int32
  private let state = Mutex(State.running([]))
  private let cancellation = Cancellation()

  private enum State {
    case running([CheckedContinuation<Outcome, any Error>])
    case over(Result<Outcome, RecorderError>)
  }

  /// Starts a program once there is a thread for it: one that nobody follows would not be let run.
  ///
  /// - Parameters:
  ///   - start: starts it; called here, since a seccomp filter is its thread's.
  ///   - finish: ends the session; called on the other thread.
  /// - Throws: ``SessionError/noThread(_:)``, before anything runs, and what `start` throws.
  init<Run: FollowedRun>(
    _ start: () throws -> Run, finish: @escaping (Run) throws -> Outcome
  ) throws {
    let handover = Handover<() -> Void>()
    if let errno = OwnThread.begin(tries: OwnThread.patience, { handover.take()?() }) {
      throw SessionError.noThread(errno)
    }
    let run: Run
    do {
      run = try start()
    } catch {
      handover.give(nil)
      throw error
    }
    processID = Int32(bitPattern: run.pid)
    handover.give { [self] in follow(run, finish: finish) }
  }

  private func follow<Run: FollowedRun>(_ run: Run, finish: (Run) throws -> Outcome) {
    run.record(
      signals: cancellation.descriptor,
      onSignal: {
        cancellation.take()
        kill(-processID, SIGKILL)
      }, onProgress: { _ in })
    conclude(Result { try finish(run) }.mapError { RecorderError($0) })
  }

  func cancel() { cancellation.request() }

  /// Waits until the program has ended.
  func result() async throws -> Outcome {
    try await withCheckedThrowingContinuation { continuation in
      let result: Result<Outcome, RecorderError>? = state.withLock { state in
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

  private func conclude(_ result: Result<Outcome, RecorderError>) {
    let waiting: [CheckedContinuation<Outcome, any Error>] = state.withLock { state in
      defer { state = .over(result) }
      if case .running(let waiting) = state { return waiting } else { return [] }
    }
    for continuation in waiting { continuation.resume(with: result) }
  }
}

/// Gives one thing from a thread to another, which waits for it.
private final class Handover<Value> {
  private var value: Value?
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() { sem_init(semaphore, 0, 0) }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func give(_ value: Value?) {
    self.value = value
    sem_post(semaphore)
  }

  func take() -> Value? {
    while sem_wait(semaphore) != 0 {}
    return value
  }
}

/// Asks the thread to end the program.
private final class Cancellation: Sendable {
  /// An eventfd(2): readable when the end was asked for.
  let descriptor = kernel_event_create()

  deinit { close(descriptor) }

  func request() { kernel_event_raise(descriptor) }

  func take() { kernel_event_take(descriptor) }
}
