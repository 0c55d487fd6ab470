import CmdMox
import SystemPackage
import Testing

@Suite("cmdmox show N") struct InvocationPageTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func page(_ fixture: String, _ number: Int) throws -> [String] {
    let result = try workspace.cmdmox("show", fixture, "\(number)").run()
    #expect(result.status == 0, "\(result.errorText)")
    return result.outputText.split(separator: "\n").map(String.init)
  }

  /// A git that runs a hook, which runs a git with other variables, which runs two more.
  private func family() -> FixtureFile {
    func recording(
      _ sequence: Int, _ line: String, parent: Int?, _ env: [String: String], ms: Range<Int>
    ) -> RecordedInvocation {
      let words = line.split(separator: " ").map(String.init)
      var process = ProcessFacts(pid: 100 + sequence)
      (process.ppid, process.parent, process.cwd) = (99 + sequence, parent, "/src dir")
      (process.termination, process.statusSource) = (.exited, .wait)
      (process.startedUs, process.endedUs) = (ms.lowerBound * 1000, ms.upperBound * 1000)
      (process.userCpuUs, process.systemCpuUs, process.maxRssKib) = (3000, 1500, 20 << 10)
      return RecordedInvocation(
        sequence: sequence, command: words[0], args: Array(words.dropFirst()), envSubset: env,
        timestamp: "2026-01-01T00:00:00Z", process: process)
    }
    return FixtureFile(
      metadata: .create(),
      recordings: [
        recording(0, "hook", parent: nil, [:], ms: 0..<100),
        recording(
          1, "git push", parent: 0, ["GIT_DIR": "/a", "GIT_OLD": "1", "GIT_SAME": "s"], ms: 0..<90),
        recording(
          2, "git -n", parent: 1, ["GIT_DIR": "/b", "GIT_NEW": "a b", "GIT_SAME": "s"], ms: 10..<70),
        recording(3, "ssh host", parent: 2, [:], ms: 20..<40),
        recording(4, "ssh other", parent: 2, [:], ms: 40..<50),
      ])
  }

  @Test("A line to paste, times, use, who is above and below, variables beside the parent's")
  func everything() throws {
    try family().save(to: workspace.file("family.json"))
    #expect(
      try page("family.json", 2) == [
        "#2 git",
        "  cd -- '/src dir' && env -- GIT_DIR=/b 'GIT_NEW=a b' GIT_SAME=s git -n",
        "  outcome      ok (told by wait)",
        "  time         60.0 ms, from 0.010 to 0.070 s; 30.0 ms while nothing that it ran was running",
        "  started      2026-01-01T00:00:00Z",
        "  cpu          3.00 ms user, 1.50 ms system",
        "  memory       20.0 MiB",
        "  process      102, child of 101",
        "  directory    /src dir",
        "  started by   #1 git push",
        "               #0 hook",
        "  ran          #3 ssh host",
        "               #4 ssh other",
        "  variable     GIT_DIR=/b   (of the parent: /a)",
        "  variable     GIT_NEW=a b   (of the parent not kept)",
        "               (of the parent, not kept here: GIT_OLD=1)",
        "  variable     GIT_SAME=s",
      ])
  }

  @Test("What a recorded command read and wrote stands there")
  func streams() throws {
    try workspace.write("all.sh", "printf 'one\\ntwo' | sh -c 'cat; echo oops >&2'\n")
    #expect(
      try workspace.cmdmox("record", "-q", "--commands", "sh", "--", "sh", "all.sh").run().status
        == 0)
    let text = try page("cmdmox.json", 0)
    #expect(
      text.suffix(7)
        == [
          "stdin: 7 bytes, relayed", "  one", "  two", "stdout: 7 bytes, relayed", "  one", "  two",
          "stderr: 5 bytes, relayed", "  oops",
        ].suffix(7), "\(text)")
  }

  @Test("The line of a recorded command runs it again, whatever is in it")
  func paste() throws {
    #expect(try Command("mkdir", "deep dir", in: workspace.path).run().status == 0)
    try workspace.write(
      "deep dir/-say", "#!/bin/sh\nprintf '%s|' \"$PWD\" \"$GIT_A\" \"$@\"\n", mode: 0o755)
    try workspace.write(
      "all.sh",
      "cd 'deep dir'; GIT_A='; id' PATH=$PWD:$PATH env -- -say -x 'it'\\''s' \"$(printf '\\033')\"\n"
    )
    let traced = try workspace.cmdmox(
      "trace", "-q", "--env-allow", "GIT_A", "--", "sh", "all.sh"
    ).run()
    #expect(traced.status == 0, "\(traced.errorText)")
    let number = try #require(
      workspace.fixture().recordings.first { $0.command == "-say" }?.sequence)
    let line = try page("cmdmox.json", number)[1]
    let pasted = try Command(
      "bash", "-c", "PATH=\"$PWD/deep dir:$PATH\"; " + line, in: workspace.path
    ).run()
    #expect(pasted.output == traced.output, "\(line)\n\(pasted.errorText)")
    #expect(traced.outputText.hasSuffix("/deep dir|; id|-x|it's|\u{1b}|"))
  }

  @Test("A number that no invocation has is said")
  func missing() throws {
    try family().save(to: workspace.file("family.json"))
    let missing = try workspace.cmdmox("show", "family.json", "999").run()
    #expect(missing.status == 66)
    #expect(missing.errorText.contains("has no invocation 999"))
  }
}
