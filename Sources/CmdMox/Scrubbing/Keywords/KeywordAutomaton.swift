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
    let plain = (0..<trie.count).filter { trie.keywords[$0].isEmpty }
    let ending = (0..<trie.count).filter { !trie.keywords[$0].isEmpty }
    var rows = [UInt32](repeating: 0, count: trie.count)
    for (row, node) in (plain + ending).enumerated() {
      rows[node] = UInt32(row * trie.classCount)
    }
    var next: [UInt32] = []
    next.reserveCapacity(trie.next.count)
    for node in plain + ending {
      for place in node * classCount..<(node + 1) * classCount {
        next.append(rows[trie.next[place]])
      }
    }
    self.next = next
    firstEnding = UInt32(plain.count * trie.classCount)
    var starts = [0]
    var endings: [Int] = []
    for node in ending {
      endings += trie.keywords[node]
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
  private struct Node {
    /// The byte that leads here.
    var byte: UInt8
    var firstChild: Int?
    var sibling: Int?
    /// Where a text goes on that leaves the tree here.
    var fallback = 0
  }

  private var nodes = [Node(byte: 0)]
  /// The keywords that end at each node, longest first.
  private(set) var keywords: [[Int]] = [[]]
  private(set) var classes = [UInt8](repeating: 0, count: 256)
  private(set) var classCount = 1
  /// The node that follows, by node and class.
  private(set) var next: [Int] = []
  private let ignoresCase: Bool

  var count: Int { nodes.count }

  init(ignoresCase: Bool) { self.ignoresCase = ignoresCase }

  mutating func add(_ keyword: [UInt8], _ index: Int) {
    var node = 0
    for byte in keyword {
      let byte = ignoresCase ? Self.lowercase(byte) : byte
      if classes[Int(byte)] == 0, classCount < 256 {
        classes[Int(byte)] = UInt8(classCount)
        classCount += 1
      }
      node = child(of: node, byte) ?? addChild(to: node, byte)
    }
    keywords[node].append(index)
  }

  private func child(of node: Int, _ byte: UInt8) -> Int? {
    var child = nodes[node].firstChild
    while let candidate = child, nodes[candidate].byte != byte {
      child = nodes[candidate].sibling
    }
    return child
  }

  private mutating func addChild(to node: Int, _ byte: UInt8) -> Int {
    let child = nodes.count
    nodes.append(Node(byte: byte, sibling: nodes[node].firstChild))
    nodes[node].firstChild = child
    keywords.append([])
    return child
  }

  /// Completes every node, breadth first.
  mutating func link() {
    if ignoresCase {
      for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") {
        classes[Int(byte)] = classes[Int(byte | 0x20)]
      }
    }
    next = [Int](repeating: 0, count: nodes.count * classCount)
    var queue = [0]
    queue.reserveCapacity(nodes.count)
    var done = 0
    while done < queue.count {
      let node = queue[done]
      done += 1
      let fallback = nodes[node].fallback
      if node != 0 {
        keywords[node] += keywords[fallback]
        for place in 0..<classCount {
          next[node * classCount + place] = next[fallback * classCount + place]
        }
      }
      var child = nodes[node].firstChild
      while let current = child {
        let place = Int(classes[Int(nodes[current].byte)])
        nodes[current].fallback = node == 0 ? 0 : next[fallback * classCount + place]
        next[node * classCount + place] = current
        queue.append(current)
        child = nodes[current].sibling
      }
    }
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
