internal import CmdMoxWire

/// Takes what a session sees besides the questions of its stand-ins. Nothing of that is missed in a
/// replay; where new commands are recorded, those that could not be executed are new unless they are
/// known.
final class ReplaySink: SessionSink {
  private let desk: ReplayDesk
  private let next: (any SessionSink)?

  init(_ desk: ReplayDesk, next: (any SessionSink)?) {
    self.desk = desk
    self.next = next
  }

  var tally: SessionTally { next?.tally ?? SessionTally() }

  func records(_ command: ArraySlice<UInt8>) -> Bool { next?.records(command) ?? false }

  func keepsEnvironment(of command: ArraySlice<UInt8>) -> Bool {
    next?.keepsEnvironment(of: command) ?? false
  }

  func filter(_ environment: WireStrings, command: ArraySlice<UInt8>) -> PackedStrings {
    next?.filter(environment, command: command) ?? PackedStrings()
  }

  func judge(
    _ commandLine: CommandLine, program: ProgramFile?, status: WaitStatus?
  ) -> OpaqueReason {
    next?.judge(commandLine, program: program, status: status) ?? .unknown
  }

  func take(_ invocation: FinishedInvocation) {
    guard let next else { return }
    if case .failed = invocation.ending,
      desk.knowsFailed(invocation.commandLine, cwd: invocation.cwd)
    {
      return
    }
    next.take(invocation)
  }
}
