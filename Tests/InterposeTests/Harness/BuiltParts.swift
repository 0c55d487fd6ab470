import Foundation
import Glibc

@testable import CmdMox

/// What the build made, and where it lies.
enum BuiltParts {
  /// The preload under test.
  static let library = normalised(BuiltInterpose.folder + "/libcmdmox.so")

  /// The tool under test: it stands beside the test program.
  static let tool = programFolder + "/cmdmox"

  /// The repository's folder: five folders above this file.
  static let repository = {
    var folder = URL(filePath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return normalised(folder.path(percentEncoded: false))
  }()

  private static let programFolder = {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &path, path.count - 1)
    let bytes = path.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
    let program = String(decoding: bytes, as: UTF8.self)
    return URL(filePath: program).deletingLastPathComponent().path(percentEncoded: false)
  }()

  private static func normalised(_ path: String) -> String {
    let standard = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    return standard.count > 1 && standard.hasSuffix("/") ? String(standard.dropLast()) : standard
  }
}

/// The caller programs of `Tests/Callers`, compiled once for each run of the tests.
enum Callers {
  /// The folder of the compiled programs and libraries. Throws where the compiler failed.
  static func folder() throws -> String { try compiled.get() }

  /// The path of one compiled program.
  static func path(_ name: String) throws -> String { try folder() + "/" + name }

  /// The path of a script that needs no compiler.
  static func script(_ name: String) -> String {
    BuiltParts.repository + "/Tests/Callers/scripts/" + name
  }

  /// The preload as it is built where libc has `pidfd_spawn`. Throws where the compiler failed.
  static func libraryWithPidfdSpawn() throws -> String {
    try compiledForNewerLibc.get() + "/libcmdmox.so"
  }

  private static let compiled = Result { try build("Tests/Callers/build.sh") }
  private static let compiledForNewerLibc = Result {
    try build("CInterpose/build.sh", environment: ["CMDMOX_PIDFD_SPAWN": "yes"])
  }

  /// Runs a script of the repository that compiles into a folder, and gives that folder.
  private static func build(_ script: String, environment: [String: String] = [:]) throws -> String
  {
    let folder = try TemporaryFolder.make(named: "callers")
    TemporaryFolder.removeAtExit(folder)
    let ending = try Launch(
      arguments: ["/bin/sh", BuiltParts.repository + "/" + script, folder],
      environment: environment.merging(["PATH": Sandbox.searchPath]) { $1 }, directory: "/",
      errors: folder + "/compiler.log", limit: .seconds(300)
    ).run()
    guard ending == .exited(0) else {
      let log = try String(contentsOfFile: folder + "/compiler.log", encoding: .utf8)
      throw HarnessError.setup("\(script) does not compile:\n\(log)")
    }
    return folder
  }
}

/// What goes wrong in the tests themselves.
enum HarnessError: Error, CustomStringConvertible {
  case setup(String)
  case timedOut([String], after: Duration)
  case noFixture(String)

  var description: String {
    switch self {
    case .setup(let sentence): sentence
    case .timedOut(let arguments, let limit):
      "still running after \(limit): \(arguments.joined(separator: " "))"
    case .noFixture(let sentence): sentence
    }
  }
}
