import CmdMox

/// What failed: each cause with what it said, what failed because of it, and apart from these the
/// failures that nobody minded.
struct FailureListing {
  let table: InvocationTable
  /// As it was named on the command line.
  let fixture: String
  let output: TextOutput
  /// Of what a cause wrote, the last lines are shown.
  static let lines = 20

  private var view: SessionView { table.view }

  func print(_ unexpected: [FailureChain], _ expected: [FailureChain]) throws {
    if unexpected.isEmpty { try nothing() }
    for (place, chain) in unexpected.enumerated() {
      if place > 0 { try output.line() }
      try print(chain)
    }
    if !unexpected.isEmpty, view.facts.mode == "trace" {
      try output.line()
      try output.line(
        table.style.paint(
          "What they wrote is not in a trace: run them again, or record with "
            + "`cmdmox record --depth all`.", .dim))
    }
    if !expected.isEmpty {
      try output.line()
      let count = Quantities.count(expected.count, "failure")
      try output.line(
        table.style.paint("\(count) that whoever ran them expected, or did not mind:", .bold))
      try table.list(expected.map(\.top))
    }
  }

  /// Nothing to blame is found: then all is well, or the program itself failed.
  private func nothing() throws {
    guard let status = view.facts.exitCode, status != 0 else {
      return try output.line("nothing failed that mattered")
    }
    try output.line(table.style.paint("exit \(status): \(root)", .red))
    try output.line("  by itself: nothing that it ran failed before")
  }

  private func print(_ chain: FailureChain) throws {
    let recording = view.recordings[chain.cause]
    let title = "\(Outcome(recording).words): #\(recording.sequence) "
    try output.line(table.style.paint(title + shortened(recording, title.count), .red))
    try output.line("  " + whereabouts(of: recording))
    try words(of: recording)
    for place in chain.consequences where Outcome(view.recordings[place]) != .replaced {
      let parent = view.recordings[place]
      let start = "  made fail: #\(parent.sequence) (\(Outcome(parent).words)) "
      try output.line(start + shortened(parent, start.count))
    }
    if chain.endedSession {
      try output.line("  made fail: \(root) (exit \(view.facts.exitCode ?? 0))")
    }
  }

  private var root: String { view.facts.commandLine ?? "the program" }

  /// Its directory, and how to run it again.
  private func whereabouts(of recording: RecordedInvocation) -> String {
    let directory = recording.directoryBytes.map { "in \(VisibleText.line($0))" } ?? "in ?"
    if case .notExecuted = Outcome(recording) { return directory }
    let name = ShellWord.quoted(Array(fixture.utf8))
    return directory + "; again: cmdmox rerun \(name) \(recording.sequence)"
  }

  private func words(of recording: RecordedInvocation) throws {
    let bytes = recording.errorOutput
    guard !bytes.isEmpty else { return }
    var lines = VisibleText.lines(bytes).split(separator: "\n", omittingEmptySubsequences: false)
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
