internal import Glibc
internal import KernelCalls
package import SystemPackage

/// What a program's file says of itself, as far as it decides whether the preload gets into it.
///
/// Source: elf(5), execve(2), ld.so(8).
package struct ProgramFile: Equatable, Sendable {
  package enum Form: Equatable, Sendable {
    /// An ELF program of this machine.
    case native(isDynamic: Bool, needsAddressSanitizer: Bool)
    /// An ELF program of another class or machine.
    case foreign
    /// A script, and what stands behind `#!`.
    case script(interpreter: String)
    case other
  }

  package let form: Form
  /// Set-user-ID or set-group-ID, or with file capabilities: ld.so takes no preload by path.
  package let gainsPrivileges: Bool
  /// Whether the kernel has a way to execute it.
  let isKnownToKernel: Bool

  /// Looks at a file.
  ///
  /// - Throws: `Errno` where it cannot be read.
  package init(_ path: FilePath) throws {
    let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
    defer { try? file.close() }
    var status = stat()
    guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
    gainsPrivileges =
      status.st_mode & (S_ISUID | S_ISGID) != 0
      || kernel_has_capabilities(file.rawValue) == 1
    var head = [UInt8](repeating: 0, count: 4096)
    let count =
      status.st_mode & S_IFMT == S_IFREG
      ? try head.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) } : 0
    let known = Array(head[..<count])
    form = Self.form(known, file)
    isKnownToKernel = Self.isKnownToKernel(known, form)
  }

  /// Looks at what is known of a file that may be gone by now.
  ///
  /// - Parameters:
  ///   - head: its first bytes, the program headers included.
  ///   - gainsPrivileges: whether it runs with more rights than its caller's.
  init(head: [UInt8], gainsPrivileges: Bool) {
    self.gainsPrivileges = gainsPrivileges
    form = Self.form(head, nil)
    isKnownToKernel = Self.isKnownToKernel(head, form)
  }

  private static func isKnownToKernel(_ head: [UInt8], _ form: Form) -> Bool {
    switch form {
    case .native: true
    case .script(let interpreter): access(interpreter, F_OK) == 0
    case .foreign: head[18...19] == [3, 0] || Kernel.hasMoreFormats
    case .other: false
    }
  }

  private static func form(_ head: [UInt8], _ file: FileDescriptor?) -> Form {
    if head.starts(with: [0x23, 0x21]) {
      let line = head[2...].prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }
      let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      return words.first.map { .script(interpreter: String(decoding: $0, as: UTF8.self)) } ?? .other
    }
    guard head.count >= 64, head.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else { return .other }
    guard Self.isNative(head) else { return .foreign }
    let headers = ELFHeaders(head, file)
    return .native(
      isDynamic: headers.isDynamic,
      needsAddressSanitizer: headers.neededLibraries.contains { $0.hasPrefix("libasan.so") })
  }

  /// Class, byte order and machine, as this program itself has them.
  private static func isNative(_ head: [UInt8]) -> Bool {
    guard let own = try? FileDescriptor.open("/proc/self/exe", .readOnly, options: .closeOnExec)
    else { return true }
    defer { try? own.close() }
    var mine = [UInt8](repeating: 0, count: 20)
    guard
      (try? mine.withUnsafeMutableBytes { try own.read(fromAbsoluteOffset: 0, into: $0) }) == 20
    else { return true }
    return mine[4...5] == head[4...5] && mine[18...19] == head[18...19]
  }
}
