internal import Glibc
internal import KernelCalls
package import SystemPackage

/// The program that a session runs: a child of this process, on its terminal, with its signal
/// dispositions.
package struct RootProcess {
  package let pid: UInt32

  /// Starts it.
  ///
  /// - Parameter environment: `NAME=value` as bytes.
  /// - Throws: ``RootError/notExecutable(_:)``.
  package init(_ file: FilePath, _ program: RootProgram, environment: [[UInt8]]) throws {
    pid = try Self.start(file, program) { file, arguments in
      Self.spawn(file, program, arguments: arguments, environment: environment)
    }
  }

  /// Starts it by way of `spawn`, once more as a script of the shell where the kernel does not know
  /// the file: execvp(3) has it so.
  static func start<Started>(
    _ file: FilePath, _ program: RootProgram,
    spawn: (FilePath, [[UInt8]]) throws -> Result<Started, Errno>
  ) throws -> Started {
    var result = try spawn(file, program.arguments)
    if case .failure(.execFormatError) = result {
      let shell = [Array("/bin/sh".utf8), file.bytes] + program.arguments.dropFirst()
      result = try spawn("/bin/sh", shell)
    }
    switch result {
    case .success(let started): return started
    case .failure(let errno):
      throw RootError.notExecutable("\(file): cannot be executed: \(errno)")
    }
  }

  /// Spawns a process in the circumstances of a program.
  ///
  /// - Parameter inherited: descriptors that it gets beside the standard ones.
  static func spawn(
    _ file: FilePath, _ program: RootProgram, arguments: [[UInt8]], environment: [[UInt8]],
    inherited: [FileDescriptor] = []
  ) -> Result<UInt32, Errno> {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigemptyset(&defaults)
    kernel_spawn_own_signals(&defaults)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    var flags = POSIX_SPAWN_SETSIGDEF
    if var mask = program.signalMask {
      posix_spawnattr_setsigmask(&attributes, &mask)
      flags |= POSIX_SPAWN_SETSIGMASK
    }
    if program.leadsGroup {
      posix_spawnattr_setpgroup(&attributes, 0)
      flags |= POSIX_SPAWN_SETPGROUP
    }
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    Self.arrange(program, &actions)
    for descriptor in inherited {
      posix_spawn_file_actions_adddup2(&actions, descriptor.rawValue, descriptor.rawValue)
    }
    return Self.spawn(file, arguments, environment, &attributes, &actions)
  }

  private static func arrange(
    _ program: RootProgram, _ actions: inout posix_spawn_file_actions_t
  ) {
    if let folder = program.workingDirectory {
      _ = folder.withPlatformString { kernel_spawn_in_folder(&actions, $0) }
    }
    for (number, descriptor) in program.standardStreams {
      // Onto itself too: that takes away FD_CLOEXEC.
      posix_spawn_file_actions_adddup2(&actions, descriptor.rawValue, number)
    }
  }

  private static func spawn(
    _ file: FilePath, _ arguments: [[UInt8]], _ environment: [[UInt8]],
    _ attributes: inout posix_spawnattr_t, _ actions: inout posix_spawn_file_actions_t
  ) -> Result<UInt32, Errno> {
    var pid: pid_t = 0
    let error = withStrings(arguments) { argv in
      withStrings(environment) { envp in
        file.withPlatformString { posix_spawn(&pid, $0, &actions, &attributes, argv, envp) }
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
