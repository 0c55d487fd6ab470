import CmdMox
import SystemPackage
import Testing

@Suite("cmdmox export") struct ExportTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// A C project with folders, a library of its own and a program that is compiled and linked at once.
  private func project() throws {
    #expect(try Command("mkdir", "lib", "tests", in: workspace.path).run().status == 0)
    try workspace.write("main.c", "int twice(int); int main(void) { return twice(0); }\n")
    try workspace.write("lib/twice.c", "int twice(int x) { return 2 * x; }\n")
    try workspace.write("lib/thrice.c", "int thrice(int x) { return 3 * x; }\n")
    try workspace.write("lib/start.S", ".globl nothing\nnothing:\n.section .note.GNU-stack\n")
    try workspace.write("tests/test.cc", "int main() { return 0; }\n")
    try workspace.write(
      "Makefile",
      """
      all: main.o tests/test
      \t$(MAKE) -C lib
      \tcc -o program main.o lib/libtwice.a -lm
      main.o: main.c
      \tgcc -MMD -MP -O1 -Wall -DNAME='"a b"' -c -o $@ $<
      tests/test: tests/test.cc
      \tg++ -std=c++17 -O2 -I. -o $@ $< -lm
      \tg++ -E tests/test.cc >/dev/null

      """)
    try workspace.write(
      "lib/Makefile",
      """
      libtwice.a: twice.o thrice.o start.o
      \tar rc $@ $^
      %.o: %.c
      \tgcc -I.. -c $< -o $@
      %.o: %.S
      \tgcc -c $< -o $@

      """)
  }

  private func python(_ script: String) throws {
    let result = try Command("python3", "-c", script, in: workspace.path).run()
    #expect(result.status == 0, "\(result.errorText)")
  }

  @Test("The compilation database is that of Bear")
  func bear() throws {
    try project()
    let bear = try Command("bear", "--output", "bear.json", "--", "make", in: workspace.path).run()
    try #require(bear.status == 0, "\(bear.errorText)")
    try #require(
      try Command(
        "rm", "-f", "main.o", "lib/twice.o", "lib/thrice.o", "lib/start.o", "lib/libtwice.a",
        "tests/test", in: workspace.path
      ).run().status == 0)
    #expect(try workspace.cmdmox("trace", "-q", "--", "make").run().status == 0)
    let export = try workspace.cmdmox(
      "export", "cmdmox.json", "-f", "compile-commands", "-o", "ours.json"
    ).run()
    #expect(export.status == 0, "\(export.errorText)")
    try python(
      """
      import json
      def read(name):
          return {(one["directory"], one["file"], one.get("output"), *one["arguments"])
                  for one in json.load(open(name))}
      assert len(read("bear.json")) == 5, read("bear.json")
      assert read("bear.json") == read("ours.json"), read("bear.json") ^ read("ours.json")
      """)
  }

  @Test("A trace for Perfetto has an event for each invocation, and they nest in their threads")
  func chromeTrace() throws {
    try project()
    #expect(try workspace.cmdmox("trace", "-q", "--", "make", "-j4").run().status == 0)
    let export = try workspace.cmdmox("export", "-f", "chrome-trace", "-o", "trace.json").run()
    #expect(export.status == 0, "\(export.errorText)")
    try python(
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
    try python(
      """
      import json
      events = json.load(open("x.json"))["traceEvents"]
      instants = [one for one in events if one["ph"] == "i"]
      assert [one["args"]["outcome"] for one in instants] == ["ENOENT"], events
      """)
  }

  @Test("Every line of ndjson is an object with the same members")
  func ndjson() throws {
    try project()
    #expect(try workspace.cmdmox("trace", "-q", "--", "make").run().status == 0)
    let export = try workspace.cmdmox("export", "-f", "ndjson", "-o", "all.ndjson").run()
    #expect(export.status == 0, "\(export.errorText)")
    try python(
      """
      import json
      lines = [json.loads(line) for line in open("all.ndjson")]
      assert len(lines) == len(json.load(open("cmdmox.json"))["recordings"])
      assert len({tuple(line) for line in lines}) == 1
      assert {line["session_command"][0] for line in lines} == {"make"}
      """)
  }

  @Test("The queries of the documentation run over a folder of many recordings")
  func queries() throws {
    #expect(try Command("mkdir", "recordings", in: workspace.path).run().status == 0)
    for (name, script) in [("one", "ls nowhere; :"), ("two", "ls; ls -a; rm nothing; :")] {
      _ = try workspace.trace("-q", "-o", name, shell: script).run()
      let export = try workspace.cmdmox(
        "export", name, "-f", "ndjson", "-o", "recordings/\(name).ndjson"
      ).run()
      #expect(export.status == 0, "\(export.errorText)")
    }
    let top = FilePath(#filePath).removingLastComponent().removingLastComponent()
      .removingLastComponent().removingLastComponent()
    let result = try Command(
      top.appending("build/python/bin/python3").string,
      top.appending("Tests/Export/queries.py").string, top.appending("docs/looking.md").string,
      in: workspace.path
    ).run()
    #expect(result.status == 0, "\(result.errorText)")
    let rows = result.outputText.split(separator: "\n")
    try #require(rows.count == 3, "\(result.outputText)")
    #expect(rows[0].hasPrefix("('ls', 3,"))
    #expect(rows[1] == "('rm', 1, 1, 1)" || rows[1] == "('ls', 2, 1, 1)")
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

  @Test("Fixtures that lie, and empty ones, are exported", arguments: formats)
  func lies(format: String) throws {
    try workspace.write("lies.json", ShowTests.lies)
    try workspace.write("empty.json", ReportTests.good)
    for file in ["lies.json", "empty.json"] {
      let result = try workspace.cmdmox("export", file, "--format", format).run()
      #expect(result.status == 0, "\(result.errorText)")
      #expect(!result.output.contains(0x1b))
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
