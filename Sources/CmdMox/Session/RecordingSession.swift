internal import Synchronization
public import SystemPackage

/// Records invocations and makes a fixture of them: `start`, `record` as often as needed, `finalize`.
///
/// Each recording goes one way: the environment filter keeps a subset of its variables, the scrubber
/// takes out what must not be kept, and only then is it stored. What turns out to be a secret value
/// later is taken out of what is stored already, too. Every function is safe to call from many threads
/// at once; `finalize` blocks while the fixture is written.
public final class RecordingSession: Sendable {
  private let fixturePath: FilePath
  private let scrubber: (any Scrubber)?
  /// Knows what is secret by its value.
  private let learner: PatternScrubber?
  private let filter: EnvironmentFilter
  private let commands: Set<String>?
  private let draftNames: DraftNames
  private let state: Mutex<State>

  private struct State {
    var phase = Phase.created
    var nextIndex = 0
    var metadata: FixtureMetadata?
    var store: any RecordingStore
    /// How many secret values were known when the recordings were scrubbed, at least.
    var leastKnown = Int.max
    /// How many were known when going over the journal began for the last time.
    var revisedKnown = 0
  }

  private enum Phase {
    case created
    case recording
    case finalized(FixtureSummary, FixtureFile?)
  }

  /// A session that keeps its recordings in memory.
  ///
  /// - Parameters:
  ///   - fixturePath: where `finalize` writes the fixture.
  ///   - scrubber: changes each recording before it is stored; nil for none.
  ///   - reviewMode: whether `finalize` also writes `<fixture>.review`, mode 0600: what the scrubber
  ///     took out, and what it may have overlooked. It has secrets in it.
  ///   - environmentAllowlist: names of variables that are always kept.
  ///   - commandFilter: the commands to record, by base name; nil for all, empty for none.
  public convenience init(
    fixturePath: FilePath, scrubber: (any Scrubber)? = nil, environmentAllowlist: [String] = [],
    commandFilter: [String]? = nil, reviewMode: Bool = false
  ) {
    self.init(
      fixturePath: fixturePath, scrubber: scrubber, environmentAllowlist: environmentAllowlist,
      commandFilter: commandFilter, reviewMode: reviewMode, draftNames: DraftNames(),
      store: MemoryStore())
  }

  /// A session that keeps its recordings in a journal: memory does not grow with their number, and
  /// `recover` makes the fixture if this process dies.
  ///
  /// - Parameters:
  ///   - journalDirectory: where `start` makes the journal; its temporary files are there too.
  ///   - metadata: what `recover` knows of the session, until `finish` says it better.
  package convenience init(
    fixturePath: FilePath, journalDirectory: FilePath, metadata: FixtureMetadata,
    scrubber: (any Scrubber)? = nil, environmentAllowlist: [String] = [],
    commandFilter: [String]? = nil, reviewMode: Bool = false
  ) {
    self.init(
      fixturePath: fixturePath, scrubber: scrubber, environmentAllowlist: environmentAllowlist,
      commandFilter: commandFilter, reviewMode: reviewMode, metadata: metadata,
      draftNames: DraftNames(ofSession: journalDirectory),
      store: JournalStore(directory: journalDirectory))
  }

  private init(
    fixturePath: FilePath, scrubber: (any Scrubber)?, environmentAllowlist: [String],
    commandFilter: [String]?, reviewMode: Bool, metadata: FixtureMetadata? = nil,
    draftNames: DraftNames, store: sending any RecordingStore
  ) {
    self.draftNames = draftNames
    self.fixturePath = fixturePath
    self.scrubber = reviewMode ? scrubber.map { ReviewingScrubber($0) } : scrubber
    learner = ((scrubber as? ReviewingScrubber)?.inner ?? scrubber) as? PatternScrubber
    filter = EnvironmentFilter(wanted: environmentAllowlist)
    commands = commandFilter.map(Set.init)
    state = Mutex(State(metadata: metadata, store: store))
  }

