import Glibc
import SystemPackage
import Testing

@testable import CmdMox

/// Secrets of every kind are planted wherever a recording has text, and then looked for in every byte
/// that any process of cmdmox wrote to a file, in files that were deleted, too.
@Suite("No secret reaches the disk") struct CanaryTests {
  let workspace: Workspace
  let program: PlantedProgram

  init() throws {
    workspace = try Workspace()
    program = try PlantedProgram()
  }

  static let modes = [["trace"], ["record"], ["record", "--depth", "all"]]

  private func command(
    _ words: [String], watchedBy watcher: [String] = [], _ program: [String]
  ) -> Command {
    Command(
      bytes: (watcher + [Workspace.tool.string] + words
        + ["-q", "--redact-value", self.program.redacted, "--"] + program).map { Array($0.utf8) },
      environment: [
        "TMPDIR": workspace.path.string, "XDG_RUNTIME_DIR": nil, "LD_PRELOAD": nil,
        "CANARY_TOKEN": self.program.variable,
      ], in: workspace.path)
  }

  /// What is in files now.
  private func kept() throws -> [UInt8] {
    try Command("sh", "-c", "find \(workspace.path) -type f -exec cat {} +").run().output
  }

  @Test("without scrubbing they are found where they were planted, so the probe works")
  func probe() throws {
    let watched = WrittenBytes(log: program.folder.file("log"))
    let result = try Command(
      bytes: (watched.watcher + [Workspace.tool.string, "record", "-q", "--no-scrub", "--"]
        + program.arguments()).map { Array($0.utf8) },
      environment: ["TMPDIR": workspace.path.string, "CANARY_TOKEN": program.variable],
      in: workspace.path
    ).run(limitMs: 300_000)
    #expect(result.status == 0, "\(result.errorText.suffix(500))")
    let fixture = try workspace.fixture()
    let inPlaces: [[UInt8]] = [
      fixture.recordings.flatMap { Array($0.args.joined(separator: "\n").utf8) },
      fixture.recordings.flatMap { Array($0.stdin.utf8) },
      fixture.recordings.flatMap { Array($0.stdout.utf8) },
      fixture.recordings.flatMap { Array($0.stderr.utf8) },
      fixture.recordings.flatMap { Array($0.envSubset.values.joined(separator: "\n").utf8) },
    ]
    for bytes in inPlaces { #expect(program.leaks(in: bytes).count > 100) }
    let missing = program.words.subtracting(program.leaks(in: try kept()))
    #expect(missing.isEmpty, "\(missing)")
    // The journal has been deleted.
    let deleted = try watched.lines(below: workspace.path.string + "/cmdmox-")
    #expect(program.leaks(in: deleted).count > 100)
  }

  @Test("of no file that was written, deleted ones included", arguments: modes)
  func everything(mode: [String]) throws {
    let watched = WrittenBytes(log: program.folder.file("log"))
    let arguments = try program.arguments()
    let result = try command(mode, watchedBy: watched.watcher, arguments).run(limitMs: 300_000)
    #expect(result.status == 0, "\(result.errorText.suffix(500))")
    #expect(program.leaks(in: result.errors).isEmpty)
    #expect(program.leaks(in: try kept()).isEmpty)
    let written = try watched.lines(below: workspace.path.string + "/")
    #expect(program.leaks(in: written).isEmpty)
    #expect(written.count > 100_000)
    #expect(try workspace.fixture().recordings.count > program.stepCount)
  }

  /// As many rounds as there are, seeds for where and when.
  static let rounds = 0..<16

  @Test("nor when the recorder is killed at any moment", arguments: modes, rounds)
  func killed(mode: [String], seed: Int) throws {
    let stride = 8
    let steps = program.stepCount / stride
    // Fibonacci's ratio spreads them evenly.
    let fraction = (Double(seed + 1) * 0.618_033_988_749).truncatingRemainder(dividingBy: 1)
    let kill = PlantedProgram.Kill(
      step: Int(fraction * Double(steps + 2)), rounds: (seed * 7919) % 4000)
    let watched = WrittenBytes(log: program.folder.file("log"))
    let arguments = try program.arguments(every: stride, from: seed % stride, kill)
    let result = try command(mode, watchedBy: watched.watcher, arguments).run(limitMs: 120_000)
    // Only at the very end the session may be over before.
    #expect(result.status == 137 || kill.step >= steps, "\(result.errorText.suffix(500))")
    #expect(program.leaks(in: try kept()).isEmpty, "\(kill)")
    #expect(
      program.leaks(in: try watched.lines(below: workspace.path.string + "/")).isEmpty, "\(kill)")
    // Killed after the fixture was written it leaves nothing to recover.
    guard let session = workspace.sessions.first else { return }
    let recovered = try workspace.cmdmox("recover", "-q", session).run()
    #expect(recovered.status == 0, "\(recovered.errorText)")
    #expect(program.leaks(in: recovered.errors).isEmpty)
    #expect(program.leaks(in: try kept()).isEmpty, "\(kill)")
  }

