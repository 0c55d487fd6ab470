import CmdMox
import SystemPackage
import Testing

@Suite("cmdmox export") struct ExportTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test("A trace for Perfetto has an event for each invocation, and they nest in their threads")
  func chromeTrace() throws {
    try workspace.cProject()
    #expect(try workspace.cmdmox("trace", "-q", "--", "make", "-j4").run().status == 0)
    let export = try workspace.cmdmox("export", "-f", "chrome-trace", "-o", "trace.json").run()
    #expect(export.status == 0, "\(export.errorText)")
    try workspace.python(
      """
      import json
      recordings = json.load(open("cmdmox.json"))["recordings"]
      events = json.load(open("trace.json"))["traceEvents"]
      complete = [one for one in events if one["ph"] == "X"]
      assert {one["args"]["sequence"] for one in complete} == set(range(len(recordings)))
      for one in complete:
          for other in complete:
              if one is other or one["tid"] != other["tid"]: continue
              ends = one["ts"] + one["dur"], other["ts"] + other["dur"]
              assert (ends[0] <= other["ts"] or ends[1] <= one["ts"]
                      or one["ts"] <= other["ts"] and ends[1] <= ends[0]
                      or other["ts"] <= one["ts"] and ends[0] <= ends[1]), (one, other)
      """)
  }

  @Test("A command that could not be executed is an instant of the trace")
  func instants() throws {
    #expect(try workspace.trace("-q", shell: "env ./nowhere; /bin/true").run().status == 0)
    try workspace.write(
      "x.json", try workspace.cmdmox("export", "-f", "chrome-trace").run().outputText)
    try workspace.python(
      """
      import json
      events = json.load(open("x.json"))["traceEvents"]
      instants = [one for one in events if one["ph"] == "i"]
      assert [one["args"]["outcome"] for one in instants] == ["ENOENT"], events
      """)
  }

  @Test("Every line of ndjson is an object with the same members")
  func ndjson() throws {
    try workspace.cProject()
    #expect(try workspace.cmdmox("trace", "-q", "--", "make").run().status == 0)
    let export = try workspace.cmdmox("export", "-f", "ndjson", "-o", "all.ndjson").run()
    #expect(export.status == 0, "\(export.errorText)")
    try workspace.python(
      """
      import json
      lines = [json.loads(line) for line in open("all.ndjson")]
      assert len(lines) == len(json.load(open("cmdmox.json"))["recordings"])
      assert len({tuple(line) for line in lines}) == 1
      assert {line["session_command"][0] for line in lines} == {"make"}
      """)
  }

  @Test("The script runs the same commands again")
  func script() throws {
    let inner = """
      printf '%s\\n' 'a b' "it's" >out.txt; cat - >>out.txt; mkdir -p deep; cd deep; touch -- -x; \
      grep -q nothing ../out.txt; rm -f nothing
      """
    try workspace.write("inner.sh", inner)
    let recorded = try Command(
      "sh", "-c", "printf 'in\\0put' | \(Workspace.tool) record -q -- sh inner.sh",
      environment: ["XDG_RUNTIME_DIR": nil, "TMPDIR": workspace.path.string], in: workspace.path
    ).run()
    #expect(recorded.status == 0, "\(recorded.errorText)")
    #expect(
      try workspace.cmdmox("export", "cmdmox.json", "-f", "sh", "-o", "again.sh").run().status == 0)
    #expect(try Command("rm", "deep/-x", in: workspace.path).run().status == 0)
    let again = try Command("bash", "again.sh", in: workspace.path).run()
    #expect(again.status == 0, "\(again.errorText)")
    #expect(again.outputText == "in\0put", "\(again.outputText)")
    #expect(try Command("test", "-e", "deep/-x", in: workspace.path).run().status == 0)
  }

  static let formats = ["compile-commands", "chrome-trace", "ndjson", "otlp", "sh"]

  @Test(
    "Fixtures that lie, empty ones, and arguments of a megabyte are exported", arguments: formats)
  func lies(format: String) throws {
    try workspace.write("lies.json", ShowTests.lies)
    try workspace.write("empty.json", ReportTests.good)
    let argument = String(repeating: "x", count: 1 << 20)
    var huge = ShowTests.times()
    huge.recordings[2].args = ["-c", argument + ".c"]
    huge.recordings[2].process?.cwd = "/src"
    try huge.save(to: workspace.file("huge.json"))
    for file in ["lies.json", "empty.json", "huge.json"] {
      let result = try workspace.cmdmox("export", file, "--format", format).run()
      #expect(result.status == 0, "\(result.errorText)")
      #expect(!result.output.contains(0x1b))
      if format != "sh" {
        try workspace.write("exported", result.outputText)
        let isByLine = format == "ndjson" || format == "otlp"
        let parts = isByLine ? "open('exported')" : "[open('exported').read()]"
        try workspace.python("import json; [json.loads(part) for part in \(parts)]")
      }
      // What is outermost, and its arguments, is all that a script has.
      if file == "huge.json", format != "sh" { #expect(result.outputText.contains(argument)) }
    }
  }

  @Test("What cannot be written is said; an earlier file stays")
  func unwritable() throws {
    try workspace.write("empty.json", ReportTests.good)
    let result = try workspace.cmdmox("export", "empty.json", "-f", "sh", "-o", "no/where.sh").run()
    #expect(result.status == 73)
    #expect(
      result.errorText == "cmdmox: no/where.sh: cannot be written: No such file or directory\n")
    let wrong = try workspace.cmdmox("export", "empty.json", "-f", "sh", "--append").run()
    #expect(wrong.status == 64)
  }
}
