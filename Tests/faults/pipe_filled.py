"""The pipe for events is full of what is no event."""

from __future__ import annotations

import contextlib
import os

from cases import DONE, SLACK, STALL, Round, case
from programs import many_steps


@case("trace", "bare", "record", "bare-record")
def garbage(current: Round) -> None:
    """somebody fills it with garbage, faster than the recorder reads"""
    program = current.programs.work(*many_steps(3))
    plain = current.alone(program)
    current.usual_seconds(program)
    running = current.start(program)
    pipe = None
    junk = current.random.randbytes(4096)
    limit = 400
    while not running.ends_within(0.0005 if pipe is None else 0) and limit > 0:
        if pipe is None:
            session = current.place.session()
            with contextlib.suppress(OSError, TypeError):
                pipe = os.open(f"{session}/events", os.O_WRONLY | os.O_NONBLOCK)
            continue
        limit -= 1
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            while os.write(pipe, junk):
                pass
    if pipe is not None:
        os.close(pipe)
    outcome = current.check_program(plain, running, STALL + DONE + SLACK)
    fixture = current.check_recorded(outcome)
    current.tell(f"lost {fixture.session.get('lost') if fixture else None}")
