/// What is announced: the side of the caller.
extension InvocationTable {
  func onIntent(_ event: IntentEvent) {
    let caller = ancestor(event.speaker.image)
    let key = ProcessKey(namespace: caller?.namespace ?? 0, pid: event.pid)
    let intent = Intent(
      id: event.intent, caller: event.speaker.image, key: key, callerPid: event.speaker.pid,
      flags: event.flags, stampNs: event.speaker.stamp,
      commandLine: CommandLine(
        path: event.path, cwd: event.cwd, arguments: event.arguments,
        isLookedUp: event.flags.contains(.search)),
      path: Array(event.path), cwd: Array(event.cwd))
    guard !isSeen(intent), !isImpossible(intent) else { return }
    if let waiting = awaiting.removeValue(forKey: intent.id) {
      arrivedLate(intent, waiting)
      return
    }
    guard intent.id != root.intent, !isCaptured(intent.id) else { return }
    let process = processToRun(intent)
    if let failure = process.failure {
      process.failure = nil
      // A search through PATH that came to its end; anything else failed for good.
      if failure.commandLine.arguments != intent.commandLine.arguments { record(failure) }
    }
    announce(intent, process)
  }

  /// Notes what a process is about to become, in the place of what it had announced before.
  func announce(_ intent: Intent, _ process: TracedProcess) {
    if let superseded = process.intent { announced.removeValue(forKey: superseded.id) }
    process.intent = intent
    announced[intent.id] = process
    touch(process)
    takeEarlyWait(process, after: intent.stampNs)
  }

  /// Whether nobody can have announced this: it has no id, or one that stands for something else
  /// already, or its speaker came of it. A process that goes on with its search through PATH says the
  /// same id again.
  private func isImpossible(_ intent: Intent) -> Bool {
    guard intent.id != 0, images[intent.id] == nil,
      awaiting[intent.id]?.contains(where: { $0.id == intent.caller }) != true
    else { return true }
    guard let announcer = announced[intent.id] else { return false }
    return announcer.key != intent.key || intent.key.pid == 0
  }

  /// Takes back what a process had announced: it did not come to pass.
  func withdraw(_ intent: Intent, _ process: TracedProcess) {
    announced.removeValue(forKey: intent.id)
    process.intent = nil
  }

  /// What was announced has come to pass and was not heard of: an opaque image.
  @discardableResult
  func promote(_ intent: Intent, _ process: TracedProcess) -> ProgramImage {
    withdraw(intent, process)
    let opaque = materialize(intent, process)
    if let image = process.image { leave(image, .replaced, at: intent.stampNs) }
    process.image = opaque
    process.exit = nil
    return opaque
  }

  /// The process that is to run what was announced.
  private func processToRun(_ intent: Intent) -> TracedProcess {
    if intent.key.pid == 0 {
      // Nobody knows who: it stands for itself until something confirms it.
      nextSerial += 1
      return TracedProcess(key: intent.key, serial: nextSerial - 1)
    }
    if let known = processes[intent.key], known !== rootProcess,
      known.wasDead(at: intent.stampNs)
        || (known.image.map { $0.startNs < intent.stampNs } ?? false
          && (intent.flags.contains(.spawn) || !runs(known, intent.caller)))
    {
      // The pid went to a new process: the one that had it is dead.
      conclude(known, at: intent.stampNs)
    }
    return process(intent.key)
  }

  /// Whether `process` runs the image `id`, or did before it executed something else.
  func runs(_ process: TracedProcess, _ id: UInt64) -> Bool {
    guard let image = process.image else { return true }
    if image.id == id { return true }
    guard let ancestor = ancestor(id) else { return false }
    return ancestor.namespace == process.key.namespace && ancestor.pid == process.key.pid
  }

  /// An intent whose child has been heard of already.
  private func arrivedLate(_ intent: Intent, _ waiting: [ProgramImage]) {
    for image in waiting { image.awaitedIntent = nil }
    defer { for image in waiting { handOverHeld(image) } }
    if let image = waiting.first(where: { confirms(intent, $0) }) {
      adopt(intent, image)
      for image in waiting { touch(image.process) }
      return
    }
    let opaque = materialize(intent, processToRun(intent))
    for image in waiting {
      image.parentSlot = opaque.slotForChildren
      touch(image.process)
    }
    if let successor = opaque.process.image {
      // The opaque program itself executed what was heard of.
      leave(opaque, .replaced, at: successor.startNs)
    } else {
      let process = opaque.process
      process.image = opaque
      touch(process)
      takeEarlyWait(process, after: intent.stampNs)
    }
  }

  /// Whether an image that was heard of is what an intent announced.
  private func confirms(_ intent: Intent, _ image: ProgramImage) -> Bool {
    confirms(
      intent, pid: image.process.key.pid, ppid: image.ppid ?? 1,
      executable: image.commandLine.executable,
      sameArguments: image.commandLine.arguments == intent.commandLine.arguments)
  }

  /// - Parameter sameArguments: asked last, since it is the dearest.
  func confirms(
    _ intent: Intent, pid: UInt32, ppid: UInt32, executable: [UInt8],
    sameArguments: @autoclosure () -> Bool
  ) -> Bool {
    let samePath = executable == intent.commandLine.executable
    if samePath && ppid == 0 { return true }
    guard intent.key.pid == pid || intent.key.pid == 0 else { return false }
    return samePath || intent.flags.contains(.descriptor)
      || (intent.flags.contains(.search)
        && baseName(executable[...]) == baseName(intent.path[...]))
      || sameArguments()
  }

  /// Lets an image say what its caller ran: for a script the kernel told it something else.
  func adopt(_ intent: Intent, _ image: ProgramImage) {
    let named = image.commandLine.command
    image.commandLine.arguments = intent.commandLine.arguments
    if intent.flags.contains(.descriptor) {
      image.commandLine.executable = intent.commandLine.executable
    }
    if image.commandLine.command != named, image.isInvocation {
      let before = image.slot
      if !sink.records(image.commandLine.command) { image.slot = nil }
      assignSlot(image)
      if let before { moveChildren(from: before, to: image.slotForChildren) }
    }
  }

  /// A slot that came or went while children were known already: rare, hence the search.
  private func moveChildren(from old: Int, to new: Int?) {
    guard old != new else { return }
    for image in images.values where image.parentSlot == old { image.parentSlot = new }
  }

  /// Makes an invocation of an intent that nothing confirmed.
  func materialize(_ intent: Intent, _ process: TracedProcess) -> ProgramImage {
    let image = ProgramImage(
      id: intent.id, process: process, isOpaque: true,
      isInvocation: !intent.flags.contains(.goesOn), commandLine: intent.commandLine,
      cwd: intent.cwd, startNs: intent.stampNs,
      realtimeNs: intent.stampNs &+ realtimeOffset)
    image.environment = intent.sighting.map { filtered($0, intent) } ?? intent.environment
    image.sighting = intent.sighting.map { $0.withoutEnvironment }
    image.isElsewhere = intent.flags.contains(.elsewhere)
    image.isBelowConfined =
      intent.sighting?.isBelowConfined ?? (images[intent.caller]?.confinement != nil)
    let caller = ancestor(intent.caller)
    image.parentSlot = caller?.slotForChildren
    if let sighting = intent.sighting {
      image.ppid = sighting.ppid
    } else if intent.flags.contains(.spawn) {
      image.ppid = intent.callerPid
    } else if let caller, caller.pid != intent.key.pid {
      image.ppid = caller.pid
    } else {
      image.ppid = images[intent.caller]?.ppid
    }
    assignSlot(image)
    add(image)
    return image
  }
}
