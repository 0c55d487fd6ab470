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
    try words.scan(text) { hit in
      let index = owners[hit.keyword]
      let rule = rules[index]
      guard rule.places.contains(place) else { return nil }
      if case .anywhere = rule.search {
        present.insert(index)
        return nil
      }
      let start = rule.search.start(hit.range.lowerBound, text)
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
    while place <= text.count {
      let last = clock.last(from: place)
      let isFound = try pass.matches(rule, ready.pattern, text, at: place, last: last)
      guard clock.goesOn() else { throw ScrubbingError.tooCostly(rule: rule.rule.name) }
      guard isFound, let match = pass.match else {
        place = text.nextCharacter(from: last + 1)
        continue
      }
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

  /// Where a match would begin, given where the word begins.
  fileprivate func start(_ word: Int, _ text: UnsafeBufferPointer<UInt8>) -> Int {
    guard case .argumentWords = self else { return word }
    var place = word
    while place > 0, text[place] != 0 { place -= 1 }
    return place
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The first byte, from `place` on, that does not go on with a character of UTF-8.
  fileprivate func nextCharacter(from place: Int) -> Int {
    var place = place
    while place < count, self[place] & 0xc0 == 0x80 { place += 1 }
    return place
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
