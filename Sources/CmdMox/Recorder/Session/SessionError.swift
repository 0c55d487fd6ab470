package import SystemPackage

/// Why a session could not begin, or not be kept.
package enum SessionError: Error, Equatable {
  /// There is no place for a session directory.
  case noDirectory(Errno)
  /// The pipe that events come through cannot be used.
  case noPipe(FilePath, Errno)
  /// The preload library is not where it is looked for.
  case noLibrary([FilePath])
  /// The library's path cannot stand in `LD_PRELOAD`, nor can a link to it be made.
  case unsafeLibrary(FilePath, Errno)
  /// A program of ours is not where it is looked for.
  case noProgram(String, [FilePath])
  /// No thread can be made for the recorder.
  case noThread(Errno)
  /// The socket that stand-ins connect to cannot be made.
  case noControl(FilePath, Errno)
  /// The session directory is a symbolic link, or belongs to another user.
  case strangeDirectory(FilePath)
}

extension SessionError: CustomStringConvertible {
  /// One sentence: what is wrong, where, and what helps.
  package var description: String {
    switch self {
    case .noDirectory(let errno):
      "no session directory can be made in XDG_RUNTIME_DIR, TMPDIR or /tmp: \(errno); "
        + "set TMPDIR to a folder that can be written to"
    case .noPipe(let path, let errno): "\(path): the pipe for events cannot be opened: \(errno)"
    case .noLibrary(let looked):
      "libcmdmox.so is not found: looked at \(looked.map(\.string).joined(separator: ", ")); "
        + "set CMDMOX_LIBRARY to its path"
    case .unsafeLibrary(let path, let errno):
      "\(path): a path with a space or a colon cannot stand in LD_PRELOAD, and a link to it cannot "
        + "be made: \(errno)"
    case .noProgram(let name, let looked):
      "\(name) is not found: looked at \(looked.map(\.string).joined(separator: ", ")); "
        + "install cmdmox again"
    case .noThread(let errno): "no thread can be made for the recorder: \(errno)"
    case .noControl(let path, let errno): "\(path): the control socket cannot be made: \(errno)"
    case .strangeDirectory(let path):
      "\(path): the session directory is a symbolic link, or belongs to another user; it is not used"
    }
  }
}
