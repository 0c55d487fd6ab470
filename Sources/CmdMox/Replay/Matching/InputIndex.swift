internal import Glibc

/// Recorded standard inputs in the order of their bytes.
///
/// Finds those that a live one begins with, and how much more of it decides between those that it may
/// still become, without comparing it with each of them.
struct InputIndex {
  private let inputs: [[UInt8]]
  /// The bucket of each.
  private let buckets: [Int]
  /// The place of each bucket.
  private let places: [Int: Int]
  private var left: PlacesLeft
  /// The same counted from the end.
  private var leftFromEnd: PlacesLeft

  init(_ inputs: [(bytes: [UInt8], bucket: Int)]) {
    let sorted = inputs.sorted { Self.order($0.bytes, $1.bytes[...]) < 0 }
    self.inputs = sorted.map(\.bytes)
    buckets = sorted.map(\.bucket)
    places = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1.bucket, $0) })
    left = PlacesLeft(count: inputs.count)
    leftFromEnd = left
  }

  /// Takes a bucket away.
  mutating func remove(_ bucket: Int) {
    guard let place = places[bucket] else { return }
    left.remove(place)
    leftFromEnd.remove(inputs.count - 1 - place)
  }

  /// How many bytes, counted from the beginning, are worth knowing where `seen` is known: every input
  /// that begins with it and goes on has so many. Nil where there is none.
  ///
  /// - Parameter all: whether those count that were taken away.
  mutating func lengthWorthKnowing(_ seen: [UInt8], all: Bool) -> Int? {
    let first = firstPlace { Self.order($0, seen[...]) > 0 }
    let end = firstPlace(from: first) { !$0.starts(with: seen) }
    let lowest = all ? first : left.next(from: first)
    let highest =
      all ? end - 1 : inputs.count - 1 - leftFromEnd.next(from: inputs.count - end)
    guard lowest <= highest else { return nil }
    return max(seen.count + 1, Self.sharedLength(inputs[lowest], inputs[highest][...]))
  }

  /// The buckets of the inputs that `text` begins with, the longest first.
  func buckets(beginning text: [UInt8]) -> [Int] {
    var found: [Int] = []
    var limit = text.count
    while true {
      let beginning = text[..<limit]
      var place = firstPlace { Self.order($0, beginning) > 0 } - 1
      guard place >= 0 else { return found }
      let input = inputs[place]
      let shared = Self.sharedLength(input, beginning)
      guard shared == input.count else {
        limit = shared
        continue
      }
      while place >= 0, inputs[place] == input {
        found.append(buckets[place])
        place -= 1
      }
      guard shared > 0 else { return found }
      limit = shared - 1
    }
  }

  /// The first place whose input has a property that all behind it have, too.
  private func firstPlace(from start: Int = 0, where holds: ([UInt8]) -> Bool) -> Int {
    var (low, high) = (start, inputs.count)
    while low < high {
      let middle = (low + high) / 2
      if holds(inputs[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private static func order(_ left: [UInt8], _ right: ArraySlice<UInt8>) -> Int {
    let shared = min(left.count, right.count)
    let order = left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right -> Int32 in
        guard let left = left.baseAddress, let right = right.baseAddress else { return 0 }
        return memcmp(left, right, shared)
      }
    }
    return order == 0 ? left.count - right.count : Int(order)
  }

  private static func sharedLength(_ left: [UInt8], _ right: ArraySlice<UInt8>) -> Int {
    let most = min(left.count, right.count)
    var length = 0
    while length < most, left[length] == right[right.startIndex + length] { length += 1 }
    return length
  }
}

/// Places in a row, of which some are taken away: finds the next one that is left.
private struct PlacesLeft {
  /// Itself for a place that is left; else a later one. Links get longer where they are followed.
  private var links: [Int]

  init(count: Int) { links = Array(0...count) }

  mutating func remove(_ place: Int) { links[place] = place + 1 }

  /// The first that is left, from a place on; the count of all where there is none.
  mutating func next(from place: Int) -> Int {
    var end = place
    while links[end] != end { end = links[end] }
    var step = place
    while step != end {
      let following = links[step]
      links[step] = end
      step = following
    }
    return end
  }
}
