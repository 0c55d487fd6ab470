import Foundation
import Testing

@Suite("What passes through a stream is recorded")
struct CapturedStreamTests {
  /// Runs a script under `cmdmox record`, in `folder`.
  private func record(_ script: String, shell: String = "sh", options: [String] = []) throws
    -> [Recording]
  {
    let sandbox = try Sandbox()
    return try record(script, shell: shell, options: options, in: sandbox)
  }

  private func record(
    _ script: String, shell: String = "sh", options: [String] = [], in sandbox: Sandbox
  ) throws -> [Recording] {
    var program = TracedProgram(shell: script, with: shell)
    program.recordOptions = options
    var launch = try program.launch(.recorded, in: sandbox)
    launch.output = sandbox.folder + "/stdout"
    launch.errors = sandbox.folder + "/stderr"
    _ = try launch.run()
    let json = try #require(FileManager.default.contents(atPath: sandbox.fixture))
    return try Fixture(json: json).recordings
  }

  private func first(_ command: String, in recordings: [Recording]) throws -> Recording {
    try #require(recordings.first { $0.command == command }, "\(recordings.map(\.command))")
  }

  @Test(
    "Output is recorded whatever it goes to",
    arguments: [
      ("seq 3", "relayed"), ("seq 3 | cat >/dev/null", "relayed"), ("seq 3 > f", "file"),
      ("echo 0 > f; seq 3 >> f", "file"), ("(echo 0; seq 3) > f", "file"),
      ("mkfifo p; cat p >/dev/null & seq 3 > p; wait", "relayed"),
    ])
  func output(script: String, taken: String) throws {
    let recording = try first("seq", in: try record(script))
    #expect(recording.stdout == "1\n2\n3\n")
    #expect(recording.process.stdout?.taken == taken)
    #expect(recording.process.stdout?.length == 6)
  }

  @Test(
    "Two outputs that are one are recorded in their order, as stdout",
    arguments: [
      "2>&1", "> f 2>&1", "2>&1 | cat", ">> f 2>&1", ">> f 2>> f", "2>> f >> f",
    ])
  func merged(redirection: String) throws {
    // The inner shell is the command; what it runs belongs to it.
    let script = "sh -c 'echo a; echo b >&2; echo c' \(redirection)"
    let recording = try first("sh", in: try record(script))
    #expect(recording.stdout == "a\nb\nc\n" && recording.stderr.isEmpty)
    #expect(recording.process.stderr?.marks == ["merged"])
  }

  @Test("Two outputs that are two are recorded apart")
  func apart() throws {
    let recording = try first("sh", in: try record("sh -c 'echo a; echo b >&2' 2>e"))
    #expect(recording.stdout == "a\n" && recording.stderr == "b\n")
  }

