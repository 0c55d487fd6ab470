internal import Synchronization
internal import SystemPackage

/// Another scrubber, and the review of what it does.
final class ReviewingScrubber: Scrubber {
  let inner: any Scrubber
  private let review = Mutex(Review())

  init(_ inner: any Scrubber) { self.inner = inner }

  var rules: [ScrubbingRule] { inner.rules }
  var possibleRules: [ScrubbingRule] { inner.possibleRules }

  func scrub(_ recording: RecordedInvocation) throws -> RecordedInvocation {
    try scrub(recording, isNew: true)
  }

  /// Scrubs a recording once more, with what is known now.
  func scrubAgain(_ recording: RecordedInvocation) throws -> RecordedInvocation {
    try scrub(recording, isNew: false)
  }

  private func scrub(
    _ recording: RecordedInvocation, isNew: Bool
  ) throws -> RecordedInvocation {
    let changes = ChangeList()
    let scrubbed = try inner.scrub(recording) { changes.append($0) }
    review.withLock { $0.add(scrubbed, changes.all, isNew: isNew) }
    return scrubbed
  }

  /// - Throws: `FixtureError.unwritable`.
  func writeReview(beside fixture: FilePath) throws {
    try review.withLock { $0 }.write(beside: fixture)
  }
}
