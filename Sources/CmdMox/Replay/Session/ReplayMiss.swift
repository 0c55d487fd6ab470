/// A live invocation that no recording answered.
public struct ReplayMiss: Equatable, Sendable {
  /// Why.
  public enum Reason: Equatable, Sendable {
    /// No recording agrees.
    case noRecording
    /// Recordings agree, and all of them have answered.
    case allUsed
    /// In strict order another recording is next; nil where none is left.
    case outOfOrder(next: Int?)
    /// A recording agrees and cannot answer.
    case unanswerable(ReplayError)
    /// It could not be compared: a scrubbing rule failed.
    case incomparable(problem: String)
  }

  /// Its number among the misses, from 1.
  public var number: Int
  /// The command and its arguments as text, without secrets.
  public var commandLine: [String]
  /// Why.
  public var reason: Reason
  /// The recordings that come closest, the closest first; at most three, and none for misses after
  /// the first fifty.
  public var closest: [RecordingDifference]
  /// Recorded commands with a similar name, where this one was not recorded at all.
  public var similarCommands: [String] = []
}

/// How a recording differs from a live invocation.
public struct RecordingDifference: Equatable, Sendable {
  /// The recording.
  public var sequence: Int
  /// Its command and arguments as text, without secrets.
  public var commandLine: [String]
  /// Whether it has answered already.
  public var isUsed: Bool
  /// What differs, each in a few words; without secrets.
  public var differences: [String]
}

extension ReplaySession.State {
  /// How many misses are explained, and how many are kept.
  private static let explained = 50
  private static let kept = 1000

  /// Notes an invocation that no recording answered.
  ///
  /// - Parameter error: why the recording that agrees cannot answer.
  mutating func miss(_ inquiry: ReplayInquiry, _ error: ReplayError?) throws -> ReplayMiss {
    let matcher = try loaded()
    let (normalized, stdin) = (inquiry.normalized, inquiry.stdin)
    let mask = SecretMask(shownScrubber, inquiry.live)
    var miss = ReplayMiss(
      number: missCount + 1, commandLine: mask.shown([normalized.command] + normalized.args),
      reason: try matcher.reason(normalized, stdin, error), closest: [])
    if missCount < Self.explained {
      miss.closest = ClosestRecordings(matcher, normalized, stdin, mask).find()
      if miss.closest.isEmpty { miss.similarCommands = matcher.commands(like: normalized.command) }
    }
    return keep(miss)
  }

  /// Notes an invocation that could not be compared with recordings.
  mutating func miss(_ live: LiveInvocation, because problem: any Error) throws -> ReplayMiss {
    _ = try loaded()
    return keep(
      ReplayMiss(
        number: missCount + 1,
        commandLine: SecretMask(shownScrubber, live).shown([live.command] + live.args),
        reason: .incomparable(problem: String(describing: problem)), closest: []))
  }

  private mutating func keep(_ miss: ReplayMiss) -> ReplayMiss {
    missCount += 1
    if misses.count < Self.kept { misses.append(miss) }
    return miss
  }
}

extension InvocationMatcher {
  fileprivate func reason(
    _ live: NormalizedInvocation, _ stdin: NormalizedStdin, _ error: ReplayError?
  ) throws -> ReplayMiss.Reason {
    if let error { return .unanswerable(error) }
    guard let place = try anyPlace(for: live, stdin) else { return .noRecording }
    guard options.order == .strict, !use.isUsed(place) else { return .allUsed }
    return .outOfOrder(next: use.next().last.map { recordings[$0].sequence })
  }
}

extension ReplayMiss: CustomStringConvertible {
  /// A few lines: the command, why, the closest recordings and how they differ.
  public var description: String {
    var lines = ["\(sentence): \(ShownText.line(commandLine))"]
    switch reason {
    case .unanswerable(let error): lines.append("  \(error)")
    case .incomparable(let problem): lines.append("  \(problem)")
    case .noRecording, .allUsed, .outOfOrder: break
    }
    for (place, recording) in closest.enumerated() {
      lines.append((place == 0 ? "  closest is " : "  then ") + recording.title)
      lines += recording.differences.map { "    " + $0 }
    }
    if !similarCommands.isEmpty {
      lines.append("  recorded commands like it: \(similarCommands.joined(separator: ", "))")
    }
    if let hint { lines.append("  \(hint)") }
    return lines.joined(separator: "\n")
  }

  private var sentence: String {
    switch reason {
    case .noRecording: "no recording answers"
    case .allUsed: "every recording that agrees has answered already"
    case .outOfOrder(let next?): "out of order, recording \(next) is next"
    case .outOfOrder(nil): "out of order, all recordings have answered"
    case .unanswerable: "the recording cannot answer"
    case .incomparable: "it cannot be compared with recordings"
    }
  }

  private var hint: String? {
    let command = commandLine.first ?? ""
    if reason == .allUsed { return "--repeat-last lets the last one answer again" }
    return FileCommands.names.contains(command)
      ? "\(command) only works on files: --run \(command) lets it really run" : nil
  }
}

extension RecordingDifference {
  fileprivate var title: String {
    "recording \(sequence)\(isUsed ? ", which has answered already" : ""): "
      + ShownText.line(commandLine)
  }
}

/// Commands whose result is files: a recording cannot give them back.
public enum FileCommands {
  /// Their names.
  public static let names: Set<String> = [
    "basename", "cat", "chmod", "cp", "dirname", "install", "ln", "ls", "mkdir", "mkfifo", "mktemp",
    "mv", "pwd", "readlink", "realpath", "rm", "rmdir", "sleep", "stat", "tee", "test", "touch",
    "truncate",
  ]
}
