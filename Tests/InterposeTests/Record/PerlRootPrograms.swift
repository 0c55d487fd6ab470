extension InterpreterProgram {
  static let perl: [InterpreterProgram] = [
    perl(
      "backticks, lists, statuses",
      #"""
      show(`echo hi`, $?);
      show(`sh -c 'echo o; echo e >&2; exit 3' 2>&1`, $? >> 8);
      show(system("exit 2") >> 8, system("sh", "-c", "kill -15 \$\$") & 127);
      show(system("nosuchcommand"), $! + 0, system("/etc/passwd"), $! + 0);
      my @lines = `printf 'a\nb\n'; printf '\000\377'`; show(map { unpack "H*", $_ } @lines);
      """#, recorded: ["sh: o\\ne\\n"]),
    perl(
      "pipes to and from commands, one whose reader goes, one that it leaves",
      #"""
      open(my $to, "|-", "cat") or die; print $to "x\n" x 3; close $to; show($?);
      open(my $from, "-|", "seq", "5") or die; my @lines = <$from>; close $from; show(scalar @lines, $?);
      open($from, "-|", "yes") or die; my $first = <$from>; close $from; show($first, $? & 127);
      my $gone = 0; $SIG{PIPE} = sub { $gone = 1 };
      open($to, "|-", "head -1 >/dev/null") or die;
      for (1 .. 1e6) { last if $gone; print $to "line $_\n" } close $to; show("gone $gone");
      """#, recorded: ["cat: x\\nx\\nx\\n", "seq: 1\\n2\\n3\\n4\\n5\\n"]),
    perl(
      "conversations: open2 and open3",
      #"""
      use IPC::Open2; use IPC::Open3; use Symbol 'gensym';
      my $pid = open2(my $from, my $to, "cat");
      for (1 .. 3) { print $to "line $_\n"; print scalar <$from> } close $to; waitpid $pid, 0; show($?);
      my $errors = gensym;
      $pid = open3($to, $from, $errors, "sh", "-c", 'read x; echo got $x; echo bad >&2; exit 4');
      print $to "hello\n"; close $to; print <$from>, <$errors>; waitpid $pid, 0; show($? >> 8);
      """#, recorded: ["cat: line 1\\nline 2\\nline 3\\n", "sh: got hello\\n"]),
    perl(
      "files, and commands that it forks",
      #"""
      sub run { my $do = shift; my $pid = fork; if (!$pid) { $do->(); exec @_ or exit 99 } waitpid $pid, 0 }
      run(sub { open STDOUT, ">", "f"; open STDERR, ">&STDOUT" }, "sh", "-c", "echo a; echo b >&2; echo c");
      print `cat f`;
      run(sub { open STDOUT, ">>", "g" }, "seq", $_) for 1 .. 3;
      print `cat g`;
      run(sub { close STDIN }, "sh", "-c", "read x; echo \$?");
      run(sub { close STDOUT }, "sh", "-c", "echo x; echo \$? >&2");
      run(sub { close STDERR }, "sh", "-c", "echo y; ls /nowhere; exit 3"); show($? >> 8);
      run(sub { %ENV = (A => 1, PATH => $ENV{PATH}) }, "sh", "-c", 'echo $A$HOME');
      run(sub { exec { "/bin/sh" } "other", "-c", 'echo $0; exit 6' }); show($? >> 8);
      """#, recorded: ["sh: a\\nb\\nc\\n", "seq: 1\\n2\\n", "sh: other\\n"]),
    perl(
      "signals",
      #"""
      sub going { my $pid = open(my $from, "-|", "sh", "-c", 'echo; exec "$@"', "sh", @_); <$from>; ($pid, $from) }
      for my $signal (qw(HUP INT QUIT TERM KILL USR1 ABRT SEGV)) {
        my ($pid, $from) = going("sleep", 9); kill $signal, $pid; close $from; show($signal, $? & 127);
      }
      my ($pid, $from) = going("bash", "-c", "trap 'echo caught; exit 5' TERM; echo; while :; do sleep 0.05; done");
      <$from>; kill TERM => $pid; print <$from>; close $from; show($? >> 8);
      show(system("timeout", "0.3", "sleep", 9) >> 8);
      local $SIG{ALRM} = sub { die "over\n" }; eval { alarm 1; system("sleep 9"); }; print $@;
      """#),
    perl(
      "commands that eat the input of the loop around them",
      #"""
      pipe R, W; syswrite W, "a\nb\nc\nd\n"; close W; open STDIN, "<&", \*R; close R;
      while (1) {
        my $line = ""; while (sysread(STDIN, my $c, 1)) { last if $c eq "\n"; $line .= $c } last if $line eq "";
        show("line $line"); system "head", "-c", "2";
      }
      """#, recorded: ["head: b\\n", "head: d\\n"]),
    perl(
      "many at once, and make with its jobserver",
      #"""
      open(my $to, "|-", "xargs -P16 -n1 /bin/echo | sort -n | cksum"); print $to "$_\n" for 1 .. 60; close $to;
      my %wanted; for my $code (0 .. 15) { my $pid = fork; exec "sh", "-c", "exit $code" if !$pid; $wanted{$pid} = $code }
      while ((my $pid = wait) > 0) { $wanted{$pid} == $? >> 8 or show("wrong") }
      open(my $make, ">", "Makefile"); print $make "N = \$(shell seq 20)\nall: \$(N)\n\$(N): ; \@echo \$@ > out-\$@\n"; close $make;
      show(system("make", "-s", "-j8"), scalar(() = glob "out-*"));
      """#),
  ]

  private static func perl(_ name: String, _ text: String, recorded: Set<String> = []) -> Self {
    Self(
      name: name, interpreter: ["perl", "-e"],
      text: #"$| = 1; sub show { print join("|", @_), "\n" } "# + text, recorded: recorded)
  }
}
