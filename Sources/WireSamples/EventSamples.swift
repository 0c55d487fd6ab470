internal import CmdMoxWire

extension MessageEncoder {
  /// Appends an intent.
  public mutating func intent(
    _ intent: UInt64, by image: UInt64, pid: UInt32, writer: UInt32? = nil, at stamp: UInt64,
    flags: UInt32 = 0, cwd: String = "/", path: [UInt8], _ arguments: [[UInt8]]
  ) {
    append(CMDMOX_KIND_INTENT, pid: writer ?? pid, image: image, stamp: stamp) { payload in
      payload.append(intent)
      payload.append(pid)
      payload.append(flags)
      payload.append(UInt32(arguments.count))
      payload.append(Array(cwd.utf8))
      payload.append(path)
      for argument in arguments { payload.append(argument) }
    }
  }

  /// Appends the start of an image.
  public mutating func start(
    _ image: UInt64, parent: UInt64, intent: UInt64 = 0, pid: UInt32, ppid: UInt32 = 1,
    at stamp: UInt64, realtime: UInt64 = 0, script: UInt32 = 0, cwd: String = "/",
    executable: [UInt8], _ arguments: [[UInt8]], environment: [[UInt8]] = []
  ) {
    append(CMDMOX_KIND_START, pid: pid, image: image, stamp: stamp) { payload in
      payload.append(parent)
      payload.append(intent)
      payload.append(realtime)
      payload.append(ppid)
      payload.append(UInt32(0))
      payload.append(UInt32(arguments.count))
      payload.append(UInt32(environment.count))
      payload.append(script)
      payload.append(executable)
      payload.append(Array(cwd.utf8))
      for argument in arguments { payload.append(argument) }
      for entry in environment { payload.append(entry) }
    }
  }

  /// Appends a failed exec or spawn.
  public mutating func failed(
    intent: UInt64 = 0, by image: UInt64, pid: UInt32, at stamp: UInt64, error: Int32,
    flags: UInt32 = 0, cwd: String = "/", path: [UInt8], _ arguments: [[UInt8]]
  ) {
    append(CMDMOX_KIND_FAILED, pid: pid, image: image, stamp: stamp) { payload in
      payload.append(intent)
      payload.append(error)
      payload.append(flags)
      payload.append(UInt32(arguments.count))
      payload.append(Array(cwd.utf8))
      payload.append(path)
      for argument in arguments { payload.append(argument) }
    }
  }

  /// Appends an exit.
  public mutating func exit(
    _ image: UInt64, pid: UInt32, at stamp: UInt64, code: UInt32, user: UInt64 = 0,
    system: UInt64 = 0, peak: UInt64 = 0
  ) {
    append(CMDMOX_KIND_EXIT, pid: pid, image: image, stamp: stamp) { payload in
      payload.append(code)
      payload.append(user)
      payload.append(system)
      payload.append(peak)
    }
  }

  /// Appends the status of a reaped child.
  public mutating func wait(
    by image: UInt64, pid: UInt32, child: UInt32, at stamp: UInt64, status: UInt32
  ) {
    append(CMDMOX_KIND_WAIT, pid: pid, image: image, stamp: stamp) { payload in
      payload.append(child)
      payload.append(status)
    }
  }

  /// Appends a system, popen or pclose.
  public mutating func call(
    _ call: UInt64, by image: UInt64, pid: UInt32, at stamp: UInt64, begin: UInt64,
    status: UInt32?, command: [UInt8]?
  ) {
    append(CMDMOX_KIND_CALL, pid: pid, image: image, stamp: stamp) { payload in
      payload.append(call)
      payload.append(begin)
      payload.append(status ?? 0)
      payload.append(
        (command == nil ? 0 : CMDMOX_CALL_COMMAND.rawValue)
          | (status == nil ? 0 : CMDMOX_CALL_STATUS.rawValue))
      payload.append(command ?? [])
    }
  }

  /// Appends an exec that was seen from outside.
  public mutating func seen(
    _ exec: UInt64, pid: UInt32, ppid: UInt32 = 1, ancestor: UInt32 = 0, own: UInt32? = nil,
    namespace: UInt64 = 0, caller: UInt64, at stamp: UInt64, flags: UInt32 = 0,
    mode: UInt32 = 0o100755, head: [UInt8] = [], cwd: String = "/", path: [UInt8],
    _ arguments: [[UInt8]], environment: [[UInt8]] = []
  ) {
    append(CMDMOX_KIND_SEEN, pid: pid, image: exec, stamp: stamp) { payload in
      for number in [pid, ppid, ancestor, own ?? pid] { payload.append(number) }
      payload.append(namespace)
      payload.append(caller)
      for number in [flags, mode] { payload.append(number) }
      for count in [arguments.count, environment.count, head.count] {
        payload.append(UInt32(count))
      }
      payload.append(block: head)
      payload.append(Array(cwd.utf8))
      payload.append(path)
      for string in arguments + environment { payload.append(string) }
    }
  }

  /// Appends a confinement, or that it did not come to pass.
  public mutating func confined(
    _ image: UInt64, pid: UInt32, at stamp: UInt64, reason: UInt32, undone: Bool = false
  ) {
    append(CMDMOX_KIND_CONFINED, pid: pid, image: image, stamp: stamp) { payload in
      payload.append(reason)
      payload.append(UInt32(undone ? 1 : 0))
    }
  }
}
