extension FixtureFile {
  /// The fixture without its secrets; scrubbed again by the same scrubber, it stays as it is.
  ///
  /// Members that this version does not know are kept as they are. Rules that a scrubber names and the
  /// fixture does not have yet are added to its own.
  ///
  /// - Throws: whatever the scrubber throws.
  public func scrubbed(by scrubber: any Scrubber) throws -> FixtureFile {
    try scrubbed(by: scrubber, onChange: nil)
  }

  /// - Parameter onChange: called for each change, with its place in the document:
  ///   `recordings[3].stdout`.
  package func scrubbed(
    by scrubber: any Scrubber, onChange: ((ScrubbingChange) -> Void)?
  ) throws -> FixtureFile {
    // What one recording shows to be a secret is one in the others too.
    for recording in recordings { (scrubber as? PatternScrubber)?.learn(from: recording) }
    var fixture = self
    for index in recordings.indices {
      fixture.recordings[index] = try scrubber.scrub(recordings[index]) { change in
        onChange?(change.below("recordings[\(index)]"))
      }
      fixture.recordings[index].dropStaleBytes()
    }
    fixture.metadata.session = try session(scrubbedBy: scrubber, onChange)
    for rule in scrubber.rules where !fixture.scrubbingRules.contains(where: rule.isSame) {
      fixture.scrubbingRules.append(rule)
    }
    return fixture
  }

  private func session(
    scrubbedBy scrubber: any Scrubber, _ onChange: ((ScrubbingChange) -> Void)?
  ) throws -> SessionFacts? {
    guard var session = metadata.session else { return nil }
    try session.scrub(with: scrubber, timestamp: metadata.createdAt) { change in
      onChange?(change.below("metadata.session"))
    }
    return session
  }
}

extension ScrubbingRule {
  /// Whether another rule does the same.
  fileprivate func isSame(as other: ScrubbingRule) -> Bool {
    pattern == other.pattern && replacement == other.replacement && appliedTo == other.appliedTo
  }
}

extension Scrubber {
  /// - Parameter onChange: called for each change, by a scrubber that can tell them.
  func scrub(
    _ recording: RecordedInvocation, onChange: @escaping (ScrubbingChange) -> Void
  ) throws -> RecordedInvocation {
    guard let scrubber = self as? PatternScrubber else { return try scrub(recording) }
    return try scrubber.scrub(recording, onChange: .some(onChange))
  }
}

extension ScrubbingChange {
  /// The change, its place being within another one.
  fileprivate func below(_ outer: String) -> ScrubbingChange {
    var change = self
    change.place = "\(outer).\(place)"
    return change
  }
}
