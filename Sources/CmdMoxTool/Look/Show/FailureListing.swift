import CmdMox

/// What failed: each cause with what it said, what failed because of it, and apart from these the
/// failures that nobody minded.
struct FailureListing {
  let table: InvocationTable
  let output: TextOutput
  /// Of what a cause wrote to stderr, the last lines are shown.
  static let lines = 20

  private var view: SessionView { table.view }

  func print(_ unexpected: [FailureChain], _ expected: [FailureChain]) throws {
    if unexpected.isEmpty { try output.line("nothing failed that mattered") }
    for (place, chain) in unexpected.enumerated() {
      if place > 0 { try output.line() }
      try print(chain)
    }
    if !expected.isEmpty {
      try output.line()
      let count = Quantities.count(expected.count, "failure")
      try output.line(
        table.style.paint("\(count) that whoever ran them expected, or did not mind:", .bold))
      try table.list(expected.map(\.top))
    }
  }

  private func print(_ chain: FailureChain) throws {
    let recording = view.recordings[chain.cause]
    let title = "\(Outcome(recording).words): #\(recording.sequence) "
    try output.line(table.style.paint(title + shortened(recording, title.count), .red))
    try output.line("  " + recording.pasteLine)
    try standardError(of: recording)
    for place in chain.consequences {
      let parent = view.recordings[place]
      let start = "  made fail: #\(parent.sequence) (\(Outcome(parent).words)) "
      try output.line(start + shortened(parent, start.count))
    }
    if chain.endedSession {
      let facts = view.facts
      let words = (facts.command ?? ["the program"]).map { ShellWord.quoted(Array($0.utf8)) }
      try output.line(
        "  made fail: \(words.joined(separator: " ")) (exit \(facts.exitCode ?? 0))")
    }
  }

  private func standardError(of recording: RecordedInvocation) throws {
    guard !recording.stderr.isEmpty else { return }
    var lines = VisibleText.lines(recording.stderrBytes).split(
      separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    if lines.count > Self.lines {
      try output.line("  | … \(lines.count - Self.lines) lines")
    }
    for line in lines.suffix(Self.lines) { try output.line("  | " + line) }
  }

  private func shortened(_ recording: RecordedInvocation, _ used: Int) -> String {
    let limit = table.columns.map { max(20, $0 - used) }
    let line = recording.commandLine(limit: limit ?? .max)
    return limit.map { DisplayWidth.shortened(line, to: $0) } ?? line
  }
}
