import ArgumentParser
import CmdMox
import Glibc
import SystemPackage

/// What the bare form's first image starts, detached; users have no need of it.
struct RecorderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recorder", abstract: "Records a session that the preload has begun.",
    shouldDisplay: false)

  @Option(help: "The session directory.") var session: String
  @Option(name: .customLong("root-pid"), help: "The root's process.") var rootPid: UInt32
  @Option(name: .customLong("root-intent"), help: "What the root's start names, hexadecimal.")
  var rootIntent: String
  @Option(name: .customLong("ready-fd"), help: "Where to say that the recorder listens.")
  var readyDescriptor: Int32

  mutating func run() throws {
    guard let intent = UInt64(rootIntent, radix: 16), intent != 0 else {
      throw Failure(.usage, "--root-intent is no hexadecimal number: \(rootIntent)")
    }
    // First of all: a journal that hits a limit is an error, not a signal.
    let signals = SignalRelay()
    StandardError.keepForSentences()
    Limits.raise()
    Limits.forbidDumps(hidesProcess: true)
    let environment = BareSettings()
    let root = RootFacts(strangerWithPid: rootPid, intent: intent)
    let settings = try environment.settings(root)
    (settings.scrubber as? PatternScrubber)?.learn(fromProcess: rootPid)
    let directory = SessionDirectory(existing: FilePath(session))
    let recorder: SessionRecorder
    do {
      try directory.checkOwner()
      recorder = try SessionRecorder(directory, settings, arguments: root.arguments, cwd: root.cwd)
      try recorder.promiseFixture()
    } catch {
      directory.remove()
      throw Failure(.ourFault, String(describing: error))
    }
    recorder.begin(root)
    let watch = RootWatch(pid: rootPid, isChild: false)
    guard let obstacle = FileAccess.obstacle(to: settings.fixture) else {
      try record(recorder, watch, signals, environment)
      return
    }
    // The program runs all the same: only its fixture will be missing.
    environment.complain(
      "\(settings.fixture): the fixture cannot be written there: \(obstacle); "
        + "set CMDMOX_FIXTURE to another place")
    try record(recorder, watch, signals, environment)
  }

  private func record(
    _ recorder: SessionRecorder, _ watch: RootWatch, _ signals: SignalRelay,
    _ environment: BareSettings
  ) throws {
    guard ready() else {
      // The root has not waited so long: it runs unrecorded.
      recorder.abandon()
      return
    }
    recorder.run(
      watch, signals: signals.descriptor,
      // Whoever ends the recorder would lose the recording: it ends with its root.
      onSignal: { signals.relay(to: nil) })
    signals.close()
    do {
      let summary = try recorder.finish()
      if isatty(StandardError.descriptor) == 1 { environment.complain(summary.sentence) }
    } catch {
      environment.complain(String(describing: error))
      throw ArgumentParser.ExitCode(Status.cannotCreate.rawValue)
    }
  }

  /// - Returns: whether somebody heard it.
  private func ready() -> Bool {
    let descriptor = FileDescriptor(rawValue: readyDescriptor)
    defer { try? descriptor.close() }
    return (try? descriptor.writeAll(Array("R".utf8))) != nil
  }
}

/// The settings of the bare form: variables, since there is no command line.
struct BareSettings {
  private let isQuiet = value("CMDMOX_QUIET") != nil

  func complain(_ sentence: String) {
    if !isQuiet { say(sentence) }
  }

  /// - Throws: ``Failure`` for a value that there is not.
  func settings(_ root: RootFacts) throws -> SessionSettings {
    let pattern = Self.value("CMDMOX_FIXTURE") ?? "cmdmox.json"
    let path = FixtureName(pattern).path(
      root: String(decoding: root.arguments.first ?? [], as: UTF8.self), pid: root.pid,
      nanoseconds: Kernel.realtimeNs)
    var settings = SessionSettings(fixture: OwnEnvironment.absolute(path))
    if let mode = Self.value("CMDMOX_MODE") {
      guard let known = SessionMode(rawValue: mode), known != .replay else {
        let modes = [SessionMode.trace, .record].map(\.rawValue).joined(separator: ", ")
        throw Failure(.usage, "CMDMOX_MODE is \(mode), expected one of: \(modes)")
      }
      settings.mode = known
    }
    settings.commands = Self.value("CMDMOX_COMMANDS").map(Arguments.list)
    settings.environmentAllowlist = Self.value("CMDMOX_ENV_ALLOW").map(Arguments.list) ?? []
    settings.scrubber = try Self.scrubber()
    settings.capture.isNested = try Self.parsed("CMDMOX_DEPTH", CaptureDepth.outermost) == .all
    let limit = ByteCount(bytes: settings.capture.limit)
    settings.capture.limit = try Self.parsed("CMDMOX_MAX_CAPTURE", limit).bytes
    return settings
  }

  /// `CMDMOX_SCRUB=off` keeps secrets; `CMDMOX_RULES` names a file with more rules.
  private static func scrubber() throws -> (any Scrubber)? {
    guard value("CMDMOX_SCRUB") != "off" else { return nil }
    let scrubber = PatternScrubber()
    if let file = value("CMDMOX_RULES") { try scrubber.add(rulesOf: file) }
    return scrubber
  }

  /// What a variable says; `usual` where it is not set.
  private static func parsed<Value: ExpressibleByArgument>(
    _ name: String, _ usual: Value
  ) throws -> Value {
    guard let text = value(name) else { return usual }
    guard let parsed = Value(argument: text) else {
      throw Failure(.usage, "\(name) is \(text), which is not understood")
    }
    return parsed
  }

  /// A variable that is set to something.
  private static func value(_ name: String) -> String? {
    guard let value = getenv(name), value[0] != 0 else { return nil }
    return String(cString: value)
  }
}
