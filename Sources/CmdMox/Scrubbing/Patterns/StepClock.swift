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
    limitNs = Self.allowedNs + bytes * Self.allowedNsPerByte
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

  private static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
