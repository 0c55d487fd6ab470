import CmdMox
import SystemPackage

/// Recordings such as a build makes: 10 arguments, 5 variables, 300 bytes of output.
enum GeneratedFixture {
  static let output = String(
    repeating: "note: a line of the compiler's output, forty-nine.\n", count: 6
  )
  .prefix(300)

  static func arguments(_ index: Int) -> [String] {
    [
      "-c", "-O2", "-Wall", "-I", "/usr/local/include", "-DVERSION=\"1.\(index % 100)\"", "-o",
      "build/objects/module\(index % 97)/source\(index).o", "-MMD", "source\(index).c",
    ]
  }

  static func environment(_ index: Int) -> [String: String] {
    [
      "GIT_DIR": "/home/someone/project/.git", "GIT_AUTHOR_NAME": "A. U. Thor",
      "GIT_INDEX_FILE": "index\(index)", "GIT_PAGER": "cat", "GIT_EDITOR": "vi",
    ]
  }

  static func facts(_ index: Int) -> ProcessFacts {
    var facts = ProcessFacts(pid: 1000 + index)
    facts.ppid = 999
    facts.executable = "/usr/lib/gcc/x86_64-linux-gnu/12/cc1"
    facts.cwd = "/home/someone/project"
    facts.termination = .exited
    facts.startedUs = index * 1000
    facts.endedUs = index * 1000 + 900
    facts.userCpuUs = 700
    facts.systemCpuUs = 100
    facts.maxRssKib = 20480
    facts.statusSource = .wait
    return facts
  }

  /// The ten fields that cmd-mox has too.
  static func file(recordings count: Int) -> FixtureFile {
    let recordings = (0..<count).map { index in
      RecordedInvocation(
        sequence: index, command: "git", args: arguments(index), envSubset: environment(index),
        stdout: String(output), timestamp: Timestamp(microseconds: index * 1000).description,
        durationMs: 12)
    }
    return FixtureFile(metadata: .create(), recordings: recordings)
  }

  /// What a recorder hands to a session, as bytes.
  struct Events {
    private let environmentBlock: [UInt8]
    private let output = Array(GeneratedFixture.output.utf8)

    init() {
      var variables = GeneratedFixture.environment(0)
      for index in 0..<30 { variables["SOME_VARIABLE_\(index)"] = "its value, of a common length" }
      environmentBlock = variables.flatMap { Array("\($0.key)=\($0.value)".utf8) + [0] }
    }

    /// Records invocation `index` of `count`; every hundredth one ends much later than it began.
    func record(_ index: Int, of count: Int, into session: RecordingSession) throws {
      let isLate = index % 100 == 99
      let slot = isLate ? max(0, index - 5000) : index
      try session.record(
        Invocation(
          command: Array("git".utf8),
          args: GeneratedFixture.arguments(index).map { Array($0.utf8) },
          environmentBlock: environmentBlock),
        Response(stdout: output, stderr: [UInt8](), exitCode: 0), durationMs: 1,
        timestamp: Timestamp(microseconds: index * 1000), process: GeneratedFixture.facts(index),
        slot: RecordingSlot(
          index: index, startNs: UInt64(slot) * 1000, parent: index == 0 ? nil : index / 2))
    }
  }
}
