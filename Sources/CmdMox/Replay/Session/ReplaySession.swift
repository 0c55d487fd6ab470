internal import Synchronization
public import SystemPackage

/// Answers the commands of a program from a fixture.
///
/// A session is loaded once; then each live invocation is answered by the recording that agrees best
/// (`InvocationMatcher` has the rule), and each recording answers once. Safe to call from many threads
/// at once.
public final class ReplaySession: Sendable {
  /// Makes what live invocations go through before they are compared: what the fixture's recordings
  /// were scrubbed with; nil where they were not.
  public typealias ScrubberMaker = @Sendable (_ fixture: FixtureFile) throws -> (any Scrubber)?

  /// Where the fixture is; nil for one that was handed over.
  public let fixturePath: FilePath?
  /// What has to agree.
  public let options: MatchingOptions
  /// Whether `verifyAllConsumed` and `verify` succeed whatever was left and whatever was missed.
  public let allowUnmatched: Bool
  /// Whether they succeed whatever was left.
  public let allowUnused: Bool
  /// Whether they succeed whatever was missed: where what no recording answers really runs.
  public let allowMisses: Bool

  private let makeScrubber: ScrubberMaker
  private let state: Mutex<State>

  /// What a session is doing.
  struct State {
    var matcher: InvocationMatcher?
    /// The first ones.
    var misses: [ReplayMiss] = []
    var missCount = 0
    /// For messages.
    let shownScrubber = PatternScrubber()
  }

  /// A session that has to be loaded.
  ///
  /// - Parameters:
  ///   - fixturePath: the fixture; nothing is read yet.
  ///   - options: what has to agree.
  ///   - allowUnmatched: whether verifying always succeeds.
  ///   - allowUnused: whether recordings that were not used are no failure.
  ///   - allowMisses: whether invocations that no recording answered are none.
  ///   - scrubber: makes the scrubber that live invocations go through; by default of the fixture's
  ///     own rules.
  public init(
    fixturePath: FilePath, options: MatchingOptions = MatchingOptions(),
    allowUnmatched: Bool = false, allowUnused: Bool = false, allowMisses: Bool = false,
    scrubber: @escaping ScrubberMaker = ReplaySession.scrubber(of:)
  ) {
    self.fixturePath = fixturePath
    self.options = options
    self.allowUnmatched = allowUnmatched
    self.allowUnused = allowUnused
    self.allowMisses = allowMisses
    makeScrubber = scrubber
    state = Mutex(State())
  }

  /// A session with a fixture that is in memory; it is loaded.
  ///
  /// - Throws: as `load` does.
  public init(
    fixture: FixtureFile, options: MatchingOptions = MatchingOptions(),
    allowUnmatched: Bool = false, allowUnused: Bool = false, allowMisses: Bool = false,
    scrubber: @escaping ScrubberMaker = ReplaySession.scrubber(of:)
  ) throws {
    fixturePath = nil
    self.options = options
    self.allowUnmatched = allowUnmatched
    self.allowUnused = allowUnused
    self.allowMisses = allowMisses
    makeScrubber = scrubber
    state = Mutex(State())
    try use(fixture)
  }

  /// Reads the fixture and checks that it can be replayed.
  ///
  /// Blocks while it reads.
  ///
  /// - Throws: `LifecycleError.alreadyLoaded` the second time; `FixtureError` for a fixture that
  ///   cannot be read, has sequences that are negative or stand there twice, was recorded on another
  ///   platform, or has matching rules that cannot be understood; `MatchingRuleError` for rules of
  ///   `options`; and what makes the scrubber.
  public func load() throws {
    guard let fixturePath else { throw LifecycleError.alreadyLoaded }
    if state.withLock({ $0.matcher != nil }) { throw LifecycleError.alreadyLoaded }
    try use(FixtureFile.load(fixturePath))
  }

  private func use(_ fixture: FixtureFile) throws {
    try fixture.checkReplayable(fixturePath)
    var options = options
    options.rules += try fixture.matchingRules(fixturePath)
    let scrubber = try makeScrubber(fixture)
    try state.withLock { state in
      guard state.matcher == nil else { throw LifecycleError.alreadyLoaded }
      state.matcher = try InvocationMatcher(
        fixture.recordings, options: options, scrubber: scrubber)
    }
  }
}

extension ReplaySession.State {
  /// - Throws: `LifecycleError.notLoaded`.
  func loaded() throws -> InvocationMatcher {
    guard let matcher else { throw LifecycleError.notLoaded }
    return matcher
  }
}

// MARK: Answering

extension ReplaySession {
  /// The answer to an invocation of text; nil where no recording answers.
  ///
  /// Standard input has to be equal as a whole. The recording that answers is used.
  ///
  /// - Throws: `LifecycleError.notLoaded`; `ReplayError`, where the recording that agrees cannot
  ///   answer; what the scrubber throws.
  public func match(_ invocation: Invocation) throws -> Response? {
    let stdin = LiveStdin(
      bytes: invocation.bytes.exact("stdin", text: invocation.stdin), isAtEnd: true, isWhole: true)
    switch try reply(to: inquiry(LiveInvocation(invocation), stdin), decides: true) {
    case .answer(let answer): return Response(answer)
    case .miss(let miss):
      if case .unanswerable(let error) = miss.reason { throw error }
      return nil
    case .run, .needsStdin: return nil
    }
  }

