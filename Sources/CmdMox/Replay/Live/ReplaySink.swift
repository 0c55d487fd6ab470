internal import CmdMoxWire

/// Takes what a session sees besides the questions of its stand-ins: commands that could not be
/// executed use the recordings of those; what is new goes on to be recorded.
final class ReplaySink: SessionSink {
  private let desk: ReplayDesk
  private let next: any SessionSink

  init(_ desk: ReplayDesk, next: (any SessionSink)?) {
    self.desk = desk
    self.next = next ?? NoSink()
  }

  var tally: SessionTally { next.tally }

  func records(_ command: ArraySlice<UInt8>) -> Bool { next.records(command) }

  func keepsEnvironment(of command: ArraySlice<UInt8>) -> Bool {
    next.keepsEnvironment(of: command)
  }

  func filter(_ environment: WireStrings, command: ArraySlice<UInt8>) -> PackedStrings {
    next.filter(environment, command: command)
  }

  func judge(_ commandLine: CommandLine, cwd: [UInt8], status: WaitStatus?) -> OpaqueReason {
    next.judge(commandLine, cwd: cwd, status: status)
  }

  func take(_ invocation: FinishedInvocation) {
    if case .failed = invocation.ending,
      desk.usesFailed(invocation.commandLine, cwd: invocation.cwd)
    {
      return
    }
    next.take(invocation)
  }
}
