internal import Synchronization

/// A rule, and what its application needs.
final class PreparedRule: Sendable {
  /// How a rule's matches are found.
  enum Search: Equatable, Sendable {
    /// Every match begins with one of these words, upper and lower case alike: found with all other
    /// rules' words in one pass.
    case words([String])
    /// Every match is in an argument that has one of these words, and begins at the NUL before it.
    case argumentWords([String])
    /// Anywhere; if there are words, only in a text that has one of them.
    case anywhere(ifThereIs: [String])
  }

  let rule: ScrubbingRule
  let places: ScrubbingPlaces
  let search: Search
  /// Whether it is one of ours.
  let isDefault: Bool
  private let compiled = Mutex<CompiledRule?>(nil)

  /// A default rule; it is compiled when one of its words is found for the first time.
  init(_ rule: DefaultRule) {
    self.rule = rule.rule
    places = rule.places
    search = rule.search
    isDefault = true
  }

  /// A rule of a user or a fixture, compiled at once; one of ours is recognised by its pattern.
  ///
  /// - Throws: ``ScrubbingError``.
  init(_ rule: ScrubbingRule) throws {
    self.rule = rule
    places = try rule.places()
    let ours = rule.exemption == nil ? DefaultRule.byPattern[rule.pattern] : nil
    search = ours?.search ?? .anywhere(ifThereIs: rule.keywords)
    isDefault = false
    _ = try ready()
  }

  /// - Throws: ``ScrubbingError``.
  func ready() throws -> CompiledRule {
    try compiled.withLock { compiled in
      if let compiled { return compiled }
      let fresh = try CompiledRule(rule, search)
      compiled = fresh
      return fresh
    }
  }
}

extension ScrubbingRule {
  /// What messages call it.
  var name: String { description.isEmpty ? pattern : description }

  /// - Throws: ``ScrubbingError/place(rule:word:)``.
  func places() throws -> ScrubbingPlaces {
    try ScrubbingPlaces(words: appliedTo) { ScrubbingError.place(rule: name, word: $0) }
  }
}

/// A rule's pattern and replacement, ready to be used.
final class CompiledRule: Sendable {
  let pattern: Pattern
  let template: ReplacementTemplate
  private let exemption: Exemption?

  /// - Throws: ``ScrubbingError``.
  init(_ rule: ScrubbingRule, _ search: PreparedRule.Search) throws {
    let start: Pattern.Start = if case .anywhere = search { .anywhere } else { .atOffset }
    do {
      let pattern = try Pattern(rule.pattern, start)
      self.pattern = pattern
      template = try ReplacementTemplate(
        rule.replacement, groupCount: pattern.groupCount, groupNamed: pattern.group)
      exemption = try rule.exemption.map { try Exemption($0) }
    } catch let failure as PatternFailure {
      guard case .syntax(let problem, let offset) = failure else {
        throw ScrubbingError.tooCostly(rule: rule.name)
      }
      throw ScrubbingError.pattern(rule: rule.name, problem: problem, offset: offset)
    } catch let failure as TemplateFailure {
      throw ScrubbingError.replacement(rule: rule.name, problem: failure.sentence)
    }
  }

  /// Which part of the last match is replaced; nil where it is exempt.
  ///
  /// - Parameter finds: whether a pattern matches anywhere in a secret.
  func target(
    _ text: UnsafeBufferPointer<UInt8>, _ workspace: borrowing MatchWorkspace,
    finds: (Pattern, UnsafeBufferPointer<UInt8>) throws -> Bool
  ) throws -> Range<Int>? {
    guard let whole = workspace.range(ofGroup: 0) else { return nil }
    guard let exemption else { return whole }
    return try exemption.target(
      text, workspace, groupCount: pattern.groupCount, finds: finds)
  }
}

extension TemplateFailure {
  /// What is wrong, as a part of a sentence.
  var sentence: String {
    switch self {
    case .endsInBackslash: "it ends in a backslash"
    case .noGroup(let name): "the pattern has no group \(name)"
    case .unknownEscape(let letter): "\\\(letter) stands for nothing"
    }
  }
}
