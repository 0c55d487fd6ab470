internal import Glibc
internal import KernelCalls
internal import Synchronization

/// Follows a program on a thread of its own, since following waits in system calls, and gives what
/// came of it to whoever asks.
final class Follower<Outcome: Sendable>: Sendable {
  private let processID: Int32
  private let state = Mutex(State.running([]))
  private let cancellation = Cancellation()

  private enum State {
    case running([CheckedContinuation<Outcome, any Error>])
    case over(Result<Outcome, RecorderError>)
  }

  /// - Parameter finish: ends the session; called on the thread.
  /// - Throws: ``RecorderError`` where no thread can be made.
  init(_ run: some FollowedRun, finish: @escaping () throws -> Outcome) throws {
    processID = Int32(bitPattern: run.pid)
    let work = Work { [self] in
      run.record(
        signals: cancellation.descriptor,
        onSignal: {
          cancellation.take()
          kill(-processID, SIGKILL)
        }, onProgress: { _ in })
      conclude(Result { try finish() }.mapError { RecorderError($0) })
    }
    guard work.begin() else {
      kill(-processID, SIGKILL)
      throw RecorderError(SessionError.noThread)
    }
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

/// Something that a thread does.
private final class Work {
  private let body: () -> Void

  init(_ body: @escaping () -> Void) { self.body = body }

  /// Begins a thread without signals: those are for the threads of whoever uses this library.
  ///
  /// - Returns: whether there is one.
  func begin() -> Bool {
    var thread = pthread_t()
    var before = sigset_t()
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let retained = Unmanaged.passRetained(self)
    let error = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, retained.toOpaque())
    guard error == 0 else {
      retained.release()
      return false
    }
    pthread_detach(thread)
    return true
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
