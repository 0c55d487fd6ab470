/// Finds the recording whose variables agree best with a live environment, among recordings that are
/// alike in everything else, without looking at each of them.
///
/// Recordings that name the same variables form a shape, those of a shape that have the same values a
/// queue. A shape's full agreement is one look-up.
struct EnvironmentIndex {
  fileprivate struct Shape {
    /// Sorted by name.
    let names: [ByteString]
    /// By the values of all names.
    var queues: [ByteString: Queue] = [:]
    /// By the values of some names, by the places of those; made once no recording is added any more.
    var partial: [[Int]: [ByteString: Queue]] = [:]
  }

  /// Recordings that are alike, in the order of their sequence.
  fileprivate struct Queue {
    var variables: [RecordedVariable]
    var members: [Int] = []
    /// Everything before this has been used.
    var head = 0

    mutating func place(_ turn: Turn) -> Int? {
      switch turn {
      case .last: return members.last
      case .next(let isUsed):
        while head < members.count, isUsed(members[head]) { head += 1 }
        return head < members.count ? members[head] : nil
      }
    }
  }

  /// Which of several recordings that are alike answers.
  enum Turn {
    /// The first one that has not been used.
    case next(isUsed: (Int) -> Bool)
    /// The last one, used or not.
    case last
  }

  /// A recording that agrees.
  struct Match {
    /// More where standard input is equal, and the more, the longer it is; 0 where it is not.
    var stdin = 0
    /// How many variables agree.
    var pairs: Int
    /// How many variables the recording names.
    var size: Int
    /// The recording's place, in the order of sequence.
    var place: Int

    func isBetter(than other: Match?) -> Bool {
      guard let other else { return true }
      return (stdin, pairs, size, -place) > (other.stdin, other.pairs, other.size, -other.place)
    }
  }

  /// The largest first.
  private var shapes: [Shape] = []

  /// Adds a recording; they come in the order of their sequence.
  mutating func add(_ place: Int, _ variables: [RecordedVariable]) {
    let index = indexOfShape(variables.map(\.name))
    let key = Self.key(variables.map(\.value))
    shapes[index].queues[key, default: Queue(variables: variables)].members.append(place)
  }

  private mutating func indexOfShape(_ names: [ByteString]) -> Int {
    if let index = shapes.firstIndex(where: { $0.names == names }) { return index }
    let index = shapes.firstIndex { $0.names.count < names.count } ?? shapes.count
    shapes.insert(Shape(names: names), at: index)
    return index
  }

  fileprivate static func key(_ values: [[UInt8]]) -> ByteString {
    var key = ByteString()
    for value in values { key.append(part: value) }
    return key
  }

  /// The best recording of which every variable agrees.
  mutating func full(_ live: [ByteString: [UInt8]], _ turn: Turn) -> Match? {
    var best: Match?
    for index in shapes.indices {
      let size = shapes[index].names.count
      if let best, best.size > size { break }
      if let match = full(index, live, turn), match.isBetter(than: best) { best = match }
    }
    return best
  }

  private mutating func full(
    _ index: Int, _ live: [ByteString: [UInt8]], _ turn: Turn
  ) -> Match? {
    var values: [[UInt8]] = []
    for name in shapes[index].names {
      guard let value = live[name] else { return nil }
      values.append(value)
    }
    guard let place = shapes[index].queues[Self.key(values)]?.place(turn) else { return nil }
    return Match(pairs: values.count, size: values.count, place: place)
  }

  /// The recording of which the most variables agree.
  mutating func closest(_ live: [ByteString: [UInt8]], _ turn: Turn) -> Match? {
    var best: Match?
    for index in shapes.indices {
      let size = shapes[index].names.count
      if let best, best.pairs > size { break }
      guard let match = full(index, live, turn) ?? shapes[index].closest(live, turn) else {
        continue
      }
      if match.isBetter(than: best) { best = match }
    }
    return best
  }
}

// MARK: Where not all variables agree

extension EnvironmentIndex.Shape {
  /// Above this many names that may agree, the queues are looked at one by one.
  private static let mostNames = 8

  /// The recording of which the most variables agree.
  ///
  /// For each set of names there is an index of the recordings by their values, made when it is first
  /// asked for.
  mutating func closest(
    _ live: [ByteString: [UInt8]], _ turn: EnvironmentIndex.Turn
  ) -> EnvironmentIndex.Match? {
    let agreeing = names.indices.filter { place in
      live[names[place]].map { holds($0, at: place) } ?? false
    }
    guard agreeing.count <= Self.mostNames else { return scan(live, turn) }
    for count in stride(from: agreeing.count, through: 0, by: -1) {
      var best: EnvironmentIndex.Match?
      for subset in Self.subsets(of: agreeing, count: count) {
        guard let place = place(live, subset, turn) else { continue }
        let match = EnvironmentIndex.Match(pairs: count, size: names.count, place: place)
        if match.isBetter(than: best) { best = match }
      }
      if let best { return best }
    }
    return nil
  }

  /// Whether some recording has this value of the name at a place.
  private mutating func holds(_ value: [UInt8], at place: Int) -> Bool {
    values(of: [place])[EnvironmentIndex.key([value])] != nil
  }

  private mutating func place(
    _ live: [ByteString: [UInt8]], _ subset: [Int], _ turn: EnvironmentIndex.Turn
  ) -> Int? {
    _ = values(of: subset)
    let key = EnvironmentIndex.key(subset.map { live[names[$0]] ?? [] })
    return partial[subset]?[key]?.place(turn)
  }

  /// The recordings by the values of some of the names.
  private mutating func values(of subset: [Int]) -> [ByteString: EnvironmentIndex.Queue] {
    if let made = partial[subset] { return made }
    var made: [ByteString: EnvironmentIndex.Queue] = [:]
    for queue in queues.values {
      let key = EnvironmentIndex.key(subset.map { queue.variables[$0].value })
      made[key, default: EnvironmentIndex.Queue(variables: [])].members += queue.members
    }
    for key in made.keys { made[key]?.members.sort() }
    partial[subset] = made
    return made
  }

  private static func subsets(of places: [Int], count: Int) -> [[Int]] {
    guard count > 0 else { return [[]] }
    return places.indices.flatMap { first in
      subsets(of: Array(places[(first + 1)...]), count: count - 1).map { [places[first]] + $0 }
    }
  }

  private mutating func scan(
    _ live: [ByteString: [UInt8]], _ turn: EnvironmentIndex.Turn
  ) -> EnvironmentIndex.Match? {
    var best: EnvironmentIndex.Match?
    for key in queues.keys {
      guard let place = queues[key]?.place(turn) else { continue }
      let pairs = queues[key]?.variables.count { live[$0.name] == $0.value } ?? 0
      let match = EnvironmentIndex.Match(pairs: pairs, size: names.count, place: place)
      if match.isBetter(than: best) { best = match }
    }
    return best
  }
}

extension EnvironmentIndex.Turn {
  /// Whether a recording that stands alone may answer.
  func takes(_ place: Int) -> Bool {
    switch self {
    case .last: true
    case .next(let isUsed): !isUsed(place)
    }
  }
}
