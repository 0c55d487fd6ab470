/// A program that a process of the session runs: an invocation that is not over yet.
final class ProgramImage {
  /// Its own id; that of the intent where nothing was heard from inside.
  let id: UInt64
  let process: TracedProcess
  let isOpaque: Bool
  /// Whether it is an invocation of its own: the root is none, its facts are the session's, and
  /// where commands are captured neither is what the root or a captured command executes in place.
  let isInvocation: Bool
  /// Its place among the recordings; nil where it is not recorded.
  var slot: Int?
  /// The slot of the nearest recorded ancestor.
  var parentSlot: Int?
  var ppid: UInt32?
  var commandLine: CommandLine
  var cwd: [UInt8]
  var environment = PackedStrings()
  let startNs: UInt64
  let realtimeNs: UInt64
  /// What to add, wrapping, to the stamps of what it says: its clock may not be ours.
  var clockShiftNs: UInt64 = 0
  var confinement: Confinement?
  /// Who announced it had cut itself off: nothing can be heard from inside.
  var isBelowConfined = false
  /// Whether nothing can be heard from inside it, nor from what it starts.
  var isCutOff: Bool { confinement != nil || isBelowConfined }
  /// It was handed to another session, or to none.
  var isElsewhere = false
  /// What was seen of its exec from outside.
  var sighting: Sighting?
  /// What tells the processes that were forked from it from all others; 0 as long as none of them has
  /// executed anything.
  var fingerprint: UInt64 = 0
  /// An intent that was handed down and has not arrived yet: it may say what the caller ran, or
  /// that something opaque stands between.
  var awaitedIntent: UInt64?
  /// When it executed another program, if its intent had not come by then: it is handed over with it.
  var replacedNs: UInt64?

  init(
    id: UInt64, process: TracedProcess, isOpaque: Bool = false, isInvocation: Bool = true,
    commandLine: CommandLine, cwd: [UInt8], startNs: UInt64, realtimeNs: UInt64
  ) {
    self.id = id
    self.process = process
    self.isOpaque = isOpaque
    self.isInvocation = isInvocation
    self.commandLine = commandLine
    self.cwd = cwd
    self.startNs = startNs
    self.realtimeNs = realtimeNs
  }

  /// What stands in the way of a child to the root: this one if it is recorded, else its parent's.
  var slotForChildren: Int? { slot ?? parentSlot }
}
