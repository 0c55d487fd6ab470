extension RecordedInvocation {
  /// The recording without what a scrubber could not scrub: that it ran and how it ended is no secret.
  ///
  /// The command stays, if that can be scrubbed.
  func withheld(by scrubber: any Scrubber) -> RecordedInvocation {
    var kept = RecordedInvocation(
      sequence: sequence, command: command, exitCode: exitCode, timestamp: timestamp,
      durationMs: durationMs)
    kept.bytes["command"] = bytes["command"]
    kept =
      (try? scrubber.scrub(kept))
      ?? RecordedInvocation(
        sequence: sequence, command: "", exitCode: exitCode, timestamp: timestamp,
        durationMs: durationMs)
    kept.dropStaleBytes()
    kept.process = process?.withoutTexts
    return kept
  }
}

extension ProcessFacts {
  /// The numbers alone.
  fileprivate var withoutTexts: ProcessFacts {
    var facts = self
    (facts.executable, facts.cwd, facts.argv0, facts.interpreter) = (nil, nil, nil, nil)
    facts.bytes = ExactBytes()
    facts.unknownMembers = JSONObject()
    return facts
  }
}
