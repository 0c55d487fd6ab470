/// Which commands are compilers of C, C++ and Objective-C.
enum CompilerNames {
  /// `gcc`, `x86_64-linux-gnu-g++-12`, `clang++-15`; not `gcc-ar`, not `cc1`.
  static func isCompiler(_ command: String) -> Bool {
    var parts = command.split(separator: "-", omittingEmptySubsequences: false)[...]
    if let last = parts.last, parts.count > 1, isVersion(last) { parts.removeLast() }
    // The two threading models of Debian's MinGW.
    if parts.last == "posix" || parts.last == "win32" { parts.removeLast() }
    guard let name = parts.last.map(withoutVersion) else { return false }
    // What stands before the name is the target: `x86_64-linux-gnu`.
    return names.contains(name) && parts.dropLast().allSatisfy { !$0.isEmpty && $0 != "c" }
  }

  /// Programs whose first arguments are a compiler's command line.
  static func isWrapper(_ command: String) -> Bool { wrappers.contains(command) }

  private static let names: Set<Substring> = [
    "cc", "c++", "gcc", "g++", "clang", "clang++", "c89", "c99", "icx", "icpx", "icc", "icpc",
  ]
  private static let wrappers: Set = ["ccache", "distcc", "sccache", "icecc"]

  /// `12`, `12.2`, `4.9.2`.
  private static func isVersion(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
      && text.utf8.first != UInt8(ascii: ".")
  }

  /// `gcc` of `gcc12`, as BSD ports name it; `c99` keeps its number, and `cc1` is no `cc`.
  private static func withoutVersion(_ name: Substring) -> Substring {
    guard !names.contains(name), !name.hasPrefix("cc") else { return name }
    let end = name.lastIndex { !$0.isNumber && $0 != "." }.map(name.index(after:))
    return name[..<(end ?? name.startIndex)]
  }
}
