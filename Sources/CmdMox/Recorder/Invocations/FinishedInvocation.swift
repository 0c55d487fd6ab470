/// How an invocation ended, as far as that is known.
enum Ending: Equatable {
  case ended(WaitStatus, StatusSource)
  /// The process executed something else.
  case replaced
  case running
  case unknown
  /// The exec or spawn failed with this errno.
  case failed(Int32)

  /// The status of something that ran and is over.
  var status: WaitStatus? {
    if case .ended(let status, _) = self { status } else { nil }
  }
}

/// An invocation of which everything is known that ever will be.
struct FinishedInvocation: Equatable {
  /// Its place in the order of arrival.
  var slot: Int
  /// The slot of the nearest recorded ancestor; nil for the root's children.
  var parentSlot: Int?
  var pid: UInt32
  var ppid: UInt32?
  var commandLine: CommandLine
  var cwd: [UInt8]
  /// The filtered environment, `KEY=value` each.
  var environment: PackedStrings
  /// `CLOCK_MONOTONIC`, nanoseconds.
  var startNs: UInt64
  /// `CLOCK_MONOTONIC`, nanoseconds; nil where it is still running or nobody knows.
  var endNs: UInt64?
  /// Nanoseconds since the epoch.
  var realtimeNs: UInt64
  var ending: Ending
  var usage: ResourceUsage?
  var opaque: OpaqueReason?
  var confinement: Confinement?
  /// Whether its file would have given it privileges that it did not get.
  var isUnprivileged = false
  /// What it read and wrote, where that was captured.
  var streams: CapturedStreams?
}

/// What a process used up to its exit.
struct ResourceUsage: Equatable {
  /// Microseconds.
  var userCPU: UInt64
  /// Microseconds.
  var systemCPU: UInt64
  /// KiB.
  var peakMemory: UInt64
}

/// What the table of live invocations needs from whoever keeps the finished ones.
protocol InvocationSink: AnyObject {
  /// Whether invocations of this command are recorded at all.
  func records(_ command: ArraySlice<UInt8>) -> Bool
  /// The part of an environment that may be kept for this command.
  func filter(_ environment: WireStrings, command: ArraySlice<UInt8>) -> PackedStrings
  /// Whether ``filter(_:command:)`` could keep anything for this command.
  func keepsEnvironment(of command: ArraySlice<UInt8>) -> Bool
  /// Why a program was not heard of.
  ///
  /// - Parameters:
  ///   - program: what its file was when it was executed, where that is known.
  ///   - status: how its process ended, where that is known.
  func judge(
    _ commandLine: CommandLine, program: ProgramFile?, status: WaitStatus?
  ) -> OpaqueReason
  /// Takes an invocation that is over.
  func take(_ invocation: FinishedInvocation)
}
