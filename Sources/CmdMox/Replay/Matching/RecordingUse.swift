/// Which recordings have answered. Not for several threads at once.
final class RecordingUse {
  private enum State: UInt8 {
    /// Has not answered.
    case unused
    /// Answers if it is asked, and is not missed otherwise.
    case optional
    /// Never answers, and is not missed.
    case exempt
    /// Has answered.
    case answered
    /// Stands inside one that has answered.
    case covered
  }

  private var states: [State]
  private let tree: RecordingTree
  /// How many have answered or stand inside one that has.
  private(set) var usedCount = 0
  private var lastAnswered = -1
  /// Nothing before this is next in strict order.
  private var firstLeft = 0

  /// Whether a recording answers, and whether it is missed where it does not.
  enum Duty {
    case answers
    case mayAnswer
    case neverAnswers
  }

  /// - Parameter duty: of the recording at a place.
  init(count: Int, tree: RecordingTree, duty: (Int) -> Duty) {
    states = (0..<count).map { place in
      switch duty(place) {
      case .answers: .unused
      case .mayAnswer: .optional
      case .neverAnswers: .exempt
      }
    }
    self.tree = tree
  }

  func isUsed(_ place: Int) -> Bool { states[place].rawValue >= State.answered.rawValue }

  /// The places of those that were missed, in order.
  var missed: [Int] { states.indices.filter { states[$0] == .unused } }

  /// Marks a recording and all that stands inside it.
  ///
  /// - Parameter onUse: called for each that was not used before.
  func use(_ place: Int, onUse: (Int) -> Void) {
    mark(place, .answered, onUse)
    lastAnswered = max(lastAnswered, place)
    var inside = tree.children(of: place)
    while let next = inside.popLast() {
      guard !isUsed(next) else { continue }
      mark(next, .covered, onUse)
      inside += tree.children(of: next)
    }
  }

  private func mark(_ place: Int, _ state: State, _ onUse: (Int) -> Void) {
    guard !isUsed(place) else { return }
    states[place] = state
    usedCount += 1
    onUse(place)
  }

  /// The outermost recordings of which one is next in strict order: the first that is missed, and
  /// optional ones before it, behind what has answered last.
  func next() -> [Int] {
    while firstLeft < states.count, !isNext(firstLeft) { firstLeft += 1 }
    var next: [Int] = []
    for place in firstLeft..<states.count where isNext(place) {
      next.append(place)
      if states[place] == .unused { break }
    }
    return next
  }

  private func isNext(_ place: Int) -> Bool {
    switch states[place] {
    case .unused: tree.isOutermost(place)
    case .optional: tree.isOutermost(place) && place > lastAnswered
    case .exempt, .answered, .covered: false
    }
  }
}