  @Test(
    "Input is recorded as far as it was read",
    arguments: [
      ("printf 'a\\nb\\n' | sort", "sort", "a\nb\n", "relayed", true),
      ("seq 100000 | head -c 3", "head", "1\n2", "relayed", false),
      ("printf 'x\\ny\\n' > f; wc -l < f", "wc", "x\ny\n", "file", true),
      ("printf 'abcdef' > f; head -c 2 < f", "head", "ab", "file", false),
      ("sort <<X\nq\nX", "sort", "q\n", "peeked", true),
      ("printf 'a\\nb\\n' > f; { read x; cat; } < f", "cat", "b\n", "file", true),
      (
        "printf 'head -c 2\\nabcdef\\n' | { sleep 0.1; sh; } ", "sh", "head -c 2\nabcdef\n",
        "relayed", true
      ),
    ])
  func input(
    script: String, command: String, expected: String, taken: String, isEnded: Bool
  ) throws {
    let recording = try first(command, in: try record(script))
    let facts = try #require(recording.process.stdin)
    // What head(1) reads of a pipe in one call is more than it asked for: as much was consumed.
    #expect(recording.stdin.hasPrefix(expected), "\(recording.stdin.prefix(40))")
    #expect(facts.taken == taken)
    if taken == "file" || isEnded { #expect(recording.stdin == expected) }
    #expect((facts.marks ?? []).contains("ended") == isEnded)
    #expect(facts.length == recording.stdin.utf8.count)
  }

  @Test("A pipe that a loop reads too is looked into, and every command has its own part")
  func shared() throws {
    let recordings = try record(
      "printf 'a\\nb\\nc\\nd\\n' | { sleep 0.2; while read x; do head -c 2 >/dev/null; done; }")
    let heads = recordings.filter { $0.command == "head" }
    #expect(heads.map(\.stdin) == ["b\n", "d\n"])
    #expect(heads.allSatisfy { $0.process.stdin?.taken == "peeked" })
  }

  @Test("What cannot be told is said")
  func unknown() throws {
    let recordings = try record(
      "{ echo a; sleep 0.3; echo b; } | { read x; cat; echo; } ")
    #expect(try first("cat", in: recordings).process.stdin?.taken == "unknown")
  }

  @Test("A stream above the limit flows on and is marked, with its true length")
  func truncated() throws {
    let sandbox = try Sandbox()
    let recordings = try record(
      "seq 10000 | cat | wc -l", options: ["--max-capture", "1K"], in: sandbox)
    #expect(sandbox.text(of: "stdout") == "10000\n")
    let recording = try first("cat", in: recordings)
    #expect(recording.stdout.utf8.count == 1024 && recording.stdin.utf8.count == 1024)
    #expect(recording.process.stdout?.length == 48894)
    #expect(recording.process.stdout?.marks?.contains("truncated") == true)
  }

  @Test(
    "What a make in parallel writes into one log stays apart for each command",
    arguments: [Form.recorded, .preloadedRecording], [">log 2>&1", ">>log 2>>log"])
  func log(form: Form, redirection: String) throws {
    let sandbox = try Sandbox()
    var program = TracedProgram("make", "-j8")
    program.wrapper = ["sh", "-c", "exec \"$@\" \(redirection)", "sh"]
    program.prepare = { sandbox in
      try sandbox.write(
        "N = $(shell seq 20)\nall: $(N)\n$(N): ; @sh -c 'seq -s, $@; sleep 0.01; seq -s. $@ >&2'\n",
        to: "Makefile")
    }
    let lines = {
      let log = FileManager.default.contents(atPath: sandbox.work + "/log") ?? Data()
      return String(decoding: log, as: UTF8.self).split(separator: "\n").sorted()
    }
    _ = try program.run(.bare, in: sandbox)
    let expected = lines()
    try sandbox.reset()
    let outcome = try program.run(form, in: sandbox)
    #expect(outcome.ending == .exited(0) && lines() == expected && expected.count == 40)
    let recordings = (outcome.fixture?.recordings ?? []).filter { $0.args.first == "-c" }
    #expect(recordings.count == 20)
    for recording in recordings {
      let number = recording.args[1].split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0
      let numbers = (1...max(1, number)).map(String.init)
      let expected = [",", "."].map { numbers.joined(separator: $0) + "\n" }.joined()
      #expect(recording.stdout + recording.stderr == expected)
    }
  }

  @Test("Commands that write to one file at the same time are marked")
  func overlapping() throws {
    let recordings = try record(
      "(for i in 1 2; do sleep 0.1; done) > f & (for i in 1 2; do sleep 0.1; done) >> f; wait; sleep 0 >> f"
    )
    let marks = recordings.map { $0.process.stdout?.marks ?? [] }
    #expect(marks.dropLast().allSatisfy { $0 == ["overlapping"] } && marks.last == [])
  }

  @Test("A background process that keeps stdout delays nobody and is marked")
  func background() throws {
    let sandbox = try Sandbox()
    let recordings = try record(
      "sh -c '(sleep 0.5; echo late) & echo now' | cat; echo over", in: sandbox)
    #expect(sandbox.text(of: "stdout") == "now\nlate\nover\n")
    let recording = try first("sh", in: recordings)
    #expect(recording.stdout == "now\n")
    #expect(recording.process.stdout?.marks == ["runs_on"])
  }

  @Test("Bytes are kept as they are")
  func bytes() throws {
    let recording = try first("printf", in: try record(#"/usr/bin/printf '\000\377\n' | cat"#))
    #expect(recording.bytes?.stdout == "AP8K")
  }

  @Test("What a captured command runs is recorded below it with --depth all, and not otherwise")
  func depth() throws {
    let script = "sh -c 'echo a | tr a b; /bin/true' ; seq 1"
    let outermost = try record(script)
    #expect(outermost.map(\.command) == ["sh", "seq"])
    let all = try record(script, options: ["--depth", "all"])
    #expect(all.map(\.command).sorted() == ["seq", "sh", "tr", "true"])
    let shell = try first("sh", in: all)
    for command in ["tr", "true"] {
      #expect(try first(command, in: all).process.parent == shell.sequence)
    }
    #expect(try first("tr", in: all).stdout == "b\n")
    #expect(shell.stdout == "b\n")
  }

  @Test("A wrapper that executes something else stays the root; the last command of sh -c does not")
  func wrapper() throws {
    #expect(try record("seq 1; exec seq 2", shell: "bash").map(\.args) == [["1"], ["2"]])
    let sandbox = try Sandbox()
    try sandbox.write(
      "#!/bin/sh\nexec python3 -c 'import os; os.system(\"seq 1\")'\n", to: "w", mode: 0o755)
    var launch = try TracedProgram("./w").launch(.recorded, in: sandbox)
    launch.output = sandbox.folder + "/stdout"
    #expect(try launch.run() == .exited(0))
    let json = try #require(FileManager.default.contents(atPath: sandbox.fixture))
    #expect(try Fixture(json: json).recordings.map(\.command).suffix(1) == ["sh"])
  }

  @Test("A program that cannot be executed is recorded with the status that its caller gets")
  func failing() throws {
    let python = """
      import subprocess
      for name in ["/nowhere/x", "/etc/passwd"]:
        try: subprocess.run([name])
        except OSError as e: pass
      """
    let sandbox = try Sandbox()
    var launch = try TracedProgram("python3", "-c", python).launch(.recorded, in: sandbox)
    launch.output = "/dev/null"
    _ = try launch.run()
    let json = try #require(FileManager.default.contents(atPath: sandbox.fixture))
    let found = try Fixture(json: json).recordings.map {
      "\($0.command) \($0.exitCode) \($0.process.error ?? "")"
    }
    #expect(Array(found.suffix(2)) == ["x 127 ENOENT", "passwd 126 EACCES"])
  }
}
