internal import Glibc

/// Keeps a search with an unknown pattern from taking for ever.
///
/// A single attempt is bounded by PCRE2's own limits. A search makes as many attempts as the text has
/// bytes, and each of them may run to the text's end: so it is made piece by piece, and the time of
/// the thread is looked at in between.
struct StepClock {
  /// What a search may take: this much, and more for a long text.
  private static let allowedNs = 5_000_000_000
  private static let allowedNsPerByte = 1000
  /// A piece is made longer while it takes less, shorter while it takes more.
  private static let pieceNs = 20_000_000

  private let limitNs: Int
  private let startNs: Int
  private var beforeNs: Int
  private var piece = 4096

  /// - Parameter bytes: the length of the text.
  init(bytes: Int) {
    limitNs = Self.limitNs(bytes: bytes)
    startNs = Self.now
    beforeNs = startNs
  }

  /// Where, at the latest, a match may begin that is looked for from `place` on.
  func last(from place: Int) -> Int { place + piece }

  /// Whether there is time left.
  mutating func goesOn() -> Bool {
    let now = Self.now
    piece = now - beforeNs < Self.pieceNs ? min(piece * 2, 1 << 24) : max(piece / 4, 16)
    beforeNs = now
    return now - startNs < limitNs
  }

  /// What all searches in texts of so many bytes may take together.
  static func limitNs(bytes: Int) -> Int { allowedNs + bytes * allowedNsPerByte }

  /// The time of the thread.
  static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}

extension Pattern {
  /// Looks for the next match, piece by piece.
  ///
  /// - Parameter place: a character's first byte.
  /// - Throws: ``PatternFailure/limit`` where it takes too many steps, or the clock has run down.
  func next(
    in text: UnsafeBufferPointer<UInt8>, from place: Int, _ clock: inout StepClock,
    _ workspace: borrowing MatchWorkspace
  ) throws -> Bool {
    var place = place
    while place <= text.count {
      let last = clock.last(from: place)
      let isFound = try matches(text, at: place, last: last, in: workspace)
      guard clock.goesOn() else { throw PatternFailure.limit }
      if isFound { return true }
      place = text.nextCharacter(from: last + 1)
    }
    return false
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The first byte, from `place` on, that does not go on with a character of UTF-8.
  func nextCharacter(from place: Int) -> Int {
    var place = place
    while place < count, self[place] & 0xc0 == 0x80 { place += 1 }
    return place
  }
}
