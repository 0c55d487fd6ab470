/// Who started whom among the recordings of a fixture.
///
/// A recording is named by its place in the fixture, from 0. Whatever the fixture says, this is a
/// forest: a parent that is not there, and one that would close a circle, count as the root.
package struct ProcessTree: Sendable {
  /// The place of each recording's parent; nil for what the root started.
  package let parents: [Int?]
  /// The recordings that the root started, in the order of the fixture.
  package let outermost: [Int]
  /// All places, each one behind its parent and before the parent's next child.
  package let depthFirst: [Int]
  /// How many recordings stand between each one and the root.
  package let depths: [Int]
  /// How many recordings name a parent that is not there, or that they started themselves.
  package let strays: Int

  /// The children of all, one parent behind the other; `starts[p]..<starts[p + 1]` are those of `p`.
  private let childPlaces: [Int]
  private let starts: [Int]

  /// - Parameters:
  ///   - sequences: the `sequence` of each recording; of several with the same one the first counts.
  ///   - parents: the `sequence` of each one's parent.
  package init(sequences: [Int], parents named: [Int?]) {
    let found = Self.places(named, sequences)
    let (parents, cut) = Self.withoutCircles(found)
    self.parents = parents
    strays = zip(named, found).count { $0 != nil && $1 == nil } + cut
    outermost = parents.indices.filter { parents[$0] == nil }
    (starts, childPlaces) = Self.children(of: parents)
    (depthFirst, depths) = Self.walk(outermost, starts, childPlaces)
  }

  package init(_ recordings: [RecordedInvocation]) {
    self.init(sequences: recordings.map(\.sequence), parents: recordings.map { $0.process?.parent })
  }

  /// In the order of the fixture, which is that of their start.
  package func children(of place: Int) -> ArraySlice<Int> {
    childPlaces[starts[place]..<starts[place + 1]]
  }

  /// The recordings above, the nearest first.
  package func ancestors(of place: Int) -> [Int] {
    Array(sequence(first: place) { parents[$0] }.dropFirst())
  }

  private static func places(_ named: [Int?], _ sequences: [Int]) -> [Int?] {
    var placeOf: [Int: Int] = [:]
    let isInOrder = sequences.indices.allSatisfy { sequences[$0] == $0 }
    if !isInOrder {
      placeOf.reserveCapacity(sequences.count)
      for (place, sequence) in sequences.enumerated() where placeOf[sequence] == nil {
        placeOf[sequence] = place
      }
    }
    return named.enumerated().map { place, sequence in
      guard let sequence else { return nil }
      let parent =
        isInOrder ? (sequences.indices.contains(sequence) ? sequence : nil) : placeOf[sequence]
      return parent == place ? nil : parent
    }
  }

  /// Takes one parent out of each circle: that of the recording that stands first.
  private static func withoutCircles(_ parents: [Int?]) -> (parents: [Int?], cut: Int) {
    var parents = parents
    var cut = 0
    // The walk that came by; 0 for none yet.
    var walks = [Int](repeating: 0, count: parents.count)
    for start in parents.indices where walks[start] == 0 {
      var place: Int? = start
      while let here = place, walks[here] == 0 {
        walks[here] = start + 1
        place = parents[here]
      }
      guard let met = place, walks[met] == start + 1 else { continue }
      let circle = Array(sequence(first: met) { parents[$0] == met ? nil : parents[$0] })
      if let first = circle.min() { parents[first] = nil }
      cut += 1
    }
    return (parents, cut)
  }

  private static func children(of parents: [Int?]) -> (starts: [Int], places: [Int]) {
    var starts = [Int](repeating: 0, count: parents.count + 1)
    for case let parent? in parents { starts[parent + 1] += 1 }
    for place in parents.indices { starts[place + 1] += starts[place] }
    var next = starts
    var places = [Int](repeating: 0, count: starts[parents.count])
    for (place, parent) in parents.enumerated() {
      guard let parent else { continue }
      places[next[parent]] = place
      next[parent] += 1
    }
    return (starts, places)
  }

  private static func walk(
    _ outermost: [Int], _ starts: [Int], _ children: [Int]
  ) -> (order: [Int], depths: [Int]) {
    var order: [Int] = []
    order.reserveCapacity(starts.count)
    var depths = [Int](repeating: 0, count: starts.count - 1)
    var waiting = Array(outermost.reversed())
    while let place = waiting.popLast() {
      order.append(place)
      for child in children[starts[place]..<starts[place + 1]].reversed() {
        depths[child] = depths[place] + 1
        waiting.append(child)
      }
    }
    return (order, depths)
  }
}
