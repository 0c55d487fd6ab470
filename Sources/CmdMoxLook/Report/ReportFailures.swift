import CmdMox

/// Why the session failed, for the page: each cause with what it said and what failed because of it.
struct ReportFailures {
  private let view: SessionView
  private let unexpected: [FailureChain]
  private let expected: [FailureChain]

  /// So many causes are shown, the others counted.
  private static let most = 10
  /// Of what a cause wrote, the last lines are shown.
  private static let lines = 20

  init(_ view: SessionView) {
    self.view = view
    (unexpected, expected) = FailureSearch(view).chains()
  }

  /// What to say beside the number of failed invocations.
  var note: String {
    unexpected.isEmpty ? "none mattered" : Quantities.count(unexpected.count, "cause")
  }

  /// Empty where nothing failed that mattered.
  var context: [String: Any] {
    var context: [String: Any] = ["causes": unexpected.prefix(Self.most).map(cause)]
    context["isShown"] = !unexpected.isEmpty
    if unexpected.count > Self.most {
      context["rest"] = Quantities.count(unexpected.count - Self.most, "more cause")
    }
    if !expected.isEmpty { context["expected"] = Quantities.count(expected.count, "more failure") }
    return context
  }

  private func cause(_ chain: FailureChain) -> [String: Any] {
    let recording = view.recordings[chain.cause]
    var consequences = chain.consequences.filter { Outcome(view.recordings[$0]) != .replaced }
      .map { line(of: $0) }
    if chain.endedSession {
      let command = DisplayWidth.shortened(view.facts.commandLine ?? "the program", to: 300)
      consequences.append([
        "outcome": view.facts.exitCode.map { "exit \($0)" } ?? "", "line": command, "isRoot": true,
      ])
    }
    var cause = line(of: chain.cause)
    cause["directory"] = recording.directoryBytes.map { VisibleText.line($0) }
    cause["said"] = said(by: recording)
    cause["consequences"] = consequences
    return cause
  }

  private func line(of place: Int) -> [String: Any] {
    let recording = view.recordings[place]
    return [
      "place": place, "sequence": recording.sequence, "outcome": Outcome(recording).words,
      "line": recording.shortLine,
    ]
  }

  private func said(by recording: RecordedInvocation) -> String? {
    let output = recording.errorOutput
    guard !output.isEmpty else { return nil }
    return VisibleText.lines(output).split(separator: "\n", omittingEmptySubsequences: false)
      .suffix(Self.lines).joined(separator: "\n")
  }
}
