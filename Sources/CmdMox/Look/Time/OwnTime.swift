/// The time that a recording spent while none of its children ran: what it did itself.
package struct OwnTime: Sendable {
  /// In microseconds, by place.
  package let lengthsUs: [Int]

  package init(_ view: SessionView) {
    var lengths = [Int](repeating: 0, count: view.recordings.count)
    for place in view.recordings.indices {
      Self.forEachPiece(of: place, in: view) { lengths[place] += $0.lengthUs }
    }
    lengthsUs = lengths
  }

  /// Calls `body` for each piece of time in which a recording ran and none of its children did.
  static func forEachPiece(of place: Int, in view: SessionView, _ body: (Interval) -> Void) {
    let whole = view.lifetimes[place]
    let children = view.tree.children(of: place).map { view.lifetimes[$0] }
      .sorted { $0.startUs < $1.startUs }
    var from = whole.startUs
    for child in children where child.endUs > from {
      if child.startUs >= whole.endUs { break }
      if child.startUs > from { body(Interval(startUs: from, endUs: child.startUs)) }
      from = child.endUs
    }
    if from < whole.endUs { body(Interval(startUs: from, endUs: whole.endUs)) }
  }
}
