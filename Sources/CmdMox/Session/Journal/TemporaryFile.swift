internal import Glibc
internal import SystemPackage

/// A file without a name, gone when the last user drops it.
final class TemporaryFile {
  let descriptor: FileDescriptor
  private let directory: FilePath

  /// Makes one in `directory`, mode 0600. Throws `JournalError.unwritable`.
  init(in directory: FilePath) throws {
    self.directory = directory
    let name = "." + String(UInt64.random(in: .min ... .max), radix: 36) + ".order.tmp"
    let path = directory.appending(name)
    do {
      descriptor = try FileDescriptor.open(
        path, .readWrite, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
        permissions: .ownerReadWrite)
    } catch let errno as Errno {
      throw JournalError.unwritable(file: directory, errno: errno)
    }
    _ = path.withPlatformString { unlink($0) }
  }

  deinit { try? descriptor.close() }

  /// Writes all of `bytes` at `offset`. Throws `JournalError.unwritable`.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    do {
      try descriptor.writeAll(toAbsoluteOffset: Int64(offset), bytes)
    } catch let errno as Errno {
      throw JournalError.unwritable(file: directory, errno: errno)
    }
  }

  /// Fills `bytes` from `offset` on; zeros stand for what was never written. Throws
  /// `JournalError.unreadable`.
  func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    var done = 0
    do {
      while done < bytes.count {
        let piece = try descriptor.read(
          fromAbsoluteOffset: Int64(offset + done),
          into: UnsafeMutableRawBufferPointer(rebasing: bytes[done...]))
        if piece == 0 { break }
        done += piece
      }
    } catch let errno as Errno {
      throw JournalError.unreadable(file: directory, errno: errno)
    }
    for place in done..<bytes.count { bytes[place] = 0 }
  }
}
