import SystemPackage

@testable import CmdMox

/// A fixture: what can be loaded is the same after it was saved and loaded again, in whatever pieces it
/// is read.
func fuzzFixture(_ bytes: UnsafeRawBufferPointer) {
  let document = Array(bytes)
  let whole = Result { try fixture(JSONByteReader(document)) }
  let piecewise = Result { try fixtureInPieces(document) }
  expect(whole.isSame(as: piecewise), "at once \(whole), in pieces \(piecewise)")
  guard case .success(let loaded) = whole else { return }
  let saved = text(of: loaded)
  guard let again = try? fixture(JSONByteReader(saved)) else {
    fatalError("cannot be loaded any more: \(String(decoding: saved, as: UTF8.self))")
  }
  expect(again == loaded, "is another one: \(String(decoding: saved, as: UTF8.self))")
  expect(text(of: again) == saved, "saved differently the second time")
  guard let fromObject = try? FixtureFile(dictionary: loaded.toDictionary()) else {
    fatalError("cannot be made of its own dictionary")
  }
  expect(fromObject == loaded, "its dictionary makes another one")
  expect((try? JSONValue(text: document)) != nil, "loaded what is no JSON")
}

private func fixture(_ reader: consuming JSONByteReader) throws -> FixtureFile {
  var recordings: [RecordedInvocation] = []
  try reader.begin()
  var fixture = try FixtureReader.document(
    &reader, findVersion: { nil }, recording: { recordings.append($0) })
  try reader.finish()
  fixture.recordings = recordings
  return fixture
}

private func fixtureInPieces(_ document: [UInt8]) throws -> FixtureFile {
  let file = try MemoryFile(document)
  return try fixture(JSONByteReader(input: file.descriptor, chunk: 64))
}

private func text(of fixture: FixtureFile) -> [UInt8] {
  var writer = JSONByteWriter(layout: .indented)
  fixture.write(into: &writer)
  return Array(writer.bytes)
}

extension Result<FixtureFile, any Error> {
  /// The same fixture, or the same failure at the same place.
  fileprivate func isSame(as other: Self) -> Bool {
    switch (self, other) {
    case (.success(let one), .success(let other)): one == other
    case (.failure(let one as DecodingFailure), .failure(let other as DecodingFailure)):
      one == other
    default: false
    }
  }
}
