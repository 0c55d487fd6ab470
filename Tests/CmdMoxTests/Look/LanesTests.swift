import Testing

@testable import CmdMox

@Suite("Lanes") struct LanesTests {
  @Test("Children stand in their parent's lane while it is free, others in one of their own")
  func nesting() {
    let view = Looked.view([
      Looked.recording(0, from: 0, to: 100), Looked.recording(1, parent: 0, from: 10, to: 50),
      Looked.recording(2, parent: 0, from: 20, to: 60),
      Looked.recording(3, parent: 1, from: 30, to: 40),
      Looked.recording(4, parent: 0, from: 70, to: 80),
      Looked.recording(5, parent: 0, from: 75, to: 110),
    ])
    let lanes = Lanes(view)
    #expect(lanes.lanes == [0, 0, 1, 0, 0, 1])
    #expect(lanes.levels == [0, 1, 0, 2, 1, 0])
    #expect(lanes.heights == [3, 1])
  }

  @Test("Nobody stands where somebody else stands at that time", arguments: 0..<40)
  func random(seed: Int) {
    var random = SeededGenerator(seed: seed)
    let recordings = (0..<200).map { place in
      let start = Int.random(in: 0...50, using: &random)
      return Looked.recording(
        place, parent: Bool.random(using: &random) ? Int.random(in: 0..<200, using: &random) : nil,
        from: start, to: start + Int.random(in: 0...20, using: &random))
    }
    let view = Looked.view(recordings)
    let lanes = Lanes(view)
    for first in recordings.indices {
      for second in recordings.indices where first < second {
        guard lanes.lanes[first] == lanes.lanes[second] else { continue }
        let (one, other) = (view.intervals[first], view.intervals[second])
        let areApart = one.endUs <= other.startUs || other.endUs <= one.startUs
        let nest =
          lanes.levels[first] != lanes.levels[second]
          && (one.contains(other) || other.contains(one))
        #expect(areApart || nest, "\(first) \(one) \(second) \(other)")
      }
    }
  }
}
