/// The invocations that are not over: takes events, finds out what they mean together, and hands
/// over every invocation that is over.
///
/// Events come in nearly the order in which they happened. Two come later than they should: the
/// intent of a posix_spawn, after the child's start, and the wait of a parent, after its child's
/// end was seen otherwise. Both are waited for within bounds.
///
/// Memory is bounded by what lives. Not safe to share between threads.
final class InvocationTable {
  /// How long, in nanoseconds, what may come late is waited for.
  enum Patience {
    /// The status of a process that is known to be dead.
    static let status: UInt64 = 50_000_000
    /// The same where nobody can look whether it is dead: another pid namespace.
    static let foreignStatus: UInt64 = 500_000_000
    /// The intent of a spawned process.
    static let intent: UInt64 = 1_000_000_000
    /// The start of what was announced by a process that cannot be found: in another pid namespace
    /// it may still be loading.
    static let start: UInt64 = 2_000_000_000
    /// Between two looks at processes that cannot be watched.
    static let sweep: UInt64 = 200_000_000
  }

  let root: RootIdentity
  let rootProcess: TracedProcess
  unowned let sink: any InvocationSink
  let probe: any ProcessProbe
  let ancestors: Ancestors

  private(set) var images: [UInt64: ProgramImage] = [:]
  var processes: [ProcessKey: TracedProcess] = [:]
  /// Processes that the probe watches, by serial.
  var watched: [UInt64: TracedProcess] = [:]
  /// Processes with an announced exec that nothing has confirmed.
  var announced: [UInt64: TracedProcess] = [:]
  /// Images whose intent has not come yet, by intent.
  var awaiting: [UInt64: [ProgramImage]] = [:]
  /// Live `sh -c` processes, by the image that started them.
  var shells: [UInt64: [TracedProcess]] = [:]
  /// popen()s by number, until their pclose().
  var openCalls: [UInt64: OpenCall] = [:]
  /// Shells that are over, the last few: whoever called them may not have said so yet.
  var recentShells: [ShellChild] = []
  /// Calls whose shell nothing was known of when they returned.
  var unansweredCalls: [UnansweredCall] = []
  /// Shells that were killed before anything was heard of them.
  var unheard = 0
  /// Statuses of children that nothing was known of when they came.
  var earlyWaits: [EarlyWait] = []
  /// Processes that something was heard of in this batch.
  var touched: [TracedProcess] = []
  /// Processes that are dead and have an event to come, maybe.
  var dying: [TracedProcess] = []
  /// Processes that no descriptor was left for.
  var unwatchable: [TracedProcess] = []

  /// Processes that an exec was seen of, by their pid as the recorder sees it, and the root.
  var sighted: [UInt32: TracedProcess] = [:]
  /// Images by their fingerprints; 0 stands for the root where nothing was heard of it.
  var fingerprints: [UInt64: UInt64] = [:]
  /// Whether execs are seen from outside.
  var seesExecs = false
  /// Whether execs were seen in other pid namespaces.
  var seesOtherNamespaces = false
  /// Execs that were seen and of which nobody found out what they were.
  var unreadCount = 0
  /// What `CMDMOX_SESSION` says in this session.
  let session: [UInt8]

  /// How often a process confined itself: what it and its children did then is not known.
  var confinedCount = 0
  /// Whether stand-ins run commands.
  var captures = false
  var nextSlot = 0
  /// Invocations that are over, those that are not recorded too, the root aside.
  var seen = 0
  var nextSerial: UInt64 = 1
  var batch = 0
  var lastSweepNs: UInt64 = 0
  /// Clocks that are not ours.
  var clocks: ForeignClocks
  /// What to add to a monotonic stamp to get the real time.
  var realtimeOffset: UInt64 = 0
  /// What the root said of itself; nil as long as nothing, or for ever where it is opaque.
  var rootImage: ProgramImage?
  /// When the root's program started.
  var originNs: UInt64

  struct OpenCall {
    var caller: UInt64
    var begin: UInt64
    var command: [UInt8]
  }

  /// A system() or pclose() that returned.
  struct UnansweredCall {
    var caller: UInt64
    var command: [UInt8]
    var begin: UInt64
    var end: UInt64
    var status: WaitStatus

    func isMeant(for shell: ShellChild) -> Bool {
      shell.caller == caller && shell.command == command && shell.startNs >= begin
        && shell.startNs <= end
    }
  }

  struct EarlyWait {
    var key: ProcessKey
    var status: WaitStatus
    var stampNs: UInt64
  }

