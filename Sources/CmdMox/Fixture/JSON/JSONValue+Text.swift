internal import SystemPackage

extension JSONValue {
  /// Reads a JSON document.
  ///
  /// - Throws: `FixtureError.syntax` with `file` nil.
  package init(text: some Collection<UInt8>) throws {
    var reader = JSONByteReader(text)
    do {
      try reader.begin()
      self = try reader.value()
      try reader.finish()
    } catch let failure as DecodingFailure {
      throw FixtureError(failure, file: nil)
    }
  }

  /// Reads the JSON document of a file.
  ///
  /// - Throws: `Errno`; `FixtureError.syntax`.
  init(contentsOf path: FilePath) throws {
    let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
    defer { try? file.close() }
    var reader = JSONByteReader(input: file)
    do {
      try reader.begin()
      self = try reader.value()
      try reader.finish()
    } catch let failure as DecodingFailure {
      throw FixtureError(failure, file: path)
    }
  }

  /// The value as JSON text on one line.
  package var text: String {
    var writer = JSONByteWriter(layout: .compact)
    writer.value(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
