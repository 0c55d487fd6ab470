import Foundation
import Glibc

/// A folder's content in words that can be compared: each path with its kind, mode and bytes.
struct FileTree: Equatable {
  let entries: [String: String]

  /// Reads everything below `folder`, except paths that begin with one of `ignored`.
  init(of folder: String, ignoring ignored: [String] = []) {
    var entries: [String: String] = [:]
    let walk = FileManager.default.enumerator(atPath: folder)
    while let name = walk?.nextObject() as? String {
      if ignored.contains(where: { name.hasPrefix($0) }) { continue }
      entries[name] = Self.description(of: folder + "/" + name)
    }
    self.entries = entries
  }

  private static func description(of path: String) -> String {
    var facts = stat()
    guard lstat(path, &facts) == 0 else { return "unreadable" }
    let mode = String(facts.st_mode & 0o7777, radix: 8)
    switch facts.st_mode & S_IFMT {
    case S_IFDIR: return "folder \(mode)"
    case S_IFLNK:
      return "link to "
        + ((try? FileManager.default.destinationOfSymbolicLink(atPath: path)) ?? "?")
    case S_IFREG:
      let bytes = FileManager.default.contents(atPath: path) ?? Data()
      return "file \(mode), \(bytes.count) bytes, checksum \(checksum(of: bytes))"
    default: return "special \(mode)"
    }
  }

  /// FNV-1a: enough to tell two results of one test apart.
  private static func checksum(of bytes: Data) -> String {
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(sum, radix: 16)
  }

  /// One sentence for each path that differs.
  func differences(from other: FileTree) -> [String] {
    Set(entries.keys).union(other.entries.keys).sorted().compactMap { name in
      let (mine, theirs) = (entries[name] ?? "missing", other.entries[name] ?? "missing")
      return mine == theirs ? nil : "file \(name): \(mine), then \(theirs)"
    }
  }
}
