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
  /// More of its stdin has to be known: so many bytes beyond those that came, only if they are there
  /// already where it is optional.
  case ask(count: Int, isOptional: Bool)
}

/// A command that has to be decided about.
struct Question {
  let request: CaptureRequest
  /// What its caller ran.
  let commandLine: CommandLine
  var input = Input()
  /// Whether what was asked for last need not come.
  var isOptional = false

  /// What was read of its stdin.
  struct Input {
    var bytes: [UInt8] = []
    /// Nothing follows.
    var isAtEnd = false
    /// No more will come before the decision.
    var isFinal = false
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
