"""Signals, stopping and continuing."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess

from cases import (PERL, PYTHON, SHELLS, case, check, children, eventually, is_alive, pid_of, same,
                   state)

LOOP = "trap 'echo caught; exit 7' {}; echo $$; while :; do sleep 0.05; done"
TRAPS = {
    "bash": lambda number: [*SHELLS["bash"], LOOP.format(number)],
    "dash": lambda number: [*SHELLS["dash"], LOOP.format(number)],
    "python3": lambda number: [*PYTHON, f"""
import os, signal, sys
def caught(*_): os.write(1, b'caught\\n'); os._exit(7)
signal.signal({number}, caught)
print(os.getpid(), flush=True)
while True: signal.pause()"""],
    "perl": lambda number: [*PERL, f'use Config; @n = split " ", $Config{{sig_name}}; $| = 1; $SIG{{$n[{number}]}} = sub {{ print "caught\\n"; exit 7 }}; print "$$\\n"; sleep 1 while 1'],
}


@case(*TRAPS)
def passed_on(make, language):
    """A signal that a process sends to the stand-in reaches the command"""
    session = make()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1, signal.SIGUSR2,
                   signal.SIGQUIT, signal.SIGPIPE, signal.SIGALRM, signal.SIGWINCH):
        process = session.start(TRAPS[language](int(number)), stdout=subprocess.PIPE)
        pid_of(process)
        os.kill(process.pid, number)
        same((process.stdout.read(), process.wait(timeout=5)), (b"caught\n", 7), f"signal {number}")
        session.report()


@case("bash", "dash", "python3", "perl")
def untrapped(make, language):
    """A signal that the command does not catch ends both"""
    session = make()
    scripts = {"bash": "echo $$; exec sleep 60", "dash": "echo $$; exec sleep 60"}
    argv = [*SHELLS[language], scripts[language]] if language in SHELLS else {
        "python3": [*PYTHON, "import os, signal; print(os.getpid(), flush=True); signal.pause()"],
        "perl": [*PERL, '$| = 1; print "$$\\n"; sleep 60'],
    }[language]
    process = session.start(argv, stdout=subprocess.PIPE)
    pid = pid_of(process)
    process.terminate()
    same(process.wait(timeout=5), -signal.SIGTERM)
    check(not is_alive(pid), "the command has ended")
    same(session.report().status, signal.SIGTERM)


@case()
def with_value(make):
    """A queued signal keeps its value"""
    session = make()
    script = """
import os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, [40])
print(os.getpid(), flush=True)
info = signal.sigwaitinfo([40])
print(info.si_signo, info.si_code, info.si_pid)
"""
    process = session.start([*PYTHON, script], stdout=subprocess.PIPE)
    pid_of(process)
    libc = ctypes.CDLL(None)
    same(libc.sigqueue(process.pid, 40, ctypes.c_void_p(1234)), 0)
    same(process.communicate(timeout=5)[0], b"40 -1 %d\n" % os.getpid())


@case()
def alarm_before(make):
    """An alarm that the caller set before its exec still rings"""
    session = make()
    process = session.start(["sleep", "60"], preexec_fn=lambda: signal.alarm(1))
    same(process.wait(timeout=5), -signal.SIGALRM)


@case("bash", "dash", "python3", "perl")
def stops(make, language):
    """A command that stops itself stops the stand-in too, and goes on with it"""
    session = make()
    scripts = {
        "bash": [*SHELLS["bash"], "echo $$; kill -STOP $$; echo on; exit 3"],
        "dash": [*SHELLS["dash"], "echo $$; kill -STOP $$; echo on; exit 3"],
        "python3": [*PYTHON, "import os; os.write(1, b'%d\\n' % os.getpid()); os.kill(os.getpid(), 19); print('on', flush=True); os._exit(3)"],
        "perl": [*PERL, '$| = 1; print "$$\\n"; kill 19, $$; print "on\\n"; exit 3'],
    }
    process = session.start(scripts[language], stdout=subprocess.PIPE)
    pid = pid_of(process)
    found, status = os.waitpid(process.pid, os.WUNTRACED)
    same((os.WIFSTOPPED(status), os.WSTOPSIG(status)), (True, signal.SIGSTOP))
    same(state(pid), "T")
    os.kill(process.pid, signal.SIGCONT)
    same(process.stdout.read(), b"on\n")
    same(process.wait(timeout=5), 3)


@case(signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)
def stopped(make, number):
    """A stop signal sent to the stand-in stops both, more than once"""
    session = make()
    process = session.start([*SHELLS["dash"], "echo $$; read x; echo $x"], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, process_group=0)
    pid = pid_of(process)
    for _ in range(3):
        os.kill(process.pid, number)
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        same((os.WIFSTOPPED(status), os.WSTOPSIG(status)), (True, int(number)))
        same(state(pid), "T")
        os.kill(process.pid, signal.SIGCONT)
        eventually(lambda: state(pid) != "T" and state(process.pid) != "T", "both go on", 5)
    same(process.communicate(b"end\n", timeout=5)[0], b"end\n")
    same(process.returncode, 0)


@case(signal.SIGSTOP, signal.SIGTSTP)
def continued_alone(make, number):
    """A command that is stopped and continued by its own number takes its stand-in along"""
    session = make()
    script = """
