/// A command that takes a password as an argument: of a process, and in a text, where it is the script
/// of a shell or what a shell says with `set -x`.
struct ClientPassword: Sendable {
  /// How the secret follows its option.
  enum Place {
    /// In the same word: `-pSECRET`.
    case glued
    /// As the next word: `-p SECRET`.
    case next
    case either
  }

  /// Whose password it is.
  let name: String
  /// The pattern of the command's name.
  let command: String
  /// What the name begins with, for the search in a text: all of it and a space, or less.
  let words: [String]
  /// The pattern of the option, and of what else stands before the secret.
  let option: String
  let place: Place
  /// The pattern of what stands before the secret in its word: a user.
  let owner: String
  /// A command line; the secret is one word, or the rest of one, behind a `¬`.
  let sample: String
  /// Command lines without a secret.
  let counterexamples: [String]

  init(
    _ name: String, _ command: String, words: [String], option: String, _ place: Place,
    owner: String = "", sample: String, leaves counterexamples: [String]
  ) {
    self.name = name
    self.command = command
    self.words = words
    self.option = option
    self.place = place
    self.owner = owner
    self.sample = sample
    self.counterexamples = counterexamples
  }

  /// As arguments, and in a text.
  var rules: [DefaultRule] { [argumentRule, scriptRule] }

  private var argumentRule: DefaultRule {
    let separator =
      switch place {
      case .glued: ""
      case .next: #"\x00"#
      case .either: #"\x00?"#
      }
    return DefaultRule(
      name,
      #"(\x00(?:[^\x00]*/)?(?:"# + command + ")" + DefaultRule.otherArguments + #"\x00(?:"# + option
        + ")" + separator + owner + #")(?!<REDACTED>)[^\x00]+"#,
      in: .argv, at: .argumentWords(words.map { $0.replacing(" ", with: "\0") }),
      examples: [
        DefaultRule.Example(Self.arguments(sample), Self.arguments(cleanSample)),
        DefaultRule.Example(
          "\0/usr/bin/" + Self.arguments(sample).dropFirst(),
          "\0/usr/bin/" + Self.arguments(cleanSample).dropFirst()),
      ],
      leaves: counterexamples.map(Self.arguments))
  }

  private var scriptRule: DefaultRule {
    let separator =
      switch place {
      case .glued: ""
      case .next: #"[ \t]{1,4}"#
      case .either: #"[ \t]{0,4}"#
      }
    return .script(
      name + " in scripts", command, "(?:\(option))" + separator + owner, words: words,
      examples: [
        DefaultRule.Example("+ \(sample)\n", "+ \(cleanSample)\n"),
        DefaultRule.Example("a; /usr/bin/\(sample); b", "a; /usr/bin/\(cleanSample); b"),
      ], leaves: counterexamples)
  }

  private static func arguments(_ line: String) -> String {
    "\0" + line.replacing(" ", with: "\0")
  }

  /// The sample without its secret.
  private var cleanSample: String {
    sample.split(separator: " ", omittingEmptySubsequences: false).map { word in
      word.firstIndex(of: "¬").map { word[..<$0] + DefaultRule.mark } ?? word
    }.joined(separator: " ")
  }
}

extension DefaultRule {
  /// A rule for a command that stands in a text.
  ///
  /// - Parameters:
  ///   - command: the pattern of its name.
  ///   - option: the pattern of what stands directly before the secret, or before its quotation mark.
  static func script(
    _ name: String, _ command: String, _ option: String, words: [String], examples: [Example],
    leaves counterexamples: [String]
  ) -> DefaultRule {
    DefaultRule(
      name,
      #"(?<![A-Za-z0-9_.-])((?:"# + command + #")(?=[ \t])[^\r\n|;&]{0,400}?[ \t](?:"# + option
        + "))" + shellWord,
      to: #"\1\2<REDACTED>"#, at: .words(words), examples: examples, leaves: counterexamples)
  }

  /// A secret as a shell reads it, perhaps in a string of JSON: in quotation marks or without.
  private static let shellWord =
    #"(\\{0,3}["']|)(?!<REDACTED>|["'\\])(?:(?<=\\["'])(?!\$)[^"'\\\r\n]+|(?<!\\')(?<=')[^'\r\n]+"#
    + #"|(?<!\\")(?<=")(?!\$)[^"\\\r\n]++(?:\\[^\r\n][^"\\\r\n]*+)*+"#
    + #"|(?<!["'])(?![-$])(?:[^\s"'\\|;&<>()`]|\\[^nrt\s\\"'])++)"#
}
