internal import Glibc

/// Decides about commands by the recordings of a fixture.
///
/// Not safe to share between threads.
package final class ReplayDesk: CommandDecider {
  /// What becomes of a command that no recording answers.
  package enum OnMiss: Sendable {
    /// It ends with 127 and says what was looked for.
    case fail
    /// It runs.
    case run
    /// It runs and is recorded.
    case record
  }

  private let session: ReplaySession
  private let onMiss: OnMiss
  private let keepsTime: Bool
  /// The names of the commands that are answered.
  let commands: Set<[UInt8]>

  /// - Parameters:
  ///   - session: loaded.
  ///   - keepsTime: whether an answer takes as long as the recorded command took.
  /// - Throws: `LifecycleError.notLoaded`.
  package init(_ session: ReplaySession, onMiss: OnMiss, keepsTime: Bool) throws {
    self.session = session
    self.onMiss = onMiss
    self.keepsTime = keepsTime
    commands = try session.answeredCommands()
  }

  func decide(_ question: Question) -> CommandDecision {
    let input = question.input
    do {
      let inquiry = try inquiry(question)
      inquiry.stdin.grow(to: input.bytes, isAtEnd: input.isAtEnd)
      switch try session.reply(to: inquiry, decides: input.isFinal) {
      case .needsStdin(let count, let need):
        return .ask(count: count - input.bytes.count, InputNeed(need))
      case .answer(let answer):
        return .answer(CommandAnswer(answer, keepsTime: keepsTime))
      case .run: return .run(isNested: true)
      case .miss(let miss): return missed(miss)
      }
    } catch {
      let live = LiveInvocation(question.commandLine, question.request)
      if let miss = try? session.miss(live, because: error) { return missed(miss) }
      return .answer(CommandAnswer(refusal: "cmdmox: \(error)\n"))
    }
  }

  private func inquiry(_ question: Question) throws -> ReplayInquiry {
    if let inquiry = question.inquiry { return inquiry }
    let inquiry = try session.inquiry(LiveInvocation(question.commandLine, question.request))
    question.inquiry = inquiry
    return inquiry
  }

  private func missed(_ miss: ReplayMiss) -> CommandDecision {
    switch onMiss {
    case .fail: .answer(CommandAnswer(refusal: "cmdmox: \(miss)\n"))
    case .run: .run(isNested: false)
    case .record: .capture
    }
  }

  /// Whether a command that could not be executed is one that was recorded so.
  func knowsFailed(_ commandLine: CommandLine, cwd: [UInt8]) -> Bool {
    let live = LiveInvocation(commandLine, environment: [], cwd: cwd)
    guard case .answer = try? session.answer(live) else { return false }
    return true
  }
}

extension InputNeed {
  /// Who writes to a pipe writes soon, as a rule; who talks with the command has to wait for the answer
  /// as long. Whoever saw the end had taken all there was.
  fileprivate init(_ need: ReplayReply.Need) {
    switch need {
    case .anyAnswer: self.init(patienceMs: nil, mayTake: true)
    case .betterAnswer: self.init(patienceMs: 1000, mayTake: false)
    case .end: self.init(patienceMs: 100, mayTake: true)
    }
  }
}

extension LiveInvocation {
  init(_ commandLine: CommandLine, _ request: CaptureRequest) {
    self.init(commandLine, environment: request.environment.bytes, cwd: request.cwd)
  }

  init(_ commandLine: CommandLine, environment: [UInt8], cwd: [UInt8]) {
    self.init(
      command: Array(commandLine.command),
      args: commandLine.arguments.slices.dropFirst().map { Array($0) },
      environmentBlock: environment, cwd: cwd.isEmpty ? nil : cwd)
  }
}

extension ReplayAnswer {
  /// Signals that others send, as a rule.
  private static let sentSignals: Set<Int32> = [
    SIGHUP, SIGINT, SIGQUIT, SIGKILL, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM,
  ]

  /// A hundred years. A fixture may say more, in nanoseconds more than any number holds.
  private static let longestMs = 100 * 365 * 86_400_000

  /// From the request to the end. Whoever ended the command by a signal then sends one now, too, and
  /// has to find it alive: that is waited for, a second at most.
  fileprivate func delayMs(keepsTime: Bool) -> Int {
    let duration = min(max(0, durationMs), Self.longestMs)
    guard case .signaled(let signal) = ending, Self.sentSignals.contains(Int32(signal)) else {
      return keepsTime ? duration : 0
    }
    return keepsTime ? duration + 500 : min(duration, 1000) + 100
  }
}

extension CommandAnswer {
  init(_ answer: ReplayAnswer, keepsTime: Bool) {
    let status: WaitStatus =
      switch answer.ending {
      case .exited(let code): WaitStatus(exitCode: Int32(truncatingIfNeeded: code))
      case .signaled(let signal): WaitStatus(rawValue: Int32(truncatingIfNeeded: signal) & 0x7f)
      case .failed(_, let code): WaitStatus(exitCode: Int32(truncatingIfNeeded: code))
      }
    self.init(
      stdout: answer.stdout, stderr: answer.stderr, status: status,
      inputLength: answer.stdin.byteCount, drainsInput: answer.stdin.seesEnd,
      delayNs: UInt64(answer.delayMs(keepsTime: keepsTime)) * 1_000_000)
  }

  /// What a command says that nothing answers.
  init(refusal: String) {
    self.init(stderr: Array(refusal.utf8), status: WaitStatus(exitCode: 127))
  }
}
