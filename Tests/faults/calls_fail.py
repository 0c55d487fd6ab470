"""One of the system calls that cmdmox makes fails, though nothing is wrong: each of them, in turn."""

from __future__ import annotations

import typing as t

import cutting
from cases import Round, case
from checks import check
from programs import STEPS


def _position(whose: str, action: str = "fail") -> t.Callable[[Round], int]:
    return lambda current: cutting.count(current, current.programs.work(*STEPS), whose, action)


@case("trace", "bare", "record", "bare-record", every=_position("library"))
def library(current: Round) -> None:
    """in the library: hooks and constructor"""
    _fails(current, "library")


@case("record", "bare-record", every=_position("shim"))
def shim(current: Round) -> None:
    """in the stand-in"""
    _fails(current, "shim")


@case("trace", "bare", "record", "bare-record", every=_position("recorder"))
def recorder(current: Round) -> None:
    """in the recorder"""
    _fails(current, "recorder")


@case("trace", "bare", "record", "bare-record", every=_position("recorder", "short"))
def short(current: Round) -> None:
    """a write of the recorder takes half of its bytes"""
    program = current.programs.work(*STEPS)
    plain = current.alone(program)
    outcome, _ = cutting.run(current, program, "recorder", current.position + 1, "short")
    current.check_same(plain, outcome)
    current.check_recorded(outcome)


def _fails(current: Round, whose: str) -> None:
    program = current.programs.work(*STEPS)
    plain = current.alone(program)
    outcome, _ = cutting.run(
        current, program, whose, current.position + 1, "fail", str(current.random.randrange(5)))
    current.tell(f"said {outcome.said}")
    refused = current.form.is_tools and whose == "recorder" and not outcome.out
    if refused:
        # ld.so and the runtime of the tool have their own words.
        check(outcome.status >= 70, f"refused with status {outcome.status}")
    elif current.form.is_tools and whose == "recorder" and outcome.status >= 128:
        current.tell("the tool died")
        from checks import same_output

        same_output(plain, outcome)
    else:
        current.check_same(plain, outcome)
    current.check_left_behind(outcome)
