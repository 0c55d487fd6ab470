"""How a command ends, and what the caller and the controller see of it."""

from __future__ import annotations

import errno
import os
import pathlib
import select
import signal
import subprocess

from cases import (PERL, PYTHON, SHELLS, bare, case, check, eventually, is_alive, pid_of, same)
from controller import RUN, RUNS_ON

EXITS = {
    "bash": lambda code: [*SHELLS["bash"], f"exit {code}"],
    "dash": lambda code: [*SHELLS["dash"], f"exit {code}"],
    "python3": lambda code: [*PYTHON, f"import os; os._exit({code})"],
    "perl": lambda code: [*PERL, f"exit {code}"],
}
KILLS = {
    "bash": lambda number: [*SHELLS["bash"], f"kill -{number} $$"],
    "dash": lambda number: [*SHELLS["dash"], f"kill -{number} $$"],
    "python3": lambda number: [*PYTHON, f"import os; os.kill(os.getpid(), {number})"],
    "perl": lambda number: [*PERL, f"kill {number}, $$"],
}


@case(*EXITS)
def exits(make, language):
    """The exit status is the command's"""
    session = make()
    for code in (0, 1, 42, 126, 255):
        same(session.run(EXITS[language](code)).returncode, code)
        report = session.report()
        same((report.status, report.error), (code << 8, 0))
        check(report.pid > 0 and report.stamp > 0 and report.memory > 0, "it says who and how much")


@case(*KILLS)
def dies(make, language):
    """A command that a signal ends takes the stand-in along in the same way"""
    session = make()
    for number in (signal.SIGHUP, signal.SIGKILL, signal.SIGSEGV, signal.SIGPIPE, signal.SIGABRT,
                   signal.SIGTERM, signal.SIGUSR1, signal.SIGINT, signal.SIGQUIT, 40):
        expected = bare(KILLS[language](int(number))).returncode
        same(session.run(KILLS[language](int(number))).returncode, expected, f"signal {number}")
        if expected < 0:
            same(session.report().status & 0x7F, -expected)
        else:
            session.report()


@case()
def no_core(make):
    """No core file of the stand-in is left"""
    session = make()
    folder = session.folder / "cores"
    folder.mkdir()
    session.run([*SHELLS["bash"], "ulimit -c 0; kill -SEGV $$"], cwd=folder)
    session.report()
    same(os.listdir(folder), [])


@case(("missing", "/nowhere/at-all", 127, errno.ENOENT), ("denied", "/etc/passwd", 126, errno.EACCES),
      ("folder", "/etc", 126, errno.EACCES))
def fails_to_execute(make, _, path, code, error):
    """An exec that fails is answered as a shell would, and reported"""
    session = make()
    result = session.run(["x"], execute=path)
    same((result.returncode, result.stdout, result.stderr), (code, b"", b""))
    report = session.report()
    same((report.status, report.error), (code << 8, error))
    session = make(action=RUN)
    result = session.run(["x"], execute=path)
    same((result.returncode, result.stdout, result.stderr), (code, b"", b""))


@case("bash", "dash")
def background(make, shell):
    """A background child that keeps stdout delays nobody, and what it says arrives"""
    session = make()
    read, write = os.pipe()
    script = "(read x <&3; echo late) & echo now"
    began, wait = os.pipe()
    process = session.start([*SHELLS[shell], f"exec 3<&{began}; {script}"], pass_fds=[began],
                            stdout=write, stderr=subprocess.DEVNULL)
    os.close(write)
    os.close(began)
    same(process.wait(timeout=5), 0, "it ended while the background child waits")
    report = session.report()
    check(report.stdout.has(RUNS_ON), "the report says so")
    same(report.stdout.kept, b"now\n")
    os.write(wait, b"go\n")
    os.close(wait)
    with open(read, "rb") as out:
        same(out.read(), b"now\nlate\n")


@case("bash", "dash")
def not_in_background(make, shell):
    """Without a background child nothing is said to run on"""
    session = make()
    same(session.run([*SHELLS[shell], "echo a | cat; echo b >&2"]).stdout, b"a\n")
    report = session.report()
    check(not report.stdout.has(RUNS_ON) and not report.stderr.has(RUNS_ON), "a flag that is wrong")


@case("bash", "dash")
def background_reads(make, shell):
    """A background child that reads stdin after the command's end gets all of it"""
    session = make()
    read, write = os.pipe()
    process = session.start([*SHELLS[shell], "exec 3<&0; cat <&3 & exit 3"], stdin=subprocess.PIPE,
                            stdout=write)
    os.close(write)
    same(process.wait(timeout=5), 3)
    check(session.report().stdin.has(RUNS_ON), "the report says so")
    process.stdin.write(b"x" * 300_000)
    process.stdin.close()
    with open(read, "rb") as out:
        same(len(out.read()), 300_000)


@case()
def killed(make):
    """SIGKILL of the stand-in takes the command along"""
    session = make()
    process = session.start([*SHELLS["dash"], "echo $$; exec sleep 100"], stdout=subprocess.PIPE)
    pid = pid_of(process)
    check(pid != process.pid and is_alive(pid), "the command is another process and lives")
    process.kill()
    same(process.wait(timeout=5), -signal.SIGKILL)
    eventually(lambda: not is_alive(pid), "the command is gone", 5)


