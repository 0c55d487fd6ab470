internal import Glibc

/// Execs and spawns that failed.
extension InvocationTable {
  func onFailed(_ event: FailedEvent) {
    let key = ProcessKey(
      namespace: namespace(of: event.speaker.image), pid: event.speaker.pid)
    if event.intent != 0, let process = announced.removeValue(forKey: event.intent) {
      process.intent = nil
      if process.image == nil, process.key != key { discard(process) }
    }
    withdrawSeen(event, key)
    let failure = FailedExec(
      caller: event.speaker.image, key: key, stampNs: event.speaker.stamp, error: event.error,
      commandLine: CommandLine(path: event.path, cwd: event.cwd, arguments: event.arguments),
      firstPath: Array(event.path), cwd: Array(event.cwd))
    guard !event.flags.contains(.spawn) else {
      record(failure)
      return
    }
    let process = process(key)
    touch(process)
    if process.failure?.isSameSearch(as: failure) == true {
      process.failure?.fold(failure)
    } else {
      if let before = process.failure { record(before) }
      process.failure = failure
    }
  }

  /// Hands over a command that could not be executed.
  func record(_ failure: FailedExec) {
    let caller = ancestor(failure.caller)
    seen += 1
    guard sink.records(failure.commandLine.command) else { return }
    var invocation = FinishedInvocation(
      slot: nextSlot, parentSlot: caller?.slotForChildren, pid: failure.key.pid,
      commandLine: failure.commandLine, cwd: failure.cwd, environment: PackedStrings(),
      startNs: failure.stampNs, endNs: failure.stampNs,
      realtimeNs: failure.stampNs &+ realtimeOffset, ending: .failed(failure.error))
    nextSlot += 1
    if let caller, caller.pid != failure.key.pid {
      invocation.ppid = caller.pid
    } else {
      invocation.ppid = images[failure.caller]?.ppid
    }
    sink.take(invocation)
  }
}

extension FailedExec {
  /// Whether `next` goes on with the search through PATH that this one began. PATH may name a folder
  /// twice, so that the same path once more says nothing.
  fileprivate func isSameSearch(as next: FailedExec) -> Bool {
    next.commandLine.arguments == commandLine.arguments
      && baseName(next.firstPath[...]) == baseName(firstPath[...])
  }

  /// Takes another attempt in: what was not merely absent is the reason.
  fileprivate mutating func fold(_ next: FailedExec) {
    attempts += 1
    if error == ENOENT || error == ENOTDIR {
      error = next.error
    }
    if next.firstPath != firstPath {
      // No path was the one: what was looked for is the bare name.
      commandLine.executable = Array(baseName(firstPath[...]))
    }
  }
}
