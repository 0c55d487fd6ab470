@testable import CmdMox

/// Recordings for tests, with what they say nothing of filled in.
enum ReplayFixture {
  static func recording(
    _ sequence: Int, _ command: String, _ args: String..., stdin: String = "",
    env: [String: String] = [:], stdout: String? = nil, exitCode: Int = 0, took durationMs: Int = 0
  ) -> RecordedInvocation {
    RecordedInvocation(
      sequence: sequence, command: command, args: args, stdin: stdin, envSubset: env,
      stdout: stdout ?? "\(sequence)", exitCode: exitCode, timestamp: "", durationMs: durationMs)
  }

  static func file(_ recordings: RecordedInvocation...) -> FixtureFile { file(recordings) }

  static func file(_ recordings: [RecordedInvocation]) -> FixtureFile {
    FixtureFile(metadata: .create(), recordings: recordings)
  }
}

extension RecordedInvocation {
  /// The recording with the facts of a process, changed.
  func with(_ change: (inout ProcessFacts) -> Void) -> RecordedInvocation {
    var changed = self
    var facts = process ?? ProcessFacts(pid: 100 + sequence)
    change(&facts)
    changed.process = facts
    return changed
  }

  /// The recording inside another one.
  func inside(_ parent: Int) -> RecordedInvocation { with { $0.parent = parent } }

  /// The recording with a captured standard input.
  func reading(_ text: String, seesEnd: Bool = false) -> RecordedInvocation {
    var changed = with {
      $0.stdin = StreamFacts(taken: .relayed, length: text.utf8.count)
      $0.stdin?.isEnded = seesEnd
    }
    changed.stdin = text
    return changed
  }
}

extension LiveInvocation {
  init(
    _ command: String, _ args: String..., env: [String: String] = [:], cwd: String? = nil
  ) {
    self.init(Invocation(command: command, args: args, env: env))
    self.cwd = cwd.map { Array($0.utf8) }
  }
}

extension ReplayReply {
  /// What answered: the sequence; nil for anything else.
  var sequence: Int? { if case .answer(let answer) = self { answer.sequence } else { nil } }
  var miss: ReplayMiss? { if case .miss(let miss) = self { miss } else { nil } }
}
