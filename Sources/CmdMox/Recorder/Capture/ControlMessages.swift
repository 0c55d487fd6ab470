internal import CmdMoxWire

/// What a stand-in asks: the command that it stands in for. CInterpose/wire/include/cmdmox_control.h
/// has the layout.
struct CaptureRequest: Equatable {
  var parent: UInt64
  var intent: UInt64
  /// `CLOCK_MONOTONIC`, nanoseconds.
  var stampNs: UInt64
  /// Nanoseconds since the epoch.
  var realtimeNs: UInt64
  var pid: UInt32
  var ppid: UInt32
  /// The command's stdout and stderr.
  var outputs: [FileIdentity]
  var cwd: [UInt8]
  var commandLine: CommandLine
  var environment: PackedStrings
  /// What to add, wrapping, to its stamps: its clock may not be ours.
  var clockShiftNs: UInt64 = 0
}

extension CaptureRequest {
  /// Nil where the payload is no request.
  init?(_ payload: UnsafeRawBufferPointer) {
    var reader = WireReader(payload)
    parent = reader.integer(UInt64.self)
    intent = reader.integer(UInt64.self)
    stampNs = reader.integer(UInt64.self)
    realtimeNs = reader.integer(UInt64.self)
    pid = reader.integer(UInt32.self)
    ppid = reader.integer(UInt32.self)
    let argc = reader.integer(UInt32.self)
    let envc = reader.integer(UInt32.self)
    outputs = (0..<2).map { _ in FileIdentity(reading: &reader) }
    let cwd = reader.string()
    let executable = reader.string()
    let arguments = reader.strings(argc)
    environment = reader.strings(envc).packed
    guard reader.isIntact else { return nil }
    self.cwd = Array(cwd)
    commandLine = CommandLine(path: executable, cwd: cwd, arguments: arguments)
  }
}

/// What the controller answers.
struct CaptureDecision: Equatable {
  enum Action: UInt32 {
    /// Run it in place.
    case run = 1
    /// Run it as a child and capture its streams.
    case capture = 2
  }

  var action: Action
  /// Whether what it runs is captured too.
  var isNested: Bool
  /// Bytes to keep of each stream.
  var limit: UInt64
  /// The root's stdout and stderr.
  var rootStreams: [FileIdentity]

  /// The whole message, header included.
  var bytes: [UInt8] {
    var payload: [UInt8] = []
    payload.append(integer: action.rawValue)
    payload.append(integer: isNested ? UInt32(CMDMOX_DECISION_NESTED.rawValue) : 0)
    payload.append(integer: limit)
    for stream in rootStreams {
      payload.append(integer: stream.device)
      payload.append(integer: stream.inode)
    }
    return controlMessage(CMDMOX_CONTROL_DECISION, payload)
  }
}

extension CommandAnswer {
  /// The whole message, header included.
  ///
  /// - Parameter isWhole: whether the bytes of both streams are part of it.
  func message(isWhole: Bool) -> [UInt8] {
    var flags: UInt32 = isWhole ? 0 : UInt32(CMDMOX_ANSWER_MEMORY.rawValue)
    if drainsInput { flags |= UInt32(CMDMOX_ANSWER_DRAINS.rawValue) }
    var payload: [UInt8] = []
    payload.append(integer: status.rawValue)
    payload.append(integer: flags)
    payload.append(integer: UInt64(inputLength))
    payload.append(integer: delayNs)
    payload.append(integer: UInt64(stdout.count))
    payload.append(integer: UInt64(stderr.count))
    if isWhole { payload += stdout + stderr }
    return controlMessage(CMDMOX_CONTROL_ANSWER, payload)
  }
}

/// What is said of a part of stdin.
struct InputFlags: OptionSet {
  let rawValue: UInt32
  static let ended = InputFlags(rawValue: CMDMOX_INPUT_ENDED.rawValue)
  static let last = InputFlags(rawValue: CMDMOX_INPUT_LAST.rawValue)
}

/// A message with its header.
func controlMessage(_ kind: cmdmox_control_kind, _ payload: [UInt8]) -> [UInt8] {
  var message: [UInt8] = []
  message.reserveCapacity(Int(CMDMOX_CONTROL_HEADER) + payload.count)
  message.append(integer: UInt32(payload.count))
  message.append(integer: UInt16(CMDMOX_CONTROL_VERSION))
  message.append(integer: UInt16(kind.rawValue))
  return message + payload
}

extension [UInt8] {
  /// Appends the bytes of an integer, little-endian.
  mutating func append(integer value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}

/// Which file a descriptor means: stat(2). Both 0: it is closed.
struct FileIdentity: Hashable {
  var device: UInt64 = 0
  var inode: UInt64 = 0
}

extension FileIdentity {
  init(reading reader: inout WireReader) {
    device = reader.integer(UInt64.self)
    inode = reader.integer(UInt64.self)
  }
}

/// How a command ended, and what its streams were.
struct CaptureReport: Equatable {
  /// `CLOCK_MONOTONIC`, nanoseconds.
  var stampNs: UInt64
  var status: WaitStatus
  /// The errno where it could not be executed; 0 where it ran.
  var error: Int32
  var pid: UInt32
  var usage: ResourceUsage
  /// stdin, stdout, stderr.
  var streams: [StreamRecord]

  struct StreamRecord: Equatable {
    var how: UInt32
    var flags: UInt32
    /// Of all that went through, in bytes.
    var length: UInt64
    var file: FileIdentity
    /// Where in the file it began and ended; only of a file that is read back.
    var begin: UInt64
    var end: UInt64

    func has(_ flag: cmdmox_stream_flag) -> Bool { flags & UInt32(flag.rawValue) != 0 }
  }
}

extension CaptureReport {
  /// Nil where the payload is no report.
  init?(_ payload: UnsafeRawBufferPointer) {
    var reader = WireReader(payload)
    stampNs = reader.integer(UInt64.self)
    status = WaitStatus(rawValue: Int32(bitPattern: reader.integer(UInt32.self)))
    error = Int32(bitPattern: reader.integer(UInt32.self))
    pid = reader.integer(UInt32.self)
    _ = reader.integer(UInt32.self)
    usage = ResourceUsage(
      userCPU: reader.integer(UInt64.self), systemCPU: reader.integer(UInt64.self),
      peakMemory: reader.integer(UInt64.self))
    streams = []
    for _ in 0..<3 {
      streams.append(
        StreamRecord(
          how: reader.integer(UInt32.self), flags: reader.integer(UInt32.self),
          length: reader.integer(UInt64.self),
          file: FileIdentity(reading: &reader),
          begin: reader.integer(UInt64.self), end: reader.integer(UInt64.self)))
    }
    guard reader.isIntact else { return nil }
  }
}
