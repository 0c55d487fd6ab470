/// How invocations end, and when that is certain enough.
extension InvocationTable {
  func onExit(_ event: ExitEvent) {
    guard let image = images[event.speaker.image], image.process.image === image,
      image.process.key.pid == event.speaker.pid
    else { return }
    let process = image.process
    process.exit = ExitRecord(
      status: WaitStatus(exitCode: Int32(truncatingIfNeeded: event.code)),
      stampNs: event.speaker.stamp,
      usage: ResourceUsage(
        userCPU: event.userCPU, systemCPU: event.systemCPU, peakMemory: event.peakMemory))
    if let intent = process.intent {
      // Whoever still speaks did not become what it announced.
      announced.removeValue(forKey: intent.id)
      process.intent = nil
    }
    touch(process)
  }

  func onWait(_ event: WaitEvent) {
    guard !event.status.isChange else { return }
    let key = ProcessKey(namespace: namespace(of: event.speaker.image), pid: event.pid)
    guard let process = processes[key], process !== rootProcess,
      process.image.map({ $0.startNs <= event.speaker.stamp }) ?? true
    else {
      keepEarlyWait(EarlyWait(key: key, status: event.status, stampNs: event.speaker.stamp))
      return
    }
    process.waited = event.status
    if process.death == nil { process.death = (event.speaker.stamp, batch) }
    touch(process)
  }

  func keepEarlyWait(_ wait: EarlyWait) {
    if earlyWaits.count >= 64 { earlyWaits.removeFirst() }
    earlyWaits.append(wait)
  }

  /// Gives a process that became known late the status that its parent has reaped already.
  func takeEarlyWait(_ process: TracedProcess, after stampNs: UInt64) {
    guard
      let index = earlyWaits.firstIndex(where: { $0.key == process.key && $0.stampNs > stampNs })
    else { return }
    let early = earlyWaits.remove(at: index)
    process.waited = early.status
    process.death = (early.stampNs, batch)
  }

  func onConfined(_ event: ConfinedEvent) {
    confinedCount += event.attemptFailed ? -1 : 1
    // A forked child speaks as the image that it was forked from, which goes on unconfined.
    guard let image = images[event.speaker.image], image.process.key.pid == event.speaker.pid
    else { return }
    image.confinement = event.attemptFailed ? nil : event.reason
  }

  /// Takes what the kernel tells of watched processes; to be called before the pipe is drained, so
  /// that everything that they said is drained before they are over.
  func takeReports(nowNs: UInt64) {
    probe.poll { serial, status in
      guard let process = watched.removeValue(forKey: serial), !process.isConcluded else { return }
      process.watch = .none
      process.probed = status
      notice(process, nowNs: nowNs)
    }
  }

  private func notice(_ process: TracedProcess, nowNs: UInt64) {
    // Not before it was looked for: it may have begun and ended since the batch did.
    if process.death == nil { process.death = (max(nowNs, probe.nowNs), batch) }
    dying.append(process)
  }

  /// Ends what is over, and watches what lives on.
  ///
  /// - Parameter isDrained: the pipe was found empty: everything that was said until
  ///   ``takeReports(nowNs:)`` is known.
  func endBatch(nowNs: UInt64, isDrained: Bool) {
    batch += 1
    sweep(nowNs: nowNs)
    giveUpIntents(nowNs: nowNs)
    let heard = touched
    touched.removeAll(keepingCapacity: true)
    for process in heard {
      process.isTouched = false
      guard !process.isConcluded, process !== rootProcess else { continue }
      if process.hasFinalStatus || process.called != nil {
        dying.append(process)
      } else if process.death == nil {
        attend(process, nowNs: nowNs)
      }
    }
    let candidates = dying
    dying.removeAll(keepingCapacity: true)
    for process in candidates where process.isDying && !process.isConcluded {
      if isOver(process, nowNs: nowNs, isDrained: isDrained) {
        conclude(process, at: process.death?.noticedNs ?? nowNs)
      } else if process.isDying {
        dying.append(process)
      }
    }
  }

  /// Hands over replaced images of which the intents have not come in time.
  private func giveUpIntents(nowNs: UInt64) {
    guard !awaiting.isEmpty else { return }
    let overdue = awaiting.values.joined().filter {
      $0.replacedNs != nil && nowNs > $0.startNs &+ Patience.intent
    }
    for image in overdue {
      stopAwaiting(image)
      handOverHeld(image)
    }
  }

