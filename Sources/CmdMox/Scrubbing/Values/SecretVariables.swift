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

  /// Whether a variable that is kept keeps its name only.
  ///
  /// The value may be short or a plain word then: it is not looked for anywhere else. Paths, and what
  /// only says yes or no or how many, stay.
  static func isSecretWhereKept(
    name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    mayBeSecret(name) && SecretNames.contain(name) && !directories.contains(Array(name))
      && !isSetting(value) && !isPath(value)
  }

  private static let settings: Set<[UInt8]> = Set(
    ["", "true", "false", "yes", "no", "on", "off", "none", "null", "auto", "always", "never"].map {
      Array($0.utf8)
    })
  private static let longestCount = 5

  private static func isSetting(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    if value.count <= longestCount, value.allSatisfy({ (0x30...0x39).contains($0) }) { return true }
    return value.count <= 6
      && settings.contains(value.map { isLowercase($0 | 0x20) ? $0 | 0x20 : $0 })
  }

  /// The password of a URL, as in `DATABASE_URL`; nil where there is none, or a plain one.
  static func password(inURL value: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard let at = value.place(of: UInt8(ascii: "@")) else { return nil }
    let owner = value[..<at]
    guard let scheme = owner.indices.first(where: { owner[$0...].starts(with: "://".utf8) })
    else { return nil }
    let user = owner[(scheme + 3)...]
    guard !user.contains(UInt8(ascii: "/")), let colon = user.firstIndex(of: UInt8(ascii: ":"))
    else { return nil }
    let password = UnsafeBufferPointer(rebasing: user[(colon + 1)...])
    return password.count >= leastInURL && !isPlain(password) ? Array(password) : nil
  }

  private static let leastInURL = 8

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
