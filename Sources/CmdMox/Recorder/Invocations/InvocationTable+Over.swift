/// Invocations that are over.
extension InvocationTable {
  /// A process is over: its last image ends as the best status says, whatever it had announced was
  /// never heard of, whatever it failed to execute stays failed.
  func conclude(_ process: TracedProcess, at endNs: UInt64, isAlive: Bool = false) {
    guard !process.isConcluded else { return }
    if let failure = process.failure {
      process.failure = nil
      record(failure)
    }
    if let intent = process.intent {
      if intent.isDoubtful {
        withdraw(intent, process)
        unreadCount += intent.isUnread ? 1 : 0
      } else {
        promote(intent, process)
      }
    }
    if let image = process.image {
      let ending: Ending
      if let (status, source) = process.status {
        ending = .ended(status, source)
      } else {
        ending = isAlive ? .running : .unknown
      }
      let usage = image.isOpaque ? nil : process.exit?.usage
      leave(image, ending, at: process.exit?.stampNs ?? endNs, usage: usage)
      process.image = nil
    }
    release(process)
  }

  /// Forgets a process of which nothing came. The root is there until it ends.
  func discard(_ process: TracedProcess) {
    if process !== rootProcess { release(process) }
  }

  private func release(_ process: TracedProcess) {
    process.isConcluded = true
    if process.watch == .watching {
      watched.removeValue(forKey: process.serial)
      probe.unwatch(serial: process.serial)
      process.watch = .none
    }
    if let shell = process.shell { removeShell(process, shell) }
    if processes[process.key] === process { processes.removeValue(forKey: process.key) }
    if sighted[process.kernelPid] === process { sighted.removeValue(forKey: process.kernelPid) }
  }

  /// An image is over: hands it over and keeps what its late children may ask for.
  func leave(
    _ image: ProgramImage, _ ending: Ending, at endNs: UInt64, usage: ResourceUsage? = nil
  ) {
    remove(image)
    if ending == .replaced, image.awaitedIntent != nil {
      image.replacedNs = endNs
      return
    }
    stopAwaiting(image)
    handOver(image, ending, at: endNs, usage: usage)
  }

  /// Hands over a replaced image that waited for its intent.
  func handOverHeld(_ image: ProgramImage) {
    guard let endNs = image.replacedNs else { return }
    image.replacedNs = nil
    handOver(image, .replaced, at: endNs)
  }

  private func handOver(
    _ image: ProgramImage, _ ending: Ending, at endNs: UInt64, usage: ResourceUsage? = nil
  ) {
    if image.isInvocation { seen += 1 }
    guard let slot = image.slot else { return }
    sink.take(
      FinishedInvocation(
        slot: slot, parentSlot: image.parentSlot, pid: image.process.key.pid, ppid: image.ppid,
        commandLine: image.commandLine, cwd: image.cwd, environment: image.environment,
        startNs: image.startNs, endNs: ending == .running ? nil : max(endNs, image.startNs),
        realtimeNs: image.realtimeNs, ending: ending, usage: usage,
        opaque: opaqueReason(image, ending),
        confinement: image.confinement,
        isUnprivileged: image.sighting?.isUnprivileged ?? false))
  }

  private func opaqueReason(_ image: ProgramImage, _ ending: Ending) -> OpaqueReason? {
    guard image.isOpaque else { return nil }
    guard !image.isElsewhere else { return .session }
    guard !image.isBelowConfined else { return .confined }
    let reason = sink.judge(
      image.commandLine, program: image.sighting?.program, status: ending.status)
    let isOfFile = [.static, .setID, .architecture].contains(reason)
    if image.sighting?.handsLibrary == false, !isOfFile { return .environment }
    // It may speak yet.
    return ending == .running && reason == .unknown ? nil : reason
  }

  /// The root's process is over.
  func rootEnded(_ status: WaitStatus?, _ source: StatusSource, at endNs: UInt64) {
    switch source {
    case .pidfd: rootProcess.probed = status
    case .wait: rootProcess.waited = status
    default: break
    }
    rootProcess.death = (endNs, batch)
  }

  /// How the root ended, as well as is known: to be asked when the session has ended.
  var rootEnding: (status: WaitStatus?, stampNs: UInt64) {
    (
      rootProcess.status?.0,
      rootProcess.exit?.stampNs ?? rootProcess.death?.noticedNs ?? originNs
    )
  }

  /// Hands over everything that is left: what lives as running, what is dead as well as is known.
  func endSession(nowNs: UInt64) {
    takeReports(nowNs: nowNs)
    let rootEnd = rootProcess.death?.noticedNs ?? nowNs
    conclude(rootProcess, at: rootEnd)
    let left = Array(processes.values) + nameless
    for process in left.sorted(by: { $0.serial < $1.serial }) {
      lookForZombie(process)
      let isKnownDead = process.death != nil || process.exit != nil
      let isAlive = !isKnownDead && process.kernelPid != 0 && probe.isAlive(process.kernelPid)
      conclude(process, at: process.death?.noticedNs ?? nowNs, isAlive: isAlive)
    }
    endCalls()
    dying.removeAll()
    for image in awaiting.values.joined().sorted(by: { $0.startNs < $1.startNs }) {
      handOverHeld(image)
    }
    awaiting.removeAll()
  }

  /// Announced processes of which nobody knew the pid, those that children have spoken for included.
  private var nameless: [TracedProcess] {
    (Array(announced.values) + images.values.map(\.process)).filter { $0.key.pid == 0 }
  }

  /// A parent that never waits leaves a zombie, and that has a status.
  private func lookForZombie(_ process: TracedProcess) {
    guard !process.hasFinalStatus, process.kernelPid != 0, process.watch == .watching
    else { return }
    process.probed = probe.statusOfZombie(process.kernelPid)
  }

  /// Whether something was heard of a process of our own pid namespace, the root included.
  func knows(_ pid: UInt32) -> Bool { processes[ProcessKey(namespace: 0, pid: pid)] != nil }

  /// Whether a process of the session still lives, as far as can be seen.
  var hasLiveProcesses: Bool {
    processes.values.contains {
      $0 !== rootProcess && $0.death == nil && $0.kernelPid != 0 && probe.isAlive($0.kernelPid)
    }
  }
}
