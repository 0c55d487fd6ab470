import CmdMox
import Testing

/// What a command says in a replay, and how it ends, whoever reads it.
@Suite("Output and ends in a replay") struct ReplayOutputTests {
  let workspace: Workspace

  /// More than any pipe holds.
  private static let out = (0..<200_000).map { "line \($0)\n" }.joined()
  private static let errors = (0..<100_000).map { "error \($0)\n" }.joined()

  init() throws {
    workspace = try Workspace()
  }

  /// A fixture of commands that are nowhere.
  private func write(_ recordings: RecordedInvocation...) throws {
    try FixtureFile(metadata: .create(), recordings: recordings).save(to: workspace.file("f.json"))
  }

  private func writeLarge() throws {
    try write(
      RecordedInvocation(
        sequence: 0, command: "large", stdout: Self.out, stderr: Self.errors, exitCode: 3,
        timestamp: ""))
  }

  private func replay(_ command: String...) throws -> Command.Result {
    try workspace.tool(
      ["replay", "-q", "-f", "f.json", "--run", "cmp,head,mkfifo,sleep,tail", "--"] + command
    )
    .run()
  }

  @Test(
    "All of a large output arrives, at whatever reads it, in whatever order",
    arguments: [
      "large > o 2> e; echo $?; exec 3>/dev/null",
      "{ large 2>&3 | { sleep 0.2; tail -c +1 > o; }; echo ${PIPESTATUS[0]}; } 3>e",
      "{ large 2>&1 >&3 | { sleep 0.2; tail -c +1 > e; }; echo ${PIPESTATUS[0]}; } 3>o",
      "mkfifo p; tail -c +1 p > e & large 2>p >o; echo $?; wait",
    ])
  func whole(script: String) throws {
    try writeLarge()
    try workspace.write("O", Self.out)
    try workspace.write("E", Self.errors)
    let result = try replay("bash", "-c", script + "; cmp o O && cmp e E && echo same")
    #expect(result.outputText == "3\nsame\n", "\(result.errorText)")
  }

  @Test("Streams that are read one after the other do not wait for each other")
  func oneAfterTheOther() throws {
    try writeLarge()
    let python = """
      import subprocess as s
      lengths = [\(Self.out.utf8.count), \(Self.errors.utf8.count)]
      for first in 0, 1:
          p = s.Popen(["large"], stdout=s.PIPE, stderr=s.PIPE)
          pipes = [p.stdout, p.stderr]
          for stream in first, 1 - first:
              print(len(pipes[stream].read(lengths[stream])))
          print(p.wait())
      """
    let result = try workspace.tool(
      ["replay", "-q", "-f", "f.json", "--repeat-last", "--", "/usr/bin/python3", "-c", python]
    ).run()
    let (out, errors) = (Self.out.utf8.count, Self.errors.utf8.count)
    #expect(
      result.outputText == "\(out)\n\(errors)\n3\n\(errors)\n\(out)\n3\n",
      "\(result.errorText)")
  }

  @Test(
    "A reader that goes changes neither the end nor the other stream",
    arguments: [
      "{ large 2>&3 | head -c 5 >/dev/null; echo ${PIPESTATUS[0]}; } 3>e",
      "large 2>e >&-; echo $?", "large 2>e >/dev/full; echo $?",
    ])
  func gone(script: String) throws {
    try writeLarge()
    try workspace.write("E", Self.errors)
    let result = try replay("bash", "-c", script + "; cmp e E && echo same")
    #expect(result.outputText == "3\nsame\n", "\(result.errorText)")
  }

  @Test("Two streams that are one get all of both, the output first")
  func oneStream() throws {
    try writeLarge()
    try workspace.write("B", Self.out + Self.errors)
    let result = try replay("sh", "-c", "large > b 2>&1; echo $?; cmp b B && echo same")
    #expect(result.outputText == "3\nsame\n", "\(result.errorText)")
  }

  @Test(
    "A command ends by the signal that ended it",
    arguments: [1, 2, 3, 4, 6, 8, 9, 10, 11, 12, 13, 14, 15, 34, 64])
  func signal(number: Int) throws {
    var facts = ProcessFacts(pid: 1)
    facts.termination = .signaled
    facts.signal = number
    var recording = RecordedInvocation(
      sequence: 0, command: "ended", stdout: "last words\n", exitCode: 128 + number, timestamp: "")
    recording.process = facts
    try write(recording)
    let python = """
      import os, subprocess as s
      p = s.Popen(["ended"], stdout=s.PIPE)
      print(p.stdout.read(), os.waitpid(p.pid, 0)[1])
      """
    // The plain status: no core was dumped.
    let result = try replay("/usr/bin/python3", "-c", python)
    #expect(result.outputText == "b'last words\\n' \(number)\n", "\(result.errorText)")
  }

  @Test("Answers come after the recorded time with --timing, and as a signal finds them")
  func time() throws {
    let script = "sleep 0.4; (exec sleep 60) & sleep 0.1; kill $!; wait $!; echo $?"
    #expect(try workspace.record("-q", "-o", "f.json", shell: script).run().outputText == "143\n")
    // Without its time the first sleep may be over before the other one has begun.
    for (option, time) in [("--allow-unused", "short"), ("--timing", "long")] {
      var command = workspace.tool(
        ["replay", "-f", "f.json", option, "--", "sh", "-c", script])
      command.arguments =
        Command("/usr/bin/python3", "-c", Self.timer).arguments + command.arguments
      let result = try command.run()
      #expect(result.outputText == "143\n\(time)\n")
      #expect(result.status == 0, "\(result.errorText)")
    }
  }

  /// Runs a program, and says whether that took as long as the recorded command slept.
  private static let timer = """
    import os, sys, time
    start = time.monotonic()
    pid = os.fork()
    if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])
    status = os.waitpid(pid, 0)[1]
    print("long" if time.monotonic() - start > 0.5 else "short")
    sys.exit(os.waitstatus_to_exitcode(status))
    """
}
