/// A process as the recorder names it: a pid means something in its pid namespace only.
struct ProcessKey: Hashable {
  /// 0 for the recorder's own, else the id of the image that was the first seen there.
  var namespace: UInt64
  var pid: UInt32

  var isForeign: Bool { namespace != 0 }
}

/// A process of the session: a chain of images, of which the last one lives.
final class TracedProcess {
  enum Watch {
    case none, watching, unavailable
  }

  let key: ProcessKey
  /// Its pid as the recorder sees it; 0 where nobody knows.
  var kernelPid: UInt32
  /// Unique in the session, as a pid is not.
  let serial: UInt64
  /// The image that it runs; nil where it is a forked child of which only an intent is known.
  var image: ProgramImage?
  /// An announced exec that nothing has confirmed yet.
  var intent: Intent?
  /// Execs that failed and may still turn out to be one search through PATH.
  var failure: FailedExec?
  var exit: ExitRecord?
  /// The status that its parent reaped.
  var waited: WaitStatus?
  /// The status that a system() or pclose() of its parent got, if it was meant.
  var called: WaitStatus?
  /// The status that the kernel told through a pidfd.
  var probed: WaitStatus?
  /// When it was known to be dead (`CLOCK_MONOTONIC`, nanoseconds), and in which batch.
  var death: (noticedNs: UInt64, batch: Int)?
  var watch = Watch.none
  /// The `sh -c` that it began as, for system() and popen().
  var shell: ShellChild?
  var isTouched = false
  var isConcluded = false

  init(key: ProcessKey, serial: UInt64) {
    self.key = key
    kernelPid = key.isForeign ? 0 : key.pid
    self.serial = serial
  }

  /// The best status there is, and who told it: pidfd, wait, call, exit.
  var status: (WaitStatus, StatusSource)? {
    if let probed { return (probed, .pidfd) }
    if let waited { return (waited, .wait) }
    if let called { return (called, .wait) }
    if let exit { return (exit.status, .exit) }
    return nil
  }

  /// Whether it was dead at a monotonic stamp, so that what happened then under its pid happened to
  /// another process. A pidfd tells of an end before everything that was said until then is read.
  func wasDead(at stampNs: UInt64) -> Bool {
    guard let death, watch != .unavailable else { return false }
    return stampNs > death.noticedNs
  }

  /// Whether its end has been noticed, in whatever way.
  var isDying: Bool { death != nil || hasFinalStatus || called != nil }

  /// It speaks: where nobody knew whether its pid meant another process, it does not.
  ///
  /// In the middle of its exec a process has no environment that could say whose it is.
  func takeBackGuessedDeath() {
    guard watch == .unavailable, !hasFinalStatus else { return }
    death = nil
    watch = .none
  }

  /// A status that nothing later corrects.
  var hasFinalStatus: Bool { probed != nil || waited != nil }
}

/// What an image said when it left.
struct ExitRecord {
  var status: WaitStatus
  var stampNs: UInt64
  var usage: ResourceUsage
}

/// A process that began as `sh -c command`, as system() and popen() start it.
struct ShellChild {
  /// The image that called.
  var caller: UInt64
  var command: [UInt8]
  var startNs: UInt64
  /// The number of the popen() that it belongs to.
  var call: UInt64?
}

/// An exec or spawn that was announced: by a hook, by the kernel, or by both.
struct Intent {
  var id: UInt64
  /// The image of the caller.
  var caller: UInt64
  var key: ProcessKey
  /// The caller's own process.
  var callerPid: UInt32
  var flags: IntentFlags
  var stampNs: UInt64
  var commandLine: CommandLine
  /// The path as the caller gave it.
  var path: [UInt8]
  var cwd: [UInt8]
  /// The filtered environment, where it could be read in time.
  var environment = PackedStrings()
  /// What was seen of it from outside; nil where only a hook told of it.
  var sighting: Sighting?
  /// Whether a hook told of it.
  var isHooked = true
}

/// Attempts to execute one command that all failed.
struct FailedExec {
  var caller: UInt64
  var key: ProcessKey
  var stampNs: UInt64
  var error: Int32
  var commandLine: CommandLine
  var firstPath: [UInt8]
  var cwd: [UInt8]
  var attempts = 1
}
