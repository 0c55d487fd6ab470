package import SystemPackage

/// A file that is written whole or not at all: it takes its place when everything is in it.
package enum ExportedFile {
  /// - Parameters:
  ///   - path: the file, mode 0600: what is in it is as private as the recording. What is no regular
  ///     file is written directly.
  ///   - body: writes its content, piece by piece.
  /// - Throws: `FixtureError.unwritable`; and whatever `body` throws. An earlier file is then as it
  ///   was.
  package static func write(to path: FilePath, _ body: (PieceWriter) throws -> Void) throws {
    var file = try ReplacementFile(for: path)
    try body { try file.write($0) }
    try file.commit()
  }
}
