extension FixtureFile {
  /// The fixture without its secrets; scrubbed again by the same scrubber, it stays as it is.
  ///
  /// Members that this version does not know are kept, and scrubbed like everything else. Rules that a
  /// scrubber names and the fixture does not have yet are added to its own; one that has a secret value
  /// in it is not kept.
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
    return try fixture.scrubbedAroundRecordings(by: scrubber) { onChange?($0) }
  }

  /// The same with the recordings left as they are.
  func scrubbedAroundRecordings(
    by scrubber: any Scrubber, onChange: @escaping (ScrubbingChange) -> Void
  ) throws -> FixtureFile {
    var fixture = self
    if var session = metadata.session {
      try session.scrub(with: scrubber, timestamp: metadata.createdAt) { change in
        onChange(change.below("metadata.session"))
      }
      fixture.metadata.session = session
    }
    try (scrubber as? PatternScrubber)?.scrubTexts(of: &fixture, onChange: onChange)
    for rule in scrubber.rules where !fixture.scrubbingRules.contains(where: rule.isSame) {
      fixture.scrubbingRules.append(rule)
    }
    return fixture
  }
}

extension PatternScrubber {
  /// Scrubs what a fixture says besides its recordings and its session.
  fileprivate func scrubTexts(
    of fixture: inout FixtureFile, onChange: @escaping (ScrubbingChange) -> Void
  ) throws {
    var metadata = fixture.metadata
    metadata.testModule = try scrub(metadata.testModule, "metadata.test_module", onChange)
    metadata.testFunction = try scrub(metadata.testFunction, "metadata.test_function", onChange)
    metadata.unknownMembers = try scrub(metadata.unknownMembers, "metadata", onChange)
    fixture.metadata = metadata
    for index in fixture.scrubbingRules.indices {
      var rule = fixture.scrubbingRules[index]
      let path = "scrubbing_rules[\(index)]"
      rule.description = try scrub(rule.description, "\(path).description", onChange) ?? ""
      rule.unknownMembers = try scrub(rule.unknownMembers, path, onChange)
      fixture.scrubbingRules[index] = rule
    }
    fixture.scrubbingRules.removeAll(where: holdsSecret)
    if var matching = fixture.matching {
      matching.unknownMembers = try scrub(matching.unknownMembers, "matching", onChange)
      fixture.matching = matching
    }
    fixture.unknownMembers = try scrub(fixture.unknownMembers, "", onChange)
  }

  private func scrub(
    _ text: String?, _ path: String, _ onChange: @escaping (ScrubbingChange) -> Void
  ) throws -> String? {
    guard let text, !text.isEmpty else { return text }
    let scrubbed = try scrub([Self.member: .string(text)], "") { change in
      var change = change
      change.place = path
      onChange(change)
    }
    if case .string(let text)? = scrubbed[Self.member] { return text } else { return nil }
  }

  private func scrub(
    _ members: JSONObject, _ path: String, _ onChange: @escaping (ScrubbingChange) -> Void
  ) throws -> JSONObject {
    guard !members.isEmpty else { return members }
    // Recordings have members that cmdmox does not know, too. Inside one of them no name is special.
    var recording = RecordedInvocation(sequence: 0, command: "", timestamp: "")
    recording.unknownMembers = [Self.member: .object(members)]
    let scrubbed = try scrub(recording) { change in
      var change = change
      change.place = String(change.place.dropFirst(Self.member.utf8.count + 1))
      onChange(path.isEmpty ? change : change.below(path))
    }
    if case .object(let members)? = scrubbed.unknownMembers[Self.member] { return members }
    return [:]
  }

  private static let member = "text"
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