  /// - Parameters:
  ///   - originNs: the monotonic stamp that the session's times count from.
  ///   - realtimeNs: the real time at `originNs`, nanoseconds since the epoch.
  ///   - session: the session directory, as `CMDMOX_SESSION` has it.
  init(
    root: RootIdentity, originNs: UInt64, realtimeNs: UInt64, sink: any InvocationSink,
    probe: any ProcessProbe, ancestors: Ancestors = Ancestors(), session: [UInt8] = []
  ) {
    self.root = root
    self.session = session
    self.originNs = originNs
    self.sink = sink
    self.probe = probe
    self.ancestors = ancestors
    clocks = ForeignClocks(originNs: originNs, originRealtimeNs: realtimeNs)
    realtimeOffset = realtimeNs &- originNs
    let key = ProcessKey(namespace: 0, pid: root.pid)
    rootProcess = TracedProcess(key: key, serial: 0)
    // Whoever runs the session watches the root.
    rootProcess.watch = .watching
    processes[key] = rootProcess
    sighted[root.pid] = rootProcess
  }

  func handle(_ event: Event) {
    let shift = clocks.areThere ? images[event.speaker.image]?.clockShiftNs ?? 0 : 0
    switch event.shifted(by: shift) {
    case .intent(let event): onIntent(event)
    case .start(let event): onStart(event)
    case .failed(let event): onFailed(event)
    case .exit(let event): onExit(event)
    case .wait(let event): onWait(event)
    case .call(let event): onCall(event)
    case .confined(let event): onConfined(event)
    case .seen(let event): onSeen(event)
    }
  }

  /// How many invocations live now.
  private(set) var liveCount = 0

  /// Whether processes have to be looked after that cannot be watched.
  var isSweeping: Bool { !unwatchable.isEmpty }

  /// Whether something has to be looked at again soon though no event may come.
  var isExpecting: Bool { !dying.isEmpty || !awaiting.isEmpty }

  /// The root's last image said that it leaves.
  var rootSaidExit: ExitRecord? { rootProcess.exit }
}

/// How the root is told from everything else.
struct RootIdentity: Equatable {
  var pid: UInt32
  /// The intent that the root starts with; its children name it until it has an image.
  var intent: UInt64
}

// MARK: - Images

extension InvocationTable {
  /// An id is one thing's: what another process announced under it did not come to pass.
  func add(_ image: ProgramImage) {
    announced.removeValue(forKey: image.id)?.intent = nil
    images[image.id] = image
    liveCount += image.isInvocation ? 1 : 0
  }

  /// Forgets an image; its late children still find it.
  func remove(_ image: ProgramImage) {
    if image.fingerprint != 0 { fingerprints.removeValue(forKey: image.fingerprint) }
    guard images.removeValue(forKey: image.id) != nil else { return }
    liveCount -= image.isInvocation ? 1 : 0
    let ancestor = Ancestor(
      slotForChildren: image.slotForChildren, namespace: image.process.key.namespace,
      pid: image.process.key.pid)
    ancestors.insert(image.id, ancestor)
    if image.fingerprint != 0 { ancestors.insert(image.fingerprint, ancestor) }
  }
}

// MARK: - Finding processes and ancestors

extension InvocationTable {
  /// The pid namespace, pid and slot behind an image's id, whether it lives or is over.
  func ancestor(_ id: UInt64) -> Ancestor? {
    if let image = images[id] {
      return Ancestor(
        slotForChildren: image.slotForChildren, namespace: image.process.key.namespace,
        pid: image.process.key.pid)
    }
    if id == 0 {
      return Ancestor(slotForChildren: nil, namespace: 0, pid: root.pid)
    }
    return ancestors.find(id)
  }

  func namespace(of image: UInt64) -> UInt64 {
    images[image]?.process.key.namespace ?? ancestor(image)?.namespace ?? 0
  }

  /// The process behind a key, known or new.
  func process(_ key: ProcessKey) -> TracedProcess {
    if let known = processes[key] { return known }
    let process = TracedProcess(key: key, serial: nextSerial)
    nextSerial += 1
    processes[key] = process
    return process
  }

  func touch(_ process: TracedProcess) {
    guard !process.isTouched else { return }
    process.isTouched = true
    touched.append(process)
  }

  /// A place among the recordings, for an invocation that this table does not follow.
  func takeSlot() -> Int {
    defer { nextSlot += 1 }
    return nextSlot
  }

  /// Gives an image its place among the recordings, or none where its command is not recorded.
  func assignSlot(_ image: ProgramImage) {
    guard image.isInvocation, image.slot == nil, sink.records(image.commandLine.command) else {
      return
    }
    image.slot = takeSlot()
  }
}
