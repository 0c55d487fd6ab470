internal import SystemPackage

/// Writes a fixture recording by recording: memory holds one at a time, and a piece of the file.
///
/// The file appears, whole, when `finish` returns; a writer that is dropped before leaves nothing.
/// Every function throws `FixtureError.unwritable`. Not for several threads at once.
final class FixtureWriter {
  private static let piece = 1 << 16

  private var file: ReplacementFile
  private var text = JSONByteWriter(layout: .indented, capacity: piece + piece / 4)
  private var fixture: FixtureFile

  /// - Parameters:
  ///   - fixture: everything but the recordings, which are not looked at.
  ///   - names: of what is beside the fixture until it is complete.
  init(to path: FilePath, like fixture: FixtureFile, names: DraftNames = DraftNames()) throws {
    file = try ReplacementFile(for: path, names: names)
    self.fixture = fixture
    self.fixture.writeStart(into: &text)
  }

  func append(_ recording: RecordedInvocation) throws {
    text.element()
    recording.write(into: &text)
    if text.count >= Self.piece { try drain() }
  }

  /// - Parameter rules: stand in the fixture instead of those that it began with.
  func finish(scrubbingRules rules: [ScrubbingRule]? = nil) throws {
    if let rules { fixture.scrubbingRules = rules }
    fixture.writeEnd(into: &text)
    text.append(UInt8(ascii: "\n"))
    try drain()
    try file.commit()
  }

  private func drain() throws {
    try file.write(text.bytes)
    text.removeAll()
  }
}
