"""What the command finds: arguments, environment, descriptors, limits, signals."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys

from cases import PYTHON, SHELLS, bare, case, check, same
from controller import CLOSED, INHERITED, NESTED, RELAYED, RUN


@case()
def arguments(make):
    """Arguments and argv[0] are exact, for the command and in the request"""
    session = make()
    argv = [b"other name", b"-c", b"import sys; sys.stdout.buffer.write("
            b"open('/proc/self/cmdline', 'rb').read())", b"", b" ", b"new\nline", b"\xff\xfe",
            "ümlaut".encode(), b"x" * 131_000]
    result = session.run(argv, execute=sys.executable)
    same(result.stdout, b"\0".join(argv) + b"\0")
    request = session.request()
    same((request.argv, request.executable), (argv, os.fsencode(sys.executable)))
    same(request.cwd, os.fsencode(os.getcwd()))
    check(request.ppid == os.getpid() and request.pid > 0, "it names us as its parent")
    same((request.parent, request.intent), (0xAA, 0xBB))


@case()
def huge_environment(make):
    """An environment of two megabytes goes through"""
    session = make()
    base = {f"V{i}": "x" * 20_000 for i in range(60)} | {"PATH": os.environ["PATH"]}
    result = session.run([*SHELLS["dash"], "echo $V59 | wc -c"], base=base)
    same(result.stdout.strip(), b"20001")
    same(len(session.request().env), 61)


ENVIRON = [*PYTHON, "import sys; sys.stdout.buffer.write(open('/proc/self/environ', 'rb').read())"]


@case("run", "capture", "no parent")
def environment_exact(make, how):
    """The environment is what it would have been without us"""
    session = make(action=RUN if how == "run" else 2)
    base = {"B": "1", "A": "", "EMPTY": "", "X": "a=b", "CMDMOXED": "stays"}
    process = subprocess.Popen(
        ENVIRON, executable=session.shim, stdout=subprocess.PIPE,
        env=session.environment(sys.executable, base, None if how == "no parent" else "0" * 41))
    out, _ = process.communicate(timeout=10)
    expected = bare(ENVIRON, env=base).stdout
    same(out, expected)
    same(session.request().env, expected.split(b"\0")[:-1])


@case()
def preload_of_the_user(make):
    """Only our library is taken out of LD_PRELOAD"""
    session = make()
    ours = {"CMDMOX_EXECUTE": sys.executable,
            "LD_PRELOAD": "/nowhere/lib/libcmdmox.so:/lib/x86_64-linux-gnu/libm.so.6",
            "CMDMOX_SESSION": str(session.path), "CMDMOX_PARENT": "0" * 41}
    out = subprocess.run(ENVIRON, executable=session.shim, env=ours, capture_output=True,
                         timeout=10).stdout
    same(out, b"LD_PRELOAD=/lib/x86_64-linux-gnu/libm.so.6\0")


@case()
def handed_down(make):
    """Nested: our variables go down, with the intent as the parent"""
    session = make(flags=NESTED)
    variables = session.environment(sys.executable, {"A": "b"},
                                    "00000000000000aa3" + "00000000000000bb" + "00000000")
    out = subprocess.run(ENVIRON, executable=session.shim, env=variables, capture_output=True,
                         timeout=10).stdout
    del variables["CMDMOX_EXECUTE"]
    variables["CMDMOX_PARENT"] = ("00000000000000bbf" + "00000000000000bb"
                                  + f"{session.report().pid:08x}")
    same(out.split(b"\0")[:-1], [f"{name}={value}".encode() for name, value in variables.items()])
    same(session.request().env, [b"A=b"])


FDS = "import os, json; print(json.dumps(sorted((int(n), os.readlink(f'/proc/self/fd/{n}')) for n in os.listdir('/proc/self/fd') if os.path.exists(f'/proc/self/fd/{n}'))))"


@case("plain", "passed", "many")
def descriptors(make, how):
    """The command finds the descriptors of its caller and no other"""
    session = make()
    passed = [] if how == "plain" else [os.dup(2)] if how == "passed" else [
        os.open("/etc/passwd", os.O_RDONLY) for _ in range(100)]
    found = json.loads(session.run([*PYTHON, FDS], pass_fds=passed).stdout)
    expected = json.loads(bare([*PYTHON, FDS], pass_fds=passed).stdout)
    same([number for number, _ in found], [number for number, _ in expected])
    same(found[3:], expected[3:])
    session.report()
    for descriptor in passed:
        os.close(descriptor)


@case()
def passed_on_closed(make):
    """A descriptor that was passed is closed in the stand-in: its reader sees the end in time"""
    session = make()
    read, write = os.pipe()
    process = session.start([*SHELLS["dash"], f"exec {write}>&-; echo closed; read x"],
                            pass_fds=[write], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    os.close(write)
    same(process.stdout.readline(), b"closed\n")
    same(os.read(read, 1), b"", "the end of file")
    os.close(read)
    process.communicate(b"\n", timeout=5)


LOOK = """
import os, sys
def kind(number):
    try:
        os.fstat(number)
        return 'o'
    except OSError:
        return 'c'