  /// Opens the session.
  ///
  /// - Throws: `LifecycleError` unless this is the first call; `JournalError` where there is a
  ///   journal and it cannot be made.
  public func start() throws {
    try state.withLock { state in
      switch state.phase {
      case .created: break
      case .recording: throw LifecycleError.alreadyStarted
      case .finalized: throw LifecycleError.alreadyFinalized
      }
      let metadata = try state.metadata.map { try scrubbed($0, isReviewed: false) } ?? .create()
      if let journal = state.store as? JournalStore {
        try journal.open(
          JournalHeader(
            fixturePath: fixturePath, metadata: metadata,
            scrubbingRules: scrubber?.possibleRules ?? []))
      }
      state.metadata = metadata
      state.revisedKnown = learner?.valueCount ?? 0
      state.phase = .recording
    }
  }

  /// Records an invocation that has just ended.
  ///
  /// - Parameters:
  ///   - invocation: what was run; of its environment a subset is kept. One that the command filter
  ///     leaves out is no error.
  ///   - response: what came of it. A status other than 0 is no error.
  ///   - durationMs: how long it ran, in milliseconds.
  /// - Throws: `LifecycleError` before `start`, after `finalize`, and for a negative duration;
  ///   whatever the scrubber throws. Nothing is stored then.
  public func record(
    _ invocation: Invocation, _ response: Response, durationMs: Int = 0
  ) throws {
    let now = Timestamp.now().microseconds
    let (duration, isOver) = durationMs.multipliedReportingOverflow(by: 1000)
    let (start, isEarlier) = now.subtractingReportingOverflow(duration)
    try store(
      invocation, response, durationMs: durationMs,
      timestamp: Timestamp(microseconds: isOver || isEarlier ? now : start), process: nil, slot: nil
    )
  }

  /// Records an invocation that a recorder saw; they may come in any order.
  ///
  /// - Parameters:
  ///   - timestamp: when it started.
  ///   - process: what is known of its process; `parent` is set when the fixture is written.
  ///   - slot: where it belongs. An invocation that the command filter leaves out is noted, so that
  ///     its children find their nearest recorded ancestor.
  /// - Throws: as the other `record`; `JournalError.unwritable` where a full buffer could not be
  ///   written, after which `lostRecordings` tells how many are gone.
  package func record(
    _ invocation: Invocation, _ response: Response, durationMs: Int, timestamp: Timestamp,
    process: ProcessFacts?, slot: RecordingSlot
  ) throws {
    guard JournalLine.slots.contains(slot.index) else {
      throw LifecycleError.invalidSlot(slot.index)
    }
    try store(
      invocation, response, durationMs: durationMs, timestamp: timestamp, process: process,
      slot: slot)
  }

  /// Records an invocation whose texts a scrubber cannot scrub: that it ran and how it ended.
  ///
  /// - Throws: as the other `record`, but for what the scrubber throws.
  package func recordWithheld(
    _ invocation: Invocation, _ response: Response, durationMs: Int, timestamp: Timestamp,
    process: ProcessFacts?, slot: RecordingSlot
  ) throws {
    try store(
      invocation, response, durationMs: durationMs, timestamp: timestamp, process: process,
      slot: slot, isWithheld: true)
  }

  private func store(
    _ invocation: Invocation, _ response: Response, durationMs: Int, timestamp: Timestamp,
    process: ProcessFacts?, slot: RecordingSlot?, isWithheld: Bool = false
  ) throws {
    try state.withLock { try Self.checkRecording($0.phase) }
    guard durationMs >= 0 else { throw LifecycleError.negativeDuration(durationMs) }
    guard records(invocation.command) else {
      if let slot { try state.withLock { try $0.store.passOver(slot) } }
      return
    }
    let kept = environment(of: invocation)
    var recording = RecordedInvocation(
      sequence: slot?.index ?? 0, command: invocation.command, args: invocation.args,
      stdin: invocation.stdin, envSubset: kept.texts, stdout: response.stdout,
      stderr: response.stderr, exitCode: response.exitCode, timestamp: timestamp.description,
      durationMs: durationMs, process: process)
    recording.bytes = invocation.bytes
    recording.bytes.add(kept.bytes)
    recording.bytes.add(response.bytes)
    let known = learner?.valueCount ?? 0
    if let scrubber {
      recording = isWithheld ? recording.withheld(by: scrubber) : try scrubber.scrub(recording)
      recording.dropStaleBytes()
    }
    try state.withLock { state in
      try Self.checkRecording(state.phase)
      state.leastKnown = min(state.leastKnown, known)
      let index = slot?.index ?? state.nextIndex
      state.nextIndex = max(state.nextIndex, index) + 1
      try state.store.append(
        recording,
        slot ?? RecordingSlot(index: index, startNs: UInt64(index), parent: nil))
    }
  }

