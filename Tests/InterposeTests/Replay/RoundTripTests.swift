import Foundation
import Testing

/// What was recorded replays with the same result: the same programs as those that recording has to
/// leave alone.
@Suite("What was recorded replays with the same result")
struct RoundTripTests {
  /// Records a program, empties its folder and replays it.
  private func expectSame(
    _ program: TracedProgram, _ options: [String] = [],
    _ sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let sandbox = try Sandbox()
    let recorded = try program.run(.recorded, in: sandbox)
    let fixture = try #require(FileManager.default.contents(atPath: sandbox.fixture))
    try sandbox.reset()
    try program.prepare(sandbox)
    try fixture.write(to: URL(filePath: sandbox.fixture))
    var launch = try program.launch(.bare, in: sandbox)
    launch.arguments =
      program.wrapper + [BuiltParts.tool, "replay", "-q", "-f", sandbox.fixture] + options + ["--"]
      + program.arguments
    launch.output = sandbox.folder + "/stdout"
    launch.errors = sandbox.folder + "/stderr"
    launch.limit = .seconds(60)
    let ending = try launch.run()
    let replayed = Outcome(
      ending: ending,
      output: [UInt8](FileManager.default.contents(atPath: launch.output) ?? Data()),
      errors: [UInt8](FileManager.default.contents(atPath: launch.errors) ?? Data()),
      files: recorded.files)
    #expect(sandbox.sessionDirectories().isEmpty, sourceLocation: sourceLocation)
    let differences = recorded.differences(from: replayed)
    #expect(
      differences.isEmpty, "\(differences.joined(separator: "\n"))", sourceLocation: sourceLocation)
  }

  @Test("Shells", arguments: StreamScript.all.filter { $0.replayOptions != nil })
  func shells(script: StreamScript) throws {
    try expectSame(
      TracedProgram(shell: script.text, with: script.shell), script.replayOptions ?? [])
  }

  @Test("make, in parallel and recursive, with its jobserver", arguments: [1, 8])
  func jobserver(jobs: Int) throws {
    try expectSame(RecordTransparencyTests.make(jobs: jobs))
  }

  @Test(
    "An interpreter as the root", .requires("python3"), .requires("perl"),
    arguments: InterpreterScript.all)
  func interpreters(script: InterpreterScript) throws {
    try expectSame(script.program, script.replayOptions)
  }

  @Test("Every function that executes", arguments: ExecutingFunction.executing)
  func functions(name: String) throws {
    try expectSame(try TracedProgram(caller: "call_" + name))
  }

  @Test("On a terminal", .requires("less"), arguments: TypedProgram.all)
  func typed(program: TypedProgram) throws {
    try expectSame(program.traced(), program.replayOptions)
  }
}
