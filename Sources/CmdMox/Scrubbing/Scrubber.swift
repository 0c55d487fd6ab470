/// Takes out of a recording what must not be kept: secrets, names, what differs in each run.
///
/// A session calls it for each recording before anything is stored, from any thread, and for several
/// recordings at once. Whatever text it changes, the exact bytes beside that text are dropped.
public protocol Scrubber: Sendable {
  /// The recording as it may be kept.
  ///
  /// - Parameter recording: filtered by the environment filter; its `sequence` is not final.
  /// - Throws: any error; the recording is then not stored, and `record` throws that error.
  func scrub(_ recording: RecordedInvocation) throws -> RecordedInvocation

  /// What the fixture says of how it was scrubbed. None unless a scrubber says otherwise.
  var rules: [ScrubbingRule] { get }

  /// The rules that may still be applied: what the fixture of a session says that had no end.
  var possibleRules: [ScrubbingRule] { get }
}

extension Scrubber {
  /// No rules: what was changed cannot be told from the fixture.
  public var rules: [ScrubbingRule] { [] }
  /// The same as ``rules``.
  public var possibleRules: [ScrubbingRule] { rules }
}
