import Glibc
import KernelCalls
import SystemPackage

/// The arguments that the process was given, as bytes: they need not be text.
enum Arguments {
  /// Those behind the tool's name, as text.
  static var texts: [String] { given.map { String(cString: $0) } }

  /// The last `count` arguments.
  static func last(_ count: Int) -> [[UInt8]] {
    guard count > 0, count <= given.count else { return [] }
    return given.suffix(count).map { bytes(of: $0) }
  }

  /// Those behind the tool's name, where they stand in memory.
  static var given: [UnsafeMutablePointer<CChar>] {
    guard let all = kernel_arguments() else { return [] }
    return Array(
      sequence(state: 0) { index in
        defer { index += 1 }
        return all[index]
      }.dropFirst())
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
