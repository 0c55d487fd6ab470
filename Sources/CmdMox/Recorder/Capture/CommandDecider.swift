/// Decides what becomes of a command that a stand-in asks about.
protocol CommandDecider: AnyObject {
  func decide(_ question: Question) -> CommandDecision
}

/// What becomes of a command.
enum CommandDecision {
  /// It runs, and its streams are captured.
  case capture
  /// It runs in place of the stand-in; `isNested`: what it runs is asked about in turn.
  case run(isNested: Bool)
  /// It does not run.
  case answer(CommandAnswer)
  /// More of its stdin has to be known: so many bytes beyond those that came.
  case ask(count: Int, InputNeed)
}

/// How badly stdin has to be known.
struct InputNeed: Equatable {
  /// How long it is waited for; nil: until it comes.
  var patienceMs: Int?
  /// Whether what cannot be looked at (what comes from a terminal, more than a pipe holds) may be taken.
  var mayTake: Bool
}

/// A command that has to be decided about.
final class Question {
  let request: CaptureRequest
  /// What its caller ran.
  let commandLine: CommandLine
  var input = Input()
  /// What a replay knows of it already.
  var inquiry: ReplayInquiry?

  /// What is known of its stdin.
  struct Input {
    var bytes: [UInt8] = []
    /// Nothing follows.
    var isAtEnd = false
    /// No more will come before the decision.
    var isFinal = false
  }

  /// How much of stdin was asked for, counted from its beginning.
  private var wanted = 0

  init(request: CaptureRequest, commandLine: CommandLine) {
    self.request = request
    self.commandLine = commandLine
  }

  /// Notes that more of stdin was asked for: so many bytes beyond those that came.
  func ask(count: Int) { wanted = input.bytes.count + count }

  /// Takes a piece of stdin.
  ///
  /// - Returns: whether it was the last of what was asked for.
  func take(_ bytes: [UInt8], _ flags: InputFlags) -> Bool {
    input.bytes += bytes
    input.isAtEnd = flags.contains(.ended)
    let isLast = flags.contains(.last)
    input.isFinal = isLast && input.bytes.count < wanted
    return isLast
  }
}

/// What a command says and how it ends, without running.
struct CommandAnswer: Equatable {
  var stdout: [UInt8] = []
  var stderr: [UInt8] = []
  var status: WaitStatus
  /// Bytes of stdin that it consumes.
  var inputLength = 0
  /// Whether it reads stdin to its end afterwards.
  var drainsInput = false
  /// From the request to the end.
  var delayNs: UInt64 = 0
}
