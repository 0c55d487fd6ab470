/// What a session waited for: at each moment of it one recording, without which it would have ended
/// earlier.
///
/// It goes back from the end: whoever was running waited for the child that ended last before, that
/// one for its own last child, and so on. It is an estimate: a recording does not say who waits for
/// whom among processes that ran side by side.
package struct CriticalPath: Sendable {
  package struct Piece: Equatable, Sendable {
    /// The recording that was waited for; nil for the root itself.
    package let place: Int?
    package let interval: Interval
  }

  /// In the order of time, without gaps.
  package let pieces: [Piece]

  package init(_ view: SessionView) {
    let ends = view.lifetimes.map(\.endUs)
    var pieces: [Piece] = []
    var frames = [Frame(nil, view.whole, view.tree.outermost, ends)]
    while var frame = frames.popLast() {
      guard let child = frame.nextChild(ends) else {
        frame.emit(from: frame.startUs, into: &pieces)
        if !frames.isEmpty { frames[frames.count - 1].timeUs = frame.startUs }
        continue
      }
      frame.emit(from: ends[child], into: &pieces)
      let startUs = max(view.intervals[child].startUs, frame.startUs)
      frames.append(frame)
      frames.append(
        Frame(
          child, Interval(startUs: startUs, endUs: ends[child]), view.tree.children(of: child), ends
        ))
    }
    self.pieces = pieces.reversed()
  }

  /// How long each recording stood on the path, by place.
  package var lengthsUs: [Int: Int] {
    pieces.reduce(into: [:]) { lengths, piece in
      if let place = piece.place { lengths[place, default: 0] += piece.interval.lengthUs }
    }
  }

  /// A recording of which the path is being looked for, from its end to its start.
  private struct Frame {
    let place: Int?
    let startUs: Int
    /// What lies behind this is known.
    var timeUs: Int
    /// Those that are still to be looked at, the one that ended last at the end.
    private var children: [Int]

    init(_ place: Int?, _ interval: Interval, _ children: some Sequence<Int>, _ ends: [Int]) {
      self.place = place
      startUs = interval.startUs
      timeUs = interval.endUs
      self.children = children.sorted { (ends[$0], $0) < (ends[$1], $1) }
    }

    /// The child that ended last before the time that is reached.
    mutating func nextChild(_ ends: [Int]) -> Int? {
      while let child = children.popLast() {
        if ends[child] <= startUs { return nil }
        if ends[child] <= timeUs { return child }
      }
      return nil
    }

    func emit(from: Int, into pieces: inout [Piece]) {
      guard from < timeUs else { return }
      pieces.append(Piece(place: place, interval: Interval(startUs: from, endUs: timeUs)))
    }
  }
}
