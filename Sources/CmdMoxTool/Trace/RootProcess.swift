import Glibc
import SystemPackage

/// The program that a session runs: a child in the caller's process group, on its terminal, with its
/// signal dispositions and mask.
struct RootProcess {
  let pid: UInt32

  /// Finds the file of a command, as execvp(3) does.
  ///
  /// - Throws: ``Failure`` with status 127 where there is none, 126 where it cannot be executed.
  static func look(for name: [UInt8]) throws -> FilePath {
    let text = String(decoding: name, as: UTF8.self)
    guard !name.isEmpty else { throw Failure(.notFound, "the command is empty") }
    if name.contains(UInt8(ascii: "/")) { return try direct(FilePath(bytes: name), text) }
    let path = getenv("PATH").map { String(cString: $0) } ?? "/bin:/usr/bin"
    var refused: FilePath?
    for folder in path.split(separator: ":", omittingEmptySubsequences: false) {
      let candidate = FilePath(bytes: Array((folder.isEmpty ? "." : folder).utf8) + [0x2f] + name)
      switch FileAccess.executability(of: candidate) {
      case .executable: return candidate
      case .refused: refused = refused ?? candidate
      case .absent: continue
      }
    }
    if let refused { throw Failure(.notExecutable, "\(refused): permission denied") }
    throw Failure(.notFound, "\(text): command not found in PATH")
  }

  private static func direct(_ path: FilePath, _ text: String) throws -> FilePath {
    switch FileAccess.executability(of: path) {
    case .executable: return path
    case .refused: throw Failure(.notExecutable, "\(text): not an executable file")
    case .absent: throw Failure(.notFound, "\(text): no such file")
    }
  }

  /// Starts it.
  ///
  /// - Parameters:
  ///   - arguments: argument 0 included, as bytes.
  ///   - environment: `NAME=value` as bytes.
  ///   - mask: the signals that are blocked in it.
  ///   - actions: what happens to its descriptors.
  /// - Throws: ``Failure`` with status 126.
  init(
    _ program: FilePath, _ arguments: [[UInt8]], environment: [[UInt8]], mask: sigset_t,
    actions: UnsafePointer<posix_spawn_file_actions_t>? = nil
  ) throws {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var mask = mask
    posix_spawnattr_setsigmask(&attributes, &mask)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var result = Self.spawn(program, arguments, environment, &attributes, actions)
    if case .failure(.execFormatError) = result {
      // A script without `#!` is the shell's, as execvp(3) has it.
      let shell = [Array("/bin/sh".utf8), program.bytes] + arguments.dropFirst()
      result = Self.spawn("/bin/sh", shell, environment, &attributes, actions)
    }
    switch result {
    case .success(let pid): self.pid = pid
    case .failure(let errno):
      throw Failure(.notExecutable, "\(program): cannot be executed: \(errno)")
    }
  }

  private static func spawn(
    _ program: FilePath, _ arguments: [[UInt8]], _ environment: [[UInt8]],
    _ attributes: inout posix_spawnattr_t,
    _ actions: UnsafePointer<posix_spawn_file_actions_t>?
  ) -> Result<UInt32, Errno> {
    var pid: pid_t = 0
    let error = withStrings(arguments) { argv in
      withStrings(environment) { envp in
        program.withPlatformString { posix_spawn(&pid, $0, actions, &attributes, argv, envp) }
      }
    }
    return error == 0 ? .success(UInt32(pid)) : .failure(Errno(rawValue: error))
  }

  /// Calls `body` with a NULL-terminated array of C strings.
  private static func withStrings<Value>(
    _ strings: [[UInt8]], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value
  ) -> Value {
    var bytes: [CChar] = []
    var offsets: [Int] = []
    for string in strings {
      offsets.append(bytes.count)
      bytes += string.lazy.map { CChar(bitPattern: $0) }
      bytes.append(0)
    }
    return bytes.withUnsafeMutableBufferPointer { block in
      let pointers = offsets.map { offset in block.baseAddress.map { $0 + offset } } + [nil]
      return body(pointers)
    }
  }
}
