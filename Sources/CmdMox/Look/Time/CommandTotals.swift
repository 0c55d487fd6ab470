/// What all invocations of one command took together.
package struct CommandTotals: Sendable {
  package let command: String
  package private(set) var count = 0
  package private(set) var failures = 0
  /// Time in which none of their children ran.
  package private(set) var ownUs = 0
  package private(set) var cpuUs = 0

  /// The totals of all commands, the one that took longest by itself first.
  package static func all(_ view: SessionView, _ own: OwnTime) -> [CommandTotals] {
    var totals: [String: CommandTotals] = [:]
    for (place, recording) in view.recordings.enumerated() {
      totals[recording.command, default: CommandTotals(command: recording.command)]
        .add(recording, ownUs: own.lengthsUs[place])
    }
    return totals.values.sorted { ($1.ownUs, $0.command) < ($0.ownUs, $1.command) }
  }

  private mutating func add(_ recording: RecordedInvocation, ownUs: Int) {
    count += 1
    if Outcome(recording).isFailure { failures += 1 }
    self.ownUs += ownUs
    cpuUs += recording.process?.cpuUs ?? 0
  }
}

extension ProcessFacts {
  /// The CPU time in user mode and in the kernel; nil where it is not known.
  package var cpuUs: Int? {
    guard let userCpuUs, let systemCpuUs else { return nil }
    // Sums of a million of these fit in an integer.
    let possible = 0...(1 << 42)
    return min(max(userCpuUs, possible.lowerBound), possible.upperBound)
      + min(max(systemCpuUs, possible.lowerBound), possible.upperBound)
  }
}
