internal import Glibc
internal import KernelCalls
internal import SystemPackage

/// Hands finished invocations to the recording session: the one path from an event to a fixture.
final class JournalSink: SessionSink {
  private let session: RecordingSession
  private let originNs: UInt64
  private let commands: [[UInt8]]?
  private let filter: EnvironmentFilter
  private let learner: PatternScrubber?
  private var judge = OpaqueJudge()
  private(set) var tally = SessionTally()
  /// The first thing that went wrong with the journal.
  private(set) var failure: (any Error)?

  init(session: RecordingSession, settings: SessionSettings, originNs: UInt64) {
    self.session = session
    self.originNs = originNs
    commands = settings.commands.map { $0.map { Array(baseName(Array($0.utf8)[...])) } }
    filter = EnvironmentFilter(wanted: settings.environmentAllowlist)
    learner = settings.scrubber as? PatternScrubber
  }

  func records(_ command: ArraySlice<UInt8>) -> Bool {
    guard let commands else { return true }
    return commands.contains { $0.elementsEqual(command) }
  }

  func keepsEnvironment(of command: ArraySlice<UInt8>) -> Bool {
    !filter.wanted.isEmpty || others(command) != .none
  }

  /// The session filters again, the same way: this keeps what waits for its end small. What is secret
  /// among all the variables is looked for wherever it appears from now on.
  func filter(_ environment: WireStrings, command: ArraySlice<UInt8>) -> PackedStrings {
    learner?.learn(from: environment)
    let others = others(command)
    var kept = PackedStrings()
    guard !filter.wanted.isEmpty || others != .none else { return kept }
    for entry in environment {
      let characters = entry.assumingMemoryBound(to: UInt8.self)
      guard let equals = characters.firstIndex(of: UInt8(ascii: "=")),
        filter.keeps(UnsafeBufferPointer(rebasing: characters[..<equals]), others: others)
      else { continue }
      kept.append(entry)
    }
    return kept
  }

  private var otherVariables: [ArraySlice<UInt8>: EnvironmentFilter.Others] = [:]

  private func others(_ command: ArraySlice<UInt8>) -> EnvironmentFilter.Others {
    if let known = otherVariables[command] { return known }
    if otherVariables.count > 1024 { otherVariables.removeAll() }
    let others = EnvironmentFilter.others(for: String(decoding: command, as: UTF8.self))
    otherVariables[ArraySlice(Array(command))] = others
    return others
  }

  func judge(
    _ commandLine: CommandLine, program: ProgramFile?, status: WaitStatus?
  ) -> OpaqueReason {
    judge.reason(
      FilePath(String(decoding: commandLine.executable, as: UTF8.self)), program: program,
      status: status)
  }

  func take(_ finished: FinishedInvocation) {
    tally.count(finished)
    let (durationMs, facts) = facts(of: finished)
    let line = finished.commandLine
    let invocation = Invocation(
      command: line.command, args: line.arguments.slices.dropFirst(),
      stdin: finished.streams?.stdin.bytes ?? [], environmentBlock: finished.environment.bytes)
    let response = Response(
      stdout: finished.streams?.stdout.bytes ?? [], stderr: finished.streams?.stderr.bytes ?? [],
      exitCode: finished.ending.exitCode)
    let timestamp = Timestamp(nanoseconds: finished.realtimeNs)
    let slot = RecordingSlot(
      index: finished.slot, startNs: finished.startNs, parent: finished.parentSlot)
    do {
      do {
        try session.record(
          invocation, response, durationMs: durationMs, timestamp: timestamp, process: facts,
          slot: slot)
      } catch let error as ScrubbingError {
        tally.withheld += 1
        tally.whyWithheld = tally.whyWithheld ?? error
        try session.recordWithheld(
          invocation, response, durationMs: durationMs, timestamp: timestamp, process: facts,
          slot: slot)
      }
    } catch {
      failure = failure ?? error
    }
  }

  private func facts(of finished: FinishedInvocation) -> (durationMs: Int, ProcessFacts) {
    let line = finished.commandLine
    var facts = ProcessFacts(pid: Int(finished.pid))
    facts.ppid = finished.ppid.map { Int($0) }
    facts.setExecutable(line.executable)
    facts.setCwd(finished.cwd)
    facts.startedUs = microseconds(finished.startNs)
    facts.endedUs = finished.endNs.map(microseconds)
    if let usage = finished.usage {
      facts.userCpuUs = Int(clamping: usage.userCPU)
      facts.systemCpuUs = Int(clamping: usage.systemCPU)
      facts.maxRssKib = Int(clamping: usage.peakMemory)
    }
    if let argv0 = line.argv0, argv0 != line.command { facts.setArgv0(argv0) }
    if let interpreter = line.interpreter { facts.setInterpreter(interpreter) }
    facts.opaque = finished.opaque
    facts.confined = finished.confinement?.word
    facts.stdin = finished.streams?.stdin.facts
    facts.stdout = finished.streams?.stdout.facts
    facts.stderr = finished.streams?.stderr.facts
    finished.ending.describe(&facts)
    let length = finished.endNs.map { $0 - finished.startNs } ?? 0
    return (Int(clamping: length / 1_000_000), facts)
  }

  private func microseconds(_ stampNs: UInt64) -> Int {
    stampNs > originNs ? Int(clamping: (stampNs - originNs) / 1000) : 0
  }
}

extension Ending {
  /// The fixture's `exit_code`.
  var exitCode: Int {
    switch self {
    case .ended(let status, _): Int(status.shellCode)
    case .replaced, .running: 0
    case .unknown: -1
    case .failed(let error): error == ENOENT || error == ENOTDIR ? 127 : 126
    }
  }

  fileprivate func describe(_ facts: inout ProcessFacts) {
    switch self {
    case .ended(let status, let source):
      facts.termination = status.signal == nil ? .exited : .signaled
      facts.signal = status.signal.map { Int($0) }
      facts.statusSource = source
    case .replaced: facts.termination = .replaced
    case .running: facts.termination = .running
    case .unknown: facts.termination = .unknown
    case .failed(let error):
      facts.termination = .failed
      facts.error = errnoName(error)
    }
  }
}

extension Confinement {
  /// The fixture's word for it.
  fileprivate var word: String {
    switch self {
    case .seccomp: "seccomp"
    case .chroot: "chroot"
    case .other: "unknown"
    }
  }
}

/// The symbol of an errno, `ENOENT`; its number where libc has none.
func errnoName(_ error: Int32) -> String {
  guard let name = kernel_errno_name(error) else { return String(error) }
  return String(cString: name)
}