  /// The intent of an image is not waited for any longer.
  func stopAwaiting(_ image: ProgramImage) {
    guard let awaited = image.awaitedIntent else { return }
    image.awaitedIntent = nil
    awaiting[awaited]?.removeAll { $0 === image }
    if awaiting[awaited]?.isEmpty == true { awaiting.removeValue(forKey: awaited) }
  }

  private func isOver(_ process: TracedProcess, nowNs: UInt64, isDrained: Bool) -> Bool {
    if let image = process.image, image.awaitedIntent != nil {
      guard nowNs > image.startNs &+ Patience.intent else { return false }
      stopAwaiting(image)
    }
    if process.waited != nil { return true }
    guard isDrained, let death = process.death, batch > death.batch else { return false }
    if process.probed != nil { return true }
    let patience =
      process.key.isForeign
      ? Patience.foreignStatus
      : process.image == nil && process.watch == .unavailable ? Patience.start : Patience.status
    return nowNs > death.noticedNs &+ patience && !isFoundAfterAll(process, nowNs: nowNs)
  }

  /// Looks once more for a process that was in the middle of its exec when it was looked for first.
  private func isFoundAfterAll(_ process: TracedProcess, nowNs: UInt64) -> Bool {
    guard process.image == nil, process.watch == .unavailable, isCertain(process) else {
      return false
    }
    process.takeBackGuessedDeath()
    attend(process, nowNs: nowNs)
    return true
  }

  /// Watches a process that goes on, or notices that it is gone.
  private func attend(_ process: TracedProcess, nowNs: UInt64) {
    if process.kernelPid == 0 {
      if process.exit != nil { notice(process, nowNs: nowNs) }
      return
    }
    if process.intent != nil { readUp(process) }
    guard process.watch == .none else { return }
    let seenNs = process.image?.startNs ?? process.intent?.stampNs ?? nowNs
    if process.image == nil, !isCertain(process) {
      // Announced by a process of which the pid may belong to another namespace.
      process.watch = .unavailable
      notice(process, nowNs: nowNs)
      return
    }
    switch probe.watch(process.kernelPid, serial: process.serial, seenNs: seenNs) {
    case .watching:
      process.watch = .watching
      watched[process.serial] = process
    case .gone:
      notice(process, nowNs: nowNs)
    case .unavailable:
      process.watch = .unavailable
      unwatchable.append(process)
    }
  }

  /// Whether the pid of a process that only spoke through its parent's image is one of ours.
  private func isCertain(_ process: TracedProcess) -> Bool {
    if let intent = process.intent, intent.flags.contains(.spawn) || intent.sighting != nil {
      return true
    }
    let caller = process.intent?.caller ?? process.failure?.caller ?? 0
    guard let caller = ancestor(caller) else { return false }
    // An orphan has another parent by now.
    return probe.parent(of: process.key.pid) == caller.pid || probe.belongs(process.key.pid)
  }

  /// Reads in /proc what nobody has told of an announced program.
  private func readUp(_ process: TracedProcess) {
    if process.intent?.sighting != nil {
      readCommandLine(process)
    } else {
      readEnvironment(process)
    }
  }

  /// The kernel lets everybody see a command line, though not the memory that it is made of.
  private func readCommandLine(_ process: TracedProcess) {
    guard let intent = process.intent, intent.isUnread,
      let commandLine = probe.commandLine(of: process.kernelPid)
    else { return }
    process.intent?.commandLine = commandLine
  }

  private func readEnvironment(_ process: TracedProcess) {
    guard let intent = process.intent, intent.environment.count == 0,
      sink.keepsEnvironment(of: intent.commandLine.command),
      let block = probe.environment(of: process.kernelPid, running: intent.commandLine.executable)
    else { return }
    process.intent?.environment = block.withUnsafeBytes { bytes in
      let count = bytes.count { $0 == 0 }
      return sink.filter(
        WireStrings(bytes: bytes, count: count), command: intent.commandLine.command)
    }
  }

  /// Looks after processes that could not be watched.
  private func sweep(nowNs: UInt64) {
    guard !unwatchable.isEmpty, nowNs > lastSweepNs &+ Patience.sweep else { return }
    lastSweepNs = nowNs
    let candidates = unwatchable
    unwatchable.removeAll()
    for process in candidates
    where process.watch == .unavailable && !process.isConcluded && process.death == nil {
      process.watch = .none
      attend(process, nowNs: nowNs)
    }
  }
}
