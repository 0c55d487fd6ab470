/// How many commands worked at the same time, piece by piece of the session. Who only waits for its
/// children does not count.
package struct Parallelism: Sendable {
  /// The average in each of the equal pieces of the session.
  package let averages: [Double]
  /// Over the whole session.
  package let average: Double
  package var peak: Double { averages.max() ?? 0 }

  package init(_ view: SessionView, pieces count: Int) {
    let lengthUs = view.whole.lengthUs
    guard lengthUs > 0, count > 0 else {
      averages = []
      average = 0
      return
    }
    let pieceUs = max(1, (lengthUs + count - 1) / count)
    // Time in each piece, and how many work through all of a piece: those change at its edges only.
    var times = [Int](repeating: 0, count: count + 1)
    var changes = times
    var total = 0
    for place in view.recordings.indices {
      OwnTime.forEachPiece(of: place, in: view) { work in
        total += work.lengthUs
        let (first, last) = (min(work.startUs / pieceUs, count), min(work.endUs / pieceUs, count))
        if first == last {
          times[first] += work.lengthUs
        } else {
          times[first] += (first + 1) * pieceUs - work.startUs
          times[last] += work.endUs - last * pieceUs
          changes[first + 1] += 1
          changes[last] -= 1
        }
      }
    }
    var through = 0
    averages = (0..<count).map { piece in
      through += changes[piece]
      return Double(times[piece]) / Double(pieceUs) + Double(through)
    }
    average = Double(total) / Double(lengthUs)
  }
}
