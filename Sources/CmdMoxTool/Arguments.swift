import Glibc
import SystemPackage

/// The arguments that the process was given, as bytes: they need not be text.
enum Arguments {
  /// The last `count` arguments.
  static func last(_ count: Int) -> [[UInt8]] {
    let total = Int(CommandLine.argc)
    guard count > 0, count < total else { return [] }
    return (total - count..<total).map { index in
      CommandLine.unsafeArgv[index].map { bytes(of: $0) } ?? []
    }
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
