/// Keeps secrets out of messages, where no scrubber has taken them out before.
///
/// Hidden are the values of the live environment's variables whose names look secret, values behind
/// options, assignments and headers with such names, and passwords in addresses.
struct SecretMask {
  private let values: [[UInt8]]

  /// What stands where a secret was.
  static let mask = "…"
  /// Shorter values stand everywhere by chance.
  private static let shortest = 4

  init(_ live: LiveInvocation) {
    var values: [[UInt8]] = []
    live.forEachVariable { name, value in
      if value.count >= Self.shortest, Self.isSecret(name) { values.append(Array(value)) }
    }
    self.values = values.sorted { $0.count > $1.count }
  }

  /// Whether a variable's name looks secret.
  static func isSecret(_ name: ArraySlice<UInt8>) -> Bool {
    let name = name.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
    return name.withUnsafeBufferPointer { SecretNames.contain($0) }
  }

  /// A command line as text.
  func shown(_ words: [[UInt8]]) -> [String] {
    var isBehindSecret = false
    return words.enumerated().map { place, word in
      defer { isBehindSecret = place > 0 && Self.isSecretOption(word) }
      return isBehindSecret && word.first != UInt8(ascii: "-") ? Self.mask : shown(word)
    }
  }

  /// A text by itself.
  func shown(_ text: [UInt8]) -> String {
    var text = withoutPassword(withoutNamedValue(text))
    for value in values { text = text.replacing(value, with: Array(Self.mask.utf8)) }
    return String(decoding: text, as: UTF8.self)
      .replacing(String(decoding: Normalizer.placeholder, as: UTF8.self), with: Self.mask)
  }

  private static func isSecretOption(_ word: [UInt8]) -> Bool {
    word.first == UInt8(ascii: "-") && !word.contains(UInt8(ascii: "="))
      && isSecret(word.drop { $0 == UInt8(ascii: "-") })
  }

  /// `--password=…`, `TOKEN=…`, `Authorization: …`.
  private func withoutNamedValue(_ text: [UInt8]) -> [UInt8] {
    guard let end = text.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") })
    else { return text }
    let name = text[..<end].drop { $0 == UInt8(ascii: "-") }
    guard name.allSatisfy(Self.isNameByte), Self.isSecret(name) || Self.isSecretHeader(name) else {
      return text
    }
    return text[...end] + Array(Self.mask.utf8)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func isSecretHeader(_ name: ArraySlice<UInt8>) -> Bool {
    ["authorization", "cookie"].contains(String(decoding: name, as: UTF8.self).lowercased())
  }

  /// `https://user:password@host`.
  private func withoutPassword(_ text: [UInt8]) -> [UInt8] {
    guard let scheme = text.firstRange(of: Array("://".utf8)) else { return text }
    let rest = text[scheme.upperBound...]
    let authority = rest.prefix { $0 != UInt8(ascii: "/") }
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return text }
    return text[..<scheme.upperBound] + Array(Self.mask.utf8) + text[at...]
  }
}
