/// What can be learnt about a process from outside, without being its parent.
///
/// Behind a protocol so that tests and the benchmark do without real processes.
protocol ProcessProbe: AnyObject {
  /// `CLOCK_MONOTONIC`, nanoseconds.
  var nowNs: UInt64 { get }
  /// Watches a process; what becomes of it is told by ``poll(_:)`` under the serial number.
  ///
  /// - Parameters:
  ///   - pid: the process in the recorder's own pid namespace.
  ///   - seenNs: the monotonic stamp at which the process was there.
  func watch(_ pid: UInt32, serial: UInt64, seenNs: UInt64) -> Watched
  /// Watches the process that an exec was seen of, by what was taken hold of then.
  func watch(exec: UInt64, serial: UInt64) -> Watched
  /// Lets go of the process that an exec was seen of.
  func forget(exec: UInt64)
  func unwatch(serial: UInt64)
  /// Reports every watched process that ended since the last call, once, and forgets it.
  func poll(_ report: (_ serial: UInt64, _ status: WaitStatus?) -> Void)
  /// Whether the process is there and not a zombie.
  func isAlive(_ pid: UInt32) -> Bool
  /// The status of a process that its parent has not reaped yet; nil for every other one.
  func statusOfZombie(_ pid: UInt32) -> WaitStatus?
  /// The parent of a process; nil where it is gone.
  func parent(of pid: UInt32) -> UInt32?
  /// Whether the environment of a process names the session.
  func belongs(_ pid: UInt32) -> Bool
  /// The live processes of which it does, the recorder's own aside: one that has not executed
  /// anything since it was forked is known by nothing else. Looks at every process.
  var members: [UInt32] { get }
  /// The program that a process runs and its arguments, as everybody may see them; nil where they
  /// cannot be read.
  func commandLine(of pid: UInt32) -> CommandLine?
  /// The environment block of a process that runs the program at `path`; nil where it does not.
  func environment(of pid: UInt32, running path: [UInt8]) -> [UInt8]?
}

enum Watched: Equatable {
  case watching
  /// No such process: it was reaped.
  case gone
  /// No descriptor left, or the kernel cannot.
  case unavailable
}
