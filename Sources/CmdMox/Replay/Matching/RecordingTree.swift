/// Which recordings stand inside which: a command's own commands.
struct RecordingTree: Sendable {
  /// The place of the recording around each one; -1 where it is outermost. Empty where all are.
  private var parents: [Int32] = []
  private var firstChildren: [Int32] = []
  private var nextSiblings: [Int32] = []

  /// - Parameters:
  ///   - recordings: in the order of sequence, each sequence once.
  ///   - passesOver: whether a recording is left out, so that what stands in it moves outwards.
  init(_ recordings: [RecordedInvocation], passesOver: (RecordedInvocation) -> Bool) {
    guard recordings.contains(where: { $0.process?.parent != nil }) else { return }
    let places = Dictionary(
      uniqueKeysWithValues: recordings.enumerated().map { ($1.sequence, $0) })
    let direct = recordings.map { $0.process?.parent.flatMap { places[$0] } }
    parents = recordings.indices.map { place in
      var parent = direct[place]
      // A chain cannot be longer than the file: parents may stand in a circle.
      for _ in recordings.indices {
        guard let outer = parent, passesOver(recordings[outer]) else { break }
        parent = direct[outer]
      }
      return Int32(parent ?? -1)
    }
    link()
  }

  private mutating func link() {
    firstChildren = Array(repeating: -1, count: parents.count)
    nextSiblings = firstChildren
    for place in parents.indices.reversed() where parents[place] >= 0 {
      nextSiblings[place] = firstChildren[Int(parents[place])]
      firstChildren[Int(parents[place])] = Int32(place)
    }
  }

  /// Whether there is a recording that is not outermost.
  var isNested: Bool { !parents.isEmpty }

  func isOutermost(_ place: Int) -> Bool { parents.isEmpty || parents[place] < 0 }

  /// The recordings directly inside one, in the order of sequence.
  func children(of place: Int) -> [Int] {
    guard !parents.isEmpty else { return [] }
    var children: [Int] = []
    var next = firstChildren[place]
    while next >= 0 {
      children.append(Int(next))
      next = nextSiblings[Int(next)]
    }
    return children
  }
}
