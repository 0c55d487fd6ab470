"""Signals, many of them, to the program and to the recorder."""

from __future__ import annotations

import contextlib
import os
import signal
import time

from cases import DONE, SLACK, Round, case
from checks import check, endings
from processes import Running
from programs import many_steps

#: What would end a process that does not expect it.
FATAL = [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2,
         signal.SIGALRM, signal.SIGPIPE, signal.SIGVTALRM, signal.SIGPROF, signal.SIGIO,
         signal.SIGXCPU, signal.SIGXFSZ, signal.SIGRTMIN, signal.SIGRTMIN + 5, signal.SIGRTMAX]
#: Of these, what even the tool takes note of alone.
TAKEN = [signal.SIGPIPE, signal.SIGXCPU, signal.SIGXFSZ]
HARMLESS = [signal.SIGCHLD, signal.SIGCONT, signal.SIGWINCH, signal.SIGURG]


def _send(pid: int | None, number: int) -> None:
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


@case("trace", "bare", "record", "bare-record")
def storm_on_program(current: Round) -> None:
    """a storm of signals that the program handles"""
    program = [current.programs.path("stormy"), *current.programs.work(*many_steps(2))]
    plain = current.alone(program)
    usual = current.usual_seconds(program)
    running = current.start(program)
    end = time.monotonic() + usual * 2
    sent = 0
    while time.monotonic() < end and not running.ends_within(0.0002):
        if b"ready" in running.so_far(0).out:
            _send(_program(current, running), current.random.choice(
                [signal.SIGUSR1, signal.SIGALRM, signal.SIGWINCH, signal.SIGCHLD, signal.SIGCONT,
                 signal.SIGURG]))
            sent += 1
    current.tell(f"{sent} signals")
    outcome = running.outcome(DONE + SLACK)
    current.settle(SLACK)
    current.check_same(plain, outcome)
    current.check_recorded(outcome)


@case("trace", "bare", "record", "bare-record")
def storm_on_recorder(current: Round) -> None:
    """a storm of signals on the recorder, of every kind but SIGKILL and SIGSTOP"""
    program = current.programs.work(*many_steps(2))
    plain = current.alone(program)
    usual = current.usual_seconds(program)
    running = current.start(program)
    recorder = None
    while recorder is None:
        # It has blocked what it does not want by the time that there is a session.
        running.ends_within(0.002)
        recorder = current.recorder(running) if current.place.has_journal() else None
    running.ends_within(current.random.uniform(0, usual))
    # What is sent to the tool alone is for the program, and would end it.
    choice = HARMLESS + (TAKEN if current.form.is_tools else FATAL)
    sent = current.random.choices(choice, k=30)
    for number in sent:
        _send(recorder, number)
    current.tell(f"{[int(one) for one in sent]} to {recorder}")
    outcome = running.outcome(DONE + SLACK)
    current.settle(SLACK)
    current.check_same(plain, outcome)
    current.check_recorded(outcome)


@case("trace", "bare")
def group(current: Round) -> None:
    """the program signals its whole process group"""
    number = current.random.choice(["USR1", "USR2", "ALRM", "IO", "PROF", "VTALRM", "34"])
    program = ["sh", "-c", f"trap : {number}; kill -{number} 0; " + 'exec "$0" "$@"',
               *current.programs.work(*many_steps(1))]
    plain = current.alone_now(program)
    running = current.start(program)
    current.tell(number)
    outcome = running.outcome(DONE + SLACK)
    current.settle(SLACK)
    current.check_same(plain, outcome)
    current.check_recorded(outcome)


@case("trace", "bare", "record", "bare-record")
def program_killed(current: Round) -> None:
    """the program is killed at a random moment"""
    program = current.programs.work(*many_steps(2), "many=many0")
    plain = current.alone(program)
    usual = current.usual_seconds(program)
    running = current.start(program)
    moment = current.random.uniform(0, usual)
    running.ends_within(moment)
    victim = _program(current, running)
    current.tell(f"killed {victim} after {moment:.3f} s")
    _send(victim, signal.SIGKILL)
    outcome = running.outcome(DONE + SLACK)
    current.settle(SLACK)
    if outcome.status == plain.status:
        current.check_same(plain, outcome)
    else:
        check(outcome.status == 137, f"status {outcome.status}; {outcome.said}")
        said = endings(outcome.out)
        check(said.items() <= endings(plain.out).items(), f"said {said}")
    current.check_left_behind(outcome)


def _program(current: Round, running: Running) -> int | None:
    """The program's own process, once there is one."""
    if not current.form.is_tools:
        return running.pid
    with contextlib.suppress(OSError):
        with open(f"/proc/{running.pid}/task/{running.pid}/children") as file:
            return next((int(word) for word in file.read().split()), None)
    return None
