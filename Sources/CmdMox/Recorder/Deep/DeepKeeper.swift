internal import CmdMoxWire
internal import ExecWatch
internal import Glibc
internal import KernelCalls
internal import SystemPackage

/// A process that answers the execs of a root's family when this one has ended or is stuck: without
/// an answer the kernel would fail them.
///
/// It is nobody's child, and ends when nothing is left that the filter is on.
final class DeepKeeper {
  /// Its end is ours: the keeper takes over.
  private let socket: FileDescriptor

  /// Starts it, and waits until it has nothing open that is not its own.
  ///
  /// - Parameters:
  ///   - tool: the program.
  ///   - page: memory that is shared with it.
  ///   - session: the session directory, for whoever looks at processes.
  /// - Throws: ``DeepError/noKeeper(_:)``.
  init(_ tool: FilePath, _ page: FileDescriptor, session: FilePath) throws {
    let (mine, keepers) = try SocketPair.make()
    socket = mine
    defer { try? keepers.close() }
    do {
      try Self.spawn(tool, keepers, page, session)
      try Self.waitForWord(mine)
    } catch let errno as Errno {
      throw DeepError.noKeeper(errno)
    }
  }

  deinit { try? socket.close() }

  /// Gives it the listener.
  ///
  /// - Throws: ``DeepError/noKeeper(_:)``.
  func take(_ listener: FileDescriptor) throws {
    var descriptor = listener.rawValue
    do {
      guard kernel_socket_send(socket.rawValue, [0], 1, &descriptor, 1) == 1 else {
        throw Errno(rawValue: errno)
      }
      try Self.waitForWord(socket)
    } catch let errno as Errno {
      throw DeepError.noKeeper(errno)
    }
  }

  /// Says that this process answers nothing any more.
  func takeOver() { shutdown(socket.rawValue, Int32(SHUT_RDWR)) }

  /// The memory in which it reads what this process has in hand.
  ///
  /// - Throws: ``DeepError/noKeeper(_:)``.
  static func makePage() throws -> FileDescriptor {
    let page = exec_watch_make_page()
    guard page >= 0 else { throw DeepError.noKeeper(Errno(rawValue: errno)) }
    return FileDescriptor(rawValue: page)
  }

  private static func waitForWord(_ socket: FileDescriptor) throws {
    var byte: UInt8 = 0
    let count = try withUnsafeMutableBytes(of: &byte) { try socket.read(into: $0) }
    guard count == 1 else { throw Errno.brokenPipe }
  }

  private static func spawn(
    _ tool: FilePath, _ socket: FileDescriptor, _ page: FileDescriptor, _ session: FilePath
  ) throws {
    let words = [
      CMDMOX_DEEP_KEEP, String(socket.rawValue), String(page.rawValue), session.string,
    ]
    var program = RootProgram(
      arguments: [tool.bytes] + words.map { Array($0.utf8) }, environment: [])
    // Nobody but the kernel ends it.
    var all = sigset_t()
    sigfillset(&all)
    program.signalMask = all
    let pid = try RootProcess.spawn(
      tool, program, arguments: program.arguments, environment: [], inherited: [socket, page]
    ).get()
    // What was spawned leaves at once; the keeper is its child.
    while waitpid(Int32(bitPattern: pid), nil, 0) < 0, errno == EINTR {}
  }
}
