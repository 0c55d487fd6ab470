import Testing

@Suite("Programs that start programs behave the same")
struct ProgramTests {
  @Test(
    "python3: subprocess, os.system, os.popen, os.posix_spawn, os.exec*, asyncio",
    .requires("python3"))
  func python() throws {
    var program = TracedProgram("/usr/bin/python3", Callers.script("processes.py"))
    program.environment = ["PYTHONDONTWRITEBYTECODE": "1"]
    for outcome in try program.expectTransparent() {
      #expect(outcome.ending == .exited(21))
      outcome.fixture?.withPlainShells().expectLines(
        including: [
          "echo one 'zwei ü' '' | exited 0 | < -", "sh -c 'kill -9 $$' | signaled 9 | < -",
          "no-such-program-anywhere | failed ENOENT | < -", "passwd | failed EACCES | < -",
          "printf %s \u{fffd}\u{fffd} | exited 0 | < -", "env | exited 0 | < -",
          "only-there | exited 19 | < -", "sleep 1000 | signaled 9 | < -",
          "sh -c 'exit 6' | exited 6 | < -", "sh -c 'exit 7' | exited 7 | < -",
          "program | failed ENOENT | < -",
        ] + (0..<16).map { "sh -c 'exit \($0)' | exited \($0) | < -" }
          + (100..<106).map { "sh -c 'exit \($0)' | exited \($0) | < -" })
    }
  }

  @Test("perl: system, backticks, exec, open with pipes, fork", .requires("perl"))
  func perl() throws {
    let program = TracedProgram("perl", Callers.script("processes.pl"))
    for outcome in try program.expectTransparent() {
      #expect(outcome.ending == .exited(9))
      outcome.fixture?.expectLines(including: [
        "sh -c 'exit 3' | exited 3 | < -", "sh -c 'exit 4;' | exited 4 | < -",
        "sh -c 'kill -9 $$' | signaled 9 | < -", "no-such-program-anywhere | failed ENOENT | < -",
        "sh -c 'cat; exit 7' | exited 7 | < -", "sh -c 'exit 9' | exited 9 | < -",
      ])
    }
  }

  @Test("node: child_process", .requires("node"))
  func node() throws {
    let program = TracedProgram("node", Callers.script("processes.js"))
    for outcome in try program.expectTransparent() {
      #expect(outcome.ending == .exited(5))
      outcome.fixture?.expectLines(
        including: [
          "sh -c 'exit 3' | exited 3 | < -", "sh -c 'kill -9 $$' | signaled 9 | < -",
          "env | exited 0 | < -",
        ] + (20..<28).map { "sh -c 'exit \($0)' | exited \($0) | < -" })
    }
  }

  @Test("make: parallel, recursive, with the jobserver passed on", .requires("make"))
  func make() throws {
    var program = TracedProgram("make", "-j4", "--no-print-directory", "-s")
    program.prepare = { sandbox in
      try sandbox.write(
        """
        all: one two inner failing
        one two: ; @/bin/echo $@ >$@
        inner: ; @$(MAKE) -s -f inner.mk -j
        failing: one two inner ; -@sh -c 'exit 3' 2>/dev/null
        \tcat one two three
        .PHONY: all inner failing
        """, to: "Makefile")
      try sandbox.write(
        "three: ; @/bin/echo three >three; test -n \"$(MAKEFLAGS)\"\n", to: "inner.mk")
    }
    for outcome in try program.expectTransparent() {
      outcome.fixture?.expectLines(including: [
        "sh -c '/bin/echo one >one' | exited 0 | < -", "echo one | exited 0 | < sh",
        "echo two | exited 0 | < sh", "make -s -f inner.mk -j | exited 0 | < -",
        "echo three | exited 0 | < sh", "sh -c 'exit 3' | exited 3 | < sh",
      ])
    }
  }

