/// make's jobserver: descriptors or a FIFO that differ in each run.
///
/// Source: GNU make manual, "Sharing Job Slots with GNU make".
enum JobserverTokens {
  private static let prefixes = ["--jobserver-auth=", "--jobserver-fds="].map { Array($0.utf8) }

  /// `MAKEFLAGS`, `MFLAGS`, `CARGO_MAKEFLAGS` and the like.
  static func mayStand(in name: [UInt8]) -> Bool {
    name.suffix(9).elementsEqual("MAKEFLAGS".utf8) || name.elementsEqual("MFLAGS".utf8)
  }

  /// The flags without the tokens, words separated by one space.
  static func removed(from flags: [UInt8]) -> [UInt8] {
    let space = UInt8(ascii: " ")
    let words = flags.split(separator: space, omittingEmptySubsequences: true)
    let kept = words.filter { word in !prefixes.contains { word.starts(with: $0) } }
    return Array(kept.joined(separator: [space]))
  }
}

/// The library that a session puts into `LD_PRELOAD`.
enum OwnLibrary {
  private static let name = Array("libcmdmox.so".utf8)

  /// The other libraries, separated by colons; ld.so(8) takes spaces as well.
  static func removed(from list: [UInt8]) -> [UInt8] {
    let libraries = list.split { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: " ") }
    let kept = libraries.filter { !baseName($0).elementsEqual(name) }
    return Array(kept.joined(separator: [UInt8(ascii: ":")]))
  }
}