found = ''.join(map(kind, range(3)))
open(sys.argv[1], 'w').write(found)
"""


@case("0", "1", "2", "01", "12", "02", "012")
def closed(make, which):
    """Closed standard descriptors stay closed, and are reported so"""
    session = make()
    answer = session.folder / "answer"
    numbers = [int(number) for number in which]

    def close_them():
        for number in numbers:
            os.close(number)

    def run(start):
        process = start([*PYTHON, LOOK, str(answer)], stdin=subprocess.DEVNULL,
                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=close_them)
        process.communicate(timeout=10)
        return process.returncode, answer.read_text()

    expected = run(subprocess.Popen)
    same(run(session.start), expected)
    same(expected[1], "".join("c" if n in numbers else "o" for n in range(3)))
    for number, stream in enumerate(session.report().streams):
        same(stream.how == CLOSED, number in numbers, f"descriptor {number}")


def _ignore():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGCHLD])


def _default():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


@case(("ignored", _ignore), ("default", _default))
def signal_state(make, _, prepare):
    """Signal mask and ignored signals are the caller's"""
    session = make()
    script = ["grep", "Sig[BIC]", "/proc/self/status"]
    expected = bare(script, preexec_fn=prepare, restore_signals=False).stdout
    for _ in range(3):
        result = session.run(script, preexec_fn=prepare, restore_signals=False)
        same((result.stdout, result.returncode), (expected, 0))
    check(prepare is _default or b"\t0000000000000000\n" not in expected, "there was something")


@case((8, 8), (40, 4096), (3, 3))
def limits(make, soft, hard):
    """RLIMIT_NOFILE is the caller's, and a low one does not hinder us"""
    session = make()

    def lower():
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    script = [*SHELLS["dash"], "ulimit -Sn; ulimit -Hn"]
    if soft == 3:  # too low for the dynamic linker: only a static program could run
        script = ["/bin/true"]
    expected = bare(script, preexec_fn=lower)
    result = session.run(script, preexec_fn=lower)
    same((result.returncode, result.stdout), (expected.returncode, expected.stdout))


@case()
def same_group(make):
    """The command stays in the stand-in's process group and session"""
    session = make()
    script = "import os; print(os.getpgid(0), os.getsid(0), os.getppid())"
    process = session.start([*PYTHON, script], stdout=subprocess.PIPE, start_new_session=True)
    group, leader, parent = map(int, process.communicate(timeout=10)[0].split())
    same((group, leader, parent), (process.pid,) * 3)


@case()
def as_nobody(make):
    """It works for a user who may do little"""
    session = make()
    if os.geteuid() != 0:
        return
    env = session.environment(None) | {"shim": session.shim}
    env.pop("LD_PRELOAD")
    script = "printf x | { CMDMOX_EXECUTE=/bin/sh $shim -c 'id -u; cat'; }"
    result = bare([*SHELLS["dash"], script], env=env, user=65534, group=65534, extra_groups=[])
    same(result.stdout, b"65534\nx")
    report = session.report()
    same((report.stdout.how, report.stdout.kept), (RELAYED, b"65534\nx"))
    same((report.stdin.how, report.stdin.kept), (RELAYED, b"x"))


@case()
def makes_no_difference_to_null(make):
    """/dev/null as the caller's own is left alone"""
    session = make()
    script = [*PYTHON, "import os; os.write(2, os.readlink(b'/proc/self/fd/1'))"]
    result = session.run(script, stdout=subprocess.DEVNULL)
    same(result.stderr, b"/dev/null")
    same([stream.how for stream in session.report().streams], [INHERITED, INHERITED, RELAYED])
