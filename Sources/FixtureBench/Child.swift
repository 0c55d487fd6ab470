import CmdMox
import Glibc
import SystemPackage

/// A program that is run to its end, and what it printed.
enum Child {
  static func run(_ arguments: [String]) throws -> String {
    let (reading, writing) = try FileDescriptor.pipe()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, writing.rawValue, 1)
    posix_spawn_file_actions_addclose(&actions, reading.rawValue)
    var pid = pid_t()
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    let problem = posix_spawnp(&pid, words[0] ?? strdup(""), &actions, nil, &words, environ)
    try writing.close()
    guard problem == 0 else { throw Errno(rawValue: problem) }
    let output = try contents(of: reading)
    try reading.close()
    var status: Int32 = 0
    guard waitpid(pid, &status, 0) == pid, status == 0 else { throw Failure(command: arguments) }
    return output
  }

  struct Failure: Error { let command: [String] }

  static func contents(of path: FilePath) throws -> String {
    let file = try FileDescriptor.open(path, .readOnly)
    return try file.closeAfter { try contents(of: file) }
  }

  private static func contents(of file: FileDescriptor) throws -> String {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try piece.withUnsafeMutableBytes { try file.read(into: $0) }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += piece[..<count]
    }
  }
}
