/// Something that differs in each run: it is replaced on both sides before they are compared.
///
/// As text: `arg:PATTERN`, `stdin:PATTERN`, `cwd:PATTERN` with a regular expression, of which every
/// match is replaced; `env:NAME`, a variable that is left out.
public struct MatchingRule: Equatable, Sendable {
  /// What a rule is applied to.
  public enum Subject: String, CaseIterable, Sendable {
    /// Each argument by itself.
    case argument = "arg"
    /// The variable of that name.
    case variable = "env"
    /// Standard input as a whole.
    case stdin
    /// The working directory.
    case directory = "cwd"
  }

  /// What the rule is applied to.
  public var subject: Subject
  /// A regular expression, or the name of a variable.
  public var pattern: String

  /// A rule; the pattern is compiled by whoever matches.
  public init(_ subject: Subject, _ pattern: String) {
    self.subject = subject
    self.pattern = pattern
  }

  /// A rule as text; nil where it has another form, or nothing behind the colon.
  public init?(_ text: String) {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")),
      let subject = Subject(rawValue: String(text[..<colon]))
    else { return nil }
    let pattern = String(text[text.utf8.index(after: colon)...])
    guard !pattern.isEmpty else { return nil }
    self.init(subject, pattern)
  }

  /// The forms that text can have, for messages.
  static let forms = "arg:PATTERN, env:NAME, stdin:PATTERN or cwd:PATTERN"
}

extension MatchingRule: CustomStringConvertible {
  /// The rule as text.
  public var description: String { "\(subject.rawValue):\(pattern)" }
}

/// A rule whose pattern is no regular expression.
public struct MatchingRuleError: Error, Equatable, Sendable {
  /// The rule as it was given.
  public let rule: MatchingRule
  /// What is wrong with the pattern.
  public let problem: String
}

extension MatchingRuleError: CustomStringConvertible {
  /// One sentence: which rule, what is wrong.
  public var description: String {
    "the matching rule \(rule) has no valid regular expression: \(problem)"
  }
}
