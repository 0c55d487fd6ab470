/// A number that is the same whenever the same recording is exported, and another one for another.
///
/// FNV-1a with 128 bits (draft-eastlake-fnv) over what is fixed when a session is recorded.
package struct SessionID: Sendable {
  package let value: UInt128

  private static let offset: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
  private static let prime: UInt128 = 1 << 88 + 0x13b

  package init(_ view: SessionView) {
    let facts = view.facts
    var texts = [view.fixture.metadata.createdAt, facts.cwd ?? ""] + (facts.command ?? [])
    texts.append(String(facts.durationMs ?? -1))
    if let first = view.recordings.first {
      texts += [first.timestamp, first.command, String(first.process?.pid ?? -1)]
    }
    value = Self.hash(texts.flatMap { Array($0.utf8) + [0] }, from: Self.offset)
  }

  /// A number of 64 bits for one invocation, never 0.
  package func part(_ sequence: Int) -> UInt64 {
    let bytes = withUnsafeBytes(of: sequence.littleEndian) { Array($0) }
    let hash = Self.hash(bytes, from: value)
    let folded = UInt64(truncatingIfNeeded: hash) ^ UInt64(truncatingIfNeeded: hash >> 64)
    return folded == 0 ? 1 : folded
  }

  /// 32 hexadecimal digits, not all of them 0.
  package var text: String { Self.hexadecimal(value == 0 ? 1 : value, digits: 32) }

  /// With leading zeros.
  package static func hexadecimal(_ number: some UnsignedInteger, digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  private static func hash(_ bytes: [UInt8], from start: UInt128) -> UInt128 {
    bytes.reduce(start) { ($0 ^ UInt128($1)) &* prime }
  }
}
