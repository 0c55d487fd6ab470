import ArgumentParser
import CmdMox
import Glibc
import SystemPackage

/// The program `cmdmox-look`, which makes what needs libraries that the tool does without.
enum LookProgram {
  private static let fileName = "cmdmox-look"

  /// Runs it; it says by itself what goes wrong.
  ///
  /// - Returns: the status to leave with.
  /// - Throws: ``Failure`` where it cannot be started.
  static func run(_ arguments: [String]) throws -> ArgumentParser.ExitCode {
    let program = try find()
    let words: [UnsafeMutablePointer<CChar>?] =
      ([program.string] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let error = program.withPlatformString { posix_spawn(&pid, $0, nil, nil, words, environ) }
    guard error == 0 else {
      throw Failure(.ourFault, "\(program) cannot be started: \(Errno(rawValue: error))")
    }
    let status = WaitLine.during("\(arguments[0]) of \(arguments[1])") { _ in wait(for: pid) }
    guard status & 0x7f == 0 else {
      throw Failure(
        .ourFault, "\(program) was ended by \(SignalNames.name(Int(status & 0x7f)))")
    }
    return ArgumentParser.ExitCode(status >> 8 & 0xff)
  }

  private static func wait(for pid: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    return status
  }

  /// Below the installed tool's `libexec`, else beside the tool, where the build leaves both.
  private static func find() throws -> FilePath {
    let folder = PreloadPath.ownExecutable?.removingLastComponent() ?? "."
    let candidates = [
      folder.removingLastComponent().appending("libexec/cmdmox").appending(fileName),
      folder.appending(fileName),
    ]
    let found = candidates.first { $0.withPlatformString { access($0, X_OK) } == 0 }
    guard let found else {
      throw Failure(
        .ourFault, "\(fileName) is not at \(candidates[0]); install cmdmox again, it belongs to it")
    }
    return found
  }
}
