internal import Glibc
package import SystemPackage

/// Threads for what waits in system calls, where the tasks of Swift would be held up.
package enum OwnThread {
  /// How long the system is given to have room for one more thread, in steps of ten milliseconds.
  package static let patience = 100
  private static let stepMicroseconds: UInt32 = 10_000

  /// Begins a thread without signals: those are for the threads of whoever uses this library.
  ///
  /// - Parameters:
  ///   - tries: how often it is tried where the system has no room for a thread at the moment
  ///     (`EAGAIN`, pthread_create(3)).
  ///   - body: what the thread does.
  /// - Returns: why there is none; nil where it runs.
  package static func begin(tries: Int = 1, _ body: @escaping () -> Void) -> Errno? {
    var before = sigset_t()
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    var error: Int32 = 0
    for number in 1...max(1, tries) {
      error = pthread_create(
        &thread, nil,
        { work in
          work.map { Unmanaged<Work>.fromOpaque($0).takeRetainedValue().body() }
          return nil
        }, work.toOpaque())
      guard error == EAGAIN, number < tries else { break }
      usleep(stepMicroseconds)
    }
    guard error == 0 else {
      work.release()
      return Errno(rawValue: error)
    }
    pthread_detach(thread)
    return nil
  }

  private final class Work {
    let body: () -> Void

    init(_ body: @escaping () -> Void) { self.body = body }
  }
}