  private static func checkRecording(_ phase: Phase) throws {
    switch phase {
    case .created: throw LifecycleError.notStarted
    case .recording: break
    case .finalized: throw LifecycleError.alreadyFinalized
    }
  }

  private func records(_ command: String) -> Bool {
    guard let commands else { return true }
    return commands.contains(command) || commands.contains(baseName(of: command))
  }

  private func environment(of invocation: Invocation) -> EnvironmentTexts {
    switch invocation.environment {
    case .block(let block): filter.subset(of: block, command: invocation.command)
    case .texts(let texts):
      EnvironmentTexts(filter.subset(of: texts, command: invocation.command))
    }
  }

  /// The root's command line is somebody's text too.
  ///
  /// - Parameter isReviewed: whether a review tells of it; once is enough.
  private func scrubbed(
    _ metadata: FixtureMetadata, isReviewed: Bool
  ) throws -> FixtureMetadata {
    let reviewing = scrubber as? ReviewingScrubber
    guard let scrubber = isReviewed ? scrubber : reviewing?.inner ?? scrubber,
      var session = metadata.session
    else { return metadata }
    var metadata = metadata
    try session.scrub(with: scrubber, timestamp: metadata.createdAt)
    metadata.session = session
    return metadata
  }

  /// Writes what is buffered to the journal, and goes over a piece of it where secret values have
  /// become known since it was written. A session without one does nothing.
  ///
  /// - Throws: `JournalError.unwritable`; the recordings that were buffered are lost then, and
  ///   `lostRecordings` counts them.
  package func flush() throws {
    try state.withLock { state in
      defer { revise(&state, atMost: Self.revisedAtOnce) }
      try state.store.flush()
    }
  }

  /// As much of a journal as is gone over in a few milliseconds.
  private static let revisedAtOnce = 1 << 18

  /// Whether a part of the journal has still to be gone over: by further calls of `flush`.
  package var isRevising: Bool {
    state.withLock { ($0.store as? JournalStore)?.isRevising ?? false }
  }

  /// Goes over all of the journal that is still to be gone over: it stays.
  package func reviseJournal() {
    state.withLock { revise(&$0, atMost: .max) }
  }

  private func revise(_ state: inout State, atMost bytes: Int) {
    guard let learner, let journal = state.store as? JournalStore else { return }
    let known = learner.valueCount
    if known > state.revisedKnown {
      state.revisedKnown = known
      journal.beginRevision()
    }
    // What cannot be written now is not in the fixture either, which is gone over again.
    try? journal.revise(
      atMost: bytes,
      JournalScrub(
        recording: { learner.knowsSecret(in: $0) ? self.scrubbedAgain($0) : nil },
        header: { [self] header in
          var clean = header
          clean.metadata = scrubbedOrWithheld(header.metadata)
          clean.scrubbingRules.removeAll(where: learner.holdsSecret)
          return clean == header ? nil : clean
        }))
  }

  /// A recording as it may be kept with what is known by now.
  private func scrubbedAgain(_ recording: RecordedInvocation) -> RecordedInvocation {
    guard let scrubber else { return recording }
    do {
      var scrubbed =
        try (scrubber as? ReviewingScrubber)?.scrubAgain(recording) ?? scrubber.scrub(recording)
      scrubbed.dropStaleBytes()
      return scrubbed
    } catch {
      return recording.withheld(by: scrubber)
    }
  }

