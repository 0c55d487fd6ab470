internal import CmdMoxWire

/// What a message says, its members still where they were read: bytes stay bytes.
///
/// Everything in an event points into the payload and is valid as long as that.
enum Event {
  case intent(IntentEvent)
  case start(StartEvent)
  case failed(FailedEvent)
  case exit(ExitEvent)
  case wait(WaitEvent)
  case call(CallEvent)
  case confined(ConfinedEvent)
  case seen(SeenEvent)
}

/// Who speaks, and when.
struct Speaker {
  /// The id of the program image.
  let image: UInt64
  /// `CLOCK_MONOTONIC`, nanoseconds.
  var stamp: UInt64
  /// The process as it sees itself. A child that was forked and has not executed anything yet
  /// speaks with its parent's image and its own pid.
  let pid: UInt32
}

struct IntentFlags: OptionSet {
  let rawValue: UInt32
  static let spawn = IntentFlags(rawValue: CMDMOX_INTENT_SPAWN.rawValue)
  static let search = IntentFlags(rawValue: CMDMOX_INTENT_SEARCH.rawValue)
  static let descriptor = IntentFlags(rawValue: CMDMOX_INTENT_DESCRIPTOR.rawValue)
  static let elsewhere = IntentFlags(rawValue: CMDMOX_INTENT_ELSEWHERE.rawValue)
  static let goesOn = IntentFlags(rawValue: CMDMOX_INTENT_GOES_ON.rawValue)
}

struct IntentEvent {
  var speaker: Speaker
  let intent: UInt64
  /// The process that will run the file; 0 where that is unknown.
  let pid: UInt32
  let flags: IntentFlags
  let cwd: UnsafeRawBufferPointer
  let path: UnsafeRawBufferPointer
  let arguments: WireStrings
}

struct StartEvent {
  var speaker: Speaker
  /// The image that this one was started by; 0 for the root.
  let parent: UInt64
  /// The intent that was handed down; 0 where none was.
  let intent: UInt64
  /// Nanoseconds since the epoch.
  let realtime: UInt64
  let ppid: UInt32
  /// Whether it is the root, or a command that a stand-in reports, in a session that captures.
  let goesOn: Bool
  /// How many leading arguments the kernel put in for `#!`.
  let script: Int
  let executable: UnsafeRawBufferPointer
  let cwd: UnsafeRawBufferPointer
  let arguments: WireStrings
  let environment: WireStrings
}

struct FailedEvent {
  var speaker: Speaker
  /// 0 where the exec had not been announced.
  let intent: UInt64
  /// An errno.
  let error: Int32
  let flags: IntentFlags
  let cwd: UnsafeRawBufferPointer
  let path: UnsafeRawBufferPointer
  let arguments: WireStrings
}

struct ExitEvent {
  var speaker: Speaker
  let code: UInt32
  /// Microseconds.
  let userCPU: UInt64
  /// Microseconds.
  let systemCPU: UInt64
  /// KiB.
  let peakMemory: UInt64
}

struct WaitEvent {
  var speaker: Speaker
  /// The child that was reaped, as its parent sees it.
  let pid: UInt32
  let status: WaitStatus
}

struct CallEvent {
  var speaker: Speaker
  let call: UInt64
  /// `CLOCK_MONOTONIC` before the call, nanoseconds.
  var begin: UInt64
  /// nil where the call goes on: popen.
  let status: WaitStatus?
  /// nil where an earlier event of the same call gave it: pclose.
  let command: UnsafeRawBufferPointer?
}

struct ConfinedEvent {
  var speaker: Speaker
  let reason: Confinement
  /// The image was not confined after all and speaks on.
  let attemptFailed: Bool
}

struct SeenFlags: OptionSet {
  let rawValue: UInt32
  static let descriptor = SeenFlags(rawValue: CMDMOX_SEEN_DESCRIPTOR.rawValue)
  static let unreadable = SeenFlags(rawValue: CMDMOX_SEEN_UNREADABLE.rawValue)
  static let unprivileged = SeenFlags(rawValue: CMDMOX_SEEN_UNPRIVILEGED.rawValue)
  static let uncertain = SeenFlags(rawValue: CMDMOX_SEEN_UNCERTAIN.rawValue)
}

/// An exec that the watcher of a deep trace saw before it came to pass; it may still fail.
struct SeenEvent {
  /// The image is a new id that stands for the exec.
  let speaker: Speaker
  /// The process, its parent, and the nearest process above that has executed something, all as the
  /// recorder sees them; 0 where there is none.
  let pid: UInt32
  let ppid: UInt32
  let ancestor: UInt32
  /// The process as it sees itself.
  let ownPid: UInt32
  /// The inode of its pid namespace; 0 for the recorder's.
  let namespace: UInt64
  /// The same for all processes that were forked from one image, and for no others; 0: unknown.
  let caller: UInt64
  let flags: SeenFlags
  /// st_mode of the file.
  let mode: UInt32
  /// How the file begins.
  let head: UnsafeRawBufferPointer
  let cwd: UnsafeRawBufferPointer
  let path: UnsafeRawBufferPointer
  let arguments: WireStrings
  let environment: WireStrings
}

/// How an image cut itself off.
enum Confinement: Equatable {
  case seccomp
  case chroot
  case other(UInt32)
}
