internal import Glibc
internal import KernelCalls
internal import SystemPackage

/// The reading end of the pipe that events come through.
struct EventPipe {
  let descriptor: FileDescriptor
  /// Bytes that it holds at most; a frame that does not fit into a page takes a page.
  let capacity: Int

  /// Opens the pipe for reading and writing, so that it never comes to an end while nobody writes.
  ///
  /// - Throws: ``SessionError/noPipe(_:_:)``.
  init(_ path: FilePath) throws {
    do {
      descriptor = try FileDescriptor.open(
        path, .readWrite, options: [.nonBlocking, .noFollow, .closeOnExec])
    } catch let errno as Errno {
      throw SessionError.noPipe(path, errno)
    }
    // Without privileges the system's limit holds, 1 MiB unless somebody lowered it.
    var size: Int32 = 1 << 20
    var given: Int32 = -1
    while given < 0, size > 1 << 16 {
      given = kernel_set_pipe_size(descriptor.rawValue, size)
      size /= 2
    }
    capacity = given > 0 ? Int(given) : 1 << 16
  }

  func close() {
    try? descriptor.close()
  }
}

extension FileDescriptor {
  /// Waits until one of several descriptors has something, or `timeoutMs` have passed.
  ///
  /// - Parameter timeoutMs: -1 waits for ever.
  /// - Returns: for each whether it has something. A signal ends the wait early.
  static func wait(for descriptors: [Int32], timeoutMs: Int32) -> [Bool] {
    var polls = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&polls, nfds_t(polls.count), timeoutMs) > 0 else {
      return descriptors.map { _ in false }
    }
    return polls.map { $0.revents != 0 }
  }
}
