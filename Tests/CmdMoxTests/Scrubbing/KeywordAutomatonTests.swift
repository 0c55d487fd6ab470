import Testing

@testable import CmdMox

@Suite struct KeywordAutomatonTests {
  private func hits(_ words: [String], _ text: String, ignoresCase: Bool = false) -> [String] {
    let automaton = KeywordAutomaton(words.map { Array($0.utf8) }, ignoresCase: ignoresCase)
    var found: [String] = []
    var text = text
    text.withUTF8 { text in
      automaton.scan(text) { hit in
        found.append("\(words[hit.keyword])@\(hit.range.lowerBound)-\(hit.range.upperBound)")
        return nil
      }
    }
    return found
  }

  @Test func `words in one another and across one another are all found`() {
    #expect(
      hits(["he", "she", "his", "hers"], "ushers") == ["she@1-4", "he@2-4", "hers@2-6"])
    #expect(hits(["aa"], "aaaa") == ["aa@0-2", "aa@1-3", "aa@2-4"])
    #expect(hits(["a", "a"], "a") == ["a@0-1", "a@0-1"])
  }

  @Test func `no words, no text, nothing found`() {
    #expect(hits([], "abc").isEmpty)
    #expect(hits(["a"], "").isEmpty)
    #expect(hits(["abc"], "ab").isEmpty)
  }

  @Test func `case is told apart only where it is asked for`() {
    #expect(hits(["Key_"], "KEY_ key_ Key_") == ["Key_@10-14"])
    #expect(hits(["Key_"], "KEY_ key_ @ey_", ignoresCase: true) == ["Key_@0-4", "Key_@5-9"])
  }

  @Test func `going on later leaves out what begins before`() {
    let automaton = KeywordAutomaton([Array("ab".utf8)], ignoresCase: false)
    var found: [Int] = []
    Array("ab--ab--ab".utf8).withUnsafeBufferPointer { text in
      automaton.scan(text) { hit in
        found.append(hit.range.lowerBound)
        return hit.range.lowerBound == 0 ? 5 : nil
      }
    }
    #expect(found == [0, 8])
  }

  @Test func `it agrees with looking for each word at each place`() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<200 {
      let words = (0..<Int.random(in: 1...12, using: &random)).map { _ in
        (0..<Int.random(in: 1...5, using: &random)).map { _ in
          UInt8.random(in: 0x61...0x64, using: &random)
        }
      }
      let text = (0..<200).map { _ in UInt8.random(in: 0x61...0x65, using: &random) }
      var found: Set<[Int]> = []
      text.withUnsafeBufferPointer { bytes in
        KeywordAutomaton(words, ignoresCase: false).scan(bytes) { hit in
          found.insert([hit.keyword, hit.range.lowerBound, hit.range.upperBound])
          return nil
        }
      }
      var expected: Set<[Int]> = []
      for (index, word) in words.enumerated() {
        for place in text.indices where text[place...].starts(with: word) {
          expected.insert([index, place, place + word.count])
        }
      }
      #expect(found == expected)
    }
  }
}