  /// What a session says to a live invocation, given the beginning of its standard input.
  ///
  /// It asks for more of that as long as more makes a difference.
  ///
  /// - Parameters:
  ///   - live: the invocation.
  ///   - stdin: the bytes that have been read or looked at so far.
  ///   - isAtEnd: whether nothing follows them.
  /// - Throws: `LifecycleError.notLoaded`; what the scrubber throws.
  public func reply(
    to live: LiveInvocation, stdin: [UInt8] = [], isAtEnd: Bool = false
  ) throws -> ReplayReply {
    try reply(to: inquiry(live, LiveStdin(bytes: stdin, isAtEnd: isAtEnd)), decides: false)
  }

  /// The same, decided by what has been read; never `needsStdin`.
  ///
  /// - Throws: as `reply` does.
  public func answer(
    _ live: LiveInvocation, stdin: [UInt8] = [], isAtEnd: Bool = false
  ) throws -> ReplayReply {
    try reply(to: inquiry(live, LiveStdin(bytes: stdin, isAtEnd: isAtEnd)), decides: true)
  }

  /// Prepares an invocation to be compared.
  ///
  /// - Throws: `LifecycleError.notLoaded`; what the scrubber throws.
  func inquiry(_ live: LiveInvocation, _ stdin: LiveStdin = LiveStdin()) throws -> ReplayInquiry {
    let (normalizer, names) = try state.withLock { state in
      let matcher = try state.loaded()
      return (matcher.normalizer, matcher.names)
    }
    return ReplayInquiry(
      live, try normalizer.normalized(live, names: names),
      NormalizedStdin(stdin, of: live, normalizer))
  }

  /// - Parameter decides: whether what is known of standard input has to do.
  /// - Throws: `LifecycleError.notLoaded`; what the scrubber throws.
  func reply(to inquiry: ReplayInquiry, decides: Bool) throws -> ReplayReply {
    let (normalized, stdin) = (inquiry.normalized, inquiry.stdin)
    return try state.withLock { state in
      let matcher = try state.loaded()
      if matcher.options.commandsToRun.contains(String(decoding: normalized.command, as: UTF8.self))
      {
        return .run
      }
      let place = try matcher.place(for: normalized, stdin)
      if !decides, !stdin.isAtEnd {
        if let count = matcher.lengthWorthKnowing(normalized, stdin) {
          return .needsStdin(byteCount: count, for: place == nil ? .anyAnswer : .betterAnswer)
        }
        if let place, matcher.expectsEnd(of: stdin, place) {
          return .needsStdin(byteCount: stdin.count + 1, for: .end)
        }
      }
      guard let place else { return .miss(try state.miss(inquiry, nil)) }
      do {
        let answer = try matcher.answer(place)
        matcher.take(place)
        return .answer(answer)
      } catch let error as ReplayError {
        return .miss(try state.miss(inquiry, error))
      }
    }
  }

  /// Counts an invocation that could not be compared with recordings.
  ///
  /// - Throws: `LifecycleError.notLoaded`.
  func miss(_ live: LiveInvocation, because problem: any Error) throws -> ReplayMiss {
    try state.withLock { try $0.miss(live, because: problem) }
  }
}

extension Response {
  /// An answer as text.
  init(_ answer: ReplayAnswer) {
    let status =
      switch answer.ending {
      case .exited(let status), .failed(_, let status): status
      case .signaled(let signal): 128 + signal
      }
    self.init(stdout: answer.stdout, stderr: answer.stderr, exitCode: status)
  }
}

extension ReplaySession {
  /// The names of the commands that recordings answer: those that could be executed.
  ///
  /// - Throws: `LifecycleError.notLoaded`.
  func answeredCommands() throws -> Set<[UInt8]> {
    try state.withLock { state in
      let matcher = try state.loaded()
      return Set(
        matcher.recordings.lazy
          .filter { $0.process?.termination != .failed && !matcher.options.runs($0) }
          .map(\.commandBytes))
    }
  }
}

// MARK: The end

extension ReplaySession {
  /// How many recordings are used: they have answered, or stand inside one that has. 0 before `load`.
  public var consumedCount: Int { state.withLock { $0.matcher?.consumedCount ?? 0 } }

  /// How many recordings that were left a verdict lists.
  private static let listed = 1000

  /// What was used, what was left and what was missed, so far.
  ///
  /// - Throws: `LifecycleError.notLoaded`.
  public func verdict() throws -> ReplayVerdict {
    try state.withLock { state in
      let matcher = try state.loaded()
      let left = matcher.use.missed
      let mask = SecretMask(state.shownScrubber)
      return ReplayVerdict(
        fixture: fixturePath, recordings: matcher.recordings.count, used: matcher.consumedCount,
        unused: left.prefix(Self.listed).map { UnusedRecording(matcher.recordings[$0], mask) },
        unusedCount: left.count, misses: state.misses, missCount: state.missCount,
        allowUnmatched: allowUnmatched,
        allowUnused: allowUnused, allowMisses: allowMisses)
    }
  }

  /// Fails where recordings were not used.
  ///
  /// - Throws: `VerificationError`, unless `allowUnmatched` or `allowUnused`;
  ///   `LifecycleError.notLoaded`.
  public func verifyAllConsumed() throws {
    let verdict = try verdict()
    guard verdict.unusedCount == 0 || allowUnused || allowUnmatched else {
      throw VerificationError(verdict: verdict)
    }
  }

  /// Fails where recordings were not used, or invocations were not answered.
  ///
  /// - Throws: `VerificationError`, unless it is allowed; `LifecycleError.notLoaded`.
  public func verify() throws {
    let verdict = try verdict()
    guard verdict.isPassed else { throw VerificationError(verdict: verdict) }
  }
}
