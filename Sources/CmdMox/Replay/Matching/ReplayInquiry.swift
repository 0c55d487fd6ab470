/// A live invocation, and what is known of its standard input so far.
final class ReplayInquiry: Sendable {
  let live: LiveInvocation
  let normalized: NormalizedInvocation
  let stdin: NormalizedStdin

  init(_ live: LiveInvocation, _ normalized: NormalizedInvocation, _ stdin: NormalizedStdin) {
    self.live = live
    self.normalized = normalized
    self.stdin = stdin
  }
}