@case()
def output_first(make):
    """The output has arrived when the end is seen"""
    session = make()
    for _ in range(40):
        read, write = os.pipe()
        process = session.start([*SHELLS["dash"], "echo one; echo two"], stdout=write)
        os.close(write)
        process.wait(timeout=5)
        os.set_blocking(read, False)
        same(os.read(read, 100), b"one\ntwo\n")
        os.close(read)


@case("no controller", "refused")
def no_controller(make, how):
    """Without a controller the command runs in place, without our variables"""
    session = make(listens=how == "refused")
    session.stop_listening()
    script = "import os; print(os.getpid(), [n for n in os.environ if 'CMDMOX' in n or n == 'LD_PRELOAD'])"
    process = session.start([*PYTHON, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate(timeout=10)
    same((out, err), (f"{process.pid} []\n".encode(), b""))


def _hang_up(connection):
    connection.shutdown(2)


def _garbage(connection):
    connection.sendall(b"\xff" * 100)


def _wrong_kind(connection):
    connection.sendall(b"\x30\0\0\0\1\0\3\0" + b"\2\0\0\0" + bytes(44))


@case(("hang-up", _hang_up), ("garbage", _garbage), ("wrong kind", _wrong_kind))
def controller_dies_before(make, _, what):
    """A controller that goes before it decides is none"""
    session = make()
    session.before_decision = what
    process = session.start([*SHELLS["dash"], "echo $$; exit 4"], stdout=subprocess.PIPE)
    same(pid_of(process), process.pid, "in place")
    same(process.wait(timeout=5), 4)


@case()
def controller_stands_still(make):
    """A controller for which another one has waited in vain is not asked"""
    session = make()
    (session.path / "stalled").touch()
    process = session.start([*SHELLS["dash"], "echo $$; exit 4"], stdout=subprocess.PIPE)
    same(pid_of(process), process.pid, "in place")
    same(process.wait(timeout=5), 4)
    check(session.requests.empty(), "it was asked")


@case("bash", "python3", "perl")
def controller_dies_during(make, language):
    """A controller that goes while the command runs changes nothing"""
    session = make()
    session.after_decision = lambda connection: connection.shutdown(2)
    scripts = {
        "bash": [*SHELLS["bash"], "echo a; cat; echo b; exit 5"],
        "python3": [*PYTHON, "import sys; print('a', flush=True);"
                    "sys.stdout.write(sys.stdin.read()); print('b'); sys.exit(5)"],
        "perl": [*PERL, '$| = 1; print "a\\n"; print while <STDIN>; print "b\\n"; exit 5'],
    }
    result = session.run(scripts[language], input=b"in\n" * 50_000)
    same((result.returncode, result.stdout), (5, b"a\n" + b"in\n" * 50_000 + b"b\n"))


@case()
def decided_to_run(make):
    """A decision to run is an exec in place"""
    session = make(action=RUN)
    process = session.start([*SHELLS["dash"], "echo $$; env; exit 6"], stdout=subprocess.PIPE)
    out, _ = process.communicate(timeout=10)
    lines = out.split(b"\n")
    same(int(lines[0]), process.pid)
    check(not [line for line in lines if b"CMDMOX" in line], "our variables are gone")
    same(process.returncode, 6)


@case()
def told_nothing(make):
    """Without CMDMOX_EXECUTE it says what is wrong and exits with 70"""
    session = make()
    result = subprocess.run(["x"], executable=session.shim, env={"A": "b"}, capture_output=True,
                            timeout=5)
    same((result.returncode, result.stdout), (70, b""))
    check(result.stderr.startswith(b"cmdmox: ") and result.stderr.count(b"\n") == 1, "one line")


@case()
def deep_session(make):
    """A session directory may be deeper than a socket address can say"""
    session = make(name="/".join(["deep" * 10] * 6))
    check(len(str(session.path)) > 200, "it is deep")
    same(session.run([*SHELLS["dash"], "echo x"]).stdout, b"x\n")
    same(session.report().stdout.kept, b"x\n")


@case()
def many_at_once(make):
    """Many at once: none is lost, each has its own output"""
    session = make()
    processes = [session.start([*SHELLS["dash"], f"echo {i}; exit {i}"], stdout=subprocess.PIPE)
                 for i in range(60)]
    for i, process in enumerate(processes):
        same((process.communicate(timeout=20)[0], process.returncode), (f"{i}\n".encode(), i))
    reports = [session.report() for _ in processes]
    same(sorted(int(report.stdout.kept) for report in reports), list(range(60)))


@case()
def slow_reader_killed(make):
    """A signal ends a stand-in whose output is stuck after the command's end"""
    session = make()
    read, write = os.pipe()
    process = session.start([*PYTHON, "import os; os.write(1, b'x' * 150_000)"], stdout=write)
    os.close(write)
    request = session.request()
    children = pathlib.Path(f"/proc/{request.pid}/task/{request.pid}/children")
    eventually(lambda: select.select([read], [], [], 0)[0] and children.read_text() == "",
               "the command has written and ended")
    check(process.poll() is None, "the stand-in waits for the reader")
    process.terminate()
    same(process.wait(timeout=5), -signal.SIGTERM)
    same(session.report().status, 0)
    os.close(read)
