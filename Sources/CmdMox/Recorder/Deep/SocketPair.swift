internal import Glibc
internal import SystemPackage

/// Two ends of a socket that keeps messages apart.
enum SocketPair {
  /// Makes one, close-on-exec. The corresponding C function is `socketpair`.
  ///
  /// - Throws: ``DeepError/noWatcher(_:)``.
  static func make() throws -> (FileDescriptor, FileDescriptor) {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw DeepError.noWatcher(Errno(rawValue: errno))
    }
    return (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
  }
}
