internal import CmdMoxWire

/// Where a session's finished invocations go, and what they came to.
protocol SessionSink: InvocationSink {
  var tally: SessionTally { get }
}

/// Keeps nothing.
final class NoSink: SessionSink {
  var tally: SessionTally { SessionTally() }
  func records(_ command: ArraySlice<UInt8>) -> Bool { false }
  func keepsEnvironment(of command: ArraySlice<UInt8>) -> Bool { false }
  func filter(_ environment: WireStrings, command: ArraySlice<UInt8>) -> PackedStrings {
    PackedStrings()
  }
  func judge(_ commandLine: CommandLine, cwd: [UInt8], status: WaitStatus?) -> OpaqueReason {
    .unknown
  }
  func take(_ invocation: FinishedInvocation) {}
}
