/// How often the pipe is looked at.
///
/// Nobody waits for the recorder while the program runs, so it waits for events only while there are
/// none, and then looks every few milliseconds until it has found nothing for a while. The longer
/// events have been coming, the longer it sleeps, since a look costs more than the few events that it
/// finds, and many events at once find the caches warm: with 5 ms throughout, the recorder took 3 % of
/// the CPU of a `./configure`, with 20 ms 2 %, with 50 ms 1.3 %. A pipe that fills up is looked at
/// sooner: it must never be full.
struct Pace {
  private static let shortestPauseMs = 5
  private static let longestPauseMs = 50
  private static let emptyRoundsUntilIdle = 20

  private let capacity: Int
  private let longestPauseMs: Int
  private var emptyRounds = emptyRoundsUntilIdle
  private var lastBytes = 0
  private var lastPauseMs = shortestPauseMs
  private var busyRounds = 0

  /// - Parameters:
  ///   - capacity: of the pipe, in bytes.
  ///   - mayBeLate: whether nobody waits for what is in the pipe.
  init(capacity: Int, mayBeLate: Bool) {
    self.capacity = capacity
    longestPauseMs = mayBeLate ? Self.longestPauseMs : Self.longestPauseMs / 5
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
  mutating func timeoutMs(isExpecting: Bool, looksAround: Bool) -> Int32 {
    if isIdle {
      lastPauseMs = Self.shortestPauseMs
      return isExpecting ? 20 : looksAround ? 100 : -1
    }
    lastPauseMs = pauseMs
    return Int32(lastPauseMs)
  }

  private var pauseMs: Int {
    // A frame that does not fit into the rest of a page takes another page, so that a pipe can be
    // full with half as many bytes.
    if lastBytes > capacity / 4 { return 0 }
    if lastBytes > capacity / 8 { return 1 }
    // Ten times as many may come all of a sudden.
    let untilFilledMs = max(lastPauseMs, 1) * (capacity / 20) / max(lastBytes, 1)
    let longestMs = min(Self.shortestPauseMs + busyRounds, longestPauseMs)
    return max(min(untilFilledMs, longestMs), Self.shortestPauseMs)
  }
}
