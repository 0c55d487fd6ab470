/// What is different between two sessions.
package struct SessionDifference {
  package let first: SessionView
  package let second: SessionView
  /// Places in the first session of what the second one does not have; what those ran is not listed.
  package let removed: [Int]
  /// Places in the second session of what the first one does not have.
  package let added: [Int]
  package let changed: [Change]
  /// The same command under another parent.
  package let moved: [Pair]
  package let timing: Timing
  /// What each session's root ended with, where that differs.
  package let exitCodes: (first: Int?, second: Int?)?

  package struct Pair: Equatable, Sendable {
    package let first: Int
    package let second: Int
  }

  /// A recording that is there in both sessions and is not the same.
  package struct Change: Equatable, Sendable {
    package let pair: Pair
    package let facets: [Facet]
  }

  /// Something about a recording that differs.
  package enum Facet: Hashable, Sendable {
    /// Arguments that are gone, and new ones, in their order. Neither: they stand in another order.
    case arguments(removed: [String], added: [String])
    /// A variable; nil where it was not kept.
    case variable(String, first: String?, second: String?)
    case outcome(String, String)
    case directory(String, String)
    case program(String, String)
  }

  /// Whether the two sessions did the same. Time does not count.
  package var isSame: Bool {
    removed.isEmpty && added.isEmpty && changed.isEmpty && moved.isEmpty && exitCodes == nil
  }

  package init(_ first: SessionView, _ second: SessionView) {
    self.first = first
    self.second = second
    let (one, other) = (ComparedSession(first), ComparedSession(second))
    let pairing = Pairing(one, other)
    removed = Self.tops(first.tree) { pairing.partners[$0] == nil }
    added = Self.tops(second.tree) { !pairing.isTaken[$0] }
    let pairs = pairing.partners.enumerated().compactMap { place, partner in
      partner.map { Pair(first: place, second: $0) }
    }
    changed = pairs.compactMap { pair in
      let facets = Self.facets(pair, one, other)
      return facets.isEmpty ? nil : Change(pair: pair, facets: facets)
    }
    moved = pairs.filter { pair in
      let parent = first.tree.parents[pair.first].map { pairing.partners[$0] }
      return Self.isMoved(
        parent: parent, second.tree.parents[pair.second])
    }
    timing = Timing(pairs, first, second)
    let codes = (first.facts.exitCode, second.facts.exitCode)
    exitCodes = codes.0 == codes.1 ? nil : codes
  }

  /// - Parameter parent: the partner of the parent in the first session; nil for the root, and within
  ///   that nil where it has none.
  private static func isMoved(parent: Int??, _ other: Int?) -> Bool {
    switch (parent, other) {
    case (nil, nil): false
    case (let partner??, let other?): partner != other
    default: true
    }
  }

  /// Those for which `isAlone` holds, without what is below others of them.
  private static func tops(_ tree: ProcessTree, _ isAlone: (Int) -> Bool) -> [Int] {
    tree.depthFirst.filter { place in
      isAlone(place) && tree.parents[place].map { !isAlone($0) } ?? true
    }
  }

  private static func facets(
    _ pair: Pair, _ one: ComparedSession, _ other: ComparedSession
  ) -> [Facet] {
    let (first, second) = (one.view.recordings[pair.first], other.view.recordings[pair.second])
    var facets: [Facet] = []
    if let arguments = arguments(one.lines[pair.first].args, other.lines[pair.second].args) {
      facets.append(arguments)
    }
    for name in Set(first.envSubset.keys).union(second.envSubset.keys).sorted() {
      let values = (first.envSubset[name], second.envSubset[name])
      if values.0.map(one.word) != values.1.map(other.word) {
        facets.append(.variable(name, first: values.0, second: values.1))
      }
    }
    let outcomes = (Outcome(first).words, Outcome(second).words)
    // Where nobody knows there is nothing to compare.
    let areKnown = Outcome(first) != .unknown && Outcome(second) != .unknown
    if areKnown, outcomes.0 != outcomes.1 { facets.append(.outcome(outcomes.0, outcomes.1)) }
    if let (a, b) = differing(first.process?.cwd, second.process?.cwd, one, other) {
      facets.append(.directory(a, b))
    }
    if let (a, b) = differing(first.process?.executable, second.process?.executable, one, other) {
      facets.append(.program(a, b))
    }
    return facets
  }

  private static func differing(
    _ first: String?, _ second: String?, _ one: ComparedSession, _ other: ComparedSession
  ) -> (String, String)? {
    guard let first, let second else { return nil }
    let words = (one.word(first), other.word(second))
    return words.0 == words.1 ? nil : words
  }

  private static func arguments(_ first: [String], _ second: [String]) -> Facet? {
    guard first != second else { return nil }
    return .arguments(removed: rest(first, without: second), added: rest(second, without: first))
  }

  /// What of the words is not among the others, each of those taking one away.
  private static func rest(_ words: [String], without others: [String]) -> [String] {
    var left = others.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
    return words.filter { word in
      guard let count = left[word], count > 0 else { return true }
      left[word] = count - 1
      return false
    }
  }
}

extension SessionDifference {
  /// What took longer or less long, beyond what differs anyway.
  package struct Timing: Sendable {
    /// How much longer everything took in the second session: the median over all pairs.
    package let factor: Double
    /// By how much, the most first; in microseconds of own time, which children's is not part of.
    package let slower: [Item]
    package let faster: [Item]

    package struct Item: Equatable, Sendable {
      package let pair: Pair
      package let firstUs: Int
      package let secondUs: Int
    }

    /// Shorter times say nothing about the machine.
    private static let measurableUs = 5000
    /// Noise is what changes by less than half, or by less than this.
    private static let noiseUs = 50_000
    private static let fewest = 10

    init(_ pairs: [Pair], _ first: SessionView, _ second: SessionView) {
      let (one, other) = (OwnTime(first).lengthsUs, OwnTime(second).lengthsUs)
      let items = pairs.map {
        Item(pair: $0, firstUs: one[$0.first], secondUs: other[$0.second])
      }
      let ratios = items.filter { $0.firstUs >= Self.measurableUs }
        .map { Double($0.secondUs) / Double($0.firstUs) }.sorted()
      let factor = ratios.count < Self.fewest ? 1 : max(ratios[ratios.count / 2], 0.01)
      self.factor = factor
      slower = items.filter { Self.isBeyond($0.secondUs, Double($0.firstUs) * factor) }
        .sorted { $0.secondUs - $0.firstUs > $1.secondUs - $1.firstUs }
      faster = items.filter { Self.isBeyond($0.firstUs, Double($0.secondUs) / factor) }
        .sorted { $0.firstUs - $0.secondUs > $1.firstUs - $1.secondUs }
    }

    private static func isBeyond(_ lengthUs: Int, _ expectedUs: Double) -> Bool {
      Double(lengthUs) > expectedUs * 1.5 && Double(lengthUs) - expectedUs > Double(noiseUs)
    }
  }
}

extension ProcessTree {
  /// How many recordings stand below one.
  package func countBelow(_ place: Int) -> Int {
    var count = 0
    var waiting = Array(children(of: place))
    while let next = waiting.popLast() {
      count += 1
      waiting += children(of: next)
    }
    return count
  }
}
