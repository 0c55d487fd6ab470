internal import SystemPackage

extension ReplaySession {
  /// The scrubber of a fixture's own rules, and of values that live environments keep secret; nil for
  /// a fixture in which nothing was scrubbed.
  @Sendable public static func scrubber(of fixture: FixtureFile) throws -> (any Scrubber)? {
    guard !fixture.scrubbingRules.isEmpty || fixture.holdsMarks else { return nil }
    return try PatternScrubber(rules: fixture.scrubbingRules)
  }
}

extension FixtureFile {
  /// Whether something that is compared was redacted by its value alone, for which there is no rule.
  fileprivate var holdsMarks: Bool {
    recordings.contains { recording in
      recording.args.contains(where: RedactionMark.stands)
        || RedactionMark.stands(in: recording.stdin)
        || recording.envSubset.values.contains(where: RedactionMark.stands)
        || recording.process?.cwd.map(RedactionMark.stands) == true
    }
  }

  /// Checks what reading a fixture does not, and replaying it needs.
  ///
  /// - Throws: `FixtureError.unexpectedValue`, with the place of the first thing that is wrong.
  func checkReplayable(_ file: FilePath?) throws {
    // cmd-mox's names; a fixture from before there were versions does not know.
    guard ["linux", "unknown", ""].contains(metadata.platform) else {
      throw FixtureError.unexpectedValue(
        file: file, path: "metadata.platform", expected: "linux, or record again on this platform",
        found: metadata.platform.debugDescription)
    }
    var places: [Int: Int] = [:]
    places.reserveCapacity(recordings.count)
    // By place: an element as a whole would be copied.
    for place in recordings.indices {
      let sequence = recordings[place].sequence
      guard sequence >= 0 else {
        throw FixtureError.unexpectedValue(
          file: file, path: "recordings[\(place)].sequence", expected: "0 or more",
          found: String(sequence))
      }
      if let earlier = places.updateValue(place, forKey: sequence) {
        throw FixtureError.unexpectedValue(
          file: file, path: "recordings[\(place)].sequence",
          expected: "a number that no other recording has",
          found: "\(sequence), which recordings[\(earlier)] has")
      }
    }
  }

  /// The rules that live with the fixture.
  ///
  /// - Throws: `FixtureError.unexpectedValue`, for the first one that cannot be understood.
  func matchingRules(_ file: FilePath?) throws -> [MatchingRule] {
    try (matching?.patterns ?? []).enumerated().map { place, text in
      let path = "matching.patterns[\(place)]"
      guard let rule = MatchingRule(text) else {
        throw FixtureError.unexpectedValue(
          file: file, path: path, expected: MatchingRule.forms, found: text.debugDescription)
      }
      do {
        _ = try Normalizer([rule], scrubber: nil)
      } catch let error as MatchingRuleError {
        throw FixtureError.unexpectedValue(
          file: file, path: path, expected: "a regular expression behind the colon",
          found: "\(text.debugDescription) (\(error.problem))")
      }
      return rule
    }
  }
}
