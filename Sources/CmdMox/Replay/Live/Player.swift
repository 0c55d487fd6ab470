public import SystemPackage

/// Runs a program and answers its commands from a fixture, or records them, as the record mode says.
///
///     var player = Player(fixturePath: "deploy.json")
///     let played = try await player.run(["./deploy.sh", "staging"])
///     try played.verify()
public struct Player: Sendable {
  /// Where the fixture is, or goes.
  public var fixturePath: FilePath
  /// When commands are answered and when they are recorded.
  public var recordMode = RecordMode.once
  /// What has to agree.
  public var matching = MatchingOptions()
  /// Whether recordings that nothing used are no failure.
  public var allowUnused = false
  /// Whether a command that no recording answers runs, instead of failing with 127.
  public var runsMisses = false
  /// Whether an answer takes as long as the recorded command took.
  public var keepsTime = false
  /// Whether the recording of a program that failed takes the place of an earlier one.
  public var keepsFailed = false
  /// The commands to record, by base name; nil for all.
  public var commandFilter: [String]?
  /// Names of variables that are kept in every recording.
  public var environmentAllowlist: [String] = []

  /// A player that replays, or records where there is no fixture.
  public init(fixturePath: FilePath) {
    self.fixturePath = fixturePath
  }

  /// Runs a program until it has ended. If the task is cancelled its process group is killed.
  ///
  /// - Parameters:
  ///   - command: the program and its arguments; looked for in PATH if it has no slash.
  ///   - environment: the program's; nil for this process's own.
  ///   - workingDirectory: where it starts; nil for where this process is.
  ///   - standardOutput: where it writes; nil for this process's own.
  ///   - standardError: where it writes its messages; nil for this process's own.
  /// - Throws: `FixtureError` and `MatchingRuleError`, before anything runs; ``RecorderError``.
  public func run(
    _ command: [String], environment: [String: String]? = nil, workingDirectory: FilePath? = nil,
    standardOutput: FileDescriptor? = nil, standardError: FileDescriptor? = nil
  ) async throws -> Playback {
    let program = RootProgram(
      command, environment: environment, workingDirectory: workingDirectory,
      standardInput: nil, standardOutput: standardOutput, standardError: standardError)
    var settings = PlaySettings(fixture: OwnEnvironment.absolute(fixturePath))
    settings.recordMode = recordMode
    settings.matching = matching
    settings.allowUnused = allowUnused
    settings.runsMisses = runsMisses
    settings.keepsTime = keepsTime
    settings.keepsFailed = keepsFailed
    settings.session.commands = commandFilter
    settings.session.environmentAllowlist = environmentAllowlist
    let follower: Follower<Playback>
    do {
      follower = try Follower {
        try PlayRun(program, settings)
      } finish: {
        Playback(try $0.finish())
      }
    } catch let error as FixtureError {
      throw error
    } catch let error as MatchingRuleError {
      throw error
    } catch {
      throw RecorderError(error)
    }
    return try await withTaskCancellationHandler {
      try await follower.result()
    } onCancel: {
      follower.cancel()
    }
  }
}

/// What came of a program whose commands were answered or recorded.
public struct Playback: Sendable {
  /// How the program ended, as a shell says it: 128 + n after signal n, -1 where nobody knows.
  public let exitCode: Int
  /// What was used, missed and left; nil where nothing was replayed.
  public let verdict: ReplayVerdict?
  /// How many commands were recorded just now.
  public let recorded: Int
  /// Whether what was recorded is in the fixture: not where the program failed.
  public let isKept: Bool

  init(_ played: Played) {
    exitCode = played.summary.rootStatus
    verdict = played.verdict
    recorded = played.summary.tally.recorded
    isKept = played.isKept
  }

  /// Fails where the replay did not go as recorded.
  ///
  /// - Throws: ``VerificationError``.
  public func verify() throws {
    if let verdict, !verdict.isPassed { throw VerificationError(verdict: verdict) }
  }
}
