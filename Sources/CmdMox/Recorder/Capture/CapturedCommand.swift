internal import CmdMoxWire

/// A command that runs and is recorded.
final class CapturedCommand {
  let request: CaptureRequest
  /// What its caller ran.
  let commandLine: CommandLine
  /// Its place among the recordings.
  let slot: Int
  let parentSlot: Int?
  /// Which of stdout and stderr is a file that another command had open meanwhile.
  var overlaps = [false, false]

  init(request: CaptureRequest, commandLine: CommandLine, slot: Int, parentSlot: Int?) {
    self.request = request
    self.commandLine = commandLine
    self.slot = slot
    self.parentSlot = parentSlot
  }
}

/// A command that has ended, with its streams where its stand-in has kept them.
struct EndedCommand {
  let finished: FinishedInvocation
  let streams: [CaptureReport.StreamRecord]
  let kept: [Int32]
  /// How much was kept of each stream at most.
  let limit: UInt64
  let overlaps: [Bool]

  var keptBytes: UInt64 {
    streams.reduce(0) { $0 + ($1.has(CMDMOX_STREAM_KEPT) ? min($1.length, limit) : 0) }
  }

  /// Whether whoever asks meanwhile would notice that it is stored.
  var isLarge: Bool { keptBytes > 64 << 10 }
}
