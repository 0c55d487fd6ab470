/// The time that a recording spent while none of its children ran: what it did itself.
package struct OwnTime: Sendable {
  /// In microseconds, by place.
  package let lengthsUs: [Int]

  package init(_ view: SessionView) {
    lengthsUs = view.recordings.indices.map { Self.lengthUs(of: $0, in: view) }
  }

  /// The time of one recording, in microseconds.
  package static func lengthUs(of place: Int, in view: SessionView) -> Int {
    var lengthUs = 0
    forEachPiece(of: place, in: view) { lengthUs += $0.lengthUs }
    return lengthUs
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
