/// A rule that every scrubber has unless it is told otherwise, and what it does and does not do.
struct DefaultRule: Sendable {
  /// A text before and after.
  ///
  /// A `¬` in it is taken out: no scanner shall take the table for a leak.
  struct Example: Sendable {
    private let marked: String
    let after: String

    var before: String { marked.filter { $0 != "¬" } }

    init(_ before: String, _ after: String) {
      marked = before
      self.after = after
    }
  }

  let name: String
  let pattern: String
  let replacement: String
  let places: ScrubbingPlaces
  let search: PreparedRule.Search
  /// Whether its words are what a token begins with.
  let isToken: Bool
  let examples: [Example]
  /// Texts that it leaves as they are.
  let counterexamples: [String]

  init(
    _ name: String, _ pattern: String, to replacement: String = #"\1<REDACTED>"#,
    in places: ScrubbingPlaces = .texts, at search: PreparedRule.Search, examples: [Example],
    leaves counterexamples: [String], isToken: Bool = false
  ) {
    self.name = name
    self.pattern = pattern
    self.replacement = replacement
    self.places = places
    self.search = search
    self.isToken = isToken
    self.examples = examples
    self.counterexamples = counterexamples
  }

  /// A rule for tokens that begin with what their issuer gave them; that stays.
  ///
  /// - Parameters:
  ///   - rest: the pattern of what follows a prefix.
  ///   - sample: may follow each of the prefixes: an example for each of them.
  static func tokens(
    _ name: String, _ prefixes: [String], _ rest: String, sample: String,
    examples: [Example] = [], leaves counterexamples: [String]
  ) -> DefaultRule {
    DefaultRule(
      name, "(?<![A-Za-z0-9])(" + prefixes.map(escaped).joined(separator: "|") + ")" + rest,
      at: .words(prefixes),
      examples: prefixes.map { Example($0 + "¬" + sample, $0 + mark) } + examples,
      leaves: counterexamples, isToken: true)
  }

  /// The text as a pattern that matches it and nothing else.
  private static func escaped(_ text: String) -> String {
    text.map { ".+*?()[]{}|\\^$".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  var rule: ScrubbingRule {
    ScrubbingRule(
      pattern: pattern, replacement: replacement, appliedTo: places.words, description: name)
  }

  /// What stands for a secret.
  static let mark = "<REDACTED>"

  /// All of them.
  static let all = tokens + cloud + keys + headers + urls + assignments + commandLines

  static let byPattern: [String: DefaultRule] = Dictionary(
    all.map { ($0.pattern, $0) }, uniquingKeysWith: { first, _ in first })
}
