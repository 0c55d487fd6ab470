"""The recorder is killed."""

from __future__ import annotations

import contextlib
import os
import signal

from cases import DONE, READY, SLACK, Round, case
from programs import many_steps


@case("trace", "bare", "record", "bare-record")
def at_random(current: Round) -> None:
    """at a random moment"""
    program = current.programs.work(*many_steps(3))
    plain = current.alone(program)
    usual = current.usual_seconds(program)
    running = current.start(program)
    moment = current.random.uniform(0, usual * 1.1)
    running.ends_within(moment)
    recorder = current.recorder(running)
    current.tell(f"killed {recorder} after {moment:.3f} s")
    if recorder is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(recorder, signal.SIGKILL)
    outcome = current.check_program(plain, running, DONE + READY + SLACK)
    current.check_left_behind(outcome)
