/// What is seen from outside: the execs that the kernel tells of, whoever makes them.
///
/// An exec that was seen is an announced one, like that of a hook: what the new image says of itself
/// confirms it, and nothing said makes it opaque. Where a hook told of it too, both are one. It may
/// still fail; then the process calls again with the memory that it had.
extension InvocationTable {
  func onSeen(_ event: SeenEvent) {
    let exec = event.speaker.image
    guard images[exec] == nil, announced[exec] == nil else { return }
    seesExecs = true
    let variables = HandedVariables(event.environment, session: session)
    var process = processSeen(event)
    let before = process.intent
    settle(process, event.caller)
    var caller = knownCaller(event)
    if let caller, process !== rootProcess, let image = process.image, caller != image.id {
      // A process that was forked from something else: the pid came back.
      conclude(process, at: event.speaker.stamp)
      process = processSeen(event)
    }
    caller = caller ?? newCaller(event, process)
    watch(process, exec)
    var intent = Intent(
      id: exec, caller: caller ?? handedCaller(variables), key: process.key,
      callerPid: event.ppid, flags: event.flags.contains(.descriptor) ? .descriptor : [],
      stampNs: event.speaker.stamp,
      commandLine: CommandLine(
        path: event.path, cwd: event.cwd, arguments: event.arguments, isLookedUp: false),
      path: Array(event.path), cwd: Array(event.cwd))
    if variables.isElsewhere { intent.flags.insert(.elsewhere) }
    intent.isHooked = false
    intent.sighting = Sighting(event, handsLibrary: variables.hasLibrary)
    intent.sighting?.isBelowConfined = images[intent.caller]?.isCutOff ?? false
    if isNew(variables, caller) {
      intent.join(variables.intent, announced[variables.intent]?.intent ?? before)
    }
    if let announcer = announced[intent.id], announcer !== process {
      // It has another name there: the first of a pid namespace, or nobody knew.
      withdraw(intent, announcer)
      if announcer.image == nil { discard(announcer) }
    }
    announce(intent, process)
  }

  /// Whether an announced exec was seen, or is over: then its hook tells nothing new but details.
  func isSeen(_ intent: Intent) -> Bool {
    // What is handed elsewhere does not bear this session's intents.
    if seesExecs, intent.flags.contains(.elsewhere) { return true }
    guard let process = announced[intent.id], let seen = process.intent,
      let sighting = seen.sighting
    else { return images[intent.id] != nil || ancestors.recall(intent.id) != nil }
    // Said after it was seen: the next of several attempts, by one process.
    guard intent.stampNs <= sighting.stampNs else { return false }
    process.intent?.isHooked = true
    process.intent?.flags.formUnion(intent.flags)
    touch(process)
    return true
  }

  /// A process says that it could not execute something: what it was seen at last, if that is it.
  func withdrawSeen(_ event: FailedEvent, _ key: ProcessKey) {
    guard !event.flags.contains(.spawn), let process = processes[key],
      let intent = process.intent, let sighting = intent.sighting,
      sighting.stampNs <= event.speaker.stamp,
      event.arguments.holdsSameBytes(as: intent.commandLine.arguments)
    else { return }
    withdraw(intent, process)
  }

  /// What the start of an image confirms that was seen; nil for nothing.
  func seenLineage(of event: StartEvent) -> Lineage? {
    guard let process = processSeen(before: event), let intent = process.intent else {
      return lineageAfterGap(event)
    }
    withdraw(intent, process)
    return Lineage(
      parent: intent.caller, slot: ancestor(intent.caller)?.slotForChildren,
      namespace: process.key.namespace, confirmed: intent,
      isAwaited: !intent.isHooked && event.intent == intent.id, process: process)
  }

  /// What was seen of the process and is not what starts now: it ran, and executed this without
  /// being seen.
  private func lineageAfterGap(_ event: StartEvent) -> Lineage? {
    let key = ProcessKey(namespace: namespace(of: event.parent), pid: event.speaker.pid)
    guard let process = processes[key], let intent = process.intent, let sighting = intent.sighting,
      !process.wasDead(at: event.speaker.stamp), sighting.stampNs < event.speaker.stamp
    else { return nil }
    let opaque = promote(intent, process)
    return Lineage(
      parent: opaque.id, slot: opaque.slotForChildren, namespace: key.namespace, process: process)
  }

  /// Remembers what tells the processes forked from an image.
  func learn(_ fingerprint: UInt64, of image: ProgramImage) {
    image.fingerprint = fingerprint
    fingerprints[fingerprint] = image.id
  }

  func filtered(_ sighting: Sighting, _ intent: Intent) -> PackedStrings {
    sighting.environment.withWireStrings {
      sink.filter($0, command: intent.commandLine.command)
    }
  }
}

