import Testing

/// A script that does something with streams, processes or signals that a stand-in could get wrong.
struct StreamScript: CustomTestStringConvertible {
  var name: String
  var shell = "bash"
  var text: String
  /// What a replay of it needs; nil: it cannot be replayed, since its result is not all output (files,
  /// signals, what comes after the end) or depends on how long things take.
  var replayOptions: [String]? = []
  /// False where some of its commands cannot be captured and are counted as lost.
  var isCaptured = true

  var testDescription: String { name }

  static let all: [StreamScript] = [
    StreamScript(
      name: "a shell reads its script from a pipe that its commands inherit", shell: "sh",
      text: #"printf 'read x; echo got $x; cat\nhello\nworld\n' | sh"#),
    StreamScript(
      name: "a reader that goes: SIGPIPE and its statuses",
      text: #"yes | head -1; echo "${PIPESTATUS[@]}"; seq 100000 | (read x; echo $x); echo $?"#),
    StreamScript(
      name: "here-documents", text: "cat <<X; cat <<<word; sh <<'Y'\na\nX\necho from a shell\nY"),
    StreamScript(
      name: "both outputs into one file, interleaved", shell: "sh",
      text: "sh -c 'echo a; echo b >&2; echo c; echo d >&2' > f 2>&1; cat f"),
    StreamScript(
      name: "appended to a file that others append to", shell: "sh",
      text: "echo 1 >> g; /bin/echo 2 >> g; seq 3 5 >> g; (echo 6; /bin/echo 7) >> g; cat g"),
    StreamScript(
      name: "closed standard streams",
      text: """
        cat <&- 2>/dev/null; echo $?; /bin/echo x >&- 2>/dev/null; echo $?; /bin/echo y 2>&-
        ls /nowhere 2>&-; echo $?; /bin/true <&- >&- 2>&-; echo $?
        """),
    StreamScript(
      name: "a command that eats the input of the loop around it", shell: "sh",
      text: #"seq 1 9 | while read x; do echo "line $x"; head -c 4 >/dev/null; done"#,
      replayOptions: nil),  // what is read while seq still writes, nobody can tell
    StreamScript(
      name: "a command that eats the here-document of the loop around it", shell: "sh",
      text: """
        while read x; do echo "line $x"; head -c 4 >/dev/null; done <<END
        1
        2
        3
        4
        5
        END
        """),
    StreamScript(
      name: "one that eats it all, as ssh does", shell: "sh",
      text: #"seq 1 9 | while read x; do echo "line $x"; cat >/dev/null; done"#,
      replayOptions: nil),
    StreamScript(
      name: "one that eats all of the here-document", shell: "sh",
      text: """
        while read x; do echo "line $x"; cat >/dev/null; done <<END
        1
        2
        3
        END
        """),
    StreamScript(
      name: "a time limit", text: "timeout 0.3 sleep 9; echo $?; timeout -s KILL 0.3 sleep 9"),
    StreamScript(
      name: "a background process that is killed",
      text: "sleep 9 & sleep 0.2; kill -9 $!; wait $! 2>/dev/null; echo $?",
      replayOptions: ["--timing"]),
    StreamScript(
      name: "a trap, and waiting for it",
      text: """
        bash -c 'trap "echo caught; exit 5" TERM; echo ready; while :; do sleep 0.05; done' >out &
        until grep -qs ready out; do sleep 0.05; done; kill -TERM $!; wait $!; echo $?; cat out
        """, replayOptions: nil),
    StreamScript(
      name: "a coprocess",
      text: """
        coproc C { cat; }; exec 3>&"${C[1]}" 4<&"${C[0]}"; pid=$C_PID
        echo hi >&3; read -r x <&4; echo "$x"
        kill "$pid" 2>/dev/null; wait 2>/dev/null; echo over
        """),
    StreamScript(
      name: "process substitution",
      text: "{ diff <(echo a) <(echo b); cat <(/bin/echo z) > >(tr z y); } | cat"),
    StreamScript(
      name: "many at once", shell: "sh", text: "seq 1 60 | xargs -P 16 -n 1 /bin/echo | sort -n"),
    StreamScript(
      name: "a background process that keeps stdout", shell: "sh",
      text:
        #"x=$(sh -c '(sleep 0.3; echo late) & echo now'); echo "$x"; sh -c 'sleep 0.2 & echo go'"#,
      replayOptions: nil),
    StreamScript(
      name: "binary data both ways",
      text: """
        head -c 300000 /dev/zero | tr '\\0' '\\377' | (head -c 100; cat) | cksum
        printf '\\0\\1\\377\\n' | cat | od -c
        """, replayOptions: ["--run", "head"]),
    StreamScript(
      name: "ten megabytes through a pipe in both directions", shell: "sh",
      text: "head -c 10000000 /dev/zero | tr '\\0' x | sed s/x/y/g | cat | cksum"),
    StreamScript(
      name: "numbers of signals and of failures",
      text: """
        for s in HUP INT QUIT TERM USR1 SEGV ABRT KILL; do bash -c "ulimit -c 0; kill -$s \\$\\$"
        echo "$s $?"; done 2>/dev/null; nosuchcommand; echo $?; /etc/passwd; echo $?; /etc; echo $?
        """),
    StreamScript(
      name: "a signal for the parent", shell: "bash",
      text: "trap 'echo heard' USR1; sh -c 'kill -USR1 $PPID; sleep 0.2'; echo over",
      replayOptions: ["--run", "sh,sleep"]),
    StreamScript(
      name: "a signal for the whole group, from inside", shell: "sh",
      text: #"setsid -w sh -c 'trap "" TERM; sh -c "kill -TERM 0; echo no"; echo $?'"#),
    StreamScript(
      name: "other descriptors",
      text: "exec 7>seven; sh -c 'echo by number >&7'; exec 7>&-; cat seven; cat 8<seven <&8",
      replayOptions: ["--run", "sh"]),
    StreamScript(
      name: "no descriptors to speak of", shell: "sh",
      text: "ulimit -n 7; /bin/echo a | cat; ls /nowhere 2>/dev/null; echo $?",
      replayOptions: nil, isCaptured: false),
  ]
}

/// A script whose interpreter is the root: what it runs is captured one by one.
struct InterpreterScript: CustomTestStringConvertible {
  var name: String
  /// The interpreter and the option before the text.
  var interpreter: [String]
  var text: String
  /// As of ``StreamScript``.
  var replayOptions: [String] = []

  var testDescription: String { name }

  static let python = InterpreterScript(
    name: "python3", interpreter: ["python3", "-c"],
    text: """
      import os, subprocess as s
      print(s.run(["cat"], input=b"hello\\n", stdout=s.PIPE).stdout)
      print(s.run(["sh", "-c", "echo o; echo e >&2; echo p"], stdout=s.PIPE, stderr=s.STDOUT).stdout)
      print(os.system("exit 3") >> 8, os.popen("echo p; /bin/echo q").read())
      print(s.run(["sh", "-c", "ps -o sid= -p $$ | tr -d ' ' >/dev/null; exit 4"],
            start_new_session=True).returncode)
      print(s.run(["sh", "-c", "pwd; umask"], cwd="/", preexec_fn=lambda: os.umask(0o27),
            stdout=s.PIPE).stdout)
      print(s.run(["sh", "-c", "kill -9 $$"]).returncode)
      for missing in ["nosuchcommand", "/etc/passwd", "/etc"]:
          try: s.run([missing])
          except OSError as error: print(type(error).__name__, error.errno)
      """)

  static let perl = InterpreterScript(
    name: "perl", interpreter: ["perl", "-e"],
    text:
      #"print `echo hi`; system("exit 2"); print $?>>8,"\n"; open(F,"|cat"); print F "x\n"; close F; print "$?\n"; system("/bin/sh","-c","kill -15 \$\$"); print $?&127,"\n";"#
  )

  static let conversation = InterpreterScript(
    name: "a conversation", interpreter: ["python3", "-c"],
    text: """
      import subprocess as s
      p = s.Popen(["cat"], stdin=s.PIPE, stdout=s.PIPE, bufsize=0)
      p.stdin.write(b"one\\n"); print(p.stdout.readline())
      p.stdin.write(b"two\\n"); print(p.stdout.readline()); p.stdin.close(); print(p.wait())
      """, replayOptions: ["--run", "cat"])

  static let descriptor = InterpreterScript(
    name: "another descriptor", interpreter: ["python3", "-c"],
    text: """
      import os, subprocess as s
      r, w = os.pipe()
      print(s.run(["sh", "-c", "echo x >&%d" % w], pass_fds=[w]).returncode, os.read(r, 10))
      """, replayOptions: ["--run", "sh"])

  static let all = [python, perl, conversation, descriptor]

  var program: TracedProgram {
    var program = TracedProgram(interpreter[0])
    program.arguments = interpreter + [text]
    return program
  }
}

/// Functions that execute, or wait for what they executed, each with its caller.
enum ExecutingFunction {
  static let executing = [
    "execv", "execve", "execvp", "execvpe", "execl", "execle", "execlp", "execveat", "fexecve",
    "posix_spawn", "posix_spawnp", "system", "popen",
  ]
  static let all = executing + ["wait", "waitid", "waitpid", "wait4"]
}

@Suite("Commands that are captured behave the same")
struct RecordTransparencyTests {
  @Test("Shells", arguments: StreamScript.all)
  func shells(script: StreamScript) throws {
    var program = TracedProgram(shell: script.text, with: script.shell)
    program.ignoredFiles = ["out"]
    program.lost = script.isCaptured ? 0 : nil
    for outcome in try program.expectTransparent(in: Form.recording) {
      #expect(outcome.fixture?.recordings.isEmpty == false)
    }
  }

  static func make(jobs: Int) -> TracedProgram {
    var program = TracedProgram("make", "-s", "-O", "-j\(jobs)")
    program.prepare = { sandbox in
      try sandbox.write(
        """
        all: a b c ; @cat out-a out-b out-c; $(MAKE) -s -f inner sub
        a b c: ; @(echo making $@; sleep 0.01; echo made $@) > out-$@
        """, to: "Makefile")
      try sandbox.write(
        "sub: x y ; @cat in-x in-y\nx y: ; @sh -c 'echo inner $@' > in-$@\n", to: "inner")
    }
    return program
  }

  @Test("make, in parallel and recursive, with its jobserver", arguments: [1, 8])
  func jobserver(jobs: Int) throws {
    let program = Self.make(jobs: jobs)
    for outcome in try program.expectTransparent(in: Form.recording) where jobs == 1 {
      #expect(outcome.outputText.contains("made c\n"))
    }
  }

  @Test(
    "An interpreter as the root: what it runs is captured one by one",
    .requires("python3"), .requires("perl"))
  func interpreters() throws {
    for outcome in try InterpreterScript.python.program.expectTransparent(in: Form.recording) {
      let recorded = outcome.fixture?.recordings ?? []
      #expect(recorded.contains { $0.command == "cat" && $0.stdin == "hello\n" })
      #expect(recorded.contains { $0.args.first == "-c" && $0.stdout == "o\ne\np\n" })
      #expect(recorded.contains { $0.process.signal == 9 })
      #expect(recorded.contains { $0.command == "nosuchcommand" && $0.exitCode == 127 })
      #expect(recorded.contains { $0.command == "passwd" && $0.exitCode == 126 })
    }
    for outcome in try InterpreterScript.perl.program.expectTransparent(in: Form.recording) {
      #expect(outcome.fixture?.recordings.contains { $0.stdout == "hi\n" } == true)
    }
  }

  @Test(
    "An interpreter that talks with a command, or hands it another descriptor",
    arguments: [InterpreterScript.conversation, .descriptor])
  func conversations(script: InterpreterScript) throws {
    for outcome in try script.program.expectTransparent(in: Form.recording) {
      let input = script.name == InterpreterScript.conversation.name ? "one\ntwo\n" : ""
      #expect(outcome.fixture?.recordings.map(\.stdin) == [input])
    }
  }

  @Test("Children that are killed at once are recorded, each with its signal")
  func killedAtOnce() throws {
    let program = try TracedProgram(caller: "killed_at_once")
    for outcome in try program.expectTransparent(in: Form.recording) {
      let recorded = outcome.fixture?.recordings ?? []
      #expect(recorded.count == 40)
      #expect(recorded.allSatisfy { $0.process.signal == 9 })
    }
  }

  @Test("Every function that executes", arguments: ExecutingFunction.all)
  func functions(name: String) throws {
    let program = try TracedProgram(caller: "call_" + name)
    try program.expectTransparent(in: [.recorded, .recordedWhole])
  }
}
