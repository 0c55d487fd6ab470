/// Parts of a recording that a rule is applied to: the words of `applied_to`.
struct ScrubbingPlaces: OptionSet, Hashable, Sendable {
  let rawValue: UInt8

  /// Each argument by itself, and argument 0.
  static let args = ScrubbingPlaces(rawValue: 1 << 0)
  /// The command and its arguments as one text, a NUL in front of each: where a secret is told by
  /// the argument before it.
  static let argv = ScrubbingPlaces(rawValue: 1 << 1)
  /// The values of variables.
  static let env = ScrubbingPlaces(rawValue: 1 << 2)
  static let stdin = ScrubbingPlaces(rawValue: 1 << 3)
  static let stdout = ScrubbingPlaces(rawValue: 1 << 4)
  static let stderr = ScrubbingPlaces(rawValue: 1 << 5)
  /// The working directory, and the paths of the program and its interpreter.
  static let cwd = ScrubbingPlaces(rawValue: 1 << 6)

  /// What has no word: names of variables, and members that cmdmox does not know.
  static let others = ScrubbingPlaces(rawValue: 1 << 7)

  /// Wherever there is text.
  static let texts: ScrubbingPlaces = [.args, .env, .stdin, .stdout, .stderr, .cwd, .others]

  /// Each with its word.
  static let words: [(place: ScrubbingPlaces, word: String)] = [
    (.args, "args"), (.argv, "argv"), (.env, "env"), (.stdin, "stdin"), (.stdout, "stdout"),
    (.stderr, "stderr"), (.cwd, "cwd"),
  ]

  /// Nil for a word that there is not.
  init?(word: String) {
    guard let place = Self.words.first(where: { $0.word == word })?.place else { return nil }
    self = place
  }

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Places that are named one by one; all of them that have text stand for the others, too.
  init(words: [String], onUnknown: (String) -> any Error) throws {
    self = []
    for word in words {
      guard let place = Self(word: word) else { throw onUnknown(word) }
      insert(place)
    }
    if union(.others).isSuperset(of: .texts) { insert(.others) }
  }

  /// The words, in the order above.
  var words: [String] { Self.words.filter { contains($0.place) }.map(\.word) }
}
