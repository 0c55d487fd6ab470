/// Where recordings stand in a picture of the session: side by side where they ran at the same time,
/// one inside the other where one ran during the whole of the other.
///
/// In a lane, recordings nest: a child stands in its parent's lane, one level deeper, if nobody else
/// stands there at that time. So `make -j8` fills about eight lanes.
package struct Lanes: Sendable {
  /// The lane of each recording, by place, from 0.
  package private(set) var lanes: [Int]
  /// How deep each one stands in its lane, from 0.
  package private(set) var levels: [Int]
  /// How many levels each lane has.
  package private(set) var heights: [Int] = []

  /// Who stands in a lane at the moment, the outermost first.
  private var stacks: [[Int]] = []

  package init(_ view: SessionView) {
    lanes = [Int](repeating: 0, count: view.recordings.count)
    levels = lanes
    // Parents before children where both start at once.
    let order = view.tree.depthFirst.enumerated().sorted { first, second in
      let starts = (view.lifetimes[first.element].startUs, view.lifetimes[second.element].startUs)
      return starts.0 == starts.1 ? first.offset < second.offset : starts.0 < starts.1
    }.map(\.element)
    /// Lanes that somebody stands in, by when the outermost one goes; and those that are free.
    var taken = Heap<(endUs: Int, lane: Int)> { ($0.endUs, $0.lane) < ($1.endUs, $1.lane) }
    var free = Heap<Int>(<)
    for place in order {
      let interval = view.lifetimes[place]
      while let first = taken.first, first.endUs <= interval.startUs {
        _ = taken.popFirst()
        stacks[first.lane] = []
        free.insert(first.lane)
      }
      if let lane = laneOfParent(place, view) {
        stand(place, in: lane)
        continue
      }
      let lane = free.popFirst() ?? stacks.count
      if lane == stacks.count {
        stacks.append([])
        heights.append(0)
      }
      stand(place, in: lane)
      taken.insert((max(interval.endUs, interval.startUs + 1), lane))
    }
  }

  /// The parent's lane, if the recording can stand in its parent there.
  private mutating func laneOfParent(_ place: Int, _ view: SessionView) -> Int? {
    guard let parent = view.tree.parents[place],
      view.lifetimes[parent].contains(view.lifetimes[place])
    else { return nil }
    let lane = lanes[parent]
    let startUs = view.lifetimes[place].startUs
    while let top = stacks[lane].last, top != parent, view.lifetimes[top].endUs <= startUs {
      stacks[lane].removeLast()
    }
    return stacks[lane].last == parent ? lane : nil
  }

  private mutating func stand(_ place: Int, in lane: Int) {
    lanes[place] = lane
    levels[place] = stacks[lane].count
    stacks[lane].append(place)
    heights[lane] = max(heights[lane], stacks[lane].count)
  }
}

/// The smallest first.
struct Heap<Element> {
  private var elements: [Element] = []
  private let isBefore: (Element, Element) -> Bool

  init(_ isBefore: @escaping (Element, Element) -> Bool) { self.isBefore = isBefore }

  var first: Element? { elements.first }

  mutating func insert(_ element: Element) {
    elements.append(element)
    var place = elements.count - 1
    while place > 0, isBefore(elements[place], elements[(place - 1) / 2]) {
      elements.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func popFirst() -> Element? {
    guard let last = elements.popLast() else { return nil }
    guard let first = elements.first else { return last }
    elements[0] = last
    var place = 0
    while let child = smallerChild(of: place), isBefore(elements[child], elements[place]) {
      elements.swapAt(place, child)
      place = child
    }
    return first
  }

  private func smallerChild(of place: Int) -> Int? {
    let (left, right) = (2 * place + 1, 2 * place + 2)
    guard left < elements.count else { return nil }
    return right < elements.count && isBefore(elements[right], elements[left]) ? right : left
  }
}
