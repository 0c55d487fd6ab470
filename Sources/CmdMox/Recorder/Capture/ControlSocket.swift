internal import Glibc
internal import KernelCalls
internal import SystemPackage

/// The socket that stand-ins connect to, and the connections.
///
/// Not safe to share between threads.
final class ControlSocket {
  /// Readable when a connection or a message has come.
  let descriptor: Int32
  private let listener: Int32
  /// Kept free for a connection that there is no other descriptor for.
  private var reserve: Int32
  private var connections: [Int32: ControlConnection] = [:]

  /// How many stand-ins are connected.
  var connectionCount: Int { connections.count }

  /// - Parameter forAll: whether processes of other users connect too.
  /// - Throws: `Errno`.
  init(at path: FilePath, forAll: Bool) throws {
    reserve = open("/dev/null", O_RDONLY | O_CLOEXEC)
    listener = path.withPlatformString { kernel_socket_listen($0, forAll ? 0o666 : 0o600) }
    guard listener >= 0 else { throw Errno(rawValue: errno) }
    descriptor = kernel_readers_create()
    guard descriptor >= 0, kernel_readers_add(descriptor, listener) == 0 else {
      throw Errno(rawValue: errno)
    }
  }

  deinit {
    connections.removeAll()
    close(listener)
    close(reserve)
    close(descriptor)
  }

  /// Takes what has come, without waiting.
  ///
  /// - Parameters:
  ///   - onMessage: gets the connection and a whole message.
  ///   - onClose: gets a connection that has ended.
  /// - Returns: whether there was anything.
  func poll(
    onMessage: (ControlConnection, ControlConnection.Message) -> Void,
    onClose: (ControlConnection) -> Void
  ) -> Bool {
    var ready = [Int32](repeating: -1, count: 64)
    let found = Int(kernel_readers_next(descriptor, &ready, Int32(ready.count)))
    guard found > 0 else { return false }
    for ready in ready.prefix(found) {
      if ready == listener {
        acceptAll()
      } else if let connection = connections[ready] {
        let isOpen = connection.receive { onMessage(connection, $0) }
        if !isOpen {
          connections.removeValue(forKey: ready)
          onClose(connection)
        }
      }
    }
    return true
  }

  /// Closes a connection that there is no descriptor for: its command runs without being captured.
  ///
  /// - Returns: whether there was one.
  private func turnAway() -> Bool {
    close(reserve)
    let accepted = kernel_socket_accept(listener)
    if accepted >= 0 { close(accepted) }
    reserve = open("/dev/null", O_RDONLY | O_CLOEXEC)
    return accepted >= 0
  }

  private func acceptAll() {
    while true {
      let accepted = kernel_socket_accept(listener)
      guard accepted >= 0 else {
        if (errno == EMFILE || errno == ENFILE) && turnAway() { continue }
        return
      }
      connections[accepted] = ControlConnection(accepted)
      if kernel_readers_add(descriptor, accepted) != 0 {
        connections.removeValue(forKey: accepted)
      }
    }
  }
}
