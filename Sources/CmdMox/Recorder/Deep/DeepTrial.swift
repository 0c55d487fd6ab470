internal import Glibc
internal import SystemPackage

/// Tries whether every exec can be seen here, with a program that does nothing.
package enum DeepTrial {
  /// - Returns: whether set-user-ID programs get no privileges in such a session.
  /// - Throws: ``DeepError``; ``SessionError`` where it cannot be tried.
  package static func run() throws -> Bool {
    let directory = try SessionDirectory()
    defer { directory.remove() }
    let pipe = try EventPipe(directory.events)
    defer { pipe.close() }
    let program = RootProgram(
      arguments: [Array("true".utf8)], environment: OwnEnvironment.entries)
    let root = try DeepRoot(
      "/bin/true", program, environment: program.environment, in: directory)
    while waitpid(Int32(bitPattern: root.pid), nil, 0) < 0, errno == EINTR {}
    root.leave()
    return root.losesPrivileges
  }
}
