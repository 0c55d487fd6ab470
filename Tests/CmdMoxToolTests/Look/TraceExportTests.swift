import CmdMox
import SystemPackage
import Testing

@Suite("cmdmox export --format otlp") struct TraceExportTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static let top = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent().removingLastComponent()
  static let python = top.appending("build/python/bin/python3").string
  private static let check = top.appending("Tests/Export/spans.py").string

  private func record(_ environment: [String: String?] = [:]) throws {
    try workspace.write("build.sh", "ls >/dev/null; sh -c 'ls nowhere; true'; exit 3\n")
    let result = try workspace.cmdmox(
      "trace", "-q", "--", "sh", "build.sh", environment: environment
    )
    .run()
    #expect(result.status == 3)
  }

  /// Runs Python over the spans, one a line of `spans.txt`.
  private func expect(_ script: String) throws {
    let check = "import json; spans = [json.loads(line) for line in open('spans.txt')]\n" + script
    let result = try Command("python3", "-c", check, in: workspace.path).run()
    #expect(result.status == 0, "\(result.errorText)")
  }

  @Test("OpenTelemetry's definitions read the file; who started whom, and what failed, is in it")
  func file() throws {
    try record(["TRACEPARENT": nil])
    #expect(try workspace.cmdmox("export", "-f", "otlp", "-o", "a.jsonl").run().status == 0)
    #expect(try workspace.cmdmox("export", "-f", "otlp", "-o", "b.jsonl").run().status == 0)
    #expect(try Command("cmp", "a.jsonl", "b.jsonl", in: workspace.path).run().status == 0)
    let spans = try Command(Self.python, Self.check, "check", "a.jsonl", in: workspace.path).run()
    try #require(spans.status == 0, "\(spans.errorText)")
    try workspace.write("spans.txt", spans.outputText)
    try expect(
      """
      root = spans[0]
      assert root["name"] == "sh" and root["parent"] == "" and root["status"] == 2
      assert len({span["id"] for span in spans}) == len(spans)
      assert {span["trace"] for span in spans} == {root["trace"]}
      names = {span["id"]: span["name"] for span in spans}
      assert [names[span["parent"]] for span in spans[1:]] == ["sh", "sh", "sh"], spans
      failed = [span for span in spans[1:] if span["status"] == 2]
      assert [span["attributes"]["process.exit.code"] for span in failed] == [2], failed
      assert failed[0]["attributes"]["process.command_args"] == ["ls", "nowhere"]
      assert failed[0]["parent"] == spans[2]["id"]
      recordings = json.load(open("cmdmox.json"))["recordings"]
      for span, recording in zip(spans[1:], recordings):
          process, found = recording["process"], span["attributes"]
          assert found["process.pid"] == process["pid"]
          assert found["process.parent_pid"] == process["ppid"]
          assert found["process.executable.name"] == recording["command"] == span["name"]
          assert found["process.executable.path"] == process["executable"]
          assert found["process.working_directory"] == process["cwd"]
          assert found["cmdmox.sequence"] == recording["sequence"]
          length = process["ended_us"] - process["started_us"]
          assert span["end"] - span["start"] == 1000 * length, span
      assert root["attributes"]["process.exit.code"] == 3
      assert root["attributes"]["process.command_args"] == ["sh", "build.sh"]
      assert root["start"] <= spans[1]["start"] and spans[-1]["end"] <= root["end"]
      assert root["resource"]["service.name"] == "sh"
      """)
  }

  @Test("A collector gets the same, with the headers that are set up, in its caller's trace")
  func collector() throws {
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    try record(["TRACEPARENT": "00-\(trace)-00f067aa0ba902b7-01"])
    let result = try Command(
      Self.python, Self.check, "collect", "got.jsonl", "--", Workspace.tool.string, "export", "-f",
      "otlp", "--endpoint", "{endpoint}",
      environment: [
        "OTEL_EXPORTER_OTLP_HEADERS": "x-key=secret", "no_proxy": "127.0.0.1",
        "OTEL_RESOURCE_ATTRIBUTES": "host.name=builder%2C7, service.name=ci,bad,=,%+1=%",
      ],
      in: workspace.path
    ).run()
    try #require(result.status == 0, "\(result.errorText)")
    try workspace.write("spans.txt", result.outputText)
    try expect(
      """
      assert len(spans) == 4
      assert {span["trace"] for span in spans} == {"\(trace)"}
      assert spans[0]["parent"] == "00f067aa0ba902b7"
      resource = spans[0]["resource"]
      assert resource["host.name"] == "builder,7" and resource["service.name"] == "ci", resource
      assert resource["%+1"] == "%" and len(resource) == 5, resource
      """)
  }

  @Test("Many spans go in several requests, and their parents are found in any of them")
  func many() throws {
    let recordings = (0..<2500).map { sequence in
      var process = ProcessFacts(pid: sequence + 1)
      process.parent = sequence == 0 ? nil : sequence / 2
      return RecordedInvocation(
        sequence: sequence, command: "true", timestamp: "2026-01-01T00:00:00Z", process: process)
    }
    try FixtureFile(metadata: .create(), recordings: recordings)
      .save(to: workspace.file("many.json"))
    #expect(
      try workspace.cmdmox("export", "many.json", "-f", "otlp", "-o", "many.jsonl").run().status
        == 0)
    let spans = try Command(Self.python, Self.check, "check", "many.jsonl", in: workspace.path)
      .run()
    try #require(spans.status == 0, "\(spans.errorText)")
    try workspace.write("spans.txt", spans.outputText)
    try expect(
      """
      assert len(open("many.jsonl").readlines()) == 3
      ids = {span["id"] for span in spans}
      assert len(ids) == 2501 and all(span["parent"] in ids for span in spans[1:])
      """)
  }

  @Test("A collector that is not there is said")
  func nobody() throws {
    try record()
    let result = try workspace.cmdmox(
      "export", "-f", "otlp", "--endpoint", "http://127.0.0.1:9", environment: ["no_proxy": "*"]
    ).run()
    #expect(result.status == 73)
    #expect(
      result.errorText.contains("cmdmox: http://127.0.0.1:9/v1/traces: the spans were not taken"))
    let wrong = try workspace.cmdmox("export", "-f", "otlp", "--endpoint", "file:///x").run()
    #expect(wrong.status == 64)
  }
}

