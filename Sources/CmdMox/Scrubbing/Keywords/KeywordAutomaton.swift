/// Finds every occurrence of many keywords in one pass over a text: Aho and Corasick's automaton,
/// with a full table, so that each byte costs one look-up.
///
/// Source: A. V. Aho, M. J. Corasick, "Efficient string matching", CACM 18(6), 1975.
struct KeywordAutomaton: Sendable {
  /// The class of each byte: bytes that no keyword has share one.
  private let classes: [UInt8]
  private let classCount: Int
  /// The state that follows, by state and class; states are counted in rows of this table.
  private let next: [UInt32]
  /// States from here on end a keyword.
  private let firstEnding: UInt32
  /// Where in `endings` the keywords of each such state stand.
  private let endingStarts: [Int]
  private let endings: [Int]
  /// The length of each keyword in bytes.
  private let lengths: [Int]

  /// - Parameters:
  ///   - keywords: none of them empty; those that are the same are both found.
  ///   - ignoresCase: whether A to Z are taken for a to z, in both.
  init(_ keywords: [[UInt8]], ignoresCase: Bool) {
    var trie = KeywordTrie(ignoresCase: ignoresCase)
    for (index, keyword) in keywords.enumerated() { trie.add(keyword, index) }
    trie.link()
    lengths = keywords.map(\.count)
    classes = trie.classes
    classCount = trie.classCount
    // Ending states last, so that one comparison tells them.
    let order = trie.nodes.indices.sorted {
      (trie.nodes[$0].keywords.isEmpty ? 0 : 1, $0) < (trie.nodes[$1].keywords.isEmpty ? 0 : 1, $1)
    }
    var rows = [Int](repeating: 0, count: order.count)
    for (row, node) in order.enumerated() { rows[node] = row }
    next = order.flatMap { node in
      trie.nodes[node].next.map { UInt32(rows[$0] * trie.classCount) }
    }
    let plain = order.prefix { trie.nodes[$0].keywords.isEmpty }.count
    firstEnding = UInt32(plain * trie.classCount)
    var starts = [0]
    var endings: [Int] = []
    for node in order[plain...] {
      endings += trie.nodes[node].keywords
      starts.append(endings.count)
    }
    (endingStarts, self.endings) = (starts, endings)
  }

  /// An occurrence of a keyword.
  struct Hit: Equatable {
    /// The keyword's place in the list that the automaton was made of.
    var keyword: Int
    var range: Range<Int>
  }

  /// Calls `body` for every occurrence, in the order of their ends; of those that end together the
  /// longest comes first. `body` says where to go on: nil for the next byte, or an offset, from which
  /// occurrences that begin before it are no longer found.
  func scan(
    _ text: UnsafeBufferPointer<UInt8>, _ body: (Hit) throws -> Int?
  ) rethrows {
    guard !lengths.isEmpty else { return }
    try next.withUnsafeBufferPointer { next in
      try classes.withUnsafeBufferPointer { classes in
        var state: UInt32 = 0
        var place = 0
        let firstEnding = firstEnding
        while place < text.count {
          state = next[Int(state) &+ Int(classes[Int(text[place])])]
          place &+= 1
          guard state >= firstEnding else { continue }
          if let resumed = try report(state, end: place, body) {
            place = max(place, resumed)
            state = 0
          }
        }
      }
    }
  }

  private func report(
    _ state: UInt32, end: Int, _ body: (Hit) throws -> Int?
  ) rethrows -> Int? {
    let index = Int(state - firstEnding) / classCount
    for keyword in endings[endingStarts[index]..<endingStarts[index + 1]] {
      let hit = Hit(keyword: keyword, range: end - lengths[keyword]..<end)
      if let resumed = try body(hit) { return resumed }
    }
    return nil
  }
}

/// The keywords as a tree, and for each node where a text goes on that leaves the tree there.
private struct KeywordTrie {
  struct Node {
    /// By class; the root where there is nothing.
    var next: [Int]
    /// The keywords that end here, longest first.
    var keywords: [Int] = []
  }

  private(set) var nodes: [Node]
  private(set) var classes = [UInt8](repeating: 0, count: 256)
  private(set) var classCount = 1
  private let ignoresCase: Bool
  /// The edges as they were added, by node and byte.
  private var edges: [[UInt8: Int]] = [[:]]

  init(ignoresCase: Bool) {
    self.ignoresCase = ignoresCase
    nodes = [Node(next: [])]
  }

  mutating func add(_ keyword: [UInt8], _ index: Int) {
    var node = 0
    for byte in keyword {
      let byte = ignoresCase ? Self.lowercase(byte) : byte
      if classes[Int(byte)] == 0, classCount < 256 {
        classes[Int(byte)] = UInt8(classCount)
        classCount += 1
      }
      if let child = edges[node][byte] {
        node = child
      } else {
        edges[node][byte] = nodes.count
        node = nodes.count
        nodes.append(Node(next: []))
        edges.append([:])
      }
    }
    nodes[node].keywords.append(index)
  }

  /// Completes every node, breadth first.
  mutating func link() {
    if ignoresCase {
      for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") {
        classes[Int(byte)] = classes[Int(byte | 0x20)]
      }
    }
    nodes[0].next = [Int](repeating: 0, count: classCount)
    var queue: [(node: Int, fallback: Int)] = []
    for (byte, child) in edges[0] {
      nodes[0].next[Int(classes[Int(byte)])] = child
      queue.append((child, 0))
    }
    var done = 0
    while done < queue.count {
      let (node, fallback) = queue[done]
      done += 1
      nodes[node].keywords += nodes[fallback].keywords
      nodes[node].next = nodes[fallback].next
      for (byte, child) in edges[node] {
        let place = Int(classes[Int(byte)])
        queue.append((child, nodes[fallback].next[place]))
        nodes[node].next[place] = child
      }
    }
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
