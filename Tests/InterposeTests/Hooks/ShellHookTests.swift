import Testing

/// `system`, `popen` and `wordexp` start their shell inside libc, where no exec hook is: only the
/// shell's own library and the call's return tell of it.
@Suite("Hooks of the functions that start a shell")
struct ShellHookTests {
  @Test("system gives its statuses, and each shell is recorded with its own")
  func system() throws {
    try HookedFunction("system", recorded: Self.shells + Self.threads(6) + Self.programs).check()
  }

  @Test("popen and pclose give their statuses, and each shell is recorded with its own")
  func popen() throws {
    try HookedFunction(
      "popen",
      recorded: Self.threads(4) + [
        "sh -c 'echo one; /bin/echo two; exit 3' | exited 3 | < -",
        "echo two | exited 0 | < sh",
        "sh -c 'echo three' | exited 0 | < -",
        "sh -c 'kill -15 $$' | signaled 15 | < -",
        "sh -c 'cat; exit 4' | exited 4 | < -", "cat | exited 0 | < sh",
        "sh -c 'cat; exit 5' | exited 5 | < -", "cat | exited 0 | < sh",
        "sh -c 'exit 6' | exited 6 | < -",
        "sh -c '/usr/bin/env | grep -v ^PWD=' | exited 1 | < -",
        "env | exited 0 | < sh", "grep -v '^PWD=' | exited 1 | < sh",
      ]
    ).check()
  }

  @Test("wordexp expands as ever, and its shells are recorded")
  func wordexp() throws {
    let program = try TracedProgram(caller: "call_wordexp")
    for outcome in try program.expectTransparent() {
      outcome.fixture?.expectLines(including: [
        "sh -c '/bin/echo one two; exit 0' | exited 0 | < -", "echo one two | exited 0 | < sh",
        "sh -c 'echo three; exit 0' | exited 0 | < -", "sh -c 'exit 3' | exited 3 | < -",
        "env | exited 0 | < sh",
      ])
    }
  }

  private static let shells = [
    "exit 0", "exit 0", "exit 3", "no-such-program-anywhere 2>/dev/null",
    "echo printed; /bin/echo by a program; exit 0", "/bin/true && /bin/false; exit 1", "",
    "kill -INT $PPID; exit 5", "trap 'echo caught' QUIT; kill -QUIT $$; exit 6",
    "echo \"letter $LETTER\"", "exit 7", "exit 20",
    "/usr/bin/env | grep -v '^PWD='; exit 8", "exit 9",
  ].map { command in
    let status =
      switch command {
      case "no-such-program-anywhere 2>/dev/null": 127
      case "", "echo \"letter $LETTER\"": 0
      default: Int(command.split(separator: " ").last ?? "") ?? -1
      }
    return "sh -c \(Fixture.quoted(command)) | exited \(status) | < -"
  }

  private static let programs = [
    "sh -c 'kill -9 $$' | signaled 9 | < -",
    "sh -c 'exec /bin/sh -c 'exit 4'' | replaced | < -", "sh -c 'exit 4' | exited 4 | < sh",
    "echo by a program | exited 0 | < sh",
    "true | exited 0 | < sh", "false | exited 1 | < sh",
    "env | exited 0 | < sh", "grep -v '^PWD=' | exited 1 | < sh",
  ]

  private static func threads(_ count: Int) -> [String] {
    (0..<count).flatMap { thread in
      (0..<3).map { round in
        let status = thread * 10 + round
        return "sh -c 'exit \(status) # thread \(thread)-\(round)' | exited \(status) | < -"
      }
    }
  }
}
