import Testing

@testable import CmdMox

@Suite("Who started whom") struct ProcessTreeTests {
  @Test("Children stand behind their parents, in the order of their start")
  func order() {
    let tree = ProcessTree(sequences: [0, 1, 2, 3, 4], parents: [nil, 0, nil, 0, 1])
    #expect(tree.depthFirst == [0, 1, 4, 3, 2])
    #expect(tree.depths == [0, 1, 0, 1, 2])
    #expect(tree.outermost == [0, 2])
    #expect(Array(tree.children(of: 0)) == [1, 3])
    #expect(tree.ancestors(of: 4) == [1, 0])
    #expect(tree.strays == 0)
  }

  @Test("Sequences name recordings, wherever those stand")
  func sequences() {
    let tree = ProcessTree(sequences: [7, 5, 9], parents: [5, nil, 7])
    #expect(tree.parents == [1, nil, 0])
    #expect(tree.depthFirst == [1, 0, 2])
  }

  @Test(
    "Whatever parents are said to be, each recording stands in the tree once",
    arguments: [
      ([1, 0], 1), ([0], 1), ([1, 2, 0], 1), ([5, -1, .max], 3), ([1, 2, 1], 1),
      ([1, 0, 3, 2], 2), ([nil, 3, 1, 2, 0, 1], 1),
    ] as [([Int?], Int)])
  func lies(parents: [Int?], strays: Int) {
    let tree = ProcessTree(sequences: Array(parents.indices), parents: parents)
    #expect(tree.depthFirst.sorted() == Array(parents.indices))
    #expect(tree.strays == strays)
    for place in parents.indices { #expect(tree.ancestors(of: place).count == tree.depths[place]) }
  }

  @Test("Of two recordings with one sequence the first is the parent")
  func twins() {
    let tree = ProcessTree(sequences: [3, 3, 4], parents: [nil, nil, 3])
    #expect(tree.parents == [nil, nil, 0])
  }

  @Test("A chain of 100,000 is no deeper than memory")
  func chain() {
    let parents = (0..<100_000).map { $0 == 0 ? nil : $0 - 1 }
    let tree = ProcessTree(sequences: Array(parents.indices), parents: parents)
    #expect(tree.depths.last == 99_999)
  }

  @Test("No recording, no tree")
  func empty() {
    let tree = ProcessTree([])
    #expect(tree.depthFirst.isEmpty && tree.outermost.isEmpty)
  }
}
