internal import CmdMoxWire
internal import ExecWatch
internal import Glibc
internal import KernelCalls
internal import SystemPackage

/// The root of a session in which every exec is seen: it has a seccomp filter on it, which everything
/// below inherits, and a keeper that answers where this process does not any more.
///
/// A launcher takes the root's place, puts the filter on itself and becomes the root once the
/// watcher and the keeper have the listener.
struct DeepRoot {
  let pid: UInt32
  let watcher: ExecWatcher
  /// Whether set-user-ID programs get no privileges: the kernel asks for that where the caller has
  /// none itself.
  let losesPrivileges: Bool
  private let keeper: DeepKeeper

  /// - Parameter environment: `NAME=value` as bytes.
  /// - Throws: ``DeepError``, where nothing has run; ``RootError/notExecutable(_:)``.
  init(
    _ file: FilePath, _ program: RootProgram, environment: [[UInt8]], in directory: SessionDirectory
  ) throws {
    guard Kernel.release >= DeepError.oldestKernel else { throw DeepError.kernelIsTooOld }
    let tool = try LibexecProgram.deep.find()
    self = try RootProcess.start(file, program) { file, arguments in
      try Self.launch(tool, file, arguments, program, environment, directory)
    }
  }

  /// Hands everything over to the keeper: for processes that outlive the session.
  func leave() {
    watcher.stop()
    keeper.takeOver()
  }

  private static func launch(
    _ tool: FilePath, _ file: FilePath, _ arguments: [[UInt8]], _ program: RootProgram,
    _ environment: [[UInt8]], _ directory: SessionDirectory
  ) throws -> Result<DeepRoot, Errno> {
    let page = try DeepKeeper.makePage()
    defer { try? page.close() }
    let keeper = try DeepKeeper(tool, page, session: directory.path)
    let (mine, launchers) = try SocketPair.make()
    defer { try? mine.close() }
    let line =
      [tool.bytes, Array(CMDMOX_DEEP_LAUNCH.utf8), Array(String(launchers.rawValue).utf8)]
      + [file.bytes] + arguments
    let spawned = RootProcess.spawn(
      tool, program, arguments: line, environment: environment, inherited: [launchers])
    try? launchers.close()
    let pid: UInt32
    switch spawned {
    case .success(let spawned): pid = spawned
    case .failure(let errno): return .failure(errno)
    }
    do {
      let (word, listener) = try Self.hear(mine)
      guard word.error == 0, let listener else {
        throw DeepError.refused(Errno(rawValue: Int32(bitPattern: word.error)))
      }
      try keeper.take(listener)
      let losesPrivileges = word.flags & CMDMOX_DEEP_NO_NEW_PRIVS.rawValue != 0
      let watcher = try watch(listener, page, directory, pid, losesPrivileges: losesPrivileges)
      _ = try mine.writeAll([0])
      // The end of the socket: it has become the root.
      guard let (word, _) = try? Self.hear(mine) else {
        return .success(
          DeepRoot(pid: pid, watcher: watcher, losesPrivileges: losesPrivileges, keeper: keeper))
      }
      reap(pid)
      return .failure(Errno(rawValue: Int32(bitPattern: word.error)))
    } catch {
      // Without our word the launcher ends.
      shutdown(mine.rawValue, Int32(SHUT_RDWR))
      reap(pid)
      throw error
    }
  }

  private init(
    pid: UInt32, watcher: ExecWatcher, losesPrivileges: Bool, keeper: DeepKeeper
  ) {
    self.pid = pid
    self.watcher = watcher
    self.losesPrivileges = losesPrivileges
    self.keeper = keeper
  }

  private static func watch(
    _ listener: FileDescriptor, _ page: FileDescriptor, _ directory: SessionDirectory,
    _ pid: UInt32, losesPrivileges: Bool
  ) throws -> ExecWatcher {
    do {
      return try ExecWatcher(
        listener: listener, page: page, directory: directory, root: pid,
        losesPrivileges: losesPrivileges)
    } catch let errno as Errno {
      try? listener.close()
      throw errno == .notPermitted ? DeepError.unreadable : DeepError.noWatcher(errno)
    }
  }

  /// What the launcher says.
  ///
  /// - Throws: ``DeepError/noLauncher`` where it says nothing and is gone.
  private static func hear(
    _ socket: FileDescriptor
  ) throws -> (cmdmox_deep_word, FileDescriptor?) {
    var word = cmdmox_deep_word()
    var descriptor: Int32 = -1
    var count = 1
    let length = kernel_socket_receive(
      socket.rawValue, &word, MemoryLayout<cmdmox_deep_word>.size, &descriptor, &count)
    guard length == MemoryLayout<cmdmox_deep_word>.size else { throw DeepError.noLauncher }
    return (word, count == 1 ? FileDescriptor(rawValue: descriptor) : nil)
  }

  private static func reap(_ pid: UInt32) {
    while waitpid(Int32(bitPattern: pid), nil, 0) < 0, errno == EINTR {}
  }
}
