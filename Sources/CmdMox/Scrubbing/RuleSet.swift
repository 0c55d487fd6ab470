/// Rules that are applied together, and the one pass over a text that tells which of them have
/// anything to do, and where.
///
/// Most rules' matches begin with a word that is known beforehand. An automaton looks for all of these
/// words at once; only where one stands is the rule's pattern tried. So a text without any such word
/// costs one pass, however many rules there are.
struct RuleSet: Sendable {
  let rules: [PreparedRule]
  /// The words, and the rule that each of them belongs to.
  private let words: KeywordAutomaton
  private let owners: [Int]
  /// Rules whose matches may be anywhere, in order.
  private let searching: [Int]

  init(_ rules: [PreparedRule]) {
    self.rules = rules
    var words: [[UInt8]] = []
    var owners: [Int] = []
    for (index, rule) in rules.enumerated() {
      for word in rule.search.words {
        words.append(Array(word.utf8))
        owners.append(index)
      }
    }
    self.words = KeywordAutomaton(words, ignoresCase: true)
    self.owners = owners
    searching = rules.indices.filter {
      if case .anywhere = rules[$0].search { true } else { false }
    }
  }

  /// The rules that every scrubber has unless it is told otherwise.
  static let defaults = RuleSet(DefaultRule.all.map { PreparedRule($0) })

  /// These and one more.
  func adding(_ rule: PreparedRule) -> RuleSet { RuleSet(rules + [rule]) }

  /// Applies every rule once.
  ///
  /// - Parameters:
  ///   - place: what the text is.
  ///   - pass: what was done is noted there.
  /// - Returns: the text afterwards; nil where nothing changed.
  /// - Throws: ``ScrubbingError``.
  func applied(
    to text: UnsafeBufferPointer<UInt8>, in place: ScrubbingPlaces, _ pass: ScrubbingPass
  ) throws -> [UInt8]? {
    var edits = TextEdits()
    var present: Set<Int> = []
    pass.takes(bytes: text.count)
    var arguments = ArgumentStarts(text, isWanted: place == .argv)
    try words.scan(text) { hit in
      let index = owners[hit.keyword]
      let rule = rules[index]
      guard rule.places.contains(place) else { return nil }
      if case .anywhere = rule.search {
        present.insert(index)
        return nil
      }
      var start = hit.range.lowerBound
      if case .argumentWords = rule.search {
        guard let argument = arguments.untried(before: start, by: index) else { return nil }
        start = argument
      }
      guard start >= edits.end, try apply(rule, index, text, at: start, pass, &edits) else {
        return nil
      }
      return edits.end
    }
    var result = edits.isEmpty ? nil : edits.result(text)
    for index in searching where rules[index].places.contains(place) {
      guard case .anywhere(let needed) = rules[index].search,
        needed.isEmpty || present.contains(index)
      else { continue }
      let changed =
        try result?.withUnsafeBufferPointer { try search(index, $0, pass) }
        ?? (result == nil ? search(index, text, pass) : nil)
      if let changed { result = changed }
    }
    return result
  }

  /// Tries a rule where one of its words stands.
  ///
  /// - Returns: whether the text changes there.
  private func apply(
    _ rule: PreparedRule, _ index: Int, _ text: UnsafeBufferPointer<UInt8>, at start: Int,
    _ pass: ScrubbingPass, _ edits: inout TextEdits
  ) throws -> Bool {
    let ready = try pass.compiled(rule, index)
    guard try pass.matches(rule, ready.pattern, text, at: start) else { return false }
    return try pass.edit(rule, index, ready, text, &edits)
  }

  private func search(
    _ index: Int, _ text: UnsafeBufferPointer<UInt8>, _ pass: ScrubbingPass
  ) throws -> [UInt8]? {
    let rule = rules[index]
    let ready = try pass.compiled(rule, index)
    var edits = TextEdits()
    var clock = StepClock(bytes: text.count)
    var place = 0
    while try pass.findNext(rule, ready.pattern, text, from: place, &clock), let match = pass.match
    {
      _ = try pass.edit(rule, index, ready, text, &edits)
      // An empty match must not be found again.
      place =
        match.isEmpty ? text.nextCharacter(from: match.lowerBound + 1) : match.upperBound
    }
    return edits.isEmpty ? nil : edits.result(text)
  }
}

extension PreparedRule.Search {
  var words: [String] {
    switch self {
    case .words(let words), .argumentWords(let words), .anywhere(let words): words
    }
  }
}

/// Where the arguments of a command line begin: at the NUL before each.
private struct ArgumentStarts {
  private var starts: [Int] = []
  /// Where each rule was tried last: several of its words may stand in one argument.
  private var tried: [Int: Int] = [:]

  init(_ text: UnsafeBufferPointer<UInt8>, isWanted: Bool) {
    if isWanted { starts = text.indices.filter { text[$0] == 0 } }
  }

  /// The start of the argument that a place is in; nil where the rule has been tried there already.
  mutating func untried(before place: Int, by rule: Int) -> Int? {
    var (low, high) = (0, starts.count)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= place { low = middle + 1 } else { high = middle }
    }
    let start = low > 0 ? starts[low - 1] : 0
    return tried.updateValue(start, forKey: rule) == start ? nil : start
  }
}

/// Replacements in a text, from its front to its end.
struct TextEdits {
  private var pieces: [(range: Range<Int>, replacement: [UInt8])] = []

  var isEmpty: Bool { pieces.isEmpty }
  /// Where the last replaced part ends.
  private(set) var end = 0

  mutating func replace(_ range: Range<Int>, with replacement: [UInt8]) {
    pieces.append((range, replacement))
    end = range.upperBound
  }

  func result(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var done = 0
    for piece in pieces {
      result += text[done..<piece.range.lowerBound]
      result += piece.replacement
      done = piece.range.upperBound
    }
    result += text[done...]
    return result
  }
}
