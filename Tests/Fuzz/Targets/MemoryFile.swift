import Glibc
import KernelCalls
import SystemPackage

/// A file without a name, for functions that read files.
struct MemoryFile: ~Copyable {
  let descriptor: FileDescriptor

  /// - Throws: `Errno`.
  init(_ bytes: [UInt8]) throws {
    descriptor = FileDescriptor(
      rawValue: bytes.withUnsafeBytes { kernel_memory_file($0.baseAddress, $0.count) })
    guard descriptor.rawValue >= 0 else { throw Errno(rawValue: errno) }
  }

  deinit { try? descriptor.close() }

  /// A path that leads to it.
  var path: FilePath { FilePath("/proc/self/fd/\(descriptor.rawValue)") }
}
