/// Where a recording belongs among the others of its session.
package struct RecordingSlot: Equatable, Sendable {
  /// The invocation's number in the order in which invocations became known: 0, 1, 2, …; a number
  /// may stay unused.
  package let index: Int
  /// When it started, in nanoseconds of `CLOCK_MONOTONIC`: what fixtures are ordered by.
  package let startNs: UInt64
  /// The index of the invocation that started it; nil for the root's own.
  package let parent: Int?

  /// A place; a negative parent is none.
  package init(index: Int, startNs: UInt64, parent: Int?) {
    self.index = index
    self.startNs = startNs
    self.parent = parent.flatMap { $0 < 0 ? nil : $0 }
  }
}

/// What stands behind an index when parents are looked up.
enum SlotLink: Equatable, Sendable {
  /// Nothing was ever heard of it.
  case unknown
  /// It is in the fixture, with this `sequence`.
  case recorded(sequence: Int)
  /// It was filtered out; its own parent counts instead.
  case passedOver(parent: Int?)

  /// The `sequence` of the nearest ancestor that is in the fixture; nil where there is none, and
  /// where the way there leads over an invocation of which nothing was heard.
  static func nearestRecorded(
    from parent: Int?, link: (Int) throws -> SlotLink
  ) rethrows -> Int? {
    var next = parent
    // A chain that bites its own tail (Brent): `mark` stays behind for longer and longer.
    var mark = parent
    var steps = 0
    var limit = 1
    while let index = next {
      switch try link(index) {
      case .unknown: return nil
      case .recorded(let sequence): return sequence
      case .passedOver(let parent): next = parent
      }
      if next == mark { return nil }
      steps += 1
      if steps == limit { (mark, steps, limit) = (next, 0, limit * 2) }
    }
    return nil
  }
}
