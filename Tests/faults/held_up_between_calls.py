"""A process is held up, or stopped for a moment, between any two system calls that cmdmox makes."""

from __future__ import annotations

import typing as t

import cutting
from cases import Round, case
from programs import STEPS


def _position(whose: str) -> t.Callable[[Round], int]:
    return lambda current: cutting.count(current, current.programs.work(*STEPS), whose)


def _held_up(current: Round, whose: str) -> None:
    program = current.programs.work(*STEPS)
    plain = current.alone(program)
    action = current.random.choice(["pause", "stop"])
    outcome, _ = cutting.run(current, program, whose, current.position + 1, action,
                             str(current.random.choice([2, 20, 80])))
    current.check_same(plain, outcome)
    current.check_recorded(outcome)


@case("trace", "bare", "record", "bare-record", "replay", every=_position("library"))
def library(current: Round) -> None:
    """in the library: hooks and constructor"""
    _held_up(current, "library")


@case("record", "bare-record", "replay", every=_position("shim"))
def shim(current: Round) -> None:
    """in the stand-in"""
    _held_up(current, "shim")


@case("trace", "bare", "record", "bare-record", "replay", every=_position("recorder"))
def recorder(current: Round) -> None:
    """in the recorder"""
    _held_up(current, "recorder")
