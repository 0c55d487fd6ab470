/// Streams of which only the beginning was kept: a secret may have been cut in two at their end, and
/// what is left of it is found by no rule.
extension RecordingScrub {
  mutating func scrubCutStreams() {
    guard let process = recording.process else { return }
    if process.stdin?.isTruncated == true { cut(\.stdin, "stdin") }
    if process.stdout?.isTruncated == true { cut(\.stdout, "stdout") }
    if process.stderr?.isTruncated == true { cut(\.stderr, "stderr") }
  }

  private mutating func cut(_ stream: WritableKeyPath<RecordedInvocation, String>, _ name: String) {
    let bytes = recording.bytes.exact(name, text: recording[keyPath: stream])
    guard let end = bytes.withUnsafeBufferPointer({ beginningOfSecret(in: $0) }) else { return }
    observe(name)
    let kept = Array(bytes[..<end]) + redact(Array(bytes[end...]))
    var exact: [UInt8]?
    recording[keyPath: stream] = CmdMox.text(of: kept, exact: &exact)
    recording.bytes[name] = exact
  }

  /// Where the beginning of a secret stands that the text's end has cut off.
  private func beginningOfSecret(in text: UnsafeBufferPointer<UInt8>) -> Int? {
    if let place = values.cutValue(in: text) { return place }
    let start = text.lastIndex { !Self.isPartOfToken($0) }.map { $0 + 1 } ?? 0
    let word = UnsafeBufferPointer(rebasing: text[max(start, text.count - Self.longest)...])
    var place: Int?
    Self.prefixes.scan(word) { hit in
      let rest = word[hit.range.upperBound...]
      let isBeginning =
        hit.keyword == Self.url
        ? Self.isOwner(rest)
        : hit.range.lowerBound == 0 || !Self.isAlphanumeric(word[hit.range.lowerBound - 1])
      guard isBeginning, !rest.isEmpty else { return nil }
      place = text.count - rest.count
      return word.count
    }
    return place
  }

  /// How many bytes at the end are looked at.
  private static let longest = 1 << 15

  /// What tokens begin with.
  private static let tokens = DefaultRule.all.filter(\.isToken).flatMap(\.search.words)
  private static let prefixes = KeywordAutomaton(
    (tokens + ["://"]).map { Array($0.utf8) }, ignoresCase: false)
  private static let url = tokens.count

  /// Whether this may be the user and a part of the password of a URL.
  private static func isOwner(_ rest: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    rest.contains(UInt8(ascii: ":")) && !rest.contains { "/@".utf8.contains($0) }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  /// Neither white space nor what stands around a word.
  private static func isPartOfToken(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7f && !"\"'<>`,;|&()[]{}".utf8.contains(byte)
  }
}
