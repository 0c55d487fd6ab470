public import SystemPackage

/// When commands are answered from a fixture and when they run and are recorded.
public enum RecordMode: String, CaseIterable, Sendable {
  /// Replay the fixture; record it where there is none.
  case once
  /// Answer what the fixture knows; run, record and append what it does not.
  case newEpisodes = "new-episodes"
  /// Replay the fixture; an error where there is none.
  case none
  /// Run and record everything; an earlier fixture is replaced.
  case all

  /// What a session does.
  public enum Plan: Equatable, Sendable {
    /// Every command runs and is recorded.
    case record
    /// Every command is answered, or missed.
    case replay
    /// Commands are answered; those that are not run, are recorded and appended.
    case replayAndRecord
  }

  /// What a session does with a fixture.
  ///
  /// - Parameters:
  ///   - path: where the fixture is, or would be.
  ///   - exists: whether it is there.
  /// - Throws: `FixtureError.unreadable` in mode `none` without a fixture.
  public func plan(for path: FilePath, exists: Bool) throws -> Plan {
    switch (self, exists) {
    case (.all, _), (.once, false), (.newEpisodes, false): return .record
    case (.once, true), (.none, true): return .replay
    case (.newEpisodes, true): return .replayAndRecord
    case (.none, false):
      throw FixtureError.unreadable(file: path, errno: .noSuchFileOrDirectory)
    }
  }
}

extension FixtureFile {
  /// Adds recordings of a later session behind those that are there.
  ///
  /// Their sequences continue, and their parents are theirs.
  public mutating func append(newEpisodes recordings: [RecordedInvocation]) {
    let first = (self.recordings.map(\.sequence).max() ?? -1) + 1
    let ordered = recordings.sorted { $0.sequence < $1.sequence }
    let sequences = Dictionary(
      ordered.enumerated().map { ($1.sequence, first + $0) },
      uniquingKeysWith: { earlier, _ in earlier })
    for (place, recording) in ordered.enumerated() {
      var episode = recording
      episode.sequence = first + place
      if let parent = recording.process?.parent { episode.process?.parent = sequences[parent] }
      self.recordings.append(episode)
    }
  }
}
