/// What happened in a session, counted.
package struct SessionTally: Sendable {
  /// Invocations that were seen, those that the command filter leaves out too.
  package var seen = 0
  package var recorded = 0
  /// Recorded ones that could not be executed, or ended with a status other than 0.
  package var failed = 0
  /// Recorded ones that lived on when the session ended.
  package var running = 0
  /// Processes that confined themselves and were not heard of any more.
  package var confined = 0
  /// Streams of which only the beginning was kept.
  package var truncated = 0
  /// Invocations whose texts could not be scrubbed and are not kept.
  package var withheld = 0
  /// Why, for the first of them.
  package var whyWithheld: ScrubbingError?
  /// The opaque ones, by reason.
  package var opaque: [(reason: String, commands: NamedCount)] = []
  /// Those whose files would have given privileges that they do not give under --deep.
  package var unprivileged = NamedCount()

  package var opaqueCount: Int { opaque.reduce(0) { $0 + $1.commands.count } }

  mutating func count(_ finished: FinishedInvocation) {
    recorded += 1
    if let streams = finished.streams {
      for stream in [streams.stdin, streams.stdout, streams.stderr] {
        truncated += stream.facts.isTruncated ? 1 : 0
      }
    }
    switch finished.ending {
    case .failed: failed += 1
    case .ended(let status, _): failed += status.rawValue == 0 ? 0 : 1
    case .running: running += 1
    case .replaced, .unknown: break
    }
    if let reason = finished.opaque {
      let index = opaque.firstIndex { $0.reason == reason.rawValue } ?? opaque.count
      if index == opaque.count { opaque.append((reason.rawValue, NamedCount())) }
      opaque[index].commands.add(finished.commandLine.command)
    }
    if finished.isUnprivileged { unprivileged.add(finished.commandLine.command) }
  }
}

/// How many commands of a kind there were, and what the first few are called.
package struct NamedCount: Equatable, Sendable {
  private static let namesKept = 3

  package private(set) var count = 0
  package private(set) var names: [String] = []

  mutating func add(_ command: ArraySlice<UInt8>) {
    count += 1
    let name = String(decoding: command, as: UTF8.self)
    if names.count < Self.namesKept, !names.contains(name) { names.append(name) }
  }
}
