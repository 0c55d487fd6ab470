import Foundation
import SystemPackage

/// The files under `Tests/Fixtures` and `Tests/python`.
enum Checkout {
  static let tests: FilePath = {
    var path = FilePath("\(#filePath)")
    for _ in 0..<3 { path.removeLastComponent() }
    return path
  }()

  static func fixture(_ name: String) -> FilePath {
    tests.appending("Fixtures").appending(name)
  }

  static let fixtures = ["cmdmox-trace.json", "python-deploy.json", "python-scrubbed.json"]
}

/// What a program printed, and its status.
struct Ran {
  let status: Int32
  let output: String
  let errors: String

  init(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    self.errors = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
  }
}

/// A file's bytes.
func contents(of path: FilePath) throws -> [UInt8] {
  try Array(Data(contentsOf: URL(filePath: path.string)))
}

/// Makes a file of bytes.
func write(_ bytes: some Sequence<UInt8>, to path: FilePath) throws {
  try Data(bytes).write(to: URL(filePath: path.string))
}

/// Makes a folder and those around it.
func makeFolders(_ folder: FilePath) throws {
  try FileManager.default.createDirectory(
    atPath: folder.string, withIntermediateDirectories: true)
}

/// The names in a folder, sorted.
func names(in folder: FilePath) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
}
