/// A call that a session cannot take where it stands.
public enum LifecycleError: Error, Equatable, Sendable {
  /// `record` or `finalize` before `start`.
  case notStarted
  /// `start` for the second time.
  case alreadyStarted
  /// `start` or `record` after `finalize`.
  case alreadyFinalized
  /// A recording that ran for less than no time, in milliseconds.
  case negativeDuration(Int)
  /// A slot below 0, or higher than any session goes.
  case invalidSlot(Int)
  /// A replay session that is asked for something before `load`.
  case notLoaded
  /// `load` for the second time.
  case alreadyLoaded
}

extension LifecycleError: CustomStringConvertible {
  /// One sentence: what is wrong, and what to do.
  public var description: String {
    switch self {
    case .notStarted: "the recording session has not been started; call start() first"
    case .alreadyStarted: "the recording session has been started already; start() is called once"
    case .alreadyFinalized:
      "the recording session has been finalized; another recording needs a new session"
    case .negativeDuration(let milliseconds):
      "a duration must be 0 ms or more, found \(milliseconds) ms"
    case .invalidSlot(let index): "a slot must be between 0 and 2^40, found \(index)"
    case .notLoaded: "the replay session has not been loaded; call load() first"
    case .alreadyLoaded: "the replay session has been loaded already; load() is called once"
    }
  }
}
