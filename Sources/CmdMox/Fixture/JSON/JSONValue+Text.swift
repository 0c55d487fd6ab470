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

  /// The value as JSON text on one line.
  package var text: String {
    var writer = JSONByteWriter(layout: .compact)
    writer.value(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
