package import SystemPackage

extension RecordingSession {
  /// Makes the fixture of a session whose recorder died.
  ///
  /// An earlier fixture at the same place is kept as `<fixture>.old`. Reads nothing but the journal: a last line that was cut off, and lines that are damaged, are
  /// left out and counted. The journal stays as it is.
  ///
  /// - Parameters:
  ///   - directory: the session directory, with `journal.jsonl`.
  ///   - fixturePath: where the fixture goes; nil for where the session wanted it.
  ///   - adjust: changes the metadata that the session began with.
  /// - Returns: what was written; `lost` counts the lines that were left out.
  /// - Throws: `JournalError` where there is no journal or its first line cannot be read;
  ///   `FixtureError.unwritable`.
  package static func recover(
    _ directory: FilePath, to fixturePath: FilePath? = nil,
    adjust: (inout FixtureMetadata) -> Void = { _ in }
  ) throws -> FixtureSummary {
    let path = directory.appending(JournalStore.fileName)
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(path, .readOnly, options: [.noFollow, .closeOnExec])
    } catch let errno as Errno {
      throw JournalError.unreadable(file: path, errno: errno)
    }
    defer { try? file.close() }
    let journal = JournalReader(file: file, path: path, directory: directory)
    var header = try journal.header()
    adjust(&header.metadata)
    let target = fixturePath ?? header.fixturePath
    let earlier = EarlierFixture(at: target)
    let count: Int
    do {
      let writer = try FixtureWriter(
        to: target,
        like: FixtureFile(metadata: header.metadata, scrubbingRules: header.scrubbingRules))
      count = try journal.forEachInOrder(skipsDamage: true) { try writer.append($0) }
      try writer.finish()
    } catch {
      earlier.forget()
      throw error
    }
    earlier.keep()
    return FixtureSummary(file: target, recordings: count, lost: journal.damaged)
  }
}