extension InvocationTable {
  private func processSeen(_ event: SeenEvent) -> TracedProcess {
    let key = ProcessKey(namespace: event.namespace, pid: event.ownPid)
    if key.isForeign { seesOtherNamespaces = true }
    if let known = processes[key], known !== rootProcess,
      known.wasDead(at: event.speaker.stamp)
        || (known.kernelPid != 0 && known.kernelPid != event.pid)
    {
      conclude(known, at: event.speaker.stamp)
    }
    let process = process(key)
    guard process !== rootProcess else { return process }
    process.kernelPid = event.pid
    sighted[event.pid] = process
    return process
  }

  /// Finds out what became of the exec that a process was seen at before: if the memory is still the
  /// same it failed.
  private func settle(_ process: TracedProcess, _ fingerprint: UInt64) {
    guard let intent = process.intent, let sighting = intent.sighting else { return }
    if fingerprint != 0, fingerprint == sighting.caller {
      withdraw(intent, process)
    } else {
      promote(intent, process)
    }
  }

  /// The image that a process with this fingerprint was forked from, where that is known already.
  private func knownCaller(_ event: SeenEvent) -> UInt64? {
    guard event.caller != 0 else { return nil }
    return fingerprints[event.caller]
      ?? (ancestors.recall(event.caller) == nil ? nil : event.caller)
  }

  /// The image that calls for the first time, itself or in a process forked from it: that of the
  /// process, or of the nearest one above.
  private func newCaller(_ event: SeenEvent, _ process: TracedProcess) -> UInt64? {
    let hasImage = process.image != nil || process === rootProcess
    guard let bearer = hasImage ? process : processHere(event.ancestor) else { return nil }
    if let intent = bearer.intent, let sighting = intent.sighting {
      // It was forked before that exec, which then came too early to be the caller.
      guard event.caller == 0 || event.caller != sighting.caller else { return bearer.image?.id }
      promote(intent, bearer)
      touch(bearer)
    }
    if let image = bearer.image {
      if event.caller != 0, image.fingerprint == 0 { learn(event.caller, of: image) }
      return image.id
    }
    guard bearer === rootProcess else { return nil }
    if event.caller != 0 { fingerprints[event.caller] = 0 }
    return 0
  }

  /// Whether the intent that was handed down is that of this exec, and not of a program above that
  /// cannot speak.
  private func isNew(_ variables: HandedVariables, _ caller: UInt64?) -> Bool {
    guard variables.intent != 0, variables.intent != root.intent else { return false }
    if let announcer = announced[variables.intent] { return announcer.intent?.sighting == nil }
    if let caller { return caller == variables.image }
    return images[variables.intent] == nil && ancestors.recall(variables.intent) == nil
  }

  /// The caller as far as its variables tell, where nothing else does: an orphan.
  private func handedCaller(_ variables: HandedVariables) -> UInt64 {
    if let announcer = announced[variables.intent], let intent = announcer.intent,
      intent.sighting != nil
    {
      promote(intent, announcer)
    }
    let isOpaque =
      images[variables.intent] != nil || ancestors.recall(variables.intent) != nil
    return isOpaque ? variables.intent : variables.image ?? 0
  }

  /// A process by its pid as the recorder sees it.
  private func processHere(_ pid: UInt32) -> TracedProcess? {
    sighted[pid] ?? processes[ProcessKey(namespace: 0, pid: pid)]
  }

  /// Watches the process by what was taken hold of while it waited.
  private func watch(_ process: TracedProcess, _ exec: UInt64) {
    guard process.watch != .watching else {
      probe.forget(exec: exec)
      return
    }
    guard probe.watch(exec: exec, serial: process.serial) == .watching else { return }
    process.watch = .watching
    watched[process.serial] = process
  }

  /// The process that was seen at the exec that made this image.
  private func processSeen(before event: StartEvent) -> TracedProcess? {
    func isIt(_ process: TracedProcess?) -> Bool {
      guard let process, let intent = process.intent, let sighting = intent.sighting,
        process.key.pid == event.speaker.pid
      else { return false }
      return !sighting.isReadable || isConfirmation(event, of: intent)
    }
    if let process = announced[event.intent], isIt(process) { return process }
    let key = ProcessKey(namespace: namespace(of: event.parent), pid: event.speaker.pid)
    if let process = processes[key], event.ppid != 0 || key.isForeign, isIt(process) {
      return process
    }
    guard seesOtherNamespaces else { return nil }
    return announced.values.first { process in
      guard process.key.isForeign, isIt(process), let intent = process.intent else { return false }
      return intent.sighting.map { sighting in
        sighting.environment.withWireStrings {
          let variables = HandedVariables($0, session: session)
          return variables.image == event.parent && variables.intent == event.intent
        }
      } ?? false
    }
  }
}

extension Intent {
  /// Becomes the one that a hook told of, or is going to tell of.
  fileprivate mutating func join(_ id: UInt64, _ hooked: Intent?) {
    self.id = id
    guard let hooked, hooked.id == id, hooked.isHooked else { return }
    isHooked = true
    flags.formUnion(hooked.flags)
  }
}
