internal import Glibc

/// Tells which variables of an environment hold a secret, by name and value.
enum SecretVariables {
  /// A value is a secret from this length on, in bytes.
  private static let least = 6
  /// A value of lower-case letters alone is a word, and no secret, up to this length.
  private static let longestWord = 15

  /// Whether a variable's value is to be redacted wherever it appears.
  ///
  /// The name must look secret. The value must not be short, a plain word or number (`true`,
  /// `postgres`, `8080`), or the path of a file or folder that is there, or could be.
  static func isSecret(
    name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    value.count >= least && mayBeSecret(name) && SecretNames.contain(name)
      && !directories.contains(Array(name)) && !isPlain(value) && !isPath(value)
  }

  /// What every name has that ``SecretNames`` tells: most names of an environment have none of it.
  private static let hints = KeywordAutomaton(
    ["key", "token", "secret", "pass", "pwd", "credentials"].map { Array($0.utf8) },
    ignoresCase: true)

  private static func mayBeSecret(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    var isFound = false
    hints.scan(name) { _ in
      isFound = true
      return name.count
    }
    return isFound
  }

  /// `pwd` is one of the words that names of secrets have.
  private static let directories: Set<[UInt8]> = [Array("PWD".utf8), Array("OLDPWD".utf8)]

  private static func isPlain(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    if value.count <= longestWord, value.allSatisfy(isLowercase) { return true }
    let head = value.first.map { $0 | 0x20 }.map(isLowercase) ?? false
    if value.count <= longestWord, head, value.dropFirst().allSatisfy(isLowercase) { return true }
    return value.count < 8 && value.allSatisfy { (0x30...0x39).contains($0) }
  }

  private static func isLowercase(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  /// Whether it is an absolute path whose folder is there.
  private static func isPath(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    guard value.first == UInt8(ascii: "/"), value.count < PATH_MAX,
      let slash = value.lastIndex(of: UInt8(ascii: "/"))
    else { return false }
    let folder = Array(value[..<max(slash, 1)]) + [0]
    // `/` is there for every value that begins with a slash and has no other.
    guard slash > 0 else { return exists(Array(value) + [0]) }
    return exists(folder)
  }

  private static func exists(_ path: [UInt8]) -> Bool {
    path.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        characters.baseAddress.map { access($0, F_OK) == 0 } ?? false
      }
    }
  }
}
