import Testing

@testable import CmdMox

/// Recorded standard inputs in order: what is found is what a look at each of them finds.
@Suite struct InputIndexTests {
  private static func input(_ random: inout SeededGenerator) -> [UInt8] {
    (0..<Int.random(in: 0...6, using: &random)).map { _ in UInt8.random(in: 97...98, using: &random)
    }
  }

  @Test(arguments: 0..<50)
  func `the index finds what a look at each finds`(seed: Int) {
    var random = SeededGenerator(seed: seed)
    var left = (0..<Int.random(in: 0...20, using: &random)).map { bucket in
      (bytes: Self.input(&random), bucket: bucket)
    }
    let all = left
    var index = InputIndex(left)
    repeat {
      for _ in 0..<20 {
        let live = Self.input(&random)
        #expect(index.lengthWorthKnowing(live, all: false) == Self.length(live, left))
        #expect(index.lengthWorthKnowing(live, all: true) == Self.length(live, all))
        let found = index.buckets(beginning: live)
        let lengths = found.map { all[$0].bytes.count }
        #expect(found.sorted() == all.filter { live.starts(with: $0.bytes) }.map(\.bucket))
        #expect(lengths == lengths.sorted(by: >))
      }
      if let place = left.indices.randomElement(using: &random) {
        index.remove(left.remove(at: place).bucket)
      }
    } while !left.isEmpty
  }

  /// How many bytes all those have that begin with `live` and go on.
  private static func length(
    _ live: [UInt8], _ inputs: [(bytes: [UInt8], bucket: Int)]
  ) -> Int? {
    let longer = inputs.map(\.bytes).filter { $0.count > live.count && $0.starts(with: live) }
    guard let first = longer.first else { return nil }
    let shared = (live.count + 1...first.count).last { count in
      longer.allSatisfy { $0.starts(with: first.prefix(count)) }
    }
    return shared ?? live.count + 1
  }
}
