import Testing

@Suite("Shells behave the same")
struct ShellTests {
  @Test(
    "dash and bash, with whatever a shell does with processes",
    arguments: ["dash", "bash"], ["work", "a wörk dir"])
  func shell(name: String, workingDirectory: String) throws {
    try #require(Requirement.isInstalled(name), "the shell is needed")
    let script = Callers.script("shell.sh")
    let program = TracedProgram(
      name, script, "a b", "", "ü", workingDirectory: workingDirectory)
    for outcome in try program.expectTransparent() {
      #expect(outcome.ending == .exited(7))
      outcome.fixture?.expectLines(including: [
        "sort | exited 0 | < -", "uniq -c | exited 0 | < -",
        "sh -c 'exit 5' | exited 5 | < -", "sh -c 'kill -9 $$' | signaled 9 | < -",
        "sh -c 'kill -TERM $$' | signaled 15 | < -", "sh -c 'exit 9' | exited 9 | < -",
        "sh -c 'echo \"letter $LETTER\"' | exited 0 | < -",
        "sh -c 'kill -USR1 $PPID' | exited 0 | < -", "tr a-z A-Z | exited 0 | < -",
      ])
    }
  }

  @Test(
    "A root leaves with its own status, whatever it is",
    arguments: [
      "exit 0", "exit 1", "exit 255", "kill -9 $$", "kill -TERM $$", "kill -SEGV $$",
      "exec /bin/sh -c 'exit 3'", "exec /bin/false", "no-such-program", "/etc/passwd",
      "trap 'exit 4' EXIT; exit 3", "(exit 5)", "sh -c 'kill -9 $PPID; :'",
      "exec 1>&- 2>&-; exit 6",
    ])
  func root(text: String) throws {
    try TracedProgram(shell: text).expectTransparent()
  }

  @Test(
    "A program that is not there or cannot be executed gets a shell's status",
    arguments: [("no-such-program-anywhere", 127), ("./plain", 126), ("/etc", 126)])
  func missing(program: String, status: Int32) throws {
    let traced = TracedProgram(program)
    let sandbox = try Sandbox()
    try sandbox.write("text", to: "plain")
    var launch = try traced.launch(.traced, in: sandbox)
    launch.errors = sandbox.folder + "/stderr"
    // Nothing ran: the status and a sentence must be there, a fixture need not.
    #expect(try launch.run() == .exited(status))
    let errors = sandbox.text(of: "stderr")
    #expect(errors.hasPrefix("cmdmox: "), "stderr: \(errors)")
    #expect(errors.contains(program), "stderr: \(errors)")
  }
}