  private func scrubbedOrWithheld(_ metadata: FixtureMetadata) -> FixtureMetadata {
    if let scrubbed = try? scrubbed(metadata, isReviewed: false) { return scrubbed }
    var metadata = metadata
    metadata.session?.withholdTexts()
    return metadata
  }

  /// How many recordings a journal that could not be written has lost.
  package var lostRecordings: Int {
    state.withLock { state in
      if case .finalized(let summary, _) = state.phase { return summary.lost }
      return (state.store as? JournalStore)?.lost ?? 0
    }
  }

  /// Writes the fixture and ends the session; memory does not grow with the number of recordings.
  ///
  /// - Parameter metadata: stands in the fixture instead of what the session was made with.
  /// - Returns: what was written; the second call returns the same and writes nothing.
  /// - Throws: `LifecycleError.notStarted`; `FixtureError.unwritable` and `JournalError`, after
  ///   which the session is still open and `finish` can be called again.
  package func finish(metadata: FixtureMetadata) throws -> FixtureSummary {
    try close(metadata: metadata, keepsRecordings: false).summary
  }

  /// Writes the fixture, ends the session, and returns the fixture.
  ///
  /// - Returns: the fixture; the second call returns the same and writes nothing.
  /// - Throws: `LifecycleError.notStarted`; `FixtureError.unwritable`, after which the session is
  ///   still open and `finalize` can be called again, an earlier fixture as it was.
  public func finalize() throws -> FixtureFile {
    let (summary, closed) = try close(metadata: nil, keepsRecordings: true)
    if let closed { return closed }
    // `finish` streamed the fixture to the file before.
    let fixture = try FixtureFile.load(summary.file)
    state.withLock { $0.phase = .finalized(summary, fixture) }
    return fixture
  }

  private func finalMetadata(_ metadata: FixtureMetadata?, _ state: State) -> FixtureMetadata {
    guard let metadata else { return scrubbedOrWithheld(state.metadata ?? .create()) }
    return (try? scrubbed(metadata, isReviewed: true)) ?? scrubbedOrWithheld(metadata)
  }

  private func close(
    metadata: FixtureMetadata?, keepsRecordings: Bool
  ) throws -> (summary: FixtureSummary, fixture: FixtureFile?) {
    try state.withLock { state in
      switch state.phase {
      case .created: throw LifecycleError.notStarted
      case .finalized(let summary, let fixture): return (summary, fixture)
      case .recording: break
      }
      // What cannot be flushed is counted as lost; the rest still makes a fixture.
      try? state.store.flush()
      var fixture = FixtureFile(metadata: finalMetadata(metadata, state))
      let writer = try FixtureWriter(to: fixturePath, like: fixture, names: draftNames)
      let learner = learner.flatMap { $0.valueCount > state.leastKnown ? $0 : nil }
      let count = try state.store.forEachInOrder { recording in
        var recording = recording
        if learner?.knowsSecret(in: recording) == true { recording = scrubbedAgain(recording) }
        try writer.append(recording)
        if keepsRecordings { fixture.recordings.append(recording) }
      }
      fixture.scrubbingRules = scrubber?.rules ?? []
      try writer.finish(scrubbingRules: fixture.scrubbingRules)
      try (scrubber as? ReviewingScrubber)?.writeReview(beside: fixturePath)
      let summary = FixtureSummary(
        file: fixturePath, recordings: count, lost: (state.store as? JournalStore)?.lost ?? 0)
      state.phase = .finalized(summary, keepsRecordings ? fixture : nil)
      state.store = MemoryStore()
      return (summary, keepsRecordings ? fixture : nil)
    }
  }
}

/// What became of a session.
package struct FixtureSummary: Equatable, Sendable {
  /// Where the fixture is.
  package let file: FilePath
  /// How many recordings the fixture has.
  package let recordings: Int
  /// How many recordings were lost because the journal could not be written or is damaged.
  package let lost: Int
  /// How many invocations had not ended when the journal did; only of a session that was recovered.
  package var unfinished = 0
  /// Whether all that is damaged is a last line that was cut off.
  package var isCutOffOnly = true
}
