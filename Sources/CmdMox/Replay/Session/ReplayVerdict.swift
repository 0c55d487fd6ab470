public import SystemPackage

/// What came of a replay: what was used, what was left, what was missed.
public struct ReplayVerdict: Equatable, Sendable {
  /// The fixture; nil for one that was in memory.
  public var fixture: FilePath?
  /// How many recordings the fixture has.
  public var recordings: Int
  /// How many were used: they have answered, or stand inside one that has.
  public var used: Int
  /// Those that were left, in the order of sequence; what nobody misses is not among them.
  public var unused: [UnusedRecording]
  /// Invocations that were not answered, the first one first.
  public var misses: [ReplayMiss]
  /// Whether nothing counts as a failure.
  public var allowUnmatched: Bool
  /// Whether recordings that were left are no failure.
  public var allowUnused: Bool

  /// Whether the replay went as recorded, as far as it had to.
  public var isPassed: Bool {
    allowUnmatched || (misses.isEmpty && (unused.isEmpty || allowUnused))
  }
}

/// A recording that was left.
public struct UnusedRecording: Equatable, Sendable {
  /// The recording.
  public var sequence: Int
  /// Its command and arguments as text.
  public var commandLine: [String]

  init(_ recording: RecordedInvocation) {
    sequence = recording.sequence
    commandLine = [recording.command] + recording.args
  }
}

/// A replay that did not go as recorded.
public struct VerificationError: Error, Equatable, Sendable {
  /// What was left and what was missed.
  public let verdict: ReplayVerdict
}
