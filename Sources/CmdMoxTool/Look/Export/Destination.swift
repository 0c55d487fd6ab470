import CmdMox
import SystemPackage

/// Where an export goes: a file, or standard output.
struct Destination {
  private let file: String?

  init(_ file: String?) { self.file = file == "-" ? nil : file }

  /// - Throws: ``Failure`` where it cannot be written.
  func write(_ body: (PieceWriter) throws -> Void) throws {
    guard let file else {
      let output = TextOutput()
      try body(output.write)
      return try output.flush()
    }
    do {
      try WaitLine.during("writing \(file)") { _ in
        try ExportedFile.write(to: FilePath(file), body)
      }
    } catch FixtureError.unwritable(let path, let errno) {
      throw Failure(.cannotCreate, "\(path): cannot be written: \(errno)")
    }
  }
}
