/// What a session says to a live invocation.
public enum ReplayReply: Equatable, Sendable {
  /// Standard input decides, and more of it is worth reading: until so many bytes have been read in
  /// all, or its end. Where it is optional, an answer is there already: read on only if that does
  /// not block.
  case needsStdin(byteCount: Int, isOptional: Bool)
  /// A recording answers, and is used now.
  case answer(ReplayAnswer)
  /// The command is one of those that really run.
  case run
  /// No recording answers.
  case miss(ReplayMiss)
}

/// A live invocation that no recording answered.
public struct ReplayMiss: Equatable, Sendable {
  /// Why.
  public enum Reason: Equatable, Sendable {
    /// No recording agrees.
    case noRecording
    /// Recordings agree, and all of them have answered.
    case allUsed
    /// In strict order another recording is next; nil where none is left.
    case outOfOrder(next: Int?)
    /// A recording agrees and cannot answer.
    case unanswerable(ReplayError)
  }

  /// Its number among the misses, from 1.
  public var number: Int
  /// The command and its arguments as text, without secrets.
  public var commandLine: [String]
  /// Why.
  public var reason: Reason
  /// The recordings that come closest, the closest first; at most three.
  public var closest: [RecordingDifference]
}

/// How a recording differs from a live invocation.
public struct RecordingDifference: Equatable, Sendable {
  /// The recording.
  public var sequence: Int
  /// Its command and arguments as text.
  public var commandLine: [String]
  /// Whether it has answered already.
  public var isUsed: Bool
  /// What differs, each in a few words; without secrets.
  public var differences: [String]
}
