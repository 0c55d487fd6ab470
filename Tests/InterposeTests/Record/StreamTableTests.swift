import Testing

/// One row of the table of how a stream is taken: a program in Python whose first command has it.
struct StreamRow: CustomTestStringConvertible {
  var name: String
  var text: String
  /// How stdin, stdout and stderr were taken, each with its marks: `relayed merged`.
  var taken: [String]
  var stdin = ""
  var stdout = ""
  var stderr = ""

  var testDescription: String { name }

  static let all: [StreamRow] = [
    StreamRow(
      name: "two pipes, and input of its own",
      text:
        #"p = run("cat; echo e >&2", stdin=s.PIPE, stdout=s.PIPE, stderr=s.PIPE); show(p.communicate(b"in\n"))"#,
      taken: ["relayed ended", "relayed", "relayed"], stdin: "in\n", stdout: "in\n",
      stderr: "e\n"),
    StreamRow(
      name: "one pipe for both",
      text:
        #"show(run("echo o; echo e >&2; echo p", stdout=s.PIPE, stderr=s.STDOUT).communicate())"#,
      taken: ["inherited", "relayed", "relayed merged"], stdout: "o\ne\np\n"),
    StreamRow(
      name: "sockets, as Node.js has them",
      text: """
        (a, b), (c, d) = pair(), pair()
        p = run("test -S /proc/self/fd/1 && echo o; echo e >&2", stdout=b, stderr=d); b.close(); d.close()
        show(p.wait(), a.makefile("rb").read(), c.makefile("rb").read())
        """,
      taken: ["inherited", "relayed", "relayed"], stdout: "o\n", stderr: "e\n"),
    StreamRow(
      name: "one socket for both outputs",
      text: """
        a, b = pair()
        p = run("echo o; echo e >&2", stdout=b, stderr=b); b.close()
        show(p.wait(), a.makefile("rb").read())
        """,
      taken: ["inherited", "relayed", "relayed merged"], stdout: "o\ne\n"),
    StreamRow(
      name: "a socket that is stdin too, as inetd has it",
      text: """
        a, b = pair(); a.sendall(b"line\\n")
        p = run("read x; echo got $x", stdin=b, stdout=b); b.close()
        show(p.wait(), a.makefile("rb").read())
        """,
      taken: ["unknown", "unknown", "relayed"]),
    StreamRow(
      name: "sockets that keep messages apart",
      text: """
        (a, b), (c, d) = pair(type=socket.SOCK_SEQPACKET), pair(type=socket.SOCK_DGRAM)
        p = run("echo o; echo p; echo e >&2; echo f >&2", stdout=b, stderr=d)
        show(p.wait(), a.recv(9), a.recv(9), c.recv(9), c.recv(9))
        """,
      taken: ["inherited", "unknown", "unknown"]),
    StreamRow(
      name: "a socket with an address, which the command also reads",
      text: """
        l = socket.create_server(("127.0.0.1", 0)); a = socket.create_connection(l.getsockname())
        b, _ = l.accept()
        p = run("echo o; cat <&1", stdout=b); b.close(); a.sendall(b"abc"); a.shutdown(socket.SHUT_WR)
        show(p.wait(), a.makefile("rb").read())
        """,
      taken: ["inherited", "unknown", "relayed"]),
    StreamRow(
      name: "files opened for the command",
      text: """
        open("i", "w").write("1\\n2\\n")
        run("cat; echo e >&2", stdin=open("i"), stdout=open("o", "w"), stderr=open("e", "w")).wait()
        show(open("o").read(), open("e").read())
        """,
      taken: ["file ended", "file", "file"], stdin: "1\n2\n", stdout: "1\n2\n", stderr: "e\n"),
    StreamRow(
      name: "one file for both outputs, appended to by each",
      text: """
        open("o", "w").write("before\\n")
        run("echo o; echo e >&2", stdout=open("o", "a"), stderr=open("o", "a")).wait()
        show(open("o").read())
        """,
      taken: ["inherited", "file", "file merged"], stdout: "o\ne\n"),
    StreamRow(
      name: "a part of a file as input",
      text: """
        open("i", "w").write("0123456789"); f = open("i", "rb", 0); f.seek(2)
        show(run("head -c 3 >/dev/null", stdin=f, stdout=s.DEVNULL).wait(), f.tell())
        """,
      taken: ["file", "inherited", "relayed"], stdin: "234"),
    StreamRow(
      name: "/dev/null of its own, another device",
      text: #"show(run("cat; echo o", stdout=s.DEVNULL, stderr=open("/dev/full", "w")).wait())"#,
      taken: ["inherited", "inherited", "inherited"]),
    StreamRow(
      name: "the root's own files", text: #"show(run("echo o; echo e >&2").wait())"#,
      taken: ["inherited", "relayed", "relayed"], stdout: "o\n", stderr: "e\n"),
    StreamRow(
      name: "closed streams",
      text: #"show(run("exit 3", preexec_fn=lambda: os.closerange(0, 3)).wait())"#,
      taken: ["closed", "closed", "closed"]),
    StreamRow(
      name: "a pipe as input that the parent reads too",
      text: """
        os.dup2(filled(b"a\\nb\\nc\\n"), 0)
        p = run("head -c 2 >&2", stdin=0); p.wait()
        show(os.read(0, 10))
        """,
      taken: ["peeked", "relayed", "relayed"], stdin: "a\n", stderr: "a\n"),
    StreamRow(
      name: "a pipe as input that a sibling has too",
      text: """
        r = filled(b"a\\nb\\n"); other = s.Popen(["sleep", "9"], stdin=r)
        p = run("head -c 2 >&2", stdin=r); p.wait(); other.kill(); other.wait()
        show(os.read(r, 10))
        """,
      taken: ["peeked", "relayed", "relayed"], stdin: "a\n", stderr: "a\n"),
    StreamRow(
      name: "a shared pipe that is still written",
      text: """
        r, w = os.pipe(); os.dup2(r, 0); os.write(w, b"a\\nb\\n")
        p = run("head -c 2 >&2", stdin=0); p.wait()
        show(os.read(0, 10))
        """,
      taken: ["unknown", "relayed", "relayed"], stderr: "a\n"),
    StreamRow(
      name: "more output than is kept",
      text: #"show(len(run("seq 1000", stdout=s.PIPE).communicate()[0]))"#,
      taken: ["inherited", "relayed truncated", "relayed"],
      stdout: (1...100).map { "\($0)\n" }.joined().prefix(64).description),
    StreamRow(
      name: "a background process that holds all three",
      text: """
        p = run("exec 3<&0; (read x <&3; echo late; echo later >&2) & echo now", stdin=s.PIPE,
                stdout=s.PIPE, stderr=s.PIPE)
        show(p.wait()); show(p.communicate(b"go\\n"))
        """,
      taken: ["relayed runs_on", "relayed runs_on", "relayed runs_on"], stdout: "now\n"),
    StreamRow(
      name: "a file that another command writes meanwhile",
      text: """
        p = run("echo one; cat >/dev/null; echo three", stdin=s.PIPE, stdout=open("o", "a"))
        while os.path.getsize("o") == 0: time.sleep(0.01)
        q = s.Popen(["sh", "-c", "echo two"], stdout=open("o", "a"))
        q.wait(); p.communicate(b"go\\n"); show(sorted(open("o").read().split()))
        """,
      taken: ["relayed ended", "file overlapping", "relayed"], stdin: "go\n"),
  ]

