internal import Glibc
package import SystemPackage

/// Looks commands up as execvp(3) does.
package enum ProgramSearch {
  /// The file that a command names, or the first in PATH that can be executed.
  package static func find(_ name: String) -> FilePath? {
    if name.isEmpty { return nil }
    if name.utf8.contains(UInt8(ascii: "/")) { return isProgram(name) ? FilePath(name) : nil }
    let path = getenv("PATH").map { String(cString: $0) } ?? "/bin:/usr/bin"
    for folder in path.split(separator: ":", omittingEmptySubsequences: false) {
      let candidate = (folder.isEmpty ? "." : String(folder)) + "/" + name
      if isProgram(candidate) { return FilePath(candidate) }
    }
    return nil
  }

  private static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && access(path, X_OK) == 0
  }
}
