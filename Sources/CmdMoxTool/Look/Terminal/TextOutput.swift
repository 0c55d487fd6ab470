import Glibc

/// Standard output, written in large pieces.
///
/// A reader that goes away early (`head`) ends the program by SIGPIPE, as it does with any filter.
final class TextOutput {
  private static let piece = 1 << 16
  private var bytes: [UInt8] = []

  init() { bytes.reserveCapacity(Self.piece * 2) }

  /// - Throws: ``Failure``, as all of these do.
  func line(_ text: String = "") throws {
    bytes += text.utf8
    bytes.append(UInt8(ascii: "\n"))
    if bytes.count >= Self.piece { try flush() }
  }

  func write(_ piece: UnsafeRawBufferPointer) throws {
    bytes += piece
    if bytes.count >= Self.piece { try flush() }
  }

  func flush() throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw Failure(
          .cannotCreate, "standard output cannot be written: \(String(cString: strerror(errno)))")
      }
      rest = rest.dropFirst(count)
    }
    bytes.removeAll(keepingCapacity: true)
  }
}
