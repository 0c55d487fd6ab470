/// Arguments as they compare between two sessions: without what is different in every run.
///
/// The session's directory stands as `.`, the random part of a temporary file's name as `*`, process
/// IDs that scripts put into names as `$$`, make's jobserver as `*`.
struct ComparableWords {
  private let root: [UInt8]

  init(_ view: SessionView) {
    let cwd = view.facts.cwd ?? ""
    root = cwd.utf8.count > 1 ? Array(cwd.utf8) : []
  }

  /// - Parameter pids: process IDs that may stand in the word.
  func word(_ text: String, pids: [Int] = []) -> String {
    if text.utf8.count < 4 { return text }
    var bytes = Array(text.utf8)
    if let rest = Self.jobserver(bytes) { return rest }
    bytes = Self.replacing(root, with: [UInt8(ascii: ".")], in: bytes) { next in
      next.map { $0 == UInt8(ascii: "/") || !Self.isAlphanumeric($0) } ?? true
    }
    bytes = Self.withoutTemporaryNames(bytes)
    for pid in pids where pid > 99 {
      bytes = Self.replacing(Array(String(pid).utf8), with: Array("$$".utf8), in: bytes) { next in
        next.map { !(48...57).contains($0) } ?? true
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func jobserver(_ bytes: [UInt8]) -> String? {
    for option in ["--jobserver-auth=", "--jobserver-fds="] where bytes.starts(with: option.utf8) {
      return option + "*"
    }
    return nil
  }

  /// - Parameter mayFollow: whether the byte behind what was found (nil at the end) allows it.
  private static func replacing(
    _ pattern: [UInt8], with replacement: [UInt8], in bytes: [UInt8],
    _ mayFollow: (UInt8?) -> Bool
  ) -> [UInt8] {
    guard let first = pattern.first, bytes.count >= pattern.count, bytes.contains(first) else {
      return bytes
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var place = 0
    while place < bytes.count {
      let end = place + pattern.count
      if bytes[place] == first, end <= bytes.count, bytes[place..<end].elementsEqual(pattern),
        mayFollow(end < bytes.count ? bytes[end] : nil),
        place == 0 || !isDigit(bytes[place - 1]) || !isDigit(first)
      {
        result += replacement
        place = end
      } else {
        result.append(bytes[place])
        place += 1
      }
    }
    return result
  }

  private static let folder = Array("/tmp".utf8)
  private static let slash = UInt8(ascii: "/")

  /// Replaces the random part of names that stand behind `/tmp/`, and of names that gcc and configure
  /// scripts make up, wherever those stand.
  private static func withoutTemporaryNames(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(slash) else { return bytes }
    var result: [UInt8] = []
    var place = 0
    while place < bytes.count {
      result.append(bytes[place])
      place += 1
      guard bytes[place - 1] == slash else { continue }
      let isInFolder = result.dropLast().suffix(folder.count).elementsEqual(folder)
      let name = Array(
        bytes[place...].prefix { isAlphanumeric($0) || "._-+".utf8.contains($0) })
      guard isInFolder || isTemporary(name) else { continue }
      result += withoutRandomPart(name)
      place += name.count
    }
    return result
  }

  /// gcc's `ccxoZh0L.s`, and `conf8sZ71t` of a configure script.
  private static func isTemporary(_ name: [UInt8]) -> Bool {
    let length = name.starts(with: "conf".utf8) ? 4 : name.starts(with: "cc".utf8) ? 2 : 0
    let random = name.dropFirst(length).prefix(6)
    guard length > 0, random.count == 6, random.allSatisfy(isAlphanumeric), isMixed(random) else {
      return false
    }
    let rest = name.dropFirst(length + 6)
    return length == 4 ? rest.isEmpty : rest.first == UInt8(ascii: ".")
  }

  /// `cc*.s` of `ccAb3dEf.s`, `tmp.*` of `tmp.aB3dE6fGhI`.
  private static func withoutRandomPart(_ name: [UInt8]) -> [UInt8] {
    var parts = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .map(Array.init)
    for (place, part) in parts.enumerated() {
      if part.count == 8, part.starts(with: "cc".utf8) {
        parts[place] = Array("cc*".utf8)
      } else {
        let tail = part.reversed().prefix { isAlphanumeric($0) }
        guard tail.count >= 6, isMixed(tail) else { continue }
        let kept = part.dropLast(tail.count)
        parts[place] = kept + [UInt8(ascii: "*")]
      }
    }
    return Array(parts.joined(separator: [UInt8(ascii: ".")]))
  }

  /// Whether it has two of small letters, capitals and digits in it.
  private static func isMixed(_ bytes: some Sequence<UInt8>) -> Bool {
    var (small, capital, digit) = (false, false, false)
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): small = true
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): capital = true
      default: digit = true
      }
    }
    return [small, capital, digit].count { $0 } > 1
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
