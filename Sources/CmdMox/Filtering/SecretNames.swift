/// Tells the names of variables that look as if they held a secret.
///
/// The words are those of the Python project cmd-mox, upper and lower case alike.
enum SecretNames {
  /// Anywhere in a name.
  private static let parts = bytes(["secret", "token", "api_key", "password"])

  /// Whole words between underscores: `GITHUB_KEY`, `DB_PWD`.
  private static let words = bytes([
    "key", "token", "secret", "password", "credentials", "pass", "pwd",
  ])

  static func contain(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    var wordStart = 0
    for place in 0...name.count {
      if parts.contains(where: { stands($0, at: place, in: name) }) { return true }
      guard place == name.count || name[place] == UInt8(ascii: "_") else { continue }
      let length = place - wordStart
      if words.contains(where: { $0.count == length && stands($0, at: wordStart, in: name) }) {
        return true
      }
      wordStart = place + 1
    }
    return false
  }

  private static func stands(
    _ word: [UInt8], at start: Int, in name: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard name.count - start >= word.count else { return false }
    for (place, letter) in word.enumerated() where lowercase(name[start + place]) != letter {
      return false
    }
    return true
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  private static func bytes(_ words: [String]) -> [[UInt8]] { words.map { Array($0.utf8) } }
}
