/// What happened in a session, counted.
package struct SessionTally: Equatable, Sendable {
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
  package var opaque: [Opaque] = []

  /// The opaque invocations of one kind.
  package struct Opaque: Equatable, Sendable {
    package let reason: String
    package var count = 0
    /// The first few names.
    package var names: [String] = []
  }

  private static let namesKept = 3

  package var opaqueCount: Int { opaque.reduce(0) { $0 + $1.count } }

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
      count(reason.rawValue, String(decoding: finished.commandLine.command, as: UTF8.self))
    }
  }

  private mutating func count(_ reason: String, _ name: String) {
    let index = opaque.firstIndex { $0.reason == reason } ?? opaque.count
    if index == opaque.count { opaque.append(Opaque(reason: reason)) }
    opaque[index].count += 1
    if opaque[index].names.count < Self.namesKept, !opaque[index].names.contains(name) {
      opaque[index].names.append(name)
    }
  }
}
