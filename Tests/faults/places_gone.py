"""A folder that is needed is not there, or cannot be written to."""

from __future__ import annotations

import os
import shutil

from cases import DONE, SLACK, STALL, Round, Skip, case
from checks import check
from kernel import NotAllowed, mount_read_only, own_mounts, unmount
from programs import many_steps


def _read_only(current: Round, folder: str) -> None:
    def unshared() -> bool:
        own_mounts()
        return True

    try:
        current.remembered("own mounts", unshared)
        mount_read_only(folder)
    except NotAllowed as reason:
        raise Skip(str(reason)) from reason
    current.mounted(folder)


@case("trace", "bare", "record", "bare-record")
def session_removed(current: Round) -> None:
    """the session directory is removed at a random moment"""
    program = current.programs.work(*many_steps(3))
    plain = current.alone(program)
    usual = current.usual_seconds(program)
    running = current.start(program)
    moment = current.random.uniform(0, usual)
    running.ends_within(moment)
    # All of it, or what it lies in too.
    gone = current.place.session() if current.random.random() < 0.5 else current.place.runtime
    current.tell(f"removed {gone} after {moment:.3f} s")
    if gone is not None:
        shutil.rmtree(gone, ignore_errors=True)
    outcome = running.outcome(STALL + DONE + SLACK)
    current.settle(SLACK)
    os.makedirs(current.place.runtime, exist_ok=True)
    if outcome.status == 73:
        # The tool says that it has no fixture, where the program's own status is 0.
        check(outcome.said, "status 73 without a word")
        return
    if outcome.status in (70, 73) and not outcome.out:
        current.tell(f"refused: {outcome.said}")
    else:
        current.check_same(plain, outcome)
    current.check_left_behind(outcome)


@case("trace", "bare", "record", "bare-record")
def fixtures_removed(current: Round) -> None:
    """the fixture's folder is removed at a random moment"""
    program = current.programs.work(*many_steps(2))
    plain = current.alone(program)
    usual = current.usual_seconds(program)
    running = current.start(program)
    moment = current.random.uniform(0, usual)
    running.ends_within(moment)
    while os.path.exists(current.place.kept):
        shutil.rmtree(current.place.kept, ignore_errors=True)
    current.tell(f"after {moment:.3f} s")
    outcome = running.outcome(DONE + SLACK)
    current.settle(SLACK)
    if outcome.out or not current.form.is_tools:
        current.check_same(plain, outcome)
    os.makedirs(current.place.kept, exist_ok=True)
    if not os.path.exists(current.place.fixture):
        current.place.put_earlier()
    current.check_left_behind(outcome)


@case("trace", "bare", "record", "bare-record")
def fixtures_read_only(current: Round) -> None:
    """the fixture's folder becomes read-only at a random moment"""
    program = current.programs.work(*many_steps(2))
    plain = current.alone(program)
    usual = current.usual_seconds(program)
    running = current.start(program)
    moment = current.random.uniform(-0.2, 1) * usual
    if moment > 0:
        running.ends_within(moment)
    _read_only(current, current.place.kept)
    current.tell(f"after {moment:.3f} s")
    outcome = running.outcome(DONE + SLACK)
    current.settle(SLACK)
    if outcome.out or not current.form.is_tools:
        current.check_same(plain, outcome)
    else:
        check(outcome.status == 73, f"status {outcome.status}")
    unmount(current.place.kept)
    current.check_left_behind(outcome, temporary=True)
