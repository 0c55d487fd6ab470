"""A process is killed between any two system calls that cmdmox makes in it."""

from __future__ import annotations

import typing as t

import cutting
from cases import Round, case
from checks import check, endings, same_but_for_one
from programs import STEPS


_EXIT_GROUP = 231


def _position(whose: str) -> t.Callable[[Round], int]:
    return lambda current: cutting.count(current, current.programs.work(*STEPS), whose)


def _killed(current: Round, whose: str) -> None:
    program = current.programs.work(*STEPS)
    plain = current.alone(program)
    outcome, cut = cutting.run(current, program, whose, current.position + 1, "kill")
    if cut.call is None:
        current.check_same(plain, outcome)
        victim = None
    else:
        victim = same_but_for_one(plain, outcome)
    # A forked child that had not executed anything is no invocation; a stand-in that dies as it leaves
    # has reported how its command ended.
    is_unknown = cut.image == "work" or (cut.image == "cmdmox-shim" and cut.call == _EXIT_GROUP)
    current.check_left_behind(outcome, unknown=victim if is_unknown else None)


@case("trace", "bare", "record", "bare-record", "replay", every=_position("library"))
def library(current: Round) -> None:
    """in the library: hooks and constructor"""
    _killed(current, "library")


@case("record", "bare-record", "replay", every=_position("shim"))
def shim(current: Round) -> None:
    """in the stand-in"""
    _killed(current, "shim")


@case("trace", "bare", "record", "bare-record", every=_position("recorder"))
def recorder(current: Round) -> None:
    """in the recorder"""
    program = current.programs.work(*STEPS)
    plain = current.alone(program)
    outcome, cut = cutting.run(current, program, "recorder", current.position + 1, "kill")
    _check_goes_on(current, plain, outcome)
    current.check_left_behind(outcome)


@case("replay", every=_position("recorder"))
def controller(current: Round) -> None:
    """in the controller of a replay: what is not answered fails, and does not run"""
    program = current.programs.work(*STEPS)
    plain = current.alone(program)
    outcome, cut = cutting.run(current, program, "recorder", current.position + 1, "kill")
    expected = endings(plain.out)
    for label, code in endings(outcome.out).items():
        check(code in (expected[label], 127), f"{label} ended with {code}")
    # The session directory stays: nobody is left to take it away, and nothing is to be recovered.
    current.remove_sessions()


def _check_goes_on(current: Round, plain: t.Any, outcome: t.Any) -> None:
    """The program does what it does, though the tool that ran it may have been killed."""
    from checks import same_output, same_result

    if current.form.is_tools and outcome.status == 137:
        if outcome.out:
            same_output(plain, outcome)
    else:
        same_result(plain, outcome)
