/// How an invocation ended, in one word or two.
package enum Outcome: Equatable, Sendable {
  case succeeded
  case exited(Int)
  case signaled(Int)
  /// It was never executed; the error's name.
  case notExecuted(String?)
  case replaced
  case running
  case unknown

  package init(_ recording: RecordedInvocation) {
    switch recording.process?.termination {
    case .failed?: self = .notExecuted(recording.process?.error)
    case .signaled?: self = .signaled(recording.process?.signal ?? recording.exitCode &- 128)
    case .replaced?: self = .replaced
    case .running?: self = .running
    case .unknown?: self = .unknown
    default: self = recording.exitCode == 0 ? .succeeded : .exited(recording.exitCode)
    }
  }

  /// Whether something went wrong in it.
  package var isFailure: Bool {
    switch self {
    case .exited, .signaled, .notExecuted: true
    case .succeeded, .replaced, .running, .unknown: false
    }
  }

  /// `ok`, `exit 2`, `SIGKILL`, `ENOENT`, `replaced`, `running`, `unknown`.
  package var words: String {
    switch self {
    case .succeeded: "ok"
    case .exited(let status): "exit \(status)"
    case .signaled(let signal): SignalNames.name(signal)
    case .notExecuted(let error): VisibleText.line((error ?? "not executed").utf8)
    case .replaced: "replaced"
    case .running: "running"
    case .unknown: "unknown"
    }
  }
}
