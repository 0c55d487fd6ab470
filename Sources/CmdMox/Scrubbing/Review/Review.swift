package import SystemPackage

/// What a person should look at before a fixture is shared: what was taken out, and what might have
/// been overlooked.
///
/// It holds secrets, in memory and then in one file that only its owner can read.
package struct Review: Sendable {
  /// One recording's part.
  struct Entry: Sendable {
    var command: String
    var timestamp: String
    var changes: [ScrubbingChange]
    var suspicions: [Suspicion]
  }

  /// What is kept of a session; more is counted.
  private static let mostEntries = 5000

  private(set) var entries: [Entry] = []
  private(set) var omitted = 0
  private(set) var seen = 0

  package init() {}

  /// Where the review of a fixture is.
  package static func path(of fixture: FilePath) -> FilePath {
    FilePath(fixture.string + ".review")
  }

  /// - Parameter isNew: whether the recording has not been seen before.
  mutating func add(
    _ scrubbed: RecordedInvocation, _ changes: [ScrubbingChange], isNew: Bool
  ) {
    if isNew { seen += 1 }
    let suspicions = isNew ? Suspicion.all(in: scrubbed) : []
    guard !changes.isEmpty || !suspicions.isEmpty else { return }
    guard entries.count < Self.mostEntries else {
      omitted += 1
      return
    }
    entries.append(
      Entry(
        command: ([scrubbed.command] + scrubbed.args).joined(separator: " "),
        timestamp: scrubbed.timestamp, changes: changes, suspicions: suspicions))
  }

  /// Writes the review, mode 0600; an earlier one is replaced, a symbolic link too: it would lead the
  /// secrets elsewhere.
  ///
  /// - Throws: `FixtureError.unwritable`.
  func write(beside fixture: FilePath) throws {
    var file = try ReplacementFile(for: Self.path(of: fixture), followsLinks: false)
    var text = ReviewText(self, fixture: fixture).text
    try text.withUTF8 { try file.write(UnsafeRawBufferPointer($0)) }
    try file.commit()
  }
}
