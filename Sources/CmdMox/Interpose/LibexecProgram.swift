internal import Glibc
internal import SystemPackage

/// The small programs that sessions run beside the user's.
enum LibexecProgram: String {
  /// The stand-in of a command that is captured or answered.
  case shim = "cmdmox-shim"
  /// What becomes the root of a deep trace, and what keeps it alive.
  case deep = "cmdmox-deep"

  /// Its absolute path: beside the installed tool, else where the build left it.
  ///
  /// - Throws: ``SessionError/noProgram(_:_:)``.
  func find() throws -> FilePath {
    var candidates = [FilePath(BuiltInterpose.folder).appending(rawValue)]
    if let tool = PreloadPath.ownExecutable {
      candidates.insert(
        tool.removingLastComponent().removingLastComponent().appending("libexec/cmdmox")
          .appending(rawValue), at: 0)
    }
    let found = candidates.first { $0.withPlatformString { access($0, X_OK) } == 0 }
    guard let found else { throw SessionError.noProgram(rawValue, candidates) }
    return found
  }
}
