internal import Glibc
internal import KernelCalls
internal import SystemPackage

/// Records or replays a session: from the events of its pipe, and the questions of its stand-ins, to
/// its fixture or its answers.
///
/// The order of calls: `init`, the root starts, ``run(root:signals:onSignal:onProgress:)``,
/// ``finish(rootStatus:)``. Not safe to share between threads.
package final class SessionRecorder {
  private let directory: SessionDirectory
  private let settings: SessionSettings
  /// Nil where nothing is recorded.
  private let session: RecordingSession?
  private let replay: ReplayDesk?
  private let pipe: EventPipe
  private let reader = EventReader()
  private var work: Work?
  private var liveDone: FileDescriptor?
  /// Tells that a bare root waits at the pipe: -1 where nobody does, or the kernel does not tell.
  private var rootWaits: Int32 = -1
  private let control: ControlSocket?
  /// How often in a row the pipe could not be read, and how often it was given up.
  private var readFailures = 0
  private var unreadable = 0
  private static let mostReadFailures = 100

  /// What there is once the root is known.
  private struct Work {
    let root: RootFacts
    let sink: any SessionSink
    let probe: PidfdProbe
    let table: InvocationTable
    let spill: FileDescriptor?
    let desk: CaptureDesk?
    let execWatch: ExecWatcher?
  }

  /// Opens the pipe: from now on nothing that is said is lost.
  ///
  /// - Parameters:
  ///   - arguments: the root's argument vector, for `recover`.
  ///   - replay: decides about commands, in a session that answers them.
  /// - Throws: ``SessionError``; `JournalError` where the journal cannot be made.
  package init(
    _ directory: SessionDirectory, _ settings: SessionSettings, arguments: [[UInt8]],
    cwd: [UInt8], replay: ReplayDesk? = nil
  ) throws {
    self.directory = directory
    self.settings = settings
    self.replay = replay
    pipe = try EventPipe(directory.events)
    control = settings.mode.directoryName != nil ? try directory.makeControl() : nil
    if let replay { try directory.makeCommands(replay.commands) }
    guard settings.mode != .replay else {
      session = nil
      return
    }
    var facts = SessionFacts()
    facts.mode = settings.mode.rawValue
    facts.setCommand(arguments)
    facts.setCwd(cwd)
    var metadata = FixtureMetadata.create()
    metadata.session = facts
    let session = RecordingSession(
      fixturePath: settings.fixture, journalDirectory: directory.path, metadata: metadata,
      scrubber: settings.scrubber, environmentAllowlist: settings.environmentAllowlist,
      commandFilter: settings.commands,
      reviewMode: settings.isReviewed)
    try session.start()
    self.session = session
  }

  /// Opens the pipe that a bare root waits at, for as long as this process lives.
  ///
  /// - Throws: ``SessionError/noPipe(_:_:)``.
  package func promiseFixture() throws {
    do {
      liveDone = try FileDescriptor.open(
        directory.done, .readWrite, options: [.nonBlocking, .noFollow, .closeOnExec])
    } catch let errno as Errno {
      throw SessionError.noPipe(directory.done, errno)
    }
    rootWaits = directory.done.withPlatformString { kernel_opening_watch($0) }
  }

  /// Tells the recorder who the root is.
  package func begin(_ root: RootFacts) { begin(root, execWatch: nil) }

  /// - Parameter execWatch: sees every exec of the root's family.
  func begin(_ root: RootFacts, execWatch: ExecWatcher?) {
    let now = Kernel.monotonicNs
    let journal = session.map {
      JournalSink(session: $0, settings: settings, originNs: root.startNs)
    }
    let sink: any SessionSink
    if let replay {
      sink = ReplaySink(replay, next: journal)
    } else if let journal {
      sink = journal
    } else {
      preconditionFailure("a session that neither records nor replays")
    }
    let probe = PidfdProbe(session: directory.path, execWatch: execWatch)
    let spill = try? FileDescriptor.open(
      directory.spill, .readWrite,
      options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
      permissions: .ownerReadWrite)
    let table = InvocationTable(
      root: RootIdentity(pid: root.pid, intent: root.intent), originNs: root.startNs,
      realtimeNs: Kernel.realtimeNs &- now &+ root.startNs, sink: sink, probe: probe,
      ancestors: Ancestors(spill: spill), session: directory.path.bytes)
    let desk = control.map {
      CaptureDesk(
        $0, settings.capture, table: table, sink: sink,
        rootStreams: root.outputs.map { FileIdentity(device: $0.device, inode: $0.inode) },
        decider: replay,
        takeEvents: { [reader, pipe] in
          while (try? reader.fill(from: pipe.descriptor).isDrained) == false {
            reader.takeBatch { table.handle($0) }
          }
          reader.takeBatch { table.handle($0) }
        })
    }
    work = Work(
      root: root, sink: sink, probe: probe, table: table, spill: spill, desk: desk,
      execWatch: execWatch)
  }

  /// How far a session has come.
  package struct Progress: Sendable {
    /// Invocations that are over.
    package var seen: Int
    /// Invocations that live.
    package var running: Int
  }

  /// Reads events until the root has ended and nothing more is in the pipe.
  ///
  /// Reading wakes up for the first event and then looks every few milliseconds: woken once for
  /// each event it would slow the session down by a sixth.
  ///
  /// - Parameters:
  ///   - watch: tells when the root has ended.
  ///   - signals: a descriptor that is readable when `onSignal` has something to do; -1 for none.
  ///   - onProgress: called now and then, at most a few hundred times a second.
  package func run(
    _ watch: RootWatch, signals: Int32 = -1, onSignal: () -> Void = {},
    onProgress: (Progress) -> Void = { _ in }
  ) {
    guard let work else { return }
    // Writing the fixture takes descriptors, and there may be few.
    defer { watch.close() }
    defer {
      if rootWaits >= 0 { close(rootWaits) }
      rootWaits = -1
    }
    var pace = Pace(
      capacity: pipe.capacity, mayBeLate: !watch.endsWithItsWord || rootWaits >= 0)
    var rootHasEnded = false
    while true {
      // poll(2) passes over descriptors below 0.
      let ready = FileDescriptor.wait(
        for: [
          signals, rootHasEnded ? -1 : watch.descriptor,
          pace.isIdle ? pipe.descriptor.rawValue : -1,
          pace.isIdle ? work.probe.descriptor : -1,
          work.desk?.descriptor ?? -1,
          rootWaits,
        ],
        timeoutMs: session?.isRevising == true
          ? 0
          : pace.timeoutMs(
            isExpecting: work.table.isExpecting,
            looksAround: rootHasEnded || work.table.isSweeping || watch.hasToBeAsked))
      if ready[0] { onSignal() }
      if ready[4] { directory.clearStall() }
      if ready[5] { kernel_opening_heard(rootWaits) }
      if !rootHasEnded, ready[1] || watch.hasToBeAsked, let end = watch.end() {
        work.table.rootEnded(end.status, end.source, at: Kernel.monotonicNs)
        rootHasEnded = true
      }
      let isDrained = takeBatch(work, &pace)
      onProgress(
        Progress(
          seen: work.table.seen, running: work.table.liveCount + (work.desk?.liveCount ?? 0)))
      if watch.endsWithItsWord, work.table.rootSaidExit != nil { rootHasEnded = true }
      if rootHasEnded, isDrained, !goesOn(work, pace), !expectsLastWords(work) { return }
    }
  }

  /// How long a child that the root forked at its end may take to execute something, and one that waits
  /// for a processor on a busy machine.
  private static let lastWordsNs: (usual: UInt64, heldUp: UInt64) = (50_000_000, 1_000_000_000)

  /// Whether there is a process that nothing was heard of yet, and the root has not been gone for
  /// long.
  private func expectsLastWords(_ work: Work) -> Bool {
    let (now, end) = (Kernel.monotonicNs, work.table.rootEnding.stampNs)
    guard now < end &+ Self.lastWordsNs.heldUp else { return false }
    return work.probe.members.contains { pid in
      !work.table.knows(pid)
        && (now < end &+ Self.lastWordsNs.usual || ProcessFiles.isHeldUp(pid))
    }
  }

  private func goesOn(_ work: Work, _ pace: Pace) -> Bool {
    settings.waitsForDescendants
      && (!pace.isIdle || work.table.hasLiveProcesses || (work.desk?.liveCount ?? 0) > 0
        || !work.probe.members.isEmpty || work.execWatch?.isOver == false)
  }

  /// - Returns: whether the pipe was found empty.
  private func takeBatch(_ work: Work, _ pace: inout Pace) -> Bool {
    work.table.takeReports(nowNs: Kernel.monotonicNs)
    let filled = fill(pipe)
    if filled.bytes > 0 { reader.takeBatch { work.table.handle($0) } }
    // Whoever was heard of asked before: only now can it be said what is over.
    let hasServed = work.desk?.serve() ?? false
    if filled.bytes > 0 || hasServed { directory.clearStall() }
    work.table.endBatch(nowNs: Kernel.monotonicNs, isDrained: filled.isDrained)
    // A journal that cannot be written is told of at the end; the session counts what is lost.
    try? session?.flush()
    pace.took(filled.bytes)
    return filled.isDrained
  }

  private func fill(_ pipe: EventPipe) -> EventReader.Filled {
    do {
      let filled = try reader.fill(from: pipe.descriptor)
      readFailures = 0
      return filled
    } catch {
      readFailures += 1
      guard readFailures >= Self.mostReadFailures else {
        return EventReader.Filled(bytes: 0, isDrained: false)
      }
      // What is in it nobody will know.
      if readFailures == Self.mostReadFailures { unreadable += 1 }
      return EventReader.Filled(bytes: 0, isDrained: true)
    }
  }

  /// Ends the session: writes the fixture and takes the session directory away.
  ///
  /// - Parameter rootStatus: what wait(2) gave for the root; nil for what the session knows.
  /// - Throws: ``UnwrittenFixture`` where the fixture could not be written: the session directory
  ///   stays then, with the journal.
  package func finish() throws -> SessionSummary {
    let life = liveDone.map { SignsOfLife($0) }
    life?.begin()
    defer { life?.end() }
    guard let work else {
      return SessionSummary(
        tally: SessionTally(), lost: 0, fixture: settings.fixture, rootStatus: -1)
    }
    work.desk?.serve()
    work.desk?.endSession()
    work.table.endSession(nowNs: Kernel.monotonicNs)
    work.probe.close()
    try? work.spill?.close()
    pipe.close()
    try? session?.flush()
    let end = work.table.rootEnding
    let rootStatus = end.status.map { Int($0.shellCode) } ?? -1
    var summary = SessionSummary(
      tally: tally(work), lost: lostEvents(work) + (session?.lostRecordings ?? 0),
      fixture: settings.fixture, rootStatus: rootStatus)
    summary.hasLostDirectory = !directory.isThere
    guard let session else {
      directory.remove()
      return summary
    }
    let earlier = EarlierFixture(
      at: settings.fixture, names: DraftNames(ofSession: directory.path))
    do {
      _ = try session.finish(metadata: metadata(work, summary, endNs: end.stampNs))
    } catch {
      earlier.forget()
      session.reviseJournal()
      throw UnwrittenFixture(
        reason: String(describing: error), kept: .journal(directory.path), rootStatus: rootStatus)
    }
    directory.noteWritten()
    earlier.keep()
    directory.remove(keepsLibrary: summary.tally.running > 0)
    return summary
  }

  private func lostEvents(_ work: Work) -> Int {
    directory.lostEvents + unreadable + reader.malformed + reader.dropped + reader.incomplete
      + work.table.unreadCount + work.table.unheard + (work.execWatch?.lost ?? 0)
      // Nobody could count what was lost after the session directory was gone.
      + (directory.isThere ? 0 : 1)
  }

  private func tally(_ work: Work) -> SessionTally {
    var tally = work.sink.tally
    tally.seen = work.table.seen
    tally.confined = work.table.confinedCount
    return tally
  }

  private func metadata(_ work: Work, _ summary: SessionSummary, endNs: UInt64) -> FixtureMetadata {
    var facts = SessionFacts()
    facts.mode = settings.mode.rawValue
    if let image = work.table.rootImage {
      facts.setCommand(image.commandLine.arguments.slices)
      facts.setCwd(image.cwd)
    } else {
      facts.setCommand(work.root.arguments)
      facts.setCwd(work.root.cwd)
    }
    facts.exitCode = summary.rootStatus
    facts.durationMs = Int(
      clamping: (max(endNs, work.root.startNs) - work.root.startNs) / 1_000_000)
    facts.invocations = summary.tally.seen
    facts.opaque = summary.tally.opaqueCount
    facts.lost = summary.lost
    for (name, count) in [
      ("failed", summary.tally.failed), ("running", summary.tally.running),
      ("confined", summary.tally.confined), ("truncated", summary.tally.truncated),
      ("unprivileged", summary.tally.unprivileged.count),
    ] where count > 0 {
      facts.unknownMembers[name] = .integer(count)
    }
    if settings.isDeep { facts.unknownMembers["deep"] = .bool(true) }
    if let context = TraceContext.inherited {
      facts.unknownMembers[TraceContext.member] = .string(context.text)
    }
    var metadata = FixtureMetadata.create()
    metadata.session = facts
    return metadata
  }

  /// Takes a session away that has not begun.
  package func abandon() {
    pipe.close()
    directory.remove()
  }
}

/// The fixture could not be written; what it would have had is kept.
package struct UnwrittenFixture: Error, CustomStringConvertible {
  /// Where it is.
  enum Kept {
    /// In a session directory.
    case journal(FilePath)
    /// In a fixture of its own.
    case draft(FilePath)
  }

  let reason: String
  let kept: Kept
  /// As in ``SessionSummary``.
  package let rootStatus: Int

  /// Two sentences: what is wrong, and how to get the fixture.
  package var description: String {
    switch kept {
    case .journal(let directory):
      "\(reason); the recording is kept: run `cmdmox recover \(directory)` "
        + "(with -o for another place)"
    case .draft(let draft): "\(reason); what was recorded now is kept in \(draft)"
    }
  }
}
