internal import Glibc
package import SystemPackage

/// Where the preload library is, and the path under which ld.so takes it.
package enum PreloadPath {
  static let fileName = "libcmdmox.so"

  /// Whether a path can stand in `LD_PRELOAD`: ld.so splits at spaces and colons.
  package static func isSafe(_ path: String) -> Bool {
    !path.utf8.contains { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ":") }
  }

  /// Where the library is looked for, in this order: what `CMDMOX_LIBRARY` names, beside the
  /// installed tool, where the build left it.
  package static var candidates: [FilePath] {
    var candidates: [FilePath] = []
    if let named = getenv("CMDMOX_LIBRARY"), named[0] != 0 {
      return [absolute(FilePath(platformString: named))]
    }
    if let tool = ownExecutable {
      candidates.append(
        tool.removingLastComponent().removingLastComponent().appending("lib").appending(fileName))
    }
    candidates.append(FilePath(BuiltInterpose.folder).appending(fileName))
    return candidates
  }

  /// The library's absolute path.
  ///
  /// - Throws: ``SessionError/noLibrary(_:)``.
  package static func find() throws -> FilePath {
    let candidates = candidates
    let found = candidates.first { $0.withPlatformString { access($0, R_OK) } == 0 }
    guard let found else { throw SessionError.noLibrary(candidates) }
    return found
  }

  /// The path for `LD_PRELOAD`: the library's own, or that of a link to it in the session directory
  /// where its own has a space or a colon.
  ///
  /// - Throws: ``SessionError/unsafeLibrary(_:_:)``.
  package static func prepare(_ library: FilePath, in directory: SessionDirectory) throws
    -> FilePath
  {
    if isSafe(library.string) { return library }
    let link = directory.library
    let status = library.withPlatformString { target in
      link.withPlatformString { symlink(target, $0) }
    }
    guard status == 0, isSafe(link.string) else {
      throw SessionError.unsafeLibrary(library, Errno(rawValue: errno))
    }
    return link
  }

  /// The tool itself, links followed.
  package static var ownExecutable: FilePath? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return FilePath(platformString: path)
  }

  private static func absolute(_ path: FilePath) -> FilePath {
    guard path.isRelative, let cwd = getcwd(nil, 0) else { return path }
    defer { free(cwd) }
    return FilePath(platformString: cwd).pushing(path).lexicallyNormalized()
  }
}
