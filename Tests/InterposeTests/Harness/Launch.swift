import Dispatch
import Foundation
import Glibc
import Synchronization

/// How a process ended.
enum Ending: Equatable, CustomStringConvertible {
  case exited(Int32)
  case signaled(Int32)

  /// From the status that `wait(2)` gives.
  init(waitStatus status: Int32) {
    self = status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .signaled(status & 0x7f)
  }

  /// What a shell or `cmdmox trace` makes of it: 128 and the signal's number.
  var asExitStatus: Ending {
    if case .signaled(let number) = self { .exited(128 + number) } else { self }
  }

  var description: String {
    switch self {
    case .exited(let status): "exited \(status)"
    case .signaled(let number): "signaled \(number)"
    }
  }
}

/// One program to run, with its streams in files, in a process group of its own and within a time
/// limit.
struct Launch {
  var arguments: [String]
  var environment: [String: String]
  var directory: String
  /// `LD_PRELOAD` for the program and nothing before it.
  var preload: String?
  var input = "/dev/null"
  var output = "/dev/null"
  var errors = "/dev/null"
  var limit: Duration = .seconds(90)

  /// Runs it and waits for its end. Signals, their mask and the descriptors are the default ones.
  ///
  /// Throws where it cannot be started, and where it still runs at the limit: its whole process
  /// group is killed then.
  func run() throws -> Ending {
    try Self.wait(for: try start(), limit: limit, named: arguments)
  }

  /// Waits for a process that `start` gave. Throws where it still runs at the limit: its whole
  /// process group is killed then.
  static func wait(
    for child: pid_t, limit: Duration, named arguments: [String] = []
  ) throws -> Ending {
    let reaper = Reaper(child)
    guard reaper.waits(for: limit) else {
      kill(-child, SIGKILL)
      kill(child, SIGKILL)
      _ = reaper.waits(for: .seconds(30))
      throw HarnessError.timedOut(arguments, after: limit)
    }
    return Ending(waitStatus: reaper.status)
  }

  /// Starts it and does not wait. The process leads a group of its own.
  func start() throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    let truncated = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 1, output, truncated, 0o644)
    posix_spawn_file_actions_addopen(&actions, 2, errors, truncated, 0o644)

    Self.closeOthers(&actions)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var all = sigset_t()
    var none = sigset_t()
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))

    let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    var child: pid_t = 0
    // env changes the folder and becomes the program: the file action for it is not in Glibc's
    // module. It also says what to load, so that it is not itself the first that loads it.
    let setting = preload.map { ["LD_PRELOAD=" + $0] } ?? []
    let error = withCStrings(["env", "-C", directory] + setting + arguments) { argv in
      withCStrings(variables) { envp in
        posix_spawn(&child, "/usr/bin/env", &actions, &attributes, argv, envp)
      }
    }
    guard error == 0 else {
      throw HarnessError.setup("cannot start \(arguments): \(String(cString: strerror(error)))")
    }
    return child
  }

  /// Closes every descriptor above 2 in the child: what other tests have open just now, and not all
  /// of it close-on-exec, is not the program's to see. The corresponding C function is
  /// `posix_spawn_file_actions_addclosefrom_np`, which Glibc's module leaves out.
  private static func closeOthers(_ actions: inout posix_spawn_file_actions_t) {
    typealias AddCloseFrom =
      @convention(c) (
        UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32
      ) -> Int32
    guard let found = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else { return }
    _ = unsafeBitCast(found, to: AddCloseFrom.self)(&actions, 3)
  }

  private func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
  }
}

/// Waits for one child in a thread of its own, so that the wait can have a limit.
private final class Reaper: Sendable {
  private let found = Mutex<Int32>(0)
  private let ended = DispatchSemaphore(value: 0)

  init(_ child: pid_t) {
    Thread.detachNewThread { [self] in
      var status: Int32 = 0
      while waitpid(child, &status, 0) < 0 && errno == EINTR {}
      found.withLock { $0 = status }
      ended.signal()
    }
  }

  var status: Int32 { found.withLock { $0 } }

  func waits(for limit: Duration) -> Bool {
    ended.wait(timeout: .now() + .seconds(Int(limit.components.seconds))) == .success
  }
}
