/// Commands that stand-ins run: their ends are reported elsewhere, but what led to them and what
/// they run in turn is seen here.
extension InvocationTable {
  /// A stand-in asks for a command: whatever its process had announced, or had failed to execute, was
  /// the way to it.
  ///
  /// - Returns: what the caller ran; of a script without `#!` the stand-in knows only the shell.
  func meet(_ request: CaptureRequest) -> CommandLine {
    captures = true
    // A caller that was announced and has not spoken: it is static.
    if let announcer = announced[request.parent], let intent = announcer.intent {
      promote(intent, announcer)
      touch(announcer)
    }
    var commandLine = request.commandLine
    if let process = announced.removeValue(forKey: request.intent), let intent = process.intent {
      process.intent = nil
      if intent.commandLine.arguments != commandLine.arguments { commandLine = intent.commandLine }
      forget(process)
    }
    if let process = processes[key(of: request)], let failure = process.failure {
      process.failure = nil
      // A search through PATH by the caller itself came to its end; anything else failed for good.
      if failure.commandLine.arguments != commandLine.arguments { record(failure) }
      forget(process)
    }
    addAncestor(request, slot: nil)
    return commandLine
  }

  /// Gives what a command runs, which names its intent as the parent, the command's place among the
  /// recordings; nil where it is not recorded.
  func addAncestor(_ request: CaptureRequest, slot: Int?) {
    let above = ancestor(request.parent)
    ancestors.insert(
      request.intent,
      Ancestor(
        slotForChildren: slot ?? above?.slotForChildren, namespace: above?.namespace ?? 0,
        pid: request.pid))
  }

  /// A stand-in was killed: its process is followed like any other, until its status is known.
  func follow(_ command: CapturedCommand, environment: PackedStrings) {
    let request = command.request
    let key = key(of: request)
    if let earlier = processes[key]?.image { retire(earlier, at: request.stampNs) }
    if let namesake = images[request.intent] { retire(namesake, at: request.stampNs) }
    let process = process(key)
    let image = ProgramImage(
      id: request.intent, process: process, commandLine: command.commandLine, cwd: request.cwd,
      startNs: request.stampNs, realtimeNs: request.realtimeNs)
    image.ppid = request.ppid
    image.slot = command.slot
    image.parentSlot = command.parentSlot
    image.environment = environment
    add(image)
    process.image = image
    noteShell(image, caller: request.parent)
    touch(process)
    takeEarlyWait(process, after: request.stampNs)
  }

  /// Ends what a process runs because its pid, or its id, is another's now.
  private func retire(_ image: ProgramImage, at stampNs: UInt64) {
    guard image.process === rootProcess else { return conclude(image.process, at: stampNs) }
    leave(image, .replaced, at: stampNs)
    rootProcess.image = nil
  }

  /// Whether a stand-in has run what was announced.
  func isCaptured(_ intent: UInt64) -> Bool { captures && ancestors.find(intent) != nil }

  private func key(of request: CaptureRequest) -> ProcessKey {
    ProcessKey(namespace: namespace(of: request.parent), pid: request.pid)
  }

  private func forget(_ process: TracedProcess) {
    guard process.image == nil, process.intent == nil, process.failure == nil else { return }
    if let status = process.waited, let death = process.death {
      // It was killed at once: whoever follows it wants to know.
      keepEarlyWait(EarlyWait(key: process.key, status: status, stampNs: death.noticedNs))
    }
    discard(process)
  }
}
