"""The recorder does not read for a while, or never again."""

from __future__ import annotations

import contextlib
import os
import signal

from cases import DONE, PATIENCE, READY, SLACK, STALL, Round, case
from processes import Running
from programs import many_steps


def _signal(pid: int | None, number: int) -> None:
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _start(current: Round, program: list[str]) -> tuple[Running, int | None]:
    """Starts the program and finds the recorder after a random time."""
    usual = current.usual_seconds(program)
    running = current.start(program)
    moment = current.random.uniform(0, usual)
    running.ends_within(moment)
    current.tell(f"after {moment:.3f} s")
    return running, current.recorder(running)


@case("trace", "bare", "record", "bare-record")
def slow(current: Round) -> None:
    """stopped and continued again and again"""
    program = current.programs.work(*many_steps(3), "many=many0")
    plain = current.alone(program)
    running, recorder = _start(current, program)
    for _ in range(40):
        _signal(recorder, signal.SIGSTOP)
        if running.ends_within(current.random.uniform(0, 0.02)) and not current.form.is_tools:
            break
        _signal(recorder, signal.SIGCONT)
        if running.ends_within(current.random.uniform(0, 0.01)):
            break
    _signal(recorder, signal.SIGCONT)
    outcome = current.check_program(plain, running, STALL + DONE + SLACK)
    current.check_recorded(outcome)


@case("trace", "record", cost=20, is_slow=True)
def stopped_tool(current: Round) -> None:
    """the tool stopped, and continued when the program has long been over"""
    program = current.programs.work(*many_steps(2), "many=many0", "many=more0")
    plain = current.alone(program)
    running, _ = _start(current, program)
    _signal(running.pid, signal.SIGSTOP)
    work = current.programs.path("work")
    limit = STALL + PATIENCE + SLACK
    current.wait_until(lambda: current.is_over(work), limit, "the program goes on")
    _signal(running.pid, signal.SIGCONT)
    outcome = current.check_program(plain, running, limit + SLACK)
    current.check_recorded(outcome)


@case("bare", "bare-record", cost=20, is_slow=True)
def stopped(current: Round) -> None:
    """stopped for good: the program waits as long as stated, once"""
    program = current.programs.work(*many_steps(2), "many=many0", "many=more0")
    plain = current.alone(program)
    running, recorder = _start(current, program)
    _signal(recorder, signal.SIGSTOP)
    limit = READY + STALL + DONE + PATIENCE + SLACK
    try:
        outcome = running.outcome(limit)
        current.check_same(plain, outcome)
    finally:
        _signal(recorder, signal.SIGKILL)
    current.settle(SLACK)
    current.check_left_behind(outcome)


@case("bare", "bare-record", cost=20, is_slow=True)
def stopped_and_continued(current: Round) -> None:
    """stopped until the program is over, and continued then: it still writes what it knows"""
    program = current.programs.work(*many_steps(2), "many=many0")
    plain = current.alone(program)
    running, recorder = _start(current, program)
    _signal(recorder, signal.SIGSTOP)
    try:
        outcome = running.outcome(READY + STALL + DONE + PATIENCE + SLACK)
    finally:
        _signal(recorder, signal.SIGCONT)
    current.check_same(plain, outcome)
    current.settle(SLACK)
    current.check_left_behind(outcome)
