/// system(), popen() and pclose(): libc starts `sh -c command` without telling its pid.
extension InvocationTable {
  func onCall(_ event: CallEvent) {
    let caller = event.speaker.image
    if let command = event.command {
      let command = Array(command)
      if let status = event.status {
        answer(
          candidates(caller, command, event.begin),
          UnansweredCall(
            caller: caller, command: command, begin: event.begin, end: event.speaker.stamp,
            status: status))
      } else {
        openCalls[event.call] = OpenCall(caller: caller, begin: event.begin, command: command)
        if openCalls.count > 4096 { forgetOldestCall() }
        candidates(caller, command, event.begin).first?.shell?.call = event.call
      }
    } else if let status = event.status {
      guard let open = openCalls.removeValue(forKey: event.call) else { return }
      let children = shells[open.caller] ?? []
      let bound = children.first { $0.shell?.call == event.call }
      answer(
        bound.map { [$0] } ?? candidates(open.caller, open.command, open.begin),
        UnansweredCall(
          caller: open.caller, command: open.command, begin: open.begin, end: event.speaker.stamp,
          status: status))
    }
  }

  /// Notes a process that begins as system() and popen() begin it.
  func noteShell(_ image: ProgramImage, caller: UInt64) {
    let process = image.process
    guard process.shell == nil, let command = image.commandLine.shellCommand else { return }
    var shell = ShellChild(caller: caller, command: command, startNs: image.startNs)
    shell.call =
      openCalls.filter { _, call in
        call.caller == caller && call.command == command && call.begin <= image.startNs
      }
      .filter { number, _ in
        !(shells[caller] ?? []).contains { $0.shell?.call == number }
      }
      .min { $0.value.begin < $1.value.begin }?.key
    if let index = unansweredCalls.firstIndex(where: { $0.isMeant(for: shell) }) {
      let call = unansweredCalls.remove(at: index)
      process.called = call.status
      process.death = process.death ?? (call.end, batch)
      return
    }
    process.shell = shell
    shells[caller, default: []].append(process)
  }

  /// Notes a shell that a stand-in runs. Its call may have been heard of before or not yet.
  func noteCaptured(_ request: CaptureRequest) {
    guard let command = request.commandLine.shellCommand else { return }
    let shell = ShellChild(caller: request.parent, command: command, startNs: request.stampNs)
    if let index = unansweredCalls.firstIndex(where: { $0.isMeant(for: shell) }) {
      unansweredCalls.remove(at: index)
    } else {
      remember(shell)
    }
  }

  private static let shellsRemembered = 64

  private func remember(_ shell: ShellChild) {
    if recentShells.count >= Self.shellsRemembered { recentShells.removeFirst() }
    recentShells.append(shell)
  }

  /// Gives up calls whose shell was never heard of. One that was killed at once is a loss; others
  /// may not have run at all, or in another session.
  func endCalls() {
    for call in unansweredCalls { giveUp(call) }
    unansweredCalls.removeAll()
  }

  private func giveUp(_ call: UnansweredCall) {
    unheard += call.status.signal != nil ? 1 : 0
  }

  func removeShell(_ process: TracedProcess, _ shell: ShellChild) {
    process.shell = nil
    remember(shell)
    shells[shell.caller]?.removeAll { $0 === process }
    if shells[shell.caller]?.isEmpty == true { shells.removeValue(forKey: shell.caller) }
  }

  /// The processes that a call can have meant, the oldest first.
  private func candidates(
    _ caller: UInt64, _ command: [UInt8], _ begin: UInt64
  ) -> [TracedProcess] {
    (shells[caller] ?? []).filter { process in
      guard let shell = process.shell, process.called == nil else { return false }
      return shell.call == nil && shell.startNs >= begin && shell.command == command
    }
  }

  /// Gives the status of a call to the process that it was most likely meant for.
  ///
  /// It is a guess where threads run the same command at the same time: it never stands against
  /// what a process said of itself unless there is no choice.
  private func answer(_ candidates: [TracedProcess], _ call: UnansweredCall) {
    let (status, stampNs) = (call.status, call.end)
    let open = candidates.filter { !$0.hasFinalStatus }
    let chosen =
      open.first { $0.exit?.status == status }
      ?? open.first { $0.exit == nil && !isAlive($0) }
      ?? (open.count == 1 && open[0].exit != nil ? open[0] : nil)
    guard let chosen else {
      if candidates.isEmpty { keep(call) }
      return
    }
    chosen.called = status
    if chosen.death == nil { chosen.death = (stampNs, batch) }
    touch(chosen)
  }

  /// Its shell may be over, or may not be known yet.
  private func keep(_ call: UnansweredCall) {
    if let index = recentShells.firstIndex(where: call.isMeant) {
      recentShells.remove(at: index)
      return
    }
    if unansweredCalls.count >= Self.shellsRemembered { giveUp(unansweredCalls.removeFirst()) }
    unansweredCalls.append(call)
  }

  private func isAlive(_ process: TracedProcess) -> Bool {
    process.key.isForeign ? false : probe.isAlive(process.key.pid)
  }

  private func forgetOldestCall() {
    if let oldest = openCalls.min(by: { $0.value.begin < $1.value.begin }) {
      openCalls.removeValue(forKey: oldest.key)
    }
  }
}

extension CommandLine {
  /// The command of `sh -c command` and `sh -c -- command`.
  fileprivate var shellCommand: [UInt8]? {
    guard arguments.count == 3 || arguments.count == 4,
      arguments.bytes.starts(with: Self.shellStart)
    else { return nil }
    let slices = arguments.slices
    guard slices.count == 3 || slices[2].elementsEqual(Self.endOfOptions) else { return nil }
    return slices.last.map { Array($0) }
  }

  private static let shellStart = Array("sh\0-c\0".utf8)
  private static let endOfOptions = Array("--".utf8)
}
