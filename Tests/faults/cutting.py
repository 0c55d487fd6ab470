"""Running a program under `cut`, which acts at one of cmdmox's own system calls."""

from __future__ import annotations

import dataclasses
import os
import subprocess

from cases import DONE, PATIENCE, READY, SLACK, STALL, Round, Skip
from processes import Outcome, Running

LIMIT = READY + STALL + DONE + PATIENCE + SLACK


@dataclasses.dataclass
class Cut:
    """What `cut` did."""

    calls: int
    #: The call's number.
    call: int | None = None
    #: The program that the process ran.
    image: str = ""
    #: Whether it is the process that was started.
    is_root: bool = False


def _log(current: Round) -> str:
    return f"{current.place.folder}/cut.log"


def read(current: Round) -> Cut:
    cut = Cut(0)
    with open(_log(current)) as file:
        for line in file:
            words = line.split()
            if words[0] == "calls":
                cut.calls = int(words[1])
            elif words[0] == "cut" and cut.call is None:
                cut.call, cut.image, cut.is_root = int(words[1]), words[2], words[3] == "root"
    return cut


def start(current: Round, program: list[str], whose: str, nth: int, *action: str) -> Running:
    return current.start(program, prefix=[
        current.programs.path("cut"), _log(current), whose, str(nth), *action, "--"])


def count(current: Round, program: list[str], whose: str, action: str = "kill") -> int:
    """How many calls there are to cut at."""

    def run() -> int:
        done = subprocess.run(
            [current.programs.path("cut"), "/dev/null", "library", "0", "kill", "--", "true"],
            check=False, capture_output=True)
        if done.returncode != 0:
            raise Skip(f"no ptrace here: {done.stderr.decode(errors='replace').strip()}")
        current.prepare(program)
        plain = current.alone(program)
        running = start(current, program, whose, 0, action)
        current.check_same(plain, running.outcome(LIMIT))
        current.settle(SLACK)
        current.place.put_earlier()
        for name in os.listdir(current.place.kept):
            if name != "cmdmox.json":
                os.unlink(f"{current.place.kept}/{name}")
        return read(current).calls

    return current.remembered(f"calls {whose} {action} {program}", run)


def run(current: Round, program: list[str], whose: str, nth: int, *action: str) -> tuple[Outcome, Cut]:
    """Runs it with a cut, and waits until everything is over."""
    current.prepare(program)
    running = start(current, program, whose, nth, *action)
    current.tell(f"{' '.join(action)} at call {nth} of the {whose}")
    outcome = running.outcome(LIMIT)
    current.settle(SLACK)
    cut = read(current)
    current.tell(f"which was {cut.call} of {cut.image}{' (root)' if cut.is_root else ''}")
    return outcome, cut
