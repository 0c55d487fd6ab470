import Testing

/// A program that the library cannot be loaded into: static. What it runs reaches the stand-in by the
/// constructor of its children.
@Suite("What static programs run is captured")
struct StaticProgramTests {
  private static let below = [
    "show below static exit=3", "show spawned below static kill=15", "sh -c /bin/true; exit 4",
  ]

  private func expect(
    _ lines: [String], in outcomes: [Outcome], below parent: String? = nil,
    _ sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for outcome in outcomes {
      let recordings = outcome.fixture?.recordings ?? []
      let direct = recordings.filter { recording in
        recording.process.parent.map { recordings[$0].command } == parent
      }
      let found = direct.map { ([$0.command] + $0.args).joined(separator: " ") }
      #expect(found == lines, sourceLocation: sourceLocation)
      let shown = direct.first { $0.args.first == "below static" }
      #expect(shown?.stdout == "show: [show] [below static] [exit=3]\n")
      #expect(shown?.exitCode == 3, sourceLocation: sourceLocation)
    }
  }

  @Test("By the root itself; its output stands where it would")
  func root() throws {
    let program = try TracedProgram(caller: "static_parent")
    expect(Self.below, in: try program.expectTransparent(in: [.recorded]))
  }

  @Test("By what the root has become", arguments: ["", " replaced"])
  func becomes(arguments: String) throws {
    var program = TracedProgram("./wrapper")
    let path = try Callers.path("static_parent")
    program.prepare = { sandbox in
      try sandbox.write(
        "#!/bin/sh\n/usr/bin/seq 1\nexec \(path)\(arguments)\n", to: "wrapper", mode: 0o755)
    }
    expect(
      ["seq 1"] + Self.below,
      in: try program.expectTransparent(in: [.recorded, .preloadedRecording]))
  }

  @Test("By a command, with --depth all", arguments: ["", "exec "])
  func command(exec: String) throws {
    var program = TracedProgram(shell: "./command; true")
    let path = try Callers.path("static_parent")
    program.prepare = { sandbox in
      try sandbox.write("#!/bin/sh\n\(exec)\(path)\n", to: "command", mode: 0o755)
    }
    let parent = exec.isEmpty ? "static_parent" : "command"
    expect(Self.below, in: try program.expectTransparent(in: [.recordedWhole]), below: parent)
  }

  @Test("A trace's root that became static ends without its children waiting for the fixture")
  func traced() throws {
    var program = TracedProgram("./wrapper")
    let path = try Callers.path("static_parent")
    program.prepare = { sandbox in
      try sandbox.write("#!/bin/sh\nexec \(path)\n", to: "wrapper", mode: 0o755)
    }
    for outcome in try program.expectTransparent(in: [.preloaded]) {
      outcome.fixture?.expectLines(including: [
        "static_parent | exited 5, opaque: static | < -",
        "show 'below static' exit=3 | exited 3 | < static_parent",
      ])
    }
  }

  @Test("In a replay it is answered, and does not run")
  func replayed() throws {
    let sandbox = try Sandbox()
    let program = try TracedProgram(caller: "static_parent")
    let recorded = try program.run(.recorded, in: sandbox)
    var launch = try program.launch(.bare, in: sandbox)
    launch.arguments =
      [BuiltParts.tool, "replay", "-f", sandbox.fixture, "--quiet", "--"] + launch.arguments
    launch.output = sandbox.folder + "/stdout"
    launch.errors = sandbox.folder + "/stderr"
    #expect(try launch.run() == .exited(5))
    #expect(sandbox.text(of: "stdout") == recorded.outputText)
    #expect(sandbox.text(of: "stderr") == "")
  }
}
