internal import Glibc

/// What else a rule of a gitleaks configuration says: which part of a match is the secret, and which
/// secrets are none.
struct RuleExemption: Equatable, Sendable {
  /// The group that is the secret; 0 for the first one that took part, or the whole match.
  var secretGroup = 0
  /// The least Shannon entropy of a secret, in bits for each byte.
  var entropy: Double?
  /// Patterns of secrets that are none.
  var allowed: [String] = []
  /// Words, in lower case, that a secret which is none has in it.
  var stopWords: [String] = []
}

/// A ``RuleExemption``, compiled.
final class Exemption: Sendable {
  private let facts: RuleExemption
  private let allowed: [Pattern]

  /// - Throws: ``PatternFailure``.
  init(_ facts: RuleExemption) throws {
    self.facts = facts
    allowed = try facts.allowed.map { try Pattern($0, .anywhere) }
  }

  /// Where the secret is; nil where there is none.
  ///
  /// - Parameter finds: whether a pattern matches anywhere in a secret.
  func target(
    _ text: UnsafeBufferPointer<UInt8>, _ workspace: borrowing MatchWorkspace, groupCount: Int,
    finds: (Pattern, UnsafeBufferPointer<UInt8>) throws -> Bool
  ) throws -> Range<Int>? {
    guard let range = secret(workspace, groupCount) else { return nil }
    let bytes = UnsafeBufferPointer(rebasing: text[range])
    if let least = facts.entropy, shannonEntropy(bytes) < least { return nil }
    if !facts.stopWords.isEmpty {
      let lower = String(decoding: bytes, as: UTF8.self).lowercased()
      if facts.stopWords.contains(where: { lower.contains($0) }) { return nil }
    }
    for pattern in allowed where try finds(pattern, bytes) { return nil }
    return range
  }

  private func secret(
    _ workspace: borrowing MatchWorkspace, _ groupCount: Int
  ) -> Range<Int>? {
    if facts.secretGroup > 0 { return workspace.range(ofGroup: facts.secretGroup) }
    for group in 1..<(groupCount + 1) {
      if let range = workspace.range(ofGroup: group), !range.isEmpty { return range }
    }
    return workspace.range(ofGroup: 0)
  }
}

/// Shannon's entropy of the bytes of a text, in bits for each byte.
func shannonEntropy(_ bytes: UnsafeBufferPointer<UInt8>) -> Double {
  guard !bytes.isEmpty else { return 0 }
  var counts = [Int](repeating: 0, count: 256)
  for byte in bytes { counts[Int(byte)] += 1 }
  return counts.filter { $0 > 0 }.reduce(0) { sum, count in
    let share = Double(count) / Double(bytes.count)
    return sum - share * log2(share)
  }
}
