/// What a session says to a live invocation.
public enum ReplayReply: Equatable, Sendable {
  /// Standard input decides, and more of it is worth knowing: until so many bytes are known in all, or
  /// its end.
  case needsStdin(byteCount: Int, for: Need)
  /// A recording answers, and is used now.
  case answer(ReplayAnswer)
  /// The command is one of those that really run.
  case run
  /// No recording answers.
  case miss(ReplayMiss)

  /// What more of standard input decides about. But for the first, an answer is there already, and
  /// need not wait for what does not come.
  public enum Need: Equatable, Sendable {
    /// Whether any recording answers.
    case anyAnswer
    /// Whether another one agrees better.
    case betterAnswer
    /// Whether something follows, where the recorded command had seen the end.
    case end
  }
}