@Suite("cmdmox export --format sqlite") struct DatabaseExportTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func query(_ sql: String) throws -> String {
    let script = "import sqlite3; print(sqlite3.connect('all.db').execute(\"\(sql)\").fetchall())"
    return try Command("python3", "-c", script, in: workspace.path).run().outputText
  }

  @Test("Recordings are gathered in one database, each of them once")
  func gather() throws {
    for (name, script) in [("one.json", "ls nowhere"), ("two.json", "ls -a; ls; rm nothing")] {
      _ = try workspace.trace("-q", "-o", name, shell: script + "; :").run()
      for _ in 0..<2 {
        let export = try workspace.cmdmox(
          "export", name, "-f", "sqlite", "--append", "-o", "all.db"
        ).run()
        #expect(export.status == 0, "\(export.errorText)")
      }
    }
    #expect(try query("SELECT count(*) FROM sessions") == "[(2,)]\n")
    #expect(
      try query("SELECT command, runs, failures FROM by_command ORDER BY command")
        == "[('ls', 3, 1), ('rm', 1, 1)]\n")
    #expect(
      try query(
        "SELECT value FROM args JOIN invocations ON id = invocation_id WHERE command = 'rm'")
        == "[('nothing',)]\n")
    #expect(try query("SELECT count(*) FROM failed") == "[(2,)]\n")
    #expect(try query("SELECT count(*) FROM slowest") == "[(4,)]\n")
    let session = try query("SELECT command, mode, exit_code FROM sessions ORDER BY command")
    #expect(session.contains("(\"sh -c 'ls nowhere; :'\", 'trace', 0)"), "\(session)")
  }

  @Test("Times, variables and what was captured are in it; the views have the slowest first")
  func contents() throws {
    var fixture = ShowTests.times()
    fixture.recordings[1].envSubset = ["LANG": "C", "TZ": "ü"]
    fixture.recordings[1].exitCode = 3
    fixture.recordings[1].stderr = "oops"
    try fixture.save(to: workspace.file("times.json"))
    #expect(
      try workspace.cmdmox("export", "times.json", "-f", "sqlite", "-o", "all.db").run().status == 0
    )
    #expect(
      try query("SELECT sequence, duration_us, own_us, command_line FROM slowest")
        == "[(1, 90000, 10000, 'sh'), (2, 80000, 80000, 'gcc'), (0, 30000, 30000, 'ld')]\n")
    #expect(try query("SELECT command, own_us FROM by_command LIMIT 1") == "[('gcc', 80000)]\n")
    #expect(try query("SELECT outcome, stderr FROM failed") == "[('exit 3', 'oops')]\n")
    #expect(try query("SELECT name, value FROM env") == "[('LANG', 'C'), ('TZ', 'ü')]\n")
  }

  @Test("Without --append the file is made anew; fixtures that lie go in")
  func anew() throws {
    try workspace.write("lies.json", ShowTests.lies)
    for _ in 0..<2 {
      let export = try workspace.cmdmox("export", "lies.json", "-f", "sqlite", "-o", "all.db").run()
      #expect(export.status == 0, "\(export.errorText)")
    }
    #expect(try query("SELECT count(*) FROM invocations") == "[(3,)]\n")
    #expect(try query("SELECT max(depth) FROM invocations") == "[(1,)]\n")
  }

  @Test("What cannot be written is said")
  func problems() throws {
    try workspace.write("empty.json", ReportTests.good)
    try workspace.write("text.db", "this is no database, and long enough to be looked at as one")
    let folder = try workspace.cmdmox("export", "empty.json", "-f", "sqlite", "-o", "no/x.db").run()
    #expect(folder.status == 73)
    #expect(folder.errorText.hasPrefix("cmdmox: no/x.db: cannot be written: "))
    let text = try workspace.cmdmox(
      "export", "empty.json", "-f", "sqlite", "--append", "-o", "text.db"
    ).run()
    #expect(text.status == 73, "\(text.errorText)")
    #expect(try workspace.cmdmox("export", "empty.json", "-f", "sqlite").run().status == 64)
  }
}
