/// system(), popen() and pclose(): libc starts `sh -c command` without telling its pid.
extension InvocationTable {
  func onCall(_ event: CallEvent) {
    let caller = event.speaker.image
    if let command = event.command {
      let command = Array(command)
      if let status = event.status {
        answer(candidates(caller, command, event.begin), status, at: event.speaker.stamp)
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
        bound.map { [$0] } ?? candidates(open.caller, open.command, open.begin), status,
        at: event.speaker.stamp)
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
    process.shell = shell
    shells[caller, default: []].append(process)
  }

  func removeShell(_ process: TracedProcess, _ shell: ShellChild) {
    process.shell = nil
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
  private func answer(_ candidates: [TracedProcess], _ status: WaitStatus, at stampNs: UInt64) {
    let open = candidates.filter { !$0.hasFinalStatus }
    let chosen =
      open.first { $0.exit?.status == status }
      ?? open.first { $0.exit == nil && !isAlive($0) }
      ?? (open.count == 1 && open[0].exit != nil ? open[0] : nil)
    guard let chosen else { return }
    chosen.called = status
    if chosen.death == nil { chosen.death = (stampNs, batch) }
    touch(chosen)
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
