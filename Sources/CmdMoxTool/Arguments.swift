import Glibc
import SystemPackage

/// What the process was given, as bytes: arguments and variables need not be text.
enum Arguments {
  /// The last `count` arguments.
  static func last(_ count: Int) -> [[UInt8]] {
    let total = Int(CommandLine.argc)
    guard count > 0, count < total else { return [] }
    return (total - count..<total).map { index in
      CommandLine.unsafeArgv[index].map { bytes(of: $0) } ?? []
    }
  }

  /// Every variable, `NAME=value`.
  static var environment: [[UInt8]] {
    var entries: [[UInt8]] = []
    var next: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = environ
    while let place = next, let entry = place.pointee {
      entries.append(bytes(of: entry))
      next = place + 1
    }
    return entries
  }

  static var currentDirectory: [UInt8] {
    guard let cwd = getcwd(nil, 0) else { return [] }
    defer { free(cwd) }
    return bytes(of: cwd)
  }

  /// A path that stays the same wherever the process goes.
  static func absolute(_ path: FilePath) -> FilePath {
    guard path.isRelative, let cwd = getcwd(nil, 0) else { return path }
    defer { free(cwd) }
    return FilePath(platformString: cwd).pushing(path)
  }

  /// The names in a list that is separated by commas.
  static func list(_ text: String) -> [String] {
    text.split(separator: ",").map { name in
      String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }.filter { !$0.isEmpty }
  }

  private static func bytes(of string: UnsafePointer<CChar>) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: string, count: strlen(string)))
  }
}
