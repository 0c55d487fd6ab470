/// Which recordings have answered. Not for several threads at once.
final class RecordingUse {
  private enum State: UInt8 {
    /// Has not answered.
    case unused
    /// Answers if it is asked, and is not missed otherwise.
    case optional
    /// Has answered.
    case answered
    /// Stands inside one that has answered.
    case covered
  }

  private var states: [State]
  private let tree: RecordingTree
  /// How many have answered or stand inside one that has.
  private(set) var usedCount = 0
  /// Everything outermost before this is used or optional.
  private var firstLeft = 0

  /// - Parameter isOptional: whether nobody misses the recording at a place.
  init(count: Int, tree: RecordingTree, isOptional: (Int) -> Bool) {
    states = (0..<count).map { isOptional($0) ? .optional : .unused }
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
  /// optional ones before it.
  func next() -> [Int] {
    var next: [Int] = []
    while firstLeft < states.count, isUsed(firstLeft) || !tree.isOutermost(firstLeft) {
      firstLeft += 1
    }
    for place in firstLeft..<states.count where !isUsed(place) && tree.isOutermost(place) {
      next.append(place)
      if states[place] == .unused { break }
    }
    return next
  }
}
