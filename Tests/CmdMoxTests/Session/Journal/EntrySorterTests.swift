import Testing

@testable import CmdMox

@Suite struct EntrySorterTests {
  static func sorted(
    _ entries: [JournalEntry], runLength: Int, fanIn: Int
  ) throws -> [JournalEntry] {
    let folder = try TemporaryFolder()
    let sorter = EntrySorter(in: folder.path, runLength: runLength, fanIn: fanIn)
    for entry in entries { try sorter.add(entry) }
    try sorter.sort()
    var result: [JournalEntry] = []
    try sorter.visit { result.append($0) }
    #expect(try names(in: folder.path) == [])
    return result
  }

  static func entries(_ count: Int, _ start: (Int) -> Int) -> [JournalEntry] {
    (0..<count).map {
      JournalEntry(startNs: start($0), slot: $0, parent: $0 - 1, offset: $0 * 7, count: $0 * 3)
    }
  }

  @Test(
    arguments: [0, 1, 2, 3, 4, 5, 15, 16, 17, 64, 65, 257, 1000],
    [(1, 2), (2, 2), (4, 2), (4, 3), (16, 32), (4096, 32)])
  func `sorts any order, in runs of any length`(count: Int, shape: (Int, Int)) throws {
    var random = SeededGenerator(seed: count)
    let orders: [[JournalEntry]] = [
      Self.entries(count) { $0 }, Self.entries(count) { -$0 }, Self.entries(count) { _ in 5 },
      Self.entries(count) { $0 % 7 }, Self.entries(count) { $0 }.shuffled(using: &random),
      Self.entries(count) { $0 ^ 3 },
    ]
    for order in orders {
      #expect(
        try Self.sorted(order, runLength: shape.0, fanIn: shape.1)
          == order.sorted { ($0.startNs, $0.slot) < ($1.startNs, $1.slot) })
    }
  }
}

@Suite struct SlotLinkTests {
  static let links: [SlotLink] = [
    .recorded(sequence: 7), .passedOver(parent: 0), .passedOver(parent: 1),
    .passedOver(parent: nil),
    .unknown, .passedOver(parent: 4), .passedOver(parent: 6), .passedOver(parent: 8),
    .passedOver(parent: 9), .passedOver(parent: 7), .passedOver(parent: 7), .passedOver(parent: 99),
    .recorded(sequence: 0),
  ]

  @Test(
    arguments: [
      (nil, nil), (0, 7), (1, 7), (2, 7), (3, nil), (4, nil), (5, nil), (6, nil), (7, nil),
      (10, nil),
      (11, nil), (12, 0),
    ] as [(Int?, Int?)])
  func `the nearest recorded ancestor is found, a circle is not followed`(
    parent: Int?, expected: Int?
  ) throws {
    let found = SlotLink.nearestRecorded(from: parent) {
      Self.links.indices.contains($0) ? Self.links[$0] : .unknown
    }
    #expect(found == expected)
    let folder = try TemporaryFolder()
    // All in a file, all in memory, and one that moves into a file half-way.
    for most in [0, 100, 5] {
      let kept = SlotLinks(in: folder.path, most: most)
      for (slot, link) in Self.links.enumerated() where link != .unknown {
        try kept.set(slot, link)
      }
      #expect(try SlotLink.nearestRecorded(from: parent, link: kept.get) == expected)
      #expect(try Self.links.indices.map(kept.get) == Self.links)
    }
  }
}