  /// What every text begins with.
  static let prelude = """
    import os, socket, subprocess as s, time
    pair = socket.socketpair
    def run(text, **options): return s.Popen(["sh", "-c", text], **options)
    def show(*values): print(*values, flush=True)
    def filled(data):
        r, w = os.pipe(); os.write(w, data); os.close(w)
        return r

    """
}

@Suite("How each stream is taken depends on what it is, and the recording says so")
struct StreamTableTests {
  @Test("Row by row", .requires("python3"), arguments: StreamRow.all)
  func row(row: StreamRow) throws {
    var program = TracedProgram("python3", "-c", StreamRow.prelude + row.text)
    program.recordOptions = ["--max-capture", "64"]
    program.environment = ["CMDMOX_MAX_CAPTURE": "64"]
    program.limit = .seconds(30)
    for outcome in try program.expectTransparent(in: [.recorded, .preloadedRecording]) {
      let commands = outcome.fixture?.recordings.filter { $0.command == "sh" } ?? []
      let recording = try #require(commands.first)
      let process = recording.process
      let found = [process.stdin, process.stdout, process.stderr].map { stream in
        ([stream?.taken ?? "?"] + (stream?.marks ?? []).sorted()).joined(separator: " ")
      }
      #expect(found == row.taken)
      #expect(recording.stdin == row.stdin)
      // What overlaps may have another's bytes in it.
      if !row.taken[1].contains("overlapping") { #expect(recording.stdout == row.stdout) }
      #expect(recording.stderr == row.stderr)
    }
  }
}
