/// What has to agree for a recording to answer an invocation.
public struct MatchingOptions: Equatable, Sendable {
  /// How much of an invocation has to agree.
  public enum Mode: String, CaseIterable, Sendable {
    /// Command, arguments, stdin, and every variable that was recorded.
    case strict
    /// Command and arguments; stdin and variables only choose among several.
    case fuzzy
  }

  /// In which order recordings may answer.
  public enum Order: String, CaseIterable, Sendable {
    /// In any; those that are alike answer in the order of the recording.
    case any
    /// In the order of the recording: the next answer is the first outermost one that is left.
    case strict
  }

  /// Whether the working directory has to agree.
  public enum Directory: String, CaseIterable, Sendable {
    case ignored
    /// A recording that says nothing of its directory agrees with every one.
    case required
  }

  /// How much has to agree.
  public var mode: Mode
  /// In which order recordings may answer.
  public var order: Order
  /// Whether the working directory has to agree.
  public var directory: Directory
  /// Whether the last of several recordings that are alike answers again once all have answered.
  public var repeatsLast: Bool
  /// What differs in each run and does not count; the fixture's own rules come on top.
  public var rules: [MatchingRule]
  /// Names of commands that really run. Their recordings answer nothing and need no answer; what
  /// they ran counts as outermost.
  public var commandsToRun: Set<String>

  /// Strict, in any order, in any directory, each recording once, unless said otherwise.
  public init(
    mode: Mode = .strict, order: Order = .any, directory: Directory = .ignored,
    repeatsLast: Bool = false, rules: [MatchingRule] = [], commandsToRun: Set<String> = []
  ) {
    self.mode = mode
    self.order = order
    self.directory = directory
    self.repeatsLast = repeatsLast
    self.rules = rules
    self.commandsToRun = commandsToRun
  }
}
