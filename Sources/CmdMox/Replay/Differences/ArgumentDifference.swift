/// How two lists of arguments differ: the cheapest way from the recorded one to the live one.
///
/// Source: R. A. Wagner, M. J. Fischer, "The string-to-string correction problem", JACM 21(1), 1974.
struct ArgumentDifference {
  enum Step: Equatable {
    /// Places in both lists, from 0.
    case changed(live: Int, recorded: Int)
    case added(live: Int)
    case missing(recorded: Int)
  }

  /// More where they differ more.
  private(set) var cost = 0
  /// In the order of the arguments.
  private(set) var steps: [Step] = []

  /// Longer lists are compared place by place.
  private static let largestTable = 40_000

  init(live: [[UInt8]], recorded: [[UInt8]]) {
    if live.count * recorded.count > Self.largestTable {
      compareByPlace(live, recorded)
    } else {
      align(live, recorded)
    }
  }

  private mutating func compareByPlace(_ live: [[UInt8]], _ recorded: [[UInt8]]) {
    for place in 0..<max(live.count, recorded.count) {
      if place >= recorded.count {
        steps.append(.added(live: place))
      } else if place >= live.count {
        steps.append(.missing(recorded: place))
      } else if live[place] != recorded[place] {
        steps.append(.changed(live: place, recorded: place))
      }
    }
    cost = 2 * steps.count
  }

  private mutating func align(_ live: [[UInt8]], _ recorded: [[UInt8]]) {
    let width = recorded.count + 1
    var costs = Array(repeating: 0, count: (live.count + 1) * width)
    for column in 1..<max(width, 1) { costs[column] = 2 * column }
    for row in 1..<(live.count + 1) {
      costs[row * width] = 2 * row
      for column in 1..<width {
        let change = Self.cost(live[row - 1], recorded[column - 1])
        costs[row * width + column] = min(
          costs[(row - 1) * width + column - 1] + change, costs[(row - 1) * width + column] + 2,
          costs[row * width + column - 1] + 2)
      }
    }
    cost = costs[live.count * width + width - 1]
    var (row, column) = (live.count, recorded.count)
    while row > 0 || column > 0 {
      let here = costs[row * width + column]
      if row > 0, column > 0,
        case let change = Self.cost(live[row - 1], recorded[column - 1]),
        here == costs[(row - 1) * width + column - 1] + change
      {
        (row, column) = (row - 1, column - 1)
        if change > 0 { steps.append(.changed(live: row, recorded: column)) }
      } else if row > 0, here == costs[(row - 1) * width + column] + 2 {
        row -= 1
        steps.append(.added(live: row))
      } else {
        column -= 1
        steps.append(.missing(recorded: column))
      }
    }
    steps.reverse()
  }

  /// 0 for what is the same, 1 for what is the same for the most part, else 3: more than half of
  /// taking one away and adding the other.
  private static func cost(_ live: [UInt8], _ recorded: [UInt8]) -> Int {
    if live == recorded { return 0 }
    let shorter = min(live.count, recorded.count)
    let prefix = zip(live, recorded).prefix { $0 == $1 }.count
    let suffix = zip(live.reversed(), recorded.reversed()).prefix { $0 == $1 }.count
    return 2 * min(prefix + suffix, shorter) >= max(live.count, recorded.count) ? 1 : 3
  }
}
