public import SystemPackage

/// What came of a replay: what was used, what was left, what was missed.
public struct ReplayVerdict: Equatable, Sendable {
  /// The fixture; nil for one that was in memory.
  public var fixture: FilePath?
  /// How many recordings the fixture has.
  public var recordings: Int
  /// How many were used: they have answered, or stand inside one that has.
  public var used: Int
  /// Those that were left, in the order of sequence, at most a thousand; what nobody misses is not
  /// among them.
  public var unused: [UnusedRecording]
  /// How many were left.
  public var unusedCount: Int
  /// Invocations that were not answered, the first one first; at most a thousand.
  public var misses: [ReplayMiss]
  /// How many invocations were not answered.
  public var missCount: Int
  /// Whether nothing counts as a failure.
  public var allowUnmatched: Bool
  /// Whether recordings that were left are no failure.
  public var allowUnused: Bool
  /// Whether invocations that were not answered are no failure.
  public var allowMisses: Bool

  /// Whether the replay went as recorded, as far as it had to.
  public var isPassed: Bool {
    allowUnmatched || ((missCount == 0 || allowMisses) && (unusedCount == 0 || allowUnused))
  }
}

/// A recording that was left.
public struct UnusedRecording: Equatable, Sendable {
  /// The recording.
  public var sequence: Int
  /// Its command and arguments as text, without what looks like a secret.
  public var commandLine: [String]

  init(_ recording: RecordedInvocation, _ mask: SecretMask) {
    sequence = recording.sequence
    commandLine = mask.shown([recording.commandBytes] + recording.argumentBytes)
  }
}

/// A replay that did not go as recorded.
public struct VerificationError: Error, Equatable, Sendable {
  /// What was left and what was missed.
  public let verdict: ReplayVerdict
}

extension VerificationError: CustomStringConvertible {
  /// A summary, then what was missed and what was left, the first failure first.
  public var description: String { verdict.description }
}

extension ReplayVerdict: CustomStringConvertible {
  private static let shownMisses = 10
  private static let shownUnused = 20

  /// A summary; then, each on its lines, what was missed and what was left, the first failure first.
  public var description: String {
    var lines = [summary]
    lines += misses.prefix(Self.shownMisses).map(\.description)
    if missCount > Self.shownMisses { lines.append("and \(missCount - Self.shownMisses) more") }
    lines += unused.prefix(Self.shownUnused).map {
      "not used: recording \($0.sequence): \(ShownText.line($0.commandLine))"
    }
    if unusedCount > Self.shownUnused {
      lines.append("and \(unusedCount - Self.shownUnused) more")
    }
    return lines.joined(separator: "\n")
  }

  /// One sentence without what was missed and left in particular.
  public var summary: String {
    let answered = "\(used) of \(Self.count(recordings, "recording")) used"
    guard missCount > 0 || unusedCount > 0 else { return "replayed as recorded: \(answered)" }
    var parts: [String] = []
    if missCount > 0 { parts.append("\(Self.count(missCount, "command")) not answered") }
    if unusedCount > 0 { parts.append("\(Self.count(unusedCount, "recording")) not used") }
    return (isPassed ? "replayed: " : "the replay did not go as recorded: ")
      + "\(parts.joined(separator: ", ")) (\(answered))"
  }

  private static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
