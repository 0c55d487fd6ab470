internal import Synchronization

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

  /// Whether the bytes are those that the command read: nothing was taken out of them.
  var isExact: Bool

  /// Nil where nobody knows what the command read: every standard input agrees with that.
  init?(_ recording: RecordedInvocation, _ normalizer: Normalizer) {
    let recorded = recording.stdinBytes
    guard Self.isKnown(recording, isEmpty: recorded.isEmpty) else { return nil }
    bytes = normalizer.stdin(of: recording)
    isExact = normalizer.isExact(recorded)
    let facts = recording.process?.stdin
    isLengthExact = isExact || facts?.length != nil
    let isWhole = facts?.isTruncated != true
    // Somebody may have edited what nothing was taken out of.
    let told = isWhole && !isExact ? facts?.length ?? recorded.count : recorded.count
    // `Int.max` stands for all that comes.
    length = min(max(0, told), .max - 1)
    // cmd-mox reads standard input to its end.
    isEnded = facts.map { $0.isEnded && isWhole } ?? !recorded.isEmpty
  }

  private static func isKnown(_ recording: RecordedInvocation, isEmpty: Bool) -> Bool {
    guard isEmpty, let process = recording.process else { return true }
    guard let taken = process.stdin?.taken else { return false }
    return taken != .inherited && taken != .unknown
  }
}

/// A live standard input, normalized as far as it is looked at.
final class NormalizedStdin: Sendable {
  private let live: LiveInvocation
  private let normalizer: Normalizer
  private let state: Mutex<State>

  private struct State {
    var stdin: LiveStdin
    /// Normalized, by their length before.
    var prefixes: [Int: [UInt8]] = [:]
  }

  init(_ stdin: LiveStdin, of live: LiveInvocation, _ normalizer: Normalizer) {
    self.live = live
    self.normalizer = normalizer
    state = Mutex(State(stdin: stdin))
  }

  private var stdin: LiveStdin { state.withLock(\.stdin) }
  /// What is known of it.
  var bytes: [UInt8] { stdin.bytes }
  /// How many bytes that is.
  var count: Int { stdin.bytes.count }
  /// Whether nothing follows them.
  var isAtEnd: Bool { stdin.isAtEnd }
  /// Whether the bytes have to be equal as a whole.
  var isWhole: Bool { stdin.isWhole }

  /// Takes note of more: `bytes` begin with what was known.
  func grow(to bytes: [UInt8], isAtEnd: Bool) {
    state.withLock { state in
      if bytes.count != state.stdin.bytes.count { state.prefixes[.max] = nil }
      (state.stdin.bytes, state.stdin.isAtEnd) = (bytes, isAtEnd)
    }
  }

  /// The first `length` bytes, normalized.
  func prefix(_ length: Int) throws -> [UInt8] {
    try state.withLock { state in
      if let prefix = state.prefixes[length] { return prefix }
      let prefix = try normalizer.stdin(Array(state.stdin.bytes.prefix(length)), of: live)
      state.prefixes[length] = prefix
      return prefix
    }
  }

  /// How many bytes are worth knowing where this may still become what was recorded; nil where it
  /// cannot, or where what is known decides.
  func lengthWorthKnowing(_ recorded: RecordedStdin) -> Int? {
    let length = normalizer.decidingLength(of: recorded)
    guard length > count else { return nil }
    // What is scrubbed or has matches replaced cannot be compared before it is whole.
    return recorded.isExact && !recorded.bytes.starts(with: bytes) ? nil : length
  }

  /// Whether a command that reads from this would read what was recorded.
  func agrees(with recorded: RecordedStdin) throws -> Bool {
    if isWhole { return try prefix(.max) == recorded.bytes }
    let length = normalizer.decidingLength(of: recorded)
    guard length == .max || length <= count else { return false }
    // A command that saw the end had read all there was.
    let isOver = recorded.isEnded && length > 0 && length < count
    if isOver { return false }
    return try recorded.isExact
      ? bytes.starts(with: recorded.bytes) : prefix(length) == recorded.bytes
  }
}

extension Normalizer {
  /// How many bytes of a live standard input decide whether it agrees; `Int.max` for all that comes.
  func decidingLength(of recorded: RecordedStdin) -> Int {
    guard recorded.isEnded, recorded.length > 0, !recorded.isExact else { return recorded.length }
    return changesStdin || (scrubs && !recorded.isLengthExact) ? .max : recorded.length
  }
}