  @Test(
    "nor are they on the bare device", .enabled(if: DiskImage.isPossible, "needs a loop device"),
    arguments: modes)
  func device(mode: [String]) throws {
    let image = try DiskImage()
    let kill = PlantedProgram.Kill(step: program.stepCount / 2, rounds: 500)
    for killed in [nil, kill] {
      let arguments = try program.arguments(every: 4, killed)
      let result = try image.run(
        [Workspace.tool.string] + mode + ["-q", "--redact-value", program.redacted, "--"]
          + arguments, environment: ["CANARY_TOKEN": program.variable])
      #expect(result.status == 0 || killed != nil, "\(result.errorText.suffix(500))")
      let bytes = try image.bytes()
      #expect(String(decoding: bytes, as: UTF8.self).contains("scrubbing_rules"))
      #expect(program.leaks(in: bytes).isEmpty)
    }
  }

  @Test(
    "a bare device still has what was deleted, so the probe works",
    .enabled(if: DiskImage.isPossible, "needs a loop device"))
  func deviceProbe() throws {
    let image = try DiskImage()
    let result = try image.run(
      [Workspace.tool.string, "trace", "-q", "--no-scrub", "-o", "f.json", "--"]
        + program.arguments(every: 4))
    #expect(result.status == 0, "\(result.errorText.suffix(500))")
    #expect(try image.run(["rm", "f.json"]).status == 0)
    #expect(program.leaks(in: try image.bytes()).count > 20)
  }

  @Test("A review has them, and nothing else does")
  func review() throws {
    let result = try command(["record", "--review"], program.arguments()).run(limitMs: 120_000)
    #expect(result.status == 0, "\(result.errorText.suffix(500))")
    #expect(program.leaks(in: try kept()).count > 100)
    #expect(unlink(workspace.file("cmdmox.json.review").string) == 0)
    #expect(program.leaks(in: try kept()).isEmpty)
  }

  @Test("The bare form scrubs, too")
  func bare() throws {
    // Nobody tells it a value: that would stand in a variable.
    let arguments = try program.arguments()
    let library = try #require(Workspace.library)
    let result = try Command(
      bytes: arguments.map { Array($0.utf8) },
      environment: [
        "TMPDIR": workspace.path.string, "XDG_RUNTIME_DIR": nil, "LD_PRELOAD": library.string,
        "CMDMOX_RECORDER": Workspace.tool.string, "CANARY_TOKEN": program.variable,
        "OTHER_TOKEN": program.redacted,
      ], in: workspace.path
    ).run(limitMs: 120_000)
    #expect(result.status == 0, "\(result.errorText.suffix(500))")
    #expect(try workspace.fixture().recordings.count > program.stepCount)
    #expect(program.leaks(in: try kept()).isEmpty)
  }
}
