import Testing

/// What somebody types at a shell in which a program is started as `./run`.
struct JobControl: CustomTestStringConvertible {
  var name: String
  /// What the program runs: a file `command` in Python.
  var command: String
  /// What has to appear, what is typed then.
  var plan: [[String]]

  var testDescription: String { name }

  static let all: [JobControl] = [
    JobControl(
      name: "Ctrl-C arrives once",
      command: """
        import signal, time
        heard = []
        signal.signal(signal.SIGINT, lambda *_: heard.append(1))
        print("rea" + "dy", flush=True)
        while not heard: time.sleep(0.02)
        time.sleep(0.3)  # as long as a second one might take
        print("heard", len(heard)); exit(3)
        """,
      plan: [
        [#"\$ "#, "./run\n"], ["ready", "\u{3}"], ["heard 1", ""], ["status 3", ""],
        [#"\$ "#, "exit 7\n"],
      ]),
    JobControl(
      name: "Ctrl-C ends what does not catch it",
      command:
        #"print("rea" + "dy", flush=True); import signal; signal.signal(2, signal.SIG_DFL); signal.pause()"#,
      plan: [
        [#"\$ "#, "./run\n"], ["ready", "\u{3}"], ["status (-2|130)", ""], [#"\$ "#, "exit 7\n"],
      ]),
    JobControl(
      name: "Ctrl-Z, and fg",
      command: #"print("rea" + "dy", flush=True); print("got", input(), flush=True); exit(4)"#,
      plan: [
        [#"\$ "#, "./run\n"], ["ready", "\u{1a}"], [#"Stopped[^$]*\$ "#, "jobs\n"],
        [#"Stopped[^$]*\$ "#, "fg\n"], [#"\./run"#, "line\n"], ["got line", ""], ["status 4", ""],
        [#"\$ "#, "exit 7\n"],
      ]),
    JobControl(
      name: "Ctrl-Z twice, and bg between",
      command: """
        import os, time
        print("rea" + "dy", flush=True)
        while not os.path.exists("go"): time.sleep(0.02)
        print("go" + "ing", flush=True)
        open("went", "w").close()
        while not os.path.exists("stop"): time.sleep(0.02)
        exit(5)
        """,
      plan: [
        [#"\$ "#, "./run\n"], ["ready", "\u{1a}"],
        [#"Stopped[^$]*\$ "#, "bg; >go; until [ -e went ]; do sleep 0.05; done\n"],
        [#"going[^$]*\$ "#, "fg\n"], [#"fg\s+\./run"#, "\u{1a}"],
        [#"Stopped[^$]*\$ "#, ">stop; fg\n"],
        ["status 5", ""], [#"\$ "#, "exit 7\n"],
      ]),
    JobControl(
      name: "a background job that reads the terminal",
      command: #"print("got", input(), flush=True); exit(6)"#,
      plan: [
        [#"\$ "#, "./run &\n"],
        [#"\$ "#, "until jobs -s | grep -q run; do sleep 0.05; done; jobs\n"],
        [#"Stopped[^$]*\$ "#, "fg\n"], [#"fg\s+\./run"#, "line\n"], ["got line", ""],
        ["status 6", ""], [#"\$ "#, "exit 7\n"],
      ]),
  ]
}

@Suite("Job control of the shell above a recording works on what is captured")
struct JobControlTests {
  /// Makes the command line that follows the file `run`, and becomes the shell.
  private static let launcher = """
    { echo '#!/bin/sh'; printf exec; for word; do printf " '%s'" "$word"; done; echo; } > run
    chmod +x run; exec bash --norc --noediting -i
    """

  private static let roots = [
    "python3": """
    import signal, subprocess
    p = subprocess.Popen(["python3", "command"])
    signal.signal(signal.SIGINT, lambda *_: None)
    print("status", p.wait(), flush=True); exit(7)
    """,
    "perl": #"""
    $| = 1; $SIG{INT} = sub {};
    my $pid = fork; if (!$pid) { $SIG{INT} = "DEFAULT"; exec "python3", "command" }
    1 while waitpid($pid, 0) < 0; print "status ", $? & 127 ? -($? & 127) : $? >> 8, "\n"; exit 7;
    """#,
  ]

  @Test(
    "With an interpreter as the root", .requires("python3"), .requires("perl"),
    arguments: JobControl.all, ["python3", "perl"])
  func typed(job: JobControl, interpreter: String) throws {
    var program = try TypedProgram(name: job.name, words: [interpreter, "root"], plan: job.plan)
      .traced()
    program.wrapper += ["sh", "-c", Self.launcher, "sh"]
    program.ignoredFiles = ["run"]
    program.prepare = { sandbox in
      try sandbox.write(job.command + "\n", to: "command")
      try sandbox.write(Self.roots[interpreter] ?? "", to: "root")
    }
    for outcome in try program.expectTransparent(in: [.recorded, .preloadedRecording]) {
      #expect(outcome.ending == .exited(7))
      #expect(outcome.fixture?.recordings.map(\.args) == [["command"]])
    }
  }
}
