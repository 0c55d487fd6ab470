import Foundation
import Testing

/// A program on a terminal, and what is typed at it: what has to appear, what is typed then.
struct TypedProgram: CustomTestStringConvertible {
  var name: String
  var words: [String]
  var plan: [[String]] = []
  /// What a replay of it needs.
  var replayOptions: [String] = []

  var testDescription: String { name }

  /// The program with somebody who types.
  func traced(below interpreter: [String] = []) throws -> TracedProgram {
    let plan = String(decoding: try JSONEncoder().encode(plan), as: UTF8.self)
    var traced = TracedProgram()
    traced.arguments = interpreter + words
    traced.environment = ["TERM": "xterm", "PS1": "$ ", "LESSHISTFILE": "-", "CMDMOX_QUIET": "1"]
    traced.wrapper = ["python3", Callers.script("terminal.py"), plan]
    return traced
  }

  private static let shell = ["bash", "--norc", "--noediting", "-i"]

  static let all: [TypedProgram] = [
    TypedProgram(
      name: "colours", words: ["sh", "-c", "mkdir -p d; ls --color=auto -d d; test -t 1; echo $?"]),
    TypedProgram(
      name: "what a program sees of it",
      words: [
        "sh", "-c",
        #"python3 -c 'import os; print([os.isatty(i) for i in range(3)], os.get_terminal_size(1))'; stty size"#,
      ]),
    TypedProgram(
      name: "a pager",
      words: ["sh", "-c", "seq 500 > f; less f; stty -a | tr ' ' '\\n' | grep -c echo"],
      plan: [["23", " "], ["46", "/499\n"], ["499", "q"]], replayOptions: ["--run", "less"]),
    TypedProgram(
      name: "a pager of a pipe", words: ["sh", "-c", "seq 500 | less; echo over"],
      plan: [["23", " "], ["46", "G"], ["500", "q"]], replayOptions: ["--run", "less"]),
    TypedProgram(
      name: "Ctrl-C", words: shell,
      plan: [
        [#"\$ "#, "sh -c 'echo st''arted; exec sleep 9'\n"], ["started", "\u{3}"],
        [#"\$ "#, "echo status $?\n"], ["status 130", "exit 4\n"],
      ]),
    TypedProgram(
      name: "Ctrl-Z and fg", words: shell,
      plan: [
        [#"\$ "#, "sh -c 'echo st''arted; sleep 0.8; echo do''ne'\n"], ["started", "\u{1a}"],
        [#"Stopped[^$]*\$ "#, "fg\n"], ["done", ""], [#"\$ "#, "exit 5\n"],
      ], replayOptions: ["--run", "sh,sleep"]),
    TypedProgram(
      name: "a background job and wait", words: shell,
      plan: [
        [#"\$ "#, "(sleep 0.2; echo la''te) & wait\n"], ["late", ""], [#"\$ "#, "exit 6\n"],
      ], replayOptions: ["--run", "sleep"]),
    TypedProgram(
      name: "a question without echo",
      words: [
        "sh", "-c",
        #"python3 -c 'import getpass; print("got", getpass.getpass("word: "))'; head -1"#,
      ],
      plan: [["word: ", "abc\n"], ["got abc", "line\n"]], replayOptions: ["--run", "python3,head"]),
    TypedProgram(
      name: "a window that changes its size",
      words: [
        "sh", "-c",
        """
        python3 -c '
        import os, signal, time
        heard = []
        signal.signal(signal.SIGWINCH, lambda *_: heard.append(1))
        print("re" + "ady", flush=True)
        while not heard or os.get_terminal_size(1).lines != 40: time.sleep(0.05)
        print("now", os.get_terminal_size(1))'
        """,
      ], plan: [["ready", "SIZE"]], replayOptions: ["--run", "python3"]),
  ]
}

@Suite("On a terminal, commands that are captured behave the same")
struct RecordTerminalTests {
  @Test("What is typed and what appears", .requires("less"), arguments: TypedProgram.all)
  func typed(program: TypedProgram) throws {
    let outcomes = try program.traced().expectTransparent(in: Form.recording)
    #expect(outcomes.allSatisfy { !$0.outputText.isEmpty })
  }

  @Test(
    "The same below an interpreter", .requires("less"), .requires("perl"),
    arguments: TypedProgram.all.filter { $0.words[0] == "sh" },
    [
      ["perl", "-e", "system(@ARGV); exit($? >> 8)"],
      ["python3", "-c", "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"],
    ])
  func below(program: TypedProgram, interpreter: [String]) throws {
    let form: Form = interpreter[0] == "perl" ? .preloadedRecording : .recorded
    for outcome in try program.traced(below: interpreter).expectTransparent(in: [form]) {
      #expect(outcome.fixture?.recordings.first?.command == "sh")
    }
  }

  @Test("What a command writes to a terminal is recorded, as it wrote it")
  func recorded() throws {
    var program = TracedProgram("sh", "-c", "seq 3; mkdir d; ls --color=auto -d d")
    program.environment = ["TERM": "xterm"]
    program.wrapper = ["python3", Callers.script("terminal.py"), "[]"]
    for outcome in try program.expectTransparent(in: [.recorded]) {
      let recorded = outcome.fixture?.recordings ?? []
      #expect(recorded.first?.stdout == "1\n2\n3\n")
      #expect(recorded.last?.stdout.contains("\u{1b}[") == true)
      #expect(recorded.first?.process.stdout?.taken == "relayed")
      #expect(recorded.first?.process.stderr?.taken == "inherited")
      #expect(recorded.first?.process.stdin?.taken == "inherited")
    }
  }
}
