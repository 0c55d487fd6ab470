import Foundation
import Glibc
import Synchronization

/// Folders of the tests' own, which go away again.
enum TemporaryFolder {
  private static let kept = Mutex<[String]>([])

  /// Makes a new folder; its name begins with `cmdmox-` and the name given.
  static func make(named name: String) throws -> String {
    let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    var template = Array("\(base)/cmdmox-\(name)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw HarnessError.setup("no temporary folder below \(base), errno \(errno)")
    }
    // Programs that gave up root look for their files here.
    chmod(template, 0o755)
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes the folder when the test program ends.
  static func removeAtExit(_ folder: String) {
    let isFirst = kept.withLock { folders in
      folders.append(folder)
      return folders.count == 1
    }
    guard isFirst else { return }
    atexit {
      for folder in TemporaryFolder.kept.withLock({ $0 }) {
        try? FileManager.default.removeItem(atPath: folder)
      }
    }
  }
}
