import Testing

extension Fixture {
  /// What holds for every fixture, whatever ran.
  func expectConsistent(
    with ending: Ending, mode: String = "trace", lost: Int? = 0,
    _ sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let wrong = contradictions(to: ending, mode: mode, lost: lost)
    if wrong.isEmpty { return }
    Issue.record(
      """
      the fixture contradicts itself:
      \(wrong.prefix(10).joined(separator: "\n"))
      """, sourceLocation: sourceLocation)
  }

  private func contradictions(to ending: Ending, mode: String, lost: Int?) -> [String] {
    var wrong: [String] = []
    func check(_ holds: Bool, _ sentence: @autoclosure () -> String) {
      if !holds { wrong.append(sentence()) }
    }
    check(version == "1.0", "version is \(version)")
    if let session = metadata.session {
      check(session.mode == mode, "the session's mode is \(session.mode)")
      let status = if case .exited(let status) = ending.asExitStatus { Int(status) } else { -1 }
      let counted = [
        ("exit code", session.exitCode, status), ("lost", session.lost, lost ?? session.lost),
        ("invocations", session.invocations, recordings.count),
        ("opaque", session.opaque, recordings.filter { $0.process.opaque != nil }.count),
      ]
      for (name, found, expected) in counted {
        let word = found.map(String.init) ?? "missing"
        check(
          found == expected,
          "the session's \(name) is \(word), not \(expected.map(String.init) ?? "missing")")
      }
    } else {
      wrong.append("metadata.session is missing")
    }
    var previousStart = Int.min
    for (index, recording) in recordings.enumerated() {
      let name = "recording \(index) (\(line(recording)))"
      let process = recording.process
      check(recording.sequence == index, "\(name) has the sequence \(recording.sequence)")
      check(process.pid > 0, "\(name) has the pid \(process.pid)")
      check(recording.durationMs >= 0, "\(name) took \(recording.durationMs) ms")
      if let parent = process.parent {
        check((0..<index).contains(parent), "\(name) has the parent \(parent)")
      }
      if let start = process.startedUs {
        check(start >= previousStart, "\(name) started before the one that it follows")
        previousStart = start
        if let end = process.endedUs { check(end >= start, "\(name) ended before it started") }
      }
      if mode == "trace" {
        check(
          recording.stdin.isEmpty && recording.stdout.isEmpty, "\(name) has streams in a trace")
      }
      wrong += contradictions(in: recording, named: name)
    }
    return wrong
  }

  /// The exit code must fit the termination, as the fixture format has it.
  private func contradictions(in recording: Recording, named name: String) -> [String] {
    let (code, process) = (recording.exitCode, recording.process)
    let fits =
      switch process.termination {
      case "exited": (0...255).contains(code) && process.signal == nil
      case "signaled": process.signal.map { code == 128 + $0 } ?? false
      case "replaced", "running": code == 0
      case "unknown": code == -1
      case "failed": code == (["ENOENT", "ENOTDIR"].contains(process.error) ? 127 : 126)
      default: false
      }
    return fits ? [] : ["\(name) has the exit code \(code)"]
  }
}
