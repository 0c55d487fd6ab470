import CmdMox
import Glibc
import SystemPackage
import Testing

@Suite("cmdmox report", .serialized) struct ReportPageTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static let check: String = {
    let folder = FilePath(#filePath).removingLastComponent().removingLastComponent()
    return folder.removingLastComponent().appending("Report/page.py").string
  }()

  /// Makes the report and opens it in Chromium.
  private func open(_ fixture: String) throws {
    let report = try workspace.cmdmox("report", fixture, "-o", "report.html").run()
    try #require(report.status == 0, "\(report.errorText)")
    let page = try Command("python3", Self.check, "report.html", in: workspace.path).run()
    #expect(page.status == 0, "\(page.outputText)\(page.errorText)")
  }

  @Test("A recorded build is shown: list, timeline, search, keyboard, light and dark")
  func build() throws {
    try workspace.write("a.c", "int a;\n")
    try workspace.write("Makefile", "all:\n\tgcc -c a.c\n\t-gcc -c missing.c\n\trm a.o\n")
    #expect(try workspace.cmdmox("trace", "-q", "--", "make").run().status == 0)
    try open("cmdmox.json")
  }

  @Test("Thousands of invocations are no burden: the page has elements for what is seen only")
  func many() throws {
    let recordings = (0..<5000).map { sequence in
      var process = ProcessFacts(pid: sequence + 1)
      process.parent = sequence % 4 == 0 ? nil : sequence / 4 * 4
      (process.startedUs, process.endedUs) = (sequence * 900, sequence * 900 + 1000)
      return RecordedInvocation(
        sequence: sequence, command: "tool\(sequence % 30)", args: ["file\(sequence).c"],
        exitCode: sequence % 100 == 0 ? 1 : 0, timestamp: "", process: process)
    }
    try FixtureFile(metadata: .create(), recordings: recordings)
      .save(to: workspace.file("many.json"))
    try open("many.json")
  }

  @Test("Why it failed stands first, with what the cause said")
  func failure() throws {
    try workspace.failingBuild("record")
    try open("cmdmox.json")
    let page = try Command("cat", "report.html", in: workspace.path).run().outputText
    let why = try #require(page.firstRange(of: "<h2>Why it failed</h2>"))
    let timeline = try #require(page.firstRange(of: "Timeline</h2>"))
    let cause = page[why.upperBound..<timeline.lowerBound]
    #expect(cause.contains("bad.c:1:24: error: expected expression"), "\(cause)")
    #expect(cause.contains("<span>made fail (exit 2)</span> <span>make</span>"), "\(cause)")
    #expect(page.contains("<small>1 cause</small>"))
  }

  static let script = "</script><script>window.pwned=1;document.title='pwned'</script>"

  @Test("Nothing of a recording runs in the page")
  func injection() throws {
    var fixture = FixtureFile(metadata: .create())
    fixture.metadata.createdAt = Self.script
    var session = SessionFacts()
    session.command = [Self.script, "<!--<script>", "{{nonce}}{{{data}}}"]
    session.cwd = Self.script
    fixture.metadata.session = session
    var process = ProcessFacts(pid: 1)
    (process.cwd, process.executable) = (Self.script, Self.script)
    (process.error, process.termination) = (Self.script, .failed)
    fixture.recordings = [
      RecordedInvocation(
        sequence: 0, command: Self.script,
        args: [Self.script, "<img src=x onerror=pwned=1>", "]]>"],
        stderr: Self.script, exitCode: 127, timestamp: "", process: process)
    ]
    try fixture.save(to: workspace.file("nasty.json"))
    try open("nasty.json")
  }

  @Test("Fixtures that lie, empty ones, and an argument of a megabyte are shown")
  func lies() throws {
    try workspace.write("lies.json", ShowTests.lies)
    try workspace.write("empty.json", ReportTests.good)
    let huge = RecordedInvocation(
      sequence: 0, command: "echo", args: [String(repeating: "x", count: 1 << 20)], timestamp: "")
    try FixtureFile(metadata: .create(), recordings: [huge]).save(to: workspace.file("huge.json"))
    for fixture in ["lies.json", "empty.json", "huge.json"] { try open(fixture) }
  }

  @Test("The page asks for nothing from anywhere, and is the same each time")
  func selfContained() throws {
    try workspace.write("lies.json", ShowTests.lies)
    var pages: [String] = []
    for name in ["one.html", "two.html"] {
      #expect(try workspace.cmdmox("report", "lies.json", "-o", name).run().status == 0)
      pages.append(try Command("cat", name, in: workspace.path).run().outputText)
    }
    #expect(pages[0] == pages[1])
    #expect(!pages[0].contains("http://") && !pages[0].contains("https://"))
    #expect(!pages[0].contains("src="))
  }

  @Test("What is wrong is said, with the tool's statuses")
  func problems() throws {
    try workspace.write("bad.json", "{")
    try workspace.write("empty.json", ReportTests.good)
    #expect(try workspace.cmdmox("report", "bad.json").run().status == 65)
    let missing = try workspace.cmdmox("report", "nowhere.json").run()
    #expect(missing.status == 66 && missing.errorText.hasPrefix("cmdmox: nowhere.json: "))
    let unwritable = try workspace.cmdmox("report", "empty.json", "-o", "no/report.html").run()
    #expect(unwritable.status == 73)
    #expect(
      unwritable.errorText
        == "cmdmox: no/report.html: cannot be written: No such file or directory\n"
    )
  }
}
