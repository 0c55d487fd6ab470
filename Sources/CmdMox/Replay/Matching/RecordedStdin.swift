/// The standard input of a recording, as live ones are compared with it.
struct RecordedStdin: Hashable, Sendable {
  /// Normalized.
  var bytes: [UInt8]
  /// How many bytes the command consumed.
  var length: Int
  /// Whether `length` counts the bytes of the command's input and not those of a scrubbed text.
  var isLengthExact: Bool
  /// Whether the command saw its end.
  var isEnded: Bool

  /// Nil where nobody knows what the command read: every standard input agrees with that.
  init?(_ recording: RecordedInvocation, _ normalizer: Normalizer) {
    let recorded = recording.stdinBytes
    guard Self.isKnown(recording, isEmpty: recorded.isEmpty) else { return nil }
    bytes = normalizer.stdin(of: recording)
    let facts = recording.process?.stdin
    let told = facts?.isTruncated == true ? recorded.count : facts?.length ?? recorded.count
    // `Int.max` stands for all that comes.
    length = min(max(0, told), .max - 1)
    isLengthExact = facts?.length != nil
    // cmd-mox reads standard input to its end.
    isEnded = facts.map { $0.isEnded && !$0.isTruncated } ?? !recorded.isEmpty
  }

  private static func isKnown(_ recording: RecordedInvocation, isEmpty: Bool) -> Bool {
    guard isEmpty, let process = recording.process else { return true }
    guard let taken = process.stdin?.taken else { return false }
    return taken != .inherited && taken != .unknown
  }
}

/// What the standard inputs of candidates are like.
struct CandidateInputs {
  /// How many different ones there are at least.
  var distinct = 0
  /// Lengths at which one is decided, ascending; `Int.max` for all that comes.
  var lengths: [Int] = []

  func union(_ other: CandidateInputs) -> CandidateInputs {
    CandidateInputs(
      distinct: distinct + other.distinct,
      lengths: lengths.isEmpty ? other.lengths : Set(lengths + other.lengths).sorted())
  }
}

/// How much of a live standard input is worth reading before an answer is chosen.
public struct StdinDemand: Equatable, Sendable {
  private let lengths: [Int]

  init(_ inputs: CandidateInputs, _ mode: MatchingOptions.Mode) {
    let isCompared =
      switch mode {
      case .strict: inputs.lengths.contains { $0 > 0 }
      case .fuzzy: inputs.distinct > 1
      }
    lengths = isCompared ? inputs.lengths : []
  }

  /// Whether standard input can make a difference at all.
  public var isNeeded: Bool { byteCount > 0 }

  /// How many bytes at most are worth reading; `Int.max` for all that comes.
  public var byteCount: Int { lengths.last ?? 0 }

  /// How many bytes, counted from the beginning, decide about the next candidate; nil where nothing
  /// more is worth reading.
  ///
  /// - Parameter count: how many bytes have been read.
  public func next(after count: Int) -> Int? { lengths.first { $0 > count } }

  /// Whether some candidate is decided by exactly so many bytes.
  func decides(_ count: Int) -> Bool { lengths.contains(count) }
}

/// A live standard input, normalized as far as it is looked at.
final class NormalizedStdin {
  private let stdin: LiveStdin
  private let live: LiveInvocation
  private let normalizer: Normalizer
  private var prefixes: [Int: [UInt8]] = [:]

  init(_ stdin: LiveStdin, of live: LiveInvocation, _ normalizer: Normalizer) {
    self.stdin = stdin
    self.live = live
    self.normalizer = normalizer
  }

  /// How many bytes were read.
  var count: Int { stdin.bytes.count }
  /// Whether the bytes have to be equal as a whole.
  var isWhole: Bool { stdin.isWhole }

  /// The first `length` bytes, normalized.
  func prefix(_ length: Int) throws -> [UInt8] {
    if let prefix = prefixes[length] { return prefix }
    let bytes = length < count ? Array(stdin.bytes[..<length]) : stdin.bytes
    let prefix = try normalizer.stdin(bytes, of: live)
    prefixes[length] = prefix
    return prefix
  }

  /// Whether more bytes may make this what was recorded.
  func mayBecome(_ recorded: RecordedStdin) -> Bool {
    let length = normalizer.decidingLength(of: recorded)
    // What is scrubbed or has matches replaced cannot be compared before it is whole.
    guard length != .max, !normalizer.scrubs, !normalizer.changesStdin else { return true }
    return length > count && recorded.bytes.starts(with: stdin.bytes)
  }

  /// Whether a command that reads from this would read what was recorded.
  func agrees(with recorded: RecordedStdin) throws -> Bool {
    if isWhole { return try prefix(.max) == recorded.bytes }
    let length = normalizer.decidingLength(of: recorded)
    guard length == .max || length <= count else { return false }
    // A command that saw the end had read all there was.
    let isOver = recorded.isEnded && length > 0 && length < count
    return try !isOver && prefix(length) == recorded.bytes
  }
}

extension Normalizer {
  /// How many bytes of a live standard input decide whether it agrees; `Int.max` for all that comes.
  func decidingLength(of recorded: RecordedStdin) -> Int {
    guard recorded.isEnded, recorded.length > 0 else { return recorded.length }
    return changesStdin || (scrubs && !recorded.isLengthExact) ? .max : recorded.length
  }
}
