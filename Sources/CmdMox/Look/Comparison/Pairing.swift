/// Which recording of one session is which of another.
///
/// From the root down, the children of two recordings that are the same command are paired: equal
/// command lines first, in their order, then similar ones. What finds nobody under its parent is
/// looked for in the whole session.
struct Pairing {
  /// The place in the second session, by place in the first.
  private(set) var partners: [Int?]
  private(set) var isTaken: [Bool]

  private let first: ComparedSession
  private let second: ComparedSession
  private var waiting: [(Int, Int)] = []

  init(_ first: ComparedSession, _ second: ComparedSession) {
    self.first = first
    self.second = second
    partners = [Int?](repeating: nil, count: first.lines.count)
    isTaken = [Bool](repeating: false, count: second.lines.count)
    pair(first.view.tree.outermost[...], second.view.tree.outermost[...])
    pairDown()
    // What was moved to another parent, with what it ran.
    pairEqual(lonelyOnes, lonelyOthers)
    pairDown()
    pairSimilar(lonelyOnes, lonelyOthers)
    pairDown()
  }

  private var lonelyOnes: ArraySlice<Int> {
    first.view.tree.depthFirst.filter { partners[$0] == nil }[...]
  }

  private var lonelyOthers: ArraySlice<Int> {
    second.view.tree.depthFirst.filter { !isTaken[$0] }[...]
  }

  private mutating func pairDown() {
    while let (one, other) = waiting.popLast() {
      pair(first.view.tree.children(of: one), second.view.tree.children(of: other))
    }
  }

  private mutating func pair(_ ones: ArraySlice<Int>, _ others: ArraySlice<Int>) {
    guard !ones.isEmpty, !others.isEmpty else { return }
    pairEqual(ones, others)
    pairSimilar(ones, others)
  }

  private mutating func join(_ one: Int, _ other: Int) {
    partners[one] = other
    isTaken[other] = true
    waiting.append((one, other))
  }

  private mutating func pairEqual(_ ones: ArraySlice<Int>, _ others: ArraySlice<Int>) {
    var places: [ComparedSession.Line: [Int]] = [:]
    // From the end, so that the earliest is the last of each list.
    for other in others.reversed() where !isTaken[other] {
      places[second.lines[other], default: []].append(other)
    }
    for one in ones where partners[one] == nil {
      if let other = places[first.lines[one]]?.popLast() { join(one, other) }
    }
  }

  private mutating func pairSimilar(_ ones: ArraySlice<Int>, _ others: ArraySlice<Int>) {
    let left = ones.filter { partners[$0] == nil }
    guard !left.isEmpty else { return }
    let right = Dictionary(grouping: others.filter { !isTaken[$0] }) {
      second.lines[$0].command
    }
    guard !right.isEmpty else { return }
    for (command, ones) in Dictionary(grouping: left, by: { first.lines[$0].command }) {
      guard let others = right[command] else { continue }
      for (one, other) in Self.matches(
        ones.map { Likeness(first.lines[$0]) }, others.map { Likeness(second.lines[$0]) })
      {
        join(ones[one], others[other])
      }
    }
  }

  /// Beyond this many comparisons only the neighbours in the order of start are compared.
  private static let mostComparisons = 250_000

  /// The most alike first; each one once.
  private static func matches(_ ones: [Likeness], _ others: [Likeness]) -> [(Int, Int)] {
    let reach = max(1, mostComparisons / max(1, ones.count))
    var found: [(score: Double, one: Int, other: Int)] = []
    for (place, one) in ones.enumerated() {
      // Where there are many, those at about the same place of the order.
      let middle = place * others.count / ones.count
      let low = max(0, middle - reach / 2)
      for other in low..<min(others.count, low + reach) {
        let score = one.score(others[other])
        if score > 0 { found.append((score, place, other)) }
      }
    }
    found.sort { ($1.score, $0.one, $0.other) < ($0.score, $1.one, $1.other) }
    var isUsed = (
      [Bool](repeating: false, count: ones.count), [Bool](repeating: false, count: others.count)
    )
    return found.compactMap { _, one, other in
      guard !isUsed.0[one], !isUsed.1[other] else { return nil }
      (isUsed.0[one], isUsed.1[other]) = (true, true)
      return (one, other)
    }
  }
}

/// How much one command line is like another one of the same command.
struct Likeness {
  /// What a command is about: its words that are no options. The rest is how.
  private let subjects: [String: Int]
  private let options: [String: Int]
  /// Longer command lines are compared by their beginning.
  private static let mostWords = 200

  init(_ line: ComparedSession.Line) {
    var words: [Substring] = []
    for argument in line.args where words.count < Self.mostWords {
      // A script after `-c` is a command line of its own.
      words += argument.prefix(4000).split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == ";" }
    }
    let (options, subjects) = words.reduce(into: ([String: Int](), [String: Int]())) {
      if $1.hasPrefix("-") {
        $0.0[String($1), default: 0] += 1
      } else {
        $0.1[String($1), default: 0] += 1
      }
    }
    self.options = options
    self.subjects = subjects
  }

  /// From 0, nothing in common or too little, to 1. What it is about decides; where it is about
  /// nothing, the options do.
  func score(_ other: Likeness) -> Double {
    let isAbout = !subjects.isEmpty || !other.subjects.isEmpty
    let subjects = Self.common(subjects, other.subjects)
    let options = Self.common(options, other.options)
    guard isAbout else { return options >= 0.3 ? options : 0 }
    return subjects >= 0.5 ? 0.75 * subjects + 0.25 * options : 0
  }

  /// Dice's coefficient of two multisets; 1 for two empty ones.
  private static func common(_ one: [String: Int], _ other: [String: Int]) -> Double {
    let total = one.values.reduce(0, +) + other.values.reduce(0, +)
    guard total > 0 else { return 1 }
    let common = one.reduce(0) { $0 + min($1.value, other[$1.key] ?? 0) }
    return Double(2 * common) / Double(total)
  }
}
