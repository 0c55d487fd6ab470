internal import Glibc
package import SystemPackage

/// What this process was given, as bytes: variables need not be text.
package enum OwnEnvironment {
  /// Every variable, `NAME=value`.
  package static var entries: [[UInt8]] {
    var entries: [[UInt8]] = []
    var next: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = environ
    while let place = next, let entry = place.pointee {
      entries.append(Array(UnsafeRawBufferPointer(start: entry, count: strlen(entry))))
      next = place + 1
    }
    return entries
  }

  /// A path that stays the same wherever the process goes.
  package static func absolute(_ path: FilePath) -> FilePath {
    guard path.isRelative, let cwd = getcwd(nil, 0) else { return path }
    defer { free(cwd) }
    return FilePath(platformString: cwd).pushing(path)
  }
}
