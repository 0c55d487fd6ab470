import Testing

/// A program in an interpreter's language: what it runs is captured one by one.
struct InterpreterProgram: CustomTestStringConvertible {
  var name: String
  /// The interpreter and its option for text.
  var interpreter: [String]
  var text: String
  /// Recordings that there must be, as `command: stdout`; a line of them each.
  var recorded: Set<String> = []

  var testDescription: String { "\(interpreter[0]): \(name)" }
}

extension InterpreterProgram {
  static let python: [InterpreterProgram] = [
    python(
      "a reader that goes",
      """
      yes = s.Popen(["yes"], stdout=s.PIPE)
      head = s.Popen(["head", "-1"], stdin=yes.stdout, stdout=s.PIPE)
      yes.stdout.close()
      print(head.communicate()[0], yes.wait(), head.returncode)
      """, recorded: ["head: y\\n"]),
    python(
      "a shell that reads its script from a pipe, with a here-document",
      """
      print(s.run(["sh"], input=b"read x; echo got $x; cat\\nhello\\nworld\\n", stdout=s.PIPE,
            stderr=s.STDOUT).stdout)
      script = b'echo "$1"; cat <<X; head -c 3\\nhere $1\\nX\\nabcdef'
      print(s.run(["sh", "-s", "a b"], input=script, stdout=s.PIPE, stderr=s.STDOUT).stdout)
      """),
    python(
      "binary input and output, and both outputs in one pipe",
      """
      data = bytes(range(256)) * 1000
      print(s.run(["cat"], input=data, stdout=s.PIPE).stdout == data)
      print(s.run(["sh", "-c", "echo o; echo e >&2; echo p"], stdout=s.PIPE, stderr=s.STDOUT).stdout)
      print(s.run(["sh", "-c", "cat >&2"], input=b"\\0\\xff", stderr=s.PIPE).stderr)
      """, recorded: ["sh: o\\ne\\np\\n"]),
    python(
      "files: one that the program writes too, one that is appended to, one that is read and written",
      """
      with open("f", "wb", 0) as f:
          f.write(b"first\\n")
          print(s.run(["sh", "-c", "echo a; echo b >&2; echo c"], stdout=f, stderr=s.STDOUT), f.tell())
          f.write(b"between\\n")
          s.run(["seq", "3"], stdout=f, stderr=f)
          f.write(b"last\\n")
      print(open("f").read())
      with open("g", "ab", 0) as g:
          for i in "123":
              s.run(["seq", i], stdout=g); g.write(b"own %s\\n" % i.encode())
      print(open("g").read())
      with open("f", "r+b", 0) as f:
          s.run(["sh", "-c", "read x; echo $x; cat"], stdin=f, stdout=s.DEVNULL); print(f.tell())
      """, recorded: ["sh: a\\nb\\nc\\n", "seq: 1\\n2\\n3\\n"]),
    python(
      "closed standard streams",
      """
      probe = '''
      def kind(n):
          try: os.fstat(n); return "o"
          except OSError: return "c"
      import os; open("found", "w").write("".join(map(kind, range(3))))'''
      programs = [["cat"], ["/bin/echo", "x"], ["ls", "/nowhere"],
                  ["sh", "-c", "read x; echo y; echo z >&2; exit 3"]]
      for closed in [0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]:
          close = lambda: [os.close(n) for n in closed]
          s.run(["python3", "-c", probe], preexec_fn=close)
          print(closed, open("found").read())
          for words in programs:
              p = s.Popen(words, preexec_fn=close, stdout=s.PIPE, stderr=s.PIPE)
              print(words[0], p.communicate(), p.returncode)
      """),
    python(
      "commands that eat the input of the loop around them",
      """
      def feed(data):
          r, w = os.pipe(); os.write(w, data); os.close(w); os.dup2(r, 0); os.close(r)
      def line():
          out = b""
          while (c := os.read(0, 1)) not in (b"", b"\\n"): out += c
          return out
      feed(b"1\\n2\\n3\\n4\\n5\\n6\\n")
      while x := line(): print(x, s.run(["head", "-c", "2"], stdout=s.PIPE).stdout)
      feed(b"1\\n2\\n3\\n")
      while x := line(): print(x, s.run(["cat"], stdout=s.PIPE).stdout)
      feed(b"1\\n2\\n3\\n")
      print(s.run(["true"]).returncode, line(), os.system("read x; test $x = 2"), line())
      """, recorded: ["head: 2\\n", "head: 4\\n", "head: 6\\n", "cat: 2\\n3\\n"]),
    python(
      "signals: kill, terminate with and without a trap, time limits, stop and continue, groups",
      """
      def going(*words, **options):
          p = s.Popen(["sh", "-c", "echo; exec \\"$@\\"", "sh", *words], stdout=s.PIPE, **options)
          p.stdout.readline()
          return p
      p = going("sleep", "9"); p.kill(); print(p.wait())
      p = going("sleep", "9"); p.terminate(); print(p.wait())
      p = going("bash", "-c", "trap 'echo caught; exit 5' TERM; echo ready; while :; do sleep 0.05; done")
      print(p.stdout.readline()); p.terminate(); print(p.stdout.read(), p.wait())
      print(s.run(["timeout", "0.3", "sleep", "9"]).returncode)
      print(s.run(["timeout", "-s", "KILL", "0.3", "sleep", "9"]).returncode)
      try: s.run(["sleep", "9"], timeout=0.2)
      except s.TimeoutExpired: print("over")
      p = going("sleep", "9"); print(p.poll(), os.waitpid(p.pid, os.WNOHANG)); p.send_signal(2)
      print(os.waitpid(p.pid, 0)[1])
      p = s.Popen(["sh", "-c", "kill -STOP $$; echo on"], stdout=s.PIPE)
      status = os.waitpid(p.pid, os.WUNTRACED)[1]; print(os.WIFSTOPPED(status), os.WSTOPSIG(status))
      p.send_signal(signal.SIGCONT); print(p.communicate()[0], p.returncode)
      p = going("sh", "-c", "sleep 9 & wait", start_new_session=True); os.killpg(p.pid, 15)
      print(p.wait())
      suicide = "import os,signal,sys,resource as r; r.setrlimit(r.RLIMIT_CORE, (0, 0)); n = int(sys.argv[1])\\n" \\
          "if n != 9: signal.signal(n, signal.SIG_DFL)\\nos.kill(os.getpid(), n)"
      for n in 1, 2, 3, 6, 8, 9, 10, 11, 12, 13, 14, 15, 34, 64:
          print(n, s.run(["python3", "-c", suicide, str(n)]).returncode)
      """),
    python(
      "every way of waiting, and the output is there at the end",
      """
      pids = {os.posix_spawnp("sh", ["sh", "-c", "exit %d" % i], os.environ): i for i in range(10)}
      while pids:
          pid, status, usage = os.wait3(0)
          assert os.waitstatus_to_exitcode(status) == pids.pop(pid) and usage.ru_maxrss > 0
      pid = os.posix_spawnp("sh", ["sh", "-c", "exit 3"], os.environ)
      print(os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT).si_status, os.waitpid(pid, 0)[1] >> 8)
      r, w = os.pipe(); os.set_blocking(r, False)
      for i in range(150):
          s.Popen(["/bin/echo", "x" * i], stdout=w).wait()
          assert os.read(r, 1000) == b"x" * i + b"\\n", i
      """),
    python(
      "descriptors, limits, groups, arguments, environments",
      """
      r, w = os.pipe()
      print(s.run(["sh", "-c", "echo x >&%d" % w], pass_fds=[w]).returncode, os.read(r, 10))
      os.write(w, b"abc\\n"); os.close(w)
      print(s.run(["cat", "/dev/fd/%d" % r], pass_fds=[r], stdout=s.PIPE).stdout)
      less = lambda: (os.umask(0o27), resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20)), os.nice(3))
      print(s.run(["sh", "-c", "umask; ulimit -n; pwd; trap; nice"], cwd="/", stdout=s.PIPE,
            preexec_fn=less).stdout)
      listing = ["python3", "-c", "import os; print(sorted(os.listdir('/proc/self/fd')))"]
      print(s.run(listing, stdout=s.PIPE, stderr=s.PIPE, stdin=s.PIPE).stdout)
      print(s.run(listing, stdout=s.PIPE, close_fds=False).stdout)
      print(s.run(["grep", "-E", "Sig(Blk|Ign|Cgt)", "/proc/self/status"], stdout=s.PIPE,
            restore_signals=False).stdout)
      groups = ["python3", "-c", "import os; print(os.getsid(0), os.getpgid(0))"]
      p = s.Popen(groups, start_new_session=True, stdout=s.PIPE)
      print([int(n) == p.pid for n in p.communicate()[0].split()])
      p = s.Popen(groups, process_group=0, stdout=s.PIPE)
      print([int(n) == p.pid for n in p.communicate()[0].split()])
      print(s.run(["other name", "-c", "echo $0"], executable="/bin/sh", stdout=s.PIPE).stdout)
      print(s.run([b"/bin/echo", b"\\xff\\xfe", "ümlaut", "", "a\\nb"], stdout=s.PIPE).stdout)
      print(s.run(["env"], env={"A": "1", "B": ""}, stdout=s.PIPE).stdout)
      print(s.run("echo $0 a; seq 2", shell=True, stdout=s.PIPE).stdout)
      """, recorded: ["sh: other name\\n", "env: A=1\\nB=\\n", "cat: abc\\n"]),
    python(
      "what cannot be executed",
      """
      for name, text in ("noexec", "echo a"), ("badinterpreter", "#!/nowhere/x\\n"), ("empty", ""):
          open(name, "w").write(text); os.chmod(name, 0o755)
      for name in "nosuchcommand", "/etc/passwd", "/etc", "./noexec", "./badinterpreter", "./empty":
          try: print(s.run([name]).returncode)
          except OSError as error: print(type(error).__name__, error.errno, error.filename)
      print(os.system("./noexec"), os.system("nosuchcommand 2>/dev/null"), os.system("/etc 2>/dev/null"))
      """),
    python(
      "terminals that it makes",
      """
      import pty, termios
      def on_terminal(*words):
          pid, master = pty.fork()
          if pid == 0: os.execvp(words[0], words)
          out = b""
          try:
              while b := os.read(master, 1000): out += b
          except OSError: pass
          os.close(master)
          return out, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
      os.mkdir("d")
      print(on_terminal("ls", "--color=auto", "-d", "d"))
      print(on_terminal("sh", "-c", "stty size; for i in 0 1 2; do test -t $i; echo $?; done; exit 4"))
      print(on_terminal("bash", "-c", "kill -INT $$"))
      print(on_terminal("python3", "-c",
            "import os; print(os.tcgetpgrp(0) == os.getpgrp(), open('/dev/tty').isatty())"))
      master, slave = pty.openpty()
      s.run(["sh", "-c", "stty -echo; stty raw; echo hi"], stdin=slave, stdout=slave, stderr=slave)
      settings = termios.tcgetattr(slave)
      print(os.read(master, 1000), settings[3] & (termios.ECHO | termios.ICANON), settings[1] & 1)
      """),
    python(
      "many at once: xargs, threads, make with its jobserver",
      """
      import threading
      numbers = b"\\n".join(b"%d" % i for i in range(100))
      out = s.run(["xargs", "-P16", "-n1", "/bin/echo"], input=numbers, stdout=s.PIPE).stdout
      print(sorted(map(int, out.split())) == list(range(100)))
      found = []
      def work(i):
          for _ in range(5):
              data = b"%d" % i * 1000
              found.append(s.run(["cat"], input=data, stdout=s.PIPE, stderr=s.PIPE).stdout == data)
      threads = [threading.Thread(target=work, args=(i,)) for i in range(16)]
      [t.start() for t in threads]; [t.join() for t in threads]
      print(len(found), all(found))
      open("Makefile", "w").write("N = $(shell seq 20)\\nall: $(N) ; @cat $(N:%=out-%)\\n"
          "$(N): ; @(echo making $@; sleep 0.01; $(MAKE) -s -f inner N=$@) > out-$@\\n")
      open("inner", "w").write("all: a b\\na b: ; @echo $(N)$@ > in-$(N)$@\\n")
      print(s.run(["make", "-s", "-j8"], stdout=s.PIPE).stdout, len(os.listdir(".")))
      """),
  ]

  private static func python(_ name: String, _ text: String, recorded: Set<String> = []) -> Self {
    Self(
      name: name, interpreter: ["python3", "-c"],
      text: "import os, resource, signal, subprocess as s\n" + text, recorded: recorded)
  }
}
