/// What is confirmed: the side of the new image.
extension InvocationTable {
  func onStart(_ said: StartEvent) {
    var event = said
    let shift = clocks.shift(stampNs: said.speaker.stamp, realtimeNs: said.realtime)
    event.speaker.stamp &+= shift
    realtimeOffset = event.realtime == 0 ? realtimeOffset : event.realtime &- event.speaker.stamp
    guard images[event.speaker.image] == nil, announced[event.speaker.image] == nil else { return }
    defer { images[event.speaker.image]?.clockShiftNs = shift }
    if event.parent == 0, event.intent == root.intent, event.speaker.pid == root.pid,
      rootImage == nil
    {
      startRoot(event)
      return
    }
    let seen = seenLineage(of: event)
    if seen == nil, let opaque = imageSpeakingLate(event) {
      succeed(opaque, by: event)
      return
    }
    let lineage = seen ?? lineage(of: event)
    let process = processThatStarts(event, lineage)
    let image = makeImage(event, process)
    image.parentSlot = lineage.slot
    if let intent = lineage.confirmed {
      if intent.sighting?.isReadable != false { adopt(intent, image) }
      image.sighting = intent.sighting?.withoutEnvironment
    }
    if lineage.isAwaited {
      image.awaitedIntent = event.intent
      awaiting[event.intent, default: []].append(image)
    }
    assignSlot(image)
    if image.slot != nil {
      image.environment = sink.filter(event.environment, command: image.commandLine.command)
    }
    add(image)
    process.image = image
    process.exit = nil
    process.takeBackGuessedDeath()
    noteShell(image, caller: event.parent)
    touch(process)
  }

  private func startRoot(_ event: StartEvent) {
    // Something of its process was heard of before: what it had run then is over.
    if let image = rootProcess.image { leave(image, .replaced, at: event.speaker.stamp) }
    let image = ProgramImage(
      id: event.speaker.image, process: rootProcess, isInvocation: false,
      commandLine: CommandLine(event), cwd: Array(event.cwd), startNs: event.speaker.stamp,
      realtimeNs: event.realtime)
    image.ppid = event.ppid
    rootImage = image
    rootProcess.image = image
    add(image)
  }

  /// Whether a new image is what an intent announced that had to be taken for something opaque: the
  /// constructor of another library ran children before ours spoke.
  private func imageSpeakingLate(_ event: StartEvent) -> ProgramImage? {
    if let opaque = images[event.intent], confirmsLate(event, opaque) { return opaque }
    let key = ProcessKey(namespace: namespace(of: event.parent), pid: event.speaker.pid)
    guard let image = processes[key]?.image, image.sighting != nil, confirmsLate(event, image)
    else { return nil }
    return image
  }

  private func confirmsLate(_ event: StartEvent, _ opaque: ProgramImage) -> Bool {
    opaque.isOpaque && opaque.process.image === opaque
      && opaque.process.key.pid == event.speaker.pid
      && (opaque.commandLine.executable == withoutDots(Array(event.executable))
        || event.arguments.holdsSameBytes(as: opaque.commandLine.arguments))
  }

  /// Puts the image that spoke in the place of the one that was announced.
  private func succeed(_ opaque: ProgramImage, by event: StartEvent) {
    let image = ProgramImage(
      id: event.speaker.image, process: opaque.process, commandLine: CommandLine(event),
      cwd: Array(event.cwd), startNs: opaque.startNs, realtimeNs: opaque.realtimeNs)
    image.ppid = event.ppid
    image.commandLine.arguments = opaque.commandLine.arguments
    image.slot = opaque.slot
    image.parentSlot = opaque.parentSlot
    if image.slot != nil {
      image.environment = sink.filter(event.environment, command: image.commandLine.command)
    }
    image.sighting = opaque.sighting
    remove(opaque)
    add(image)
    if opaque.fingerprint != 0 { learn(opaque.fingerprint, of: image) }
    image.process.image = image
    touch(image.process)
  }

  private func makeImage(_ event: StartEvent, _ process: TracedProcess) -> ProgramImage {
    let image = ProgramImage(
      id: event.speaker.image, process: process, isInvocation: !event.goesOn,
      commandLine: CommandLine(event), cwd: Array(event.cwd), startNs: event.speaker.stamp,
      realtimeNs: event.realtime)
    image.ppid = event.ppid
    return image
  }

  struct Lineage {
    /// The image that stands above: of the parent, or of something opaque.
    var parent: UInt64
    var slot: Int?
    var namespace: UInt64
    var confirmed: Intent?
    var isAwaited = false
    /// The process, where it was seen.
    var process: TracedProcess?
  }

  /// Who stands above a new image: its parent, or the opaque program that its intent stands for.
  private func lineage(of event: StartEvent) -> Lineage {
    let parent = ancestor(event.parent)
    var lineage = Lineage(
      parent: event.parent, slot: parent?.slotForChildren, namespace: parent?.namespace ?? 0)
    if event.intent != 0, event.intent != root.intent {
      if let announcer = announced[event.intent], let intent = announcer.intent {
        announced.removeValue(forKey: intent.id)
        announcer.intent = nil
        if isConfirmation(event, of: intent) {
          lineage.confirmed = intent
          if announcer.image == nil,
            announcer.key != ProcessKey(namespace: lineage.namespace, pid: event.speaker.pid)
              || startsNamespace(event, lineage.namespace)
          {
            // It has another name: the first of a pid namespace, or nobody knew.
            discard(announcer)
          }
        } else {
          let opaque = promote(intent, announcer)
          touch(announcer)
          lineage.parent = opaque.id
          lineage.slot = opaque.slotForChildren
        }
      } else if let opaque = ancestor(event.intent) {
        lineage.parent = event.intent
        lineage.slot = opaque.slotForChildren
        lineage.namespace = opaque.namespace
      } else {
        lineage.isAwaited = true
      }
    }
    if startsNamespace(event, lineage.namespace) { lineage.namespace = event.speaker.image }
    return lineage
  }

  func isConfirmation(_ event: StartEvent, of intent: Intent) -> Bool {
    confirms(
      intent, pid: event.speaker.pid, ppid: event.ppid,
      executable: withoutDots(Array(event.executable)),
      sameArguments: event.arguments.holdsSameBytes(as: intent.commandLine.arguments))
  }

  /// Whether a new image is the first of a pid namespace: its parent is not in there.
  private func startsNamespace(_ event: StartEvent, _ namespace: UInt64) -> Bool {
    event.ppid == 0 && (event.speaker.pid != root.pid || namespace != 0)
  }

  /// The process of a new image: one that executed something else, or a new one.
  private func processThatStarts(_ event: StartEvent, _ lineage: Lineage) -> TracedProcess {
    let key = ProcessKey(namespace: lineage.namespace, pid: event.speaker.pid)
    guard let known = lineage.process ?? processes[key] else { return process(key) }
    let isSame =
      known === rootProcess || known === lineage.process
      || (!known.wasDead(at: event.speaker.stamp)
        && (known.image == nil || runs(known, lineage.parent)))
    guard isSame else {
      // The pid went to a new process: the one that had it is dead.
      conclude(known, at: event.speaker.stamp)
      return process(key)
    }
    if let failure = known.failure {
      known.failure = nil
      if !event.arguments.holdsSameBytes(as: failure.commandLine.arguments) { record(failure) }
    }
    if let intent = known.intent {
      // It announced something and became something else that names no intent: the announced
      // program stood between them.
      announced.removeValue(forKey: intent.id)
      known.intent = nil
    }
    if let image = known.image { leave(image, .replaced, at: event.speaker.stamp) }
    return known
  }
}
