extension ReplaySession.State {
  /// Notes an invocation that no recording answered.
  mutating func miss(
    _ live: LiveInvocation, _ normalized: NormalizedInvocation, _ stdin: NormalizedStdin,
    _ error: ReplayError?
  ) -> ReplayMiss {
    let miss = ReplayMiss(
      number: misses.count + 1,
      commandLine: ([normalized.command] + normalized.args).map {
        String(decoding: $0, as: UTF8.self)
      },
      reason: error.map { .unanswerable($0) } ?? .noRecording, closest: [])
    misses.append(miss)
    return miss
  }
}
