internal import Glibc
internal import SystemPackage

/// Where the stand-in is.
enum ShimPath {
  static let fileName = "cmdmox-shim"

  /// Its absolute path: beside the installed tool, else where the build left it.
  ///
  /// - Throws: ``SessionError/noShim(_:)``.
  static func find() throws -> FilePath {
    var candidates = [FilePath(BuiltInterpose.folder).appending(fileName)]
    if let tool = PreloadPath.ownExecutable {
      candidates.insert(
        tool.removingLastComponent().removingLastComponent().appending("libexec/cmdmox")
          .appending(fileName), at: 0)
    }
    let found = candidates.first { $0.withPlatformString { access($0, X_OK) } == 0 }
    guard let found else { throw SessionError.noShim(candidates) }
    return found
  }
}
