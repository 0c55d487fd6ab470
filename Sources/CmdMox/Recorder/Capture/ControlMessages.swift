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
    append(action.rawValue, to: &payload)
    append(isNested ? UInt32(CMDMOX_DECISION_NESTED.rawValue) : 0, to: &payload)
    append(limit, to: &payload)
    for stream in rootStreams {
      append(stream.device, to: &payload)
      append(stream.inode, to: &payload)
    }
    var message: [UInt8] = []
    append(UInt32(payload.count), to: &message)
    append(UInt16(CMDMOX_CONTROL_VERSION), to: &message)
    append(UInt16(CMDMOX_CONTROL_DECISION.rawValue), to: &message)
    return message + payload
  }

  private func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
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
