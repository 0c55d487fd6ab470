public import SystemPackage

/// A recording that is over.
public struct Recording: Sendable {
  /// Where the fixture is.
  public let fixturePath: FilePath
  /// How the program ended, as a shell says it: 128 + n after signal n, -1 where nobody knows.
  public let exitCode: Int
  /// How many invocations were recorded.
  public let invocations: Int
  /// How many of those failed: could not be executed, or ended with a status other than 0.
  public let failed: Int
  /// How many of those were seen from outside only.
  public let opaque: Int
  /// How many events or recordings were lost.
  public let lost: Int
  /// How many streams were longer than what is kept of them.
  public let truncated: Int

  init(_ summary: SessionSummary) {
    fixturePath = summary.fixture
    exitCode = summary.rootStatus
    invocations = summary.tally.recorded
    failed = summary.tally.failed
    opaque = summary.tally.opaqueCount
    lost = summary.lost
    truncated = summary.tally.truncated
  }

  /// Reads the fixture.
  ///
  /// - Throws: ``FixtureError``.
  public func fixture() throws -> FixtureFile { try FixtureFile.load(fixturePath) }
}
