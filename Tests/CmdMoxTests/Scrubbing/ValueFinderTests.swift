import Testing

@testable import CmdMox

@Suite struct ValueFinderTests {
  private func ranges(_ strings: [String], _ text: String) -> [Range<Int>] {
    var finder = ValueFinder()
    for string in strings { finder.add(Array(string.utf8)) }
    return Array(text.utf8).withUnsafeBufferPointer { finder.ranges(in: $0) }
  }

  @Test func `strings are found, those that overlap together`() {
    #expect(ranges(["abcd"], "xabcdyabcd") == [1..<5, 6..<10])
    #expect(ranges(["abcd", "cdef"], "abcdef") == [0..<6])
    #expect(ranges(["abcd", "abcdef", "abcdefgh"], "abcdefg abcdefgh") == [0..<6, 8..<16])
    #expect(ranges(["abcd"], "abcdabcd") == [0..<4, 4..<8])
    #expect(ranges(["abcd"], "abc").isEmpty)
    #expect(ranges(["abc", ""], "abcabc").isEmpty)
    #expect(ranges([], "abcd").isEmpty)
  }

  @Test(arguments: 0..<50)
  func `it finds what a search for each string finds`(seed: Int) {
    var random = SeededGenerator(seed: seed)
    func text(_ lengths: ClosedRange<Int>) -> [UInt8] {
      (0..<Int.random(in: lengths, using: &random)).map { _ in
        UInt8.random(in: 0x61...0x62, using: &random)
      }
    }
    let strings = (0..<5).map { _ in text(4...9) }
    let whole = text(0...200)
    var finder = ValueFinder()
    for string in strings { finder.add(string) }
    let isFound = whole.withUnsafeBufferPointer { text in
      finder.ranges(in: text).reduce(into: [Bool](repeating: false, count: text.count)) {
        for place in $1 { $0[place] = true }
      }
    }
    var expected = [Bool](repeating: false, count: whole.count)
    for string in strings where string.count <= whole.count {
      for start in 0...(whole.count - string.count)
      where whole[start..<(start + string.count)].elementsEqual(string) {
        for place in start..<(start + string.count) { expected[place] = true }
      }
    }
    #expect(isFound == expected)
  }

  @Test func `a string that the end cuts off is found by its beginning`() {
    var finder = ValueFinder()
    finder.add(Array("correct horse".utf8))
    for (text, place) in [
      ("say corr", 4), ("say correct hors", 4), ("say cor", nil), ("corr and more", nil), ("", nil),
    ] as [(String, Int?)] {
      let found = Array(text.utf8).withUnsafeBufferPointer { finder.beginningAtEnd(of: $0) }
      #expect(found == place, "\(text)")
    }
  }
}
