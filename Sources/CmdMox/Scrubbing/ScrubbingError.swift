/// Why a rule cannot be applied. No case holds a text that was scrubbed.
public enum ScrubbingError: Error, Equatable, Sendable {
  /// The pattern is no regular expression; the offset is in bytes.
  case pattern(rule: String, problem: String, offset: Int)
  /// The replacement names a group that there is not, or ends in a backslash.
  case replacement(rule: String, problem: String)
  /// `applied_to` has a word that stands for nothing.
  case place(rule: String, word: String)
  /// Matching took too many steps or too long.
  case tooCostly(rule: String)
  /// The rule goes on changing what it has itself made.
  case unsettled(rule: String)
  /// The rule changed how many arguments there are.
  case arguments(rule: String)
  /// A value to redact that is too short.
  case shortValue(length: Int, least: Int)
}

extension ScrubbingError: CustomStringConvertible {
  /// One sentence: which rule, what is wrong, what helps.
  public var description: String {
    switch self {
    case .pattern(let rule, let problem, let offset):
      "rule “\(rule)”: the pattern is no regular expression: \(problem) (at byte \(offset))"
    case .replacement(let rule, let problem):
      "rule “\(rule)”: the replacement cannot be used: \(problem)"
    case .place(let rule, let word):
      "rule “\(rule)”: applied_to has “\(word)”, expected "
        + ScrubbingPlaces.words.map(\.word).joined(separator: ", ")
    case .tooCostly(let rule):
      "rule “\(rule)”: matching takes too long; make the pattern simpler, without repetitions in "
        + "one another"
    case .unsettled(let rule):
      "rule “\(rule)”: what it puts in is found again and changed again; change the replacement"
    case .arguments(let rule):
      "rule “\(rule)”: it changes how many arguments there are; keep every NUL that it matches"
    case .shortValue(let length, let least):
      "a value to redact has \(length) bytes, and would be found everywhere; give one of at least "
        + "\(least)"
    }
  }
}
