internal import CmdMoxWire

extension Event {
  /// Decodes a message's payload.
  ///
  /// - Returns: nil where the bytes are not what the kind promises.
  static func decode(kind: UInt8, pid: UInt32, _ payload: UnsafeRawBufferPointer) -> Event? {
    var reader = WireReader(payload)
    let speaker = Speaker(
      image: reader.integer(UInt64.self), stamp: reader.integer(UInt64.self), pid: pid)
    let event: Event
    switch UInt32(kind) {
    case CMDMOX_KIND_INTENT.rawValue: event = .intent(reader.intent(speaker))
    case CMDMOX_KIND_START.rawValue: event = .start(reader.start(speaker))
    case CMDMOX_KIND_FAILED.rawValue: event = .failed(reader.failed(speaker))
    case CMDMOX_KIND_EXIT.rawValue: event = .exit(reader.exit(speaker))
    case CMDMOX_KIND_WAIT.rawValue: event = .wait(reader.wait(speaker))
    case CMDMOX_KIND_CALL.rawValue: event = .call(reader.call(speaker))
    case CMDMOX_KIND_CONFINED.rawValue: event = .confined(reader.confined(speaker))
    case CMDMOX_KIND_SEEN.rawValue: event = .seen(reader.seen(speaker))
    default: return nil
    }
    return reader.isIntact && speaker.image != 0 ? event : nil
  }

  /// The stamp of a payload; 0 where it is too short to have one.
  static func stamp(of payload: UnsafeRawBufferPointer) -> UInt64 {
    guard payload.count >= 16 else { return 0 }
    return UInt64(littleEndian: payload.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
  }
}

extension WireReader {
  fileprivate mutating func intent(_ speaker: Speaker) -> IntentEvent {
    let intent = integer(UInt64.self)
    let pid = integer(UInt32.self)
    let flags = IntentFlags(rawValue: integer(UInt32.self))
    let argc = integer(UInt32.self)
    return IntentEvent(
      speaker: speaker, intent: intent, pid: pid, flags: flags,
      cwd: string(), path: string(), arguments: strings(argc))
  }

  fileprivate mutating func start(_ speaker: Speaker) -> StartEvent {
    let parent = integer(UInt64.self)
    let intent = integer(UInt64.self)
    let realtime = integer(UInt64.self)
    let ppid = integer(UInt32.self)
    let flags = integer(UInt32.self)
    let argc = integer(UInt32.self)
    let envc = integer(UInt32.self)
    let script = integer(UInt32.self)
    return StartEvent(
      speaker: speaker, parent: parent, intent: intent, realtime: realtime, ppid: ppid,
      goesOn: flags & CMDMOX_START_GOES_ON.rawValue != 0,
      script: script < argc ? Int(script) : 0,
      executable: string(), cwd: string(), arguments: strings(argc), environment: strings(envc))
  }

  fileprivate mutating func failed(_ speaker: Speaker) -> FailedEvent {
    let intent = integer(UInt64.self)
    let error = integer(UInt32.self)
    let flags = IntentFlags(rawValue: integer(UInt32.self))
    let argc = integer(UInt32.self)
    return FailedEvent(
      speaker: speaker, intent: intent, error: Int32(truncatingIfNeeded: error), flags: flags,
      cwd: string(), path: string(), arguments: strings(argc))
  }

  fileprivate mutating func exit(_ speaker: Speaker) -> ExitEvent {
    ExitEvent(
      speaker: speaker, code: integer(UInt32.self), userCPU: integer(UInt64.self),
      systemCPU: integer(UInt64.self), peakMemory: integer(UInt64.self))
  }

  fileprivate mutating func wait(_ speaker: Speaker) -> WaitEvent {
    WaitEvent(
      speaker: speaker, pid: integer(UInt32.self),
      status: WaitStatus(rawValue: integer(Int32.self)))
  }

  fileprivate mutating func call(_ speaker: Speaker) -> CallEvent {
    let call = integer(UInt64.self)
    let begin = integer(UInt64.self)
    let status = WaitStatus(rawValue: integer(Int32.self))
    let flags = integer(UInt32.self)
    // A writer without a command may leave the string out or send an empty one.
    let command = isAtEnd ? nil : string()
    return CallEvent(
      speaker: speaker, call: call, begin: begin,
      status: flags & CMDMOX_CALL_STATUS.rawValue != 0 ? status : nil,
      command: flags & CMDMOX_CALL_COMMAND.rawValue != 0 ? command : nil)
  }

  fileprivate mutating func confined(_ speaker: Speaker) -> ConfinedEvent {
    let reason: Confinement
    switch integer(UInt32.self) {
    case CMDMOX_CONFINED_SECCOMP.rawValue: reason = .seccomp
    case CMDMOX_CONFINED_CHROOT.rawValue: reason = .chroot
    case let other: reason = .other(other)
    }
    return ConfinedEvent(
      speaker: speaker, reason: reason, attemptFailed: integer(UInt32.self) & 1 != 0)
  }

  fileprivate mutating func seen(_ speaker: Speaker) -> SeenEvent {
    let pid = integer(UInt32.self)
    let ppid = integer(UInt32.self)
    let ancestor = integer(UInt32.self)
    let ownPid = integer(UInt32.self)
    let namespace = integer(UInt64.self)
    let caller = integer(UInt64.self)
    let flags = SeenFlags(rawValue: integer(UInt32.self))
    let mode = integer(UInt32.self)
    let argc = integer(UInt32.self)
    let envc = integer(UInt32.self)
    let length = integer(UInt32.self)
    return SeenEvent(
      speaker: speaker, pid: pid, ppid: ppid, ancestor: ancestor, ownPid: ownPid,
      namespace: namespace, caller: caller, flags: flags, mode: mode, head: block(length),
      cwd: string(), path: string(), arguments: strings(argc), environment: strings(envc))
  }
}
