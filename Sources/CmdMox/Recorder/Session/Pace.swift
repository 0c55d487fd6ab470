/// How often the pipe is looked at.
///
/// Nobody waits for the recorder, so it waits for events only while there are none, and then looks
/// every few milliseconds until it has found nothing for a while. The longer events have been coming,
/// the longer it sleeps, since a look costs more than the few events that it finds: with 5 ms
/// throughout, the recorder took 3 % of the CPU of a `./configure`. A pipe that fills up is looked at
/// sooner: it must never be full.
struct Pace {
  private static let shortestPauseMs = 5
  private static let longestPauseMs = 20
  private static let roundsForEachMs = 4
  private static let emptyRoundsUntilIdle = 20

  private let capacity: Int
  private var emptyRounds = emptyRoundsUntilIdle
  private var lastBytes = 0
  private var busyRounds = 0

  /// - Parameter capacity: of the pipe, in bytes.
  init(capacity: Int) {
    self.capacity = capacity
  }

  var isIdle: Bool { emptyRounds >= Self.emptyRoundsUntilIdle }

  mutating func took(_ bytes: Int) {
    lastBytes = bytes
    emptyRounds = bytes > 0 ? 0 : min(emptyRounds + 1, Self.emptyRoundsUntilIdle)
    busyRounds = isIdle ? 0 : busyRounds + 1
  }

  /// How long to wait; -1 for ever.
  ///
  /// - Parameters:
  ///   - isExpecting: something dead may still be heard of.
  ///   - looksAround: something has to be asked that tells nothing by itself.
  func timeoutMs(isExpecting: Bool, looksAround: Bool) -> Int32 {
    if isIdle { return isExpecting ? 20 : looksAround ? 100 : -1 }
    // A frame that does not fit into the rest of a page takes another page, so that a pipe can be
    // full with half as many bytes.
    if lastBytes > capacity / 4 { return 0 }
    if lastBytes > capacity / 8 { return 1 }
    if lastBytes > capacity / 32 { return Int32(Self.shortestPauseMs) }
    let pauseMs = Self.shortestPauseMs + busyRounds / Self.roundsForEachMs
    return Int32(min(pauseMs, Self.longestPauseMs))
  }
}