import os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCONT])
print(os.getpid(), flush=True)
for _ in range(3):
    signal.sigwait([signal.SIGCONT])
    print("on", flush=True)
input()
print(signal.sigtimedwait([signal.SIGCONT], 0))
"""
    process = session.start([*PYTHON, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            process_group=0)
    pid = pid_of(process)
    for _ in range(3):
        os.kill(pid, number)
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        same((os.WIFSTOPPED(status), os.WSTOPSIG(status)), (True, int(number)))
        os.kill(pid, signal.SIGCONT)
        _, status = os.waitpid(process.pid, os.WCONTINUED)
        check(os.WIFCONTINUED(status), "the stand-in goes on")
        same(process.stdout.readline(), b"on\n")
        same(children(process.pid), [pid])
    same(process.communicate(b"\n", timeout=5)[0], b"None\n")
    same(process.returncode, 0)


@case()
def continued_and_stopped_and_continued(make):
    """By its own number, by its own number, and by the stand-in's: the last one counts"""
    for _ in range(20):
        process = make().start(["dash", "-c", "echo $$; read x; exit 4"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, process_group=0)
        pid = pid_of(process)
        os.kill(pid, signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)
        os.kill(pid, signal.SIGCONT)
        os.kill(pid, signal.SIGSTOP)
        os.kill(process.pid, signal.SIGCONT)
        process.communicate(b"\n", timeout=5)
        same(process.returncode, 4)


@case()
def killed_when_stopped(make):
    """A stopped command that is killed by its own number ends its stand-in"""
    session = make()
    process = session.start([*SHELLS["dash"], "echo $$; kill -STOP $$"], stdout=subprocess.PIPE)
    pid = pid_of(process)
    os.waitpid(process.pid, os.WUNTRACED)
    os.kill(pid, signal.SIGKILL)
    same(process.wait(timeout=5), -signal.SIGKILL)


@case()
def killed_with_its_command(make):
    """A stopped stand-in that is killed leaves nothing behind"""
    session = make()
    process = session.start([*SHELLS["dash"], "echo $$; kill -STOP $$"], stdout=subprocess.PIPE)
    pid = pid_of(process)
    os.waitpid(process.pid, os.WUNTRACED)
    others = children(process.pid)
    same(len(others), 2)
    process.kill()
    process.wait(timeout=5)
    eventually(lambda: not any(map(is_alive, others)), "the command and who watched it have ended", 5)
    check(pid in others, "the command was its child")


@case()
def to_the_group(make):
    """A signal to the whole group ends both"""
    session = make()
    process = session.start([*SHELLS["dash"], "echo $$; exec sleep 60"], stdout=subprocess.PIPE,
                            process_group=0)
    pid = pid_of(process)
    os.killpg(process.pid, signal.SIGINT)
    same(process.wait(timeout=5), -signal.SIGINT)
    check(not is_alive(pid), "the command has ended")


@case()
def child_signals_ignored(make):
    """With SIGCHLD ignored by the caller the status is still right"""
    session = make()
    process = session.start([*SHELLS["dash"], "exit 9"],
                            preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    same(process.wait(timeout=5), 9)
    same(session.report().status, 9 << 8)
