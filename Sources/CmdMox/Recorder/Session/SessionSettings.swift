internal import CmdMoxWire
package import SystemPackage

/// What a session does with the commands that it sees.
package enum SessionMode: String, CaseIterable, Sendable {
  /// Record every invocation, streams untouched.
  case trace
  /// Record what commands were given and what they answered.
  case record
  /// Answer commands from a fixture; nothing is recorded.
  case replay

  /// The base name of its session directory, where the preload has to know: commands are handed to
  /// stand-ins.
  var directoryName: String? {
    switch self {
    case .trace: nil
    case .record: CMDMOX_CAPTURE_DIRECTORY
    case .replay: CMDMOX_REPLAY_DIRECTORY
    }
  }
}

/// What a user chose for a session.
package struct SessionSettings: Sendable {
  /// Where the fixture goes; absolute.
  package var fixture: FilePath
  package var mode = SessionMode.trace
  /// The commands to record, by base name; nil for all.
  package var commands: [String]?
  /// Names of variables that are always kept.
  package var environmentAllowlist: [String] = []
  /// Whether every exec of every descendant is seen, those of static programs too; traces only.
  package var isDeep = false
  /// Whether the session goes on after its root until every descendant has ended.
  package var waitsForDescendants = false
  /// Takes out of recordings what must not be kept; nil: nothing.
  package var scrubber: (any Scrubber)? = PatternScrubber()
  /// Whether a review is written beside the fixture.
  package var isReviewed = false
  /// How streams are captured, in a session that does.
  package var capture = CaptureSettings()

  package init(fixture: FilePath) {
    self.fixture = fixture
  }
}

/// The root of a session before it has said anything of itself.
package struct RootFacts: Sendable {
  package var pid: UInt32
  /// The intent that its start names.
  package var intent: UInt64
  /// Its argument vector, argument 0 included.
  package var arguments: [[UInt8]]
  package var cwd: [UInt8]
  /// `CLOCK_MONOTONIC` when it was started, nanoseconds.
  package var startNs: UInt64
  /// Its stdout and stderr: st_dev and st_ino; 0 where they are closed.
  package var outputs: [(device: UInt64, inode: UInt64)] = [(0, 0), (0, 0)]

  package init(
    pid: UInt32, intent: UInt64, arguments: [[UInt8]], cwd: [UInt8],
    startNs: UInt64 = Kernel.monotonicNs
  ) {
    self.pid = pid
    self.intent = intent
    self.arguments = arguments
    self.cwd = cwd
    self.startNs = startNs
  }
}

extension RootFacts {
  /// What /proc says of a root that somebody else started.
  package init(strangerWithPid pid: UInt32, intent: UInt64) {
    let line = ProcessFiles.read(pid, "cmdline", limit: 4 << 20) ?? []
    self.init(
      pid: pid, intent: intent,
      arguments: PackedStrings(bytes: line, count: line.count { $0 == 0 }).slices.map { Array($0) },
      cwd: ProcessFiles.link(pid, "cwd") ?? [])
    outputs = [1, 2].map { ProcessFiles.identity(pid, descriptor: $0) }
  }
}
