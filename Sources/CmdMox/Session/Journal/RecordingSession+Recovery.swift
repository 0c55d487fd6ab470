package import SystemPackage

extension RecordingSession {
  /// Whether a session ended before its journal began: not one whole line is there.
  package static func isEmpty(_ directory: FilePath) -> Bool {
    let path = directory.appending(JournalStore.fileName)
    do {
      let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
      defer { try? file.close() }
      var lines = JournalLines(file: file)
      return try !lines.next() || !lines.isComplete
    } catch {
      return error as? Errno == .noSuchFileOrDirectory
    }
  }

  /// The fixture of a session whose recorder died after it had written it; nil where it had not.
  ///
  /// What that recorder has left beside the fixture goes.
  package static func written(_ directory: FilePath) -> FilePath? {
    let path = directory.appending(JournalStore.writtenName)
    guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else {
      return nil
    }
    defer { try? file.close() }
    let journal = JournalReader(file: file, path: path, directory: directory)
    guard let fixture = try? journal.header().fixturePath else { return nil }
    DraftNames(ofSession: directory).tidy(beside: fixture)
    return fixture
  }

  /// Makes the fixture of a session whose recorder died.
  ///
  /// An earlier fixture at the same place is kept as `<fixture>.old`. Reads nothing but the journal: a
  /// last line that was cut off, and lines that are damaged, are left out and counted. The journal
  /// stays as it is; a draft that the killed recorder had begun goes.
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
    let names = DraftNames(ofSession: directory)
    let target = fixturePath ?? header.fixturePath
    let order = try journal.order(skipsDamage: true)
    header.metadata.session?.lost = journal.damaged + journal.unfinished
    header.metadata.session?.unknownMembers["recovered"] = .bool(true)
    adjust(&header.metadata)
    let earlier = EarlierFixture(at: target, names: names)
    let count: Int
    do {
      let writer = try FixtureWriter(
        to: target,
        like: FixtureFile(metadata: header.metadata, scrubbingRules: header.scrubbingRules),
        names: names)
      count = try journal.forEach(in: order) { try writer.append($0) }
      try writer.finish()
    } catch {
      earlier.forget()
      throw error
    }
    earlier.keep()
    if target != header.fixturePath { names.tidy(beside: header.fixturePath) }
    return FixtureSummary(
      file: target, recordings: count, lost: journal.damaged, unfinished: journal.unfinished,
      isCutOffOnly: journal.damaged == (journal.isCutOff ? 1 : 0))
  }
}
