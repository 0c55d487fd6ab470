import Glibc
import SystemPackage

/// A program that a test runs, with everything that it writes and a limit to how long it may take.
struct Command {
  var arguments: [[UInt8]]
  /// On top of the test's own environment; nil takes a variable away.
  var environment: [String: String?] = [:]
  var directory: FilePath?
  /// Called with what the program wrote to stdout so far, every time that something came.
  var onOutput: (_ output: [UInt8], _ pid: Int32) -> Void = { _, _ in }

  struct Result {
    /// As a shell says it: 128 + n after signal n; nil where the limit was over.
    var status: Int32?
    var output: [UInt8] = []
    var errors: [UInt8] = []

    var outputText: String { String(decoding: output, as: UTF8.self) }
    var errorText: String { String(decoding: errors, as: UTF8.self) }
  }

  init(_ arguments: String..., environment: [String: String?] = [:], in directory: FilePath? = nil)
  {
    self.arguments = arguments.map { Array($0.utf8) }
    self.environment = environment
    self.directory = directory
  }

  init(
    bytes arguments: [[UInt8]], environment: [String: String?] = [:], in directory: FilePath? = nil
  ) {
    self.arguments = arguments
    self.environment = environment
    self.directory = directory
  }

  /// Runs the program until it and everybody who holds its stdout or stderr has ended.
  ///
  /// - Parameter limitMs: after that it is killed, and there is no status.
  func run(limitMs: UInt64 = 60_000) throws -> Result {
    let output = try Pipe()
    let errors = try Pipe()
    let pid = try spawn(output, errors)
    output.closeWriter()
    errors.closeWriter()
    var result = Result()
    var open = [output.reader: true, errors.reader: true]
    let end = Self.nowMs + limitMs
    while open.values.contains(true), Self.nowMs < end {
      var polls = open.filter(\.value).map { pollfd(fd: $0.key, events: Int16(POLLIN), revents: 0) }
      poll(&polls, nfds_t(polls.count), Int32(end - min(end, Self.nowMs)))
      for ready in polls where ready.revents != 0 {
        let piece = Self.read(ready.fd)
        if piece.isEmpty { open[ready.fd] = false }
        if ready.fd == output.reader {
          result.output += piece
          if !piece.isEmpty { onOutput(result.output, pid) }
        } else {
          result.errors += piece
        }
      }
    }
    if open.values.contains(true) { kill(pid, SIGKILL) }
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    if !open.values.contains(true) {
      result.status = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }
    return result
  }

  private func spawn(_ output: Pipe, _ errors: Pipe) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.writer, 1)
    posix_spawn_file_actions_adddup2(&actions, errors.writer, 2)
    // What the runner of the tests blocks and ignores is its own.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let argv = prepared.map { strdup(($0 + [0]).map { CChar(bitPattern: $0) }) } + [nil]
    defer {
      for pointer in argv { free(pointer) }
    }
    var pid: Int32 = 0
    let error = posix_spawn(&pid, "/usr/bin/env", &actions, &attributes, argv, environ)
    guard error == 0 else { throw Errno(rawValue: error) }
    return pid
  }

  /// The program below env(1), which goes to the folder and sets the variables: the test's own
  /// process shares both with other tests.
  private var prepared: [[UInt8]] {
    var options: [String] = directory.map { ["-C", $0.string] } ?? []
    for (name, value) in environment where value == nil { options += ["-u", name] }
    for (name, value) in environment { options += value.map { ["\(name)=\($0)"] } ?? [] }
    return (["env"] + options).map { Array($0.utf8) } + arguments
  }

  private static func read(_ descriptor: Int32) -> [UInt8] {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    let count = Glibc.read(descriptor, &piece, piece.count)
    return Array(piece[..<max(0, count)])
  }

  private static var nowMs: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
  }
}

/// A pipe whose ends no child inherits by accident.
private final class Pipe {
  let reader: Int32
  let writer: Int32
  private var isWriterOpen = true

  init() throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Errno(rawValue: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reader, writer) = (ends[0], ends[1])
  }

  func closeWriter() {
    close(writer)
    isWriterOpen = false
  }

  deinit {
    close(reader)
    if isWriterOpen { close(writer) }
  }
}
