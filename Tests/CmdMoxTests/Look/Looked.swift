@testable import CmdMox

/// Recordings in a few words, for tests of what is seen in them.
enum Looked {
  /// A recording that ran from `from` to `to` milliseconds of the session.
  static func recording(
    _ sequence: Int, parent: Int? = nil, _ line: String = "true", exit: Int = 0,
    from startMs: Int = 0, to endMs: Int = 0, _ change: (inout ProcessFacts) -> Void = { _ in }
  ) -> RecordedInvocation {
    let words = line.split(separator: " ").map(String.init)
    var process = ProcessFacts(pid: 1000 + sequence)
    process.parent = parent
    process.termination = .exited
    process.startedUs = startMs * 1000
    process.endedUs = endMs * 1000
    change(&process)
    return RecordedInvocation(
      sequence: sequence, command: words.first ?? "", args: Array(words.dropFirst()),
      exitCode: exit, timestamp: Timestamp(microseconds: startMs * 1000).description,
      durationMs: endMs - startMs, process: process)
  }

  /// A session of `command` that ended with `exit`.
  static func view(
    _ recordings: [RecordedInvocation], command: [String] = ["make"], exit: Int = 0,
    durationMs: Int = 0
  ) -> SessionView {
    var metadata = FixtureMetadata(createdAt: "", cmdmoxVersion: "", platform: "linux")
    var session = SessionFacts()
    session.command = command
    session.exitCode = exit
    session.durationMs = durationMs
    metadata.session = session
    return SessionView(FixtureFile(metadata: metadata, recordings: recordings))
  }
}
