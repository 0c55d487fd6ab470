"""The disk is full: where sessions are, where the fixture goes, or both. Needs a mount namespace."""

from __future__ import annotations

import contextlib
import os

from cases import DONE, SLACK, Round, Skip, case
from kernel import NotAllowed, mount_small, own_mounts
from programs import many_steps


def _small(current: Round, *folders: str) -> None:
    """Puts a small file system of the round's own onto folders."""
    def unshared() -> bool:
        own_mounts()
        return True

    try:
        current.remembered("own mounts", unshared)
        for folder in folders:
            mount_small(folder, current.random.choice([16, 32, 64]) << 10,
                        current.random.choice([7, 9, 12, 40]))
            current.mounted(folder)
    except NotAllowed as reason:
        raise Skip(str(reason)) from reason
    current.place.put_earlier()


def _fill(folder: str) -> None:
    """Takes whatever room there is."""
    with contextlib.suppress(OSError):
        with open(f"{folder}/.filled", "ab", buffering=0) as file:
            while file.write(bytes(512)):
                pass


def _make_room(folder: str) -> None:
    mount_small(folder, 1 << 20, 100, again=True)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(f"{folder}/.filled")


def _run(current: Round, *folders: str) -> None:
    program = current.programs.work(*many_steps(3))
    plain = current.alone(program)
    usual = current.usual_seconds(program)
    _small(current, *folders)
    running = current.start(program)
    moment = current.random.uniform(-0.3, 1) * usual
    if moment > 0:
        running.ends_within(moment)
    for folder in folders:
        _fill(folder)
    current.tell(f"full after {moment:.3f} s: {folders}")
    again = current.random.random() < 0.3 and not running.ends_within(usual / 4)
    if again:
        current.tell("and not any more a little later")
        for folder in folders:
            _make_room(folder)
    outcome = running.outcome(DONE + SLACK)
    current.settle(SLACK)
    if outcome.status == 73 and not outcome.out:
        current.tell("the tool refused")
    elif outcome.status == 73:
        outcome.status = plain.status
    else:
        current.check_same(plain, outcome)
    for folder in folders:
        _make_room(folder)
    current.check_left_behind(outcome)


@case("trace", "bare", "record", "bare-record")
def sessions(current: Round) -> None:
    """where sessions are"""
    _run(current, current.place.runtime)


@case("trace", "bare", "record", "bare-record")
def fixtures(current: Round) -> None:
    """where the fixture goes"""
    _run(current, current.place.kept)


@case("trace", "bare", "record", "bare-record")
def both(current: Round) -> None:
    """everywhere"""
    _run(current, current.place.kept, current.place.runtime)
