/// Finds the recording whose variables agree best with a live environment, among recordings that are
/// alike in everything else, without looking at each of them.
///
/// Recordings that name the same variables form a shape, those of a shape that have the same values a
/// queue. A shape's full agreement is one look-up.
struct EnvironmentIndex {
  private struct Shape {
    /// Sorted by name.
    let names: [ByteString]
    var queues: [ByteString: Queue] = [:]
  }

  /// Recordings that are alike, in the order of their sequence.
  private struct Queue {
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

  private static func key(_ values: [[UInt8]]) -> ByteString {
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
  ///
  /// Where a shape's variables do not all agree, this looks at each of its queues.
  mutating func closest(_ live: [ByteString: [UInt8]], _ turn: Turn) -> Match? {
    var best: Match?
    for index in shapes.indices {
      let size = shapes[index].names.count
      if let best, best.pairs > size { break }
      if let match = full(index, live, turn) {
        if match.isBetter(than: best) { best = match }
        continue
      }
      for key in shapes[index].queues.keys {
        guard let place = shapes[index].queues[key]?.place(turn) else { continue }
        let variables = shapes[index].queues[key]?.variables ?? []
        let pairs = variables.count { live[$0.name] == $0.value }
        let match = Match(pairs: pairs, size: size, place: place)
        if match.isBetter(than: best) { best = match }
      }
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
