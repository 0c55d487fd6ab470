import CmdMox
import Glibc
import SystemPackage

/// A program that is asked something by its status: its streams are /dev/null.
struct QuietProcess {
  private let arguments: [[UInt8]]

  init(_ arguments: [[UInt8]]) { self.arguments = arguments }

  /// Runs it; nil where there is no such program, and where a signal ended it.
  var status: Int32? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
    }
    var words = arguments.map { strdup(String(decoding: $0, as: UTF8.self)) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    guard let program = words[0], posix_spawnp(&pid, program, &actions, nil, &words, environ) == 0
    else { return nil }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 {
      guard errno == EINTR else { return nil }
    }
    return status & 0x7f == 0 ? (status >> 8) & 0xff : nil
  }
}
