import Glibc
import SystemPackage

/// Whether a file can be made, as far as that can be told beforehand.
enum FileAccess {
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
