internal import Glibc
package import SystemPackage

/// A program that a session starts and follows until it has ended.
package protocol FollowedRun: AnyObject {
  /// The program's process.
  var pid: UInt32 { get }
  /// Follows it until it has ended; as ``SessionRecorder/run(_:signals:onSignal:onProgress:)``.
  func record(
    signals: Int32, onSignal: () -> Void, onProgress: (SessionRecorder.Progress) -> Void)
}

extension RecordingRun: FollowedRun {}

/// A program whose commands are answered from a fixture, or recorded into it, or both.
///
/// The order of calls: `init`, ``record(signals:onSignal:onProgress:)``, ``finish()``. Not safe to
/// share between threads.
package final class PlayRun: FollowedRun {
  private let run: RecordingRun
  private let session: ReplaySession?
  private let settings: PlaySettings
  private let plan: RecordMode.Plan
  package var pid: UInt32 { run.pid }

  /// Loads the fixture, where it is to be replayed, and starts the program.
  ///
  /// - Throws: `FixtureError`, `MatchingRuleError`, `ScrubbingError`, before anything runs; and as
  ///   ``RecordingRun``.
  package init(_ program: RootProgram, _ settings: PlaySettings) throws {
    self.settings = settings
    let exists = settings.fixture.withPlatformString { access($0, F_OK) } == 0
    plan = try settings.recordMode.plan(for: settings.fixture, exists: exists)
    var sessionSettings = settings.session
    // An earlier fixture stays until it is certain that the new one is wanted.
    sessionSettings.fixture = exists ? Self.draft(of: settings.fixture) : settings.fixture
    sessionSettings.mode = plan == .replay ? .replay : .record
    guard plan != .record else {
      session = nil
      run = try RecordingRun(program, sessionSettings)
      return
    }
    let session = ReplaySession(
      fixturePath: settings.fixture, options: settings.matching,
      allowUnused: settings.allowUnused || plan == .replayAndRecord,
      allowMisses: settings.runsMisses || plan == .replayAndRecord)
    try session.load()
    self.session = session
    let onMiss: ReplayDesk.OnMiss =
      plan == .replayAndRecord ? .record : settings.runsMisses ? .run : .fail
    run = try RecordingRun(
      program, sessionSettings,
      replay: ReplayDesk(session, onMiss: onMiss, keepsTime: settings.keepsTime))
  }

  package func record(
    signals: Int32 = -1, onSignal: () -> Void = {},
    onProgress: (SessionRecorder.Progress) -> Void = { _ in }
  ) {
    run.record(signals: signals, onSignal: onSignal, onProgress: onProgress)
  }

  /// Ends the session; new recordings are in the fixture then.
  ///
  /// - Throws: ``UnwrittenFixture``.
  package func finish() throws -> Played {
    var played = Played(summary: try run.finish(), verdict: try session?.verdict())
    let draft = played.summary.fixture
    played.summary.fixture = settings.fixture
    guard plan != .replay, draft != settings.fixture else { return played }
    if played.summary.rootStatus == 0 || settings.keepsFailed {
      do {
        try take(draft, played.summary)
      } catch {
        throw UnwrittenFixture(
          reason: String(describing: error), kept: .draft(draft),
          rootStatus: played.summary.rootStatus)
      }
    } else {
      played.isKept = false
    }
    _ = draft.withPlatformString { unlink($0) }
    return played
  }

  /// Makes the fixture of what was recorded just now.
  private func take(_ draft: FilePath, _ summary: SessionSummary) throws {
    guard plan == .replayAndRecord else {
      let moved = draft.withPlatformString { from in
        settings.fixture.withPlatformString { rename(from, $0) }
      }
      guard moved == 0 else {
        throw FixtureError.unwritable(file: settings.fixture, errno: Errno(rawValue: errno))
      }
      return
    }
    guard summary.tally.recorded > 0 else { return }
    let episodes = try FixtureFile.load(draft)
    var fixture = try FixtureFile.load(settings.fixture)
    fixture.append(newEpisodes: episodes.recordings)
    for rule in episodes.scrubbingRules where !fixture.scrubbingRules.contains(rule) {
      fixture.scrubbingRules.append(rule)
    }
    try fixture.save(to: settings.fixture)
  }

  private static func draft(of fixture: FilePath) -> FilePath {
    let name = fixture.lastComponent?.string ?? "fixture"
    return fixture.removingLastComponent().appending(".\(name).\(getpid()).new")
  }
}

/// What a user chose for a session that replays.
package struct PlaySettings: Sendable {
  /// Absolute.
  package var fixture: FilePath
  package var recordMode = RecordMode.none
  package var matching = MatchingOptions()
  package var allowUnused = false
  /// Whether a command that no recording answers runs, instead of failing.
  package var runsMisses = false
  /// Whether an answer takes as long as the recorded command took.
  package var keepsTime = false
  /// Whether the recording of a program that failed takes the place of an earlier one.
  package var keepsFailed = false
  /// How new commands are recorded.
  package var session: SessionSettings

  package init(fixture: FilePath) {
    self.fixture = fixture
    session = SessionSettings(fixture: fixture)
  }
}

/// What came of a session.
package struct Played: Sendable {
  package var summary: SessionSummary
  /// Nil where nothing was replayed.
  package var verdict: ReplayVerdict?
  /// Whether what was recorded is in the fixture.
  package var isKept = true

  /// The status to leave with: the program's own, or 1 where it succeeded and the replay did not.
  package var status: Int {
    summary.rootStatus == 0 && verdict?.isPassed == false ? 1 : summary.rootStatus
  }
}
