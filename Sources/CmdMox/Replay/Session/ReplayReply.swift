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
