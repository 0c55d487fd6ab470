import Foundation
import Testing

@Suite("What was recorded replays with the same result")
struct RoundTripTests {
  /// Records a program, empties its folder and replays it.
  private func roundTrip(
    _ program: TracedProgram, _ options: [String] = [],
    _ sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> (recorded: Outcome, replayed: Outcome) {
    let sandbox = try Sandbox()
    let recorded = try program.run(.recorded, in: sandbox)
    let fixture = try #require(FileManager.default.contents(atPath: sandbox.fixture))
    try sandbox.reset()
    try program.prepare(sandbox)
    try fixture.write(to: URL(filePath: sandbox.fixture))
    var launch = try program.launch(.bare, in: sandbox)
    launch.arguments =
      [BuiltParts.tool, "replay", "-q", "-f", sandbox.fixture] + options + ["--"]
      + launch.arguments
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
    return (recorded, replayed)
  }

  @Test("Shells", arguments: StreamScript.all.filter { $0.replayOptions != nil })
  func shells(script: StreamScript) throws {
    let program = TracedProgram(shell: script.text, with: script.shell)
    let (recorded, replayed) = try roundTrip(program, script.replayOptions ?? [])
    let differences = recorded.differences(from: replayed)
    #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
  }
}
