import CmdMox
import SystemPackage
import Testing

/// What the documentation says to ask of the recordings of many machines.
@Suite("Queries over many recordings") struct QueryTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static let top = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent().removingLastComponent()

  private static func python(_ words: String..., in folder: FilePath? = nil) -> Command {
    let program = top.appending("build/python/bin/python3").string
    return Command(bytes: ([program] + words).map { Array($0.utf8) }, in: folder)
  }

  /// Spark needs Java and is large: `make test-spark` installs it.
  static let hasSpark: Bool = (try? python("-c", "import pyspark").run().status) == 0

  /// Two machines on two days: on the second the linker takes three times as long, and there is a
  /// command that was not there before.
  private func record() throws {
    #expect(try Command("mkdir", "recordings", in: workspace.path).run().status == 0)
    for (day, machine) in [("01", "a"), ("01", "b"), ("02", "a"), ("02", "b")] {
      var fixture = ShowTests.times()
      fixture.metadata.createdAt = "2026-03-\(day)T10:00:00.000001Z"
      fixture.metadata.session = SessionFacts()
      fixture.metadata.session?.command = ["make", machine]
      fixture.recordings[2].exitCode = machine == "b" ? 1 : 0
      if day == "02" {
        fixture.recordings[0].process?.endedUs = 90_000
        var process = ProcessFacts(pid: 200)
        (process.startedUs, process.endedUs) = (120_000, 125_000)
        fixture.recordings.append(
          RecordedInvocation(sequence: 3, command: "strip", timestamp: "", process: process))
      }
      let name = "\(machine)-\(day)"
      try fixture.save(to: workspace.file(name + ".json"))
      let export = try workspace.cmdmox(
        "export", name + ".json", "-f", "ndjson", "-o", "recordings/\(name).ndjson"
      ).run()
      #expect(export.status == 0, "\(export.errorText)")
    }
  }

  private func expectAnswers(of engine: String) throws {
    try record()
    let result = try Self.python(
      Self.top.appending("Tests/Export/queries.py").string, engine,
      Self.top.appending("docs/looking.md").string, in: workspace.path
    ).run(limitMs: 300_000)
    #expect(result.status == 0, "\(result.errorText)")
    #expect(
      result.outputText == """
        gcc 4 0.32 0.08
        ld 4 0.24 0.09
        sh 4 0.04 0.01
        strip 2 0.01 0.005

        gcc 1 2 2

        ld 30000.0 90000.0
        strip None 5000.0


        """)
  }

  @Test("DuckDB answers them")
  func duckDB() throws { try expectAnswers(of: "duckdb") }

  @Test("Spark gives the same answers", .enabled(if: hasSpark, "`make test-spark` installs it"))
  func spark() throws { try expectAnswers(of: "spark") }
}
