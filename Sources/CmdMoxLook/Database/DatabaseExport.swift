import CmdMox
import GRDB
import Glibc
import SystemPackage

/// The database that an export makes, or adds to.
enum DatabaseExport {
  /// - Parameter appends: whether the file is added to. Otherwise it is made beside the file and takes
  ///   its place when it is complete.
  /// - Throws: `FixtureError`; `DatabaseError`.
  static func write(_ view: SessionView, to file: FilePath, appends: Bool) throws {
    // As private as the recording.
    umask(0o077)
    if appends {
      let database = try SessionDatabase(file)
      try database.add(view)
      return try database.close()
    }
    let name = ".\(file.lastComponent?.string ?? "export").\(getpid()).tmp"
    let temporary = file.removingLastComponent().appending(name)
    defer { unlink(temporary.string) }
    let folder = file.removingLastComponent()
    guard access(folder.isEmpty ? "." : folder.string, W_OK) == 0 else {
      throw FixtureError.unwritable(file: file, errno: Errno(rawValue: errno))
    }
    let database = try SessionDatabase(temporary)
    try database.add(view)
    try database.close()
    guard rename(temporary.string, file.string) == 0 else {
      throw FixtureError.unwritable(file: file, errno: Errno(rawValue: errno))
    }
  }
}
