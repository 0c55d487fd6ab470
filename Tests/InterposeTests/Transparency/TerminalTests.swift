import Testing

@Suite("On a terminal, programs behave the same")
struct TerminalTests {
  @Test(
    "Job control, terminal settings and process groups", .requires("script"), .requires("bash"),
    arguments: [
      "tty >/dev/null && echo terminal; stty -a | head -3; sh -c 'exit 3'; echo $?",
      "sh -c 'kill -TSTP $$; exit 5'; echo $?; fg; echo $?",
      "sh -c 'kill -INT $$'; echo $?; echo a | cat | tr a b",
      "(trap 'echo caught; exit 6' INT; kill -INT $BASHPID); echo $?; exit 7",
      "sh -c 'stty -echo; stty -a | tr \" \" \"\\n\" | grep echo$; stty echo'",
    ])
  func jobControl(text: String) throws {
    var program = TracedProgram("bash", "--norc", "-ic", text)
    program.environment = ["CMDMOX_QUIET": "1"]
    program.wrapper = [
      "bash", "-c", "script -qec \"$(printf '%q ' \"$@\")\" /dev/null </dev/null", "bash",
    ]
    for outcome in try program.expectTransparent() { #expect(!outcome.outputText.isEmpty) }
  }
}
