import Glibc
import SystemPackage

/// Whether a file can be executed or made, as far as that can be told beforehand.
enum FileAccess {
  /// st_dev and st_ino of a descriptor; 0 where it is closed.
  static func identity(_ descriptor: Int32) -> (device: UInt64, inode: UInt64) {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? (UInt64(status.st_dev), UInt64(status.st_ino)) : (0, 0)
  }

  enum Executability {
    case executable
    case refused
    case absent
  }

  /// Whether execve(2) would take the file, as far as its mode says.
  static func executability(of path: FilePath) -> Executability {
    var status = stat()
    guard path.withPlatformString({ stat($0, &status) }) == 0 else {
      return errno == EACCES ? .refused : .absent
    }
    let isExecutable =
      status.st_mode & S_IFMT == S_IFREG && path.withPlatformString { access($0, X_OK) } == 0
    return isExecutable ? .executable : .refused
  }

  /// Why a file cannot be made here; nil where it can.
  static func obstacle(to path: FilePath) -> Errno? {
    var status = stat()
    if path.withPlatformString({ stat($0, &status) }) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR { return .isDirectory }
      if status.st_mode & S_IFMT != S_IFREG { return error(path, W_OK) }
    }
    let directory = path.removingLastComponent()
    return error(directory.isEmpty ? "." : directory, W_OK | X_OK)
  }

  private static func error(_ path: FilePath, _ mode: Int32) -> Errno? {
    path.withPlatformString { access($0, mode) } == 0 ? nil : Errno(rawValue: errno)
  }
}

extension FilePath {
  /// A path of bytes that need not be text.
  init(bytes: [UInt8]) {
    self = (bytes + [0]).withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { characters in
        characters.baseAddress.map { FilePath(platformString: $0) } ?? FilePath()
      }
    }
  }

  var bytes: [UInt8] {
    withPlatformString { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
  }
}
