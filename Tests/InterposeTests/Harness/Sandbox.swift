import Foundation
import Glibc

/// A fresh folder for one test: where its program works, its home, its session directories, its
/// fixture and its output.
final class Sandbox: Sendable {
  static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  let folder: String
  /// The program's working directory; its content is compared between the runs.
  let work: String
  /// `XDG_RUNTIME_DIR`: empty again when every session is over.
  let runtime: String
  let fixture: String

  /// Makes the folders. `workingDirectory` is the name of the program's.
  init(workingDirectory: String = "work") throws {
    folder = try TemporaryFolder.make(named: "test")
    work = folder + "/" + workingDirectory
    runtime = folder + "/runtime"
    fixture = folder + "/fixture.json"
    try reset()
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Everything as it was at the start, at the same paths, for the next run.
  func reset() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      try FileManager.default.removeItem(atPath: folder + "/" + name)
    }
    for path in [work, runtime, home] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
  }

  var home: String { folder + "/home" }

  /// The same variables in every form, so that environments have the same size.
  var environment: [String: String] {
    [
      "PATH": Self.searchPath, "HOME": home, "LANG": "C.UTF-8", "TERM": "dumb",
      "XDG_RUNTIME_DIR": runtime, "CMDMOX_FIXTURE": fixture, "CMDMOX_RECORDER": BuiltParts.tool,
    ]
  }

  /// Writes a file below the working directory.
  func write(_ text: String, to name: String, mode: mode_t = 0o644) throws {
    let draft = folder + "/draft"
    try Data(text.utf8).write(to: URL(filePath: draft))
    try copy(draft, to: work + "/" + name, mode: mode)
  }

  /// Copies a file in a process of its own. What this process has open for writing, a process that
  /// another test starts at the same moment has open too, and then it cannot be executed (ETXTBSY).
  func copy(_ source: String, to path: String, mode: mode_t = 0o755) throws {
    let copied = try Launch(
      arguments: ["install", "-m", String(mode, radix: 8), source, path],
      environment: ["PATH": Self.searchPath], directory: "/"
    ).run()
    guard copied == .exited(0) else { throw HarnessError.setup("cannot copy to \(path)") }
  }

  /// The text of a file beside the working directory; empty where there is none.
  func text(of name: String) -> String {
    String(
      decoding: FileManager.default.contents(atPath: folder + "/" + name) ?? Data(), as: UTF8.self)
  }

  /// The names in the folder of session directories.
  func sessionDirectories() -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: runtime).sorted()) ?? []
  }
}

/// Waits for something that another process will do: looks again and again until the limit.
///
/// There is nothing to block on for a file that a stranger will rename or a process that is
/// nobody's child; the pause only keeps the looking from taking the processor.
func waits(upTo limit: Duration = .seconds(20), until condition: () throws -> Bool) rethrows -> Bool
{
  let end = ContinuousClock.now + limit
  while try !condition() {
    if ContinuousClock.now > end { return false }
    usleep(2_000)
  }
  return true
}
