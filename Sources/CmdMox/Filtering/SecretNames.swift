/// Tells the names of variables that look as if they held a secret.
///
/// The words are those of the Python project cmd-mox, upper and lower case alike.
enum SecretNames {
  /// Anywhere in a name.
  private static let parts: [[UInt8]] = ["secret", "token", "api_key", "password"].map {
    Array($0.utf8)
  }

  /// Whole words between underscores: `GITHUB_KEY`, `DB_PWD`.
  private static let words: [[UInt8]] = [
    "key", "token", "secret", "password", "credentials", "pass", "pwd",
  ].map { Array($0.utf8) }

  static func contain(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    let name = name.map(lowercase)
    if parts.contains(where: { name.contains($0) }) { return true }
    return name.split(separator: UInt8(ascii: "_")).contains { word in
      words.contains { word.elementsEqual($0) }
    }
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
