import Glibc
import SystemPackage

/// A folder of a test's own, removed with everything in it when the test drops it.
final class TemporaryFolder: Sendable {
  let path: FilePath

  init() throws {
    var template = Array("/tmp/cmdmox-test-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { FilePath(platformString: $0) }
    }
    guard let made else { throw Errno(rawValue: errno) }
    path = made
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: FilePath) {
    if let stream = path.withPlatformString({ opendir($0) }) {
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
          name.withMemoryRebound(to: CChar.self, capacity: 256) { FilePath(platformString: $0) }
        }
        guard name != ".", name != "..", let last = name.lastComponent else { continue }
        let child = path.appending(last)
        if entry.pointee.d_type == UInt8(DT_DIR) {
          remove(child)
        } else {
          _ = child.withPlatformString { unlink($0) }
        }
      }
      closedir(stream)
    }
    _ = path.withPlatformString { rmdir($0) }
  }
}