  @Test("make and gcc: a real build, the same objects to the byte", .requires("gcc"))
  func build() throws {
    var program = TracedProgram("make")
    program.prepare = { sandbox in
      let copied = try Launch(
        arguments: ["cp", "-r", BuiltParts.repository + "/Examples/hello/.", sandbox.work],
        environment: sandbox.environment, directory: "/"
      ).run()
      try #require(copied == .exited(0))
      _ = try Launch(
        arguments: ["rm", "-rf", sandbox.work + "/build"], environment: sandbox.environment,
        directory: "/"
      ).run()
    }
    for outcome in try program.expectTransparent() {
      guard let fixture = outcome.fixture else { continue }
      for command in ["gcc", "cc1", "as", "collect2", "ld", "ar", "ranlib", "sed", "sh", "make"] {
        #expect(fixture.recordings.contains { $0.command == command }, "\(command) ran")
      }
      #expect(fixture.recordings.allSatisfy { $0.exitCode == 0 }, "\(fixture.lines)")
    }
  }

  @Test("git commit, with a hook and an editor", .requires("git"))
  func git() throws {
    var program = TracedProgram("sh", BuiltParts.repository + "/Tests/coverage/workloads/git.sh")
    program.environment = [
      "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
    ]
    // The index holds the times and numbers of files.
    program.ignoredFiles = [".git/index"]
    for outcome in try program.expectTransparent() {
      #expect(outcome.ending == .exited(0), "\(outcome.errorsText)")
      outcome.fixture?.expectLines(including: [
        "git commit -q -m first | exited 0 | < -", "pre-commit | exited 0 | < git",
        "git diff --cached --name-only | exited 0 | < pre-commit", "sort | exited 0 | < pre-commit",
      ])
    }
  }

  @Test(
    "Programs that run other programs",
    arguments: [
      "env -i /bin/sh -c 'echo \"[$HOME]\"; exit 3'",
      "env -i env",
      "env -u HOME A=1 sh -c 'echo \"[$HOME] $A\"'",
      "printf '1\\n2\\n3\\n4\\n' | xargs -P1 -n1 /bin/echo",
      "printf '1\\n2\\n3\\n4\\n' | xargs -P4 -n1 sh -c 'exit $(($0 % 2))'",
      "echo x >f; find . -name f -exec cat {} \\; -exec sh -c 'exit 1' \\; -print",
      "find /etc/passwd -exec sh -c 'echo $#' one {} +",
      "timeout 60 sh -c 'exit 4'",
      "timeout 0.2 sleep 1000",
      "timeout -s KILL 0.2 sleep 1000",
      "setsid -w sh -c 'exit 5'",
      "nohup sh -c 'exit 6'",
      "nice -n 5 nice",
      "sh -c 'ulimit -n 16; exec sh -c \"ulimit -n; /bin/true; exit 7\"'",
      "flock . sh -c 'exit 8'",
      "env -S 'sh -c \"exit 9\"'",
      "{ time -p true; } 2>&1 | wc -l; sh -c 'command -v sh'",
      "script=$(mktemp); echo 'echo $0 | wc -c' >$script; sh $script | wc -l; rm $script",
    ])
  func wrappers(text: String) throws {
    try TracedProgram(shell: text, with: "bash").expectTransparent()
  }

  @Test("stdbuf keeps its own preload, after ours", .requires("stdbuf"))
  func stdbuf() throws {
    // Unbuffered: what was printed before the kill is there.
    let text = "stdbuf -o0 /usr/bin/printf printed; stdbuf -oL sh -c 'echo $_STDBUF_O; exit 3'"
    for outcome in try TracedProgram(shell: text).expectTransparent() {
      outcome.fixture?.expectLines(including: [
        "stdbuf -o0 /usr/bin/printf printed | replaced | < -",
        "printf printed | exited 0 | < stdbuf",
      ])
    }
  }

  @Test("fakeroot keeps its own preload, after ours", .requires("fakeroot"))
  func fakeroot() throws {
    let text = "fakeroot sh -c 'touch f; chown 12:34 f; stat -c %u:%g f'; exit 3"
    for outcome in try TracedProgram(shell: text).expectTransparent() {
      #expect(outcome.outputText == "12:34\n")
      #expect(outcome.fixture?.recordings.contains { $0.command == "chown" } ?? true)
    }
  }
}
