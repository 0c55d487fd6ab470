"""The list of cases, and what a round has at hand."""

from __future__ import annotations

import dataclasses
import os
import random
import shutil
import time
import typing as t

from checks import (Fixture, check, check_kept, check_nothing_left, endings, recover, same_output,
                    same_result)
from forms import FORMS, Form
from kernel import unmount
from places import Place
from processes import Hang, Outcome, Running, find, reap_all, runs_below
from programs import STEPS, Programs

#: The stated bounds, in seconds; docs/faults.md.
STALL, DONE, READY, PATIENCE = 2, 10, 20, 10
#: What a round may take beside them on a machine that does other things too.
SLACK = 60


class Skip(Exception):
    """This machine cannot do it; the sentence says why."""


@dataclasses.dataclass
class Case:
    """One kind of fault in one form."""

    name: str
    function: t.Callable[[Round], None]
    form: Form
    #: How many rounds of another case one of these is worth.
    cost: int
    #: Each round of it takes another place in a list, as long as there is one.
    every: t.Callable[[Round], int] | None = None
    #: It waits until a bound is over: seconds for each round.
    is_slow: bool = False


CASES: list[Case] = []


def case(*forms: str, cost: int = 1, every: t.Callable[[Round], int] | None = None,
         is_slow: bool = False) -> t.Callable[[t.Callable[[Round], None]], t.Callable[[Round], None]]:
    """Registers a fault, once for each form. Its docstring is its name.

    `every`: counts the places at which the fault is to happen; `Round.position` is one of them.
    """

    def register(function: t.Callable[[Round], None]) -> t.Callable[[Round], None]:
        for name in forms:
            title = f"{function.__module__}: {(function.__doc__ or '').splitlines()[0]} [{name}]"
            CASES.append(Case(title, function, FORMS[name], cost, every, is_slow))
        return function

    return register


class Round:
    """One run of a program with one fault, chosen by `random`."""

    def __init__(self, form: Form, programs: Programs, place: Place, seed: str) -> None:
        self.form = form
        self.programs = programs
        self.place = place
        self.random = random.Random(seed)
        self.position = 0
        #: What happened, for the message of a failure.
        self.story: list[str] = []
        self._memory: dict[str, t.Any] = {}
        self._mounts: list[str] = []

    def within(self, other: Round) -> Round:
        """The same with what `other` has found out already."""
        self._memory = other._memory
        return self

    def remembered(self, key: str, find: t.Callable[[], t.Any]) -> t.Any:
        if key not in self._memory:
            self._memory[key] = find()
        return self._memory[key]

    def tell(self, sentence: str) -> None:
        self.story.append(sentence)

    # Running

    def start(self, program: list[str], *, form: Form | None = None, prefix: t.Sequence[str] = (),
              before: t.Callable[[], None] | None = None, **variables: str) -> Running:
        """Starts a program in a form; `prefix` runs it all."""
        form = form or self.form
        return Running(
            [*prefix, *form.words(self.place, program)],
            {**self.place.variables(), **form.variables(), **variables},
            self.place.work, self.place.folder, before)

    def alone(self, program: list[str]) -> Outcome:
        """What the program does without cmdmox; it is run once."""
        return self.remembered(f"alone {program}", lambda: self.alone_now(program))

    def alone_now(self, program: list[str], before: t.Callable[[], None] | None = None) -> Outcome:
        """The same, run each time: where circumstances differ from round to round."""
        with Place() as place:
            os.chmod(place.work, 0o777)
            running = Running(program, place.variables(), place.work, place.folder, before)
            outcome = running.outcome(SLACK)
            reap_all(SLACK)
            return outcome

    def usual_seconds(self, program: list[str]) -> float:
        """How long it takes in this form when nothing goes wrong."""

        def run() -> float:
            self.prepare(program)
            plain = self.alone(program)
            running = self.start(program)
            same_result(plain, running.outcome(SLACK))
            reap_all(SLACK)
            taken = time.monotonic() - running.begin
            self.check_recorded(self.alone(program))
            check_nothing_left(self.place)
            self.place.put_earlier()
            return taken

        return self.remembered(f"usual {program}", run)

    def prepare(self, program: list[str]) -> None:
        """A replay needs something to answer from."""
        if self.form.command != "replay":
            return

        plain = self.alone(program)

        def record() -> bytes:
            with Place() as place:
                form = FORMS["record"]
                running = Running(form.words(place, program), place.variables(), place.work,
                                  place.folder)
                same_result(plain, running.outcome(SLACK))
                reap_all(SLACK)
                with open(place.fixture, "rb") as file:
                    return file.read()

        with open(self.place.answers, "wb") as file:
            file.write(self.remembered(f"answers {program}", record))

    def wait_until(self, condition: t.Callable[[], bool], limit: float, what: str) -> None:
        """Looks again and again: there is nothing to block on for what a stranger does."""
        end = time.monotonic() + limit
        while not condition():
            if time.monotonic() > end:
                raise Hang(f"not within {limit} s: {what}")
            time.sleep(0.005)

    def is_over(self, program: str) -> bool:
        """No process runs `program` for this round."""
        return not runs_below(program, self.place.work)

    def settle(self, limit: float) -> None:
        """Waits until nothing runs any more."""
        left = reap_all(limit)
        if left:
            raise Hang(f"still running after {limit} s: {left}")

    # The recorder

    def recorder(self, running: Running) -> int | None:
        """The process of the recorder, once there is one: the tool, or what a bare root has started."""
        return running.pid if self.form.is_tools else find("recorder", self.place.runtime)

    # Checking

    def mounted(self, folder: str) -> None:
        """To be unmounted when the round is over."""
        self._mounts.append(folder)

    def close(self) -> None:
        for folder in reversed(self._mounts):
            unmount(folder)

    def remove_sessions(self) -> None:
        for name in self.place.sessions():
            shutil.rmtree(f"{self.place.runtime}/{name}")

    def check_same(self, plain: Outcome, outcome: Outcome) -> None:
        same_result(plain, outcome)

    def check_program(self, plain: Outcome, running: Running, limit: float) -> Outcome:
        """The program does what it does alone, whatever became of the tool that ran it."""
        outcome = running.outcome(limit)
        self.settle(SLACK)
        if self.form.is_tools and outcome.status == 137:
            outcome = running.so_far(outcome.status)
            if outcome.out:
                same_output(plain, outcome)
        else:
            same_result(plain, outcome)
        return outcome

    def check_recorded(self, outcome: Outcome) -> Fixture | None:
        """The fixture of a session whose recorder has lived, against what the program said."""
        if self.form.command == "replay":
            return None
        fixture = check_kept(self.place)
        check(fixture is not None, "no fixture was written")
        assert fixture is not None
        fixture.check_endings(endings(outcome.out))
        return fixture

    def check_left_behind(self, outcome: Outcome, unknown: str | None = None,
                          temporary: bool = False) -> None:
        """The fixture where there is one, and what can be recovered where there is none.

        `unknown`: a label of which nothing need be known. `temporary`: as in `recover`.
        """
        fixture = check_kept(self.place, temporary=True)
        fixture = recover(self.place, temporary) or fixture
        if fixture is not None:
            said = endings(outcome.out)
            said.pop(unknown or "", None)
            fixture.check_endings(said)
        check_nothing_left(self.place)


__all__ = ["CASES", "DONE", "PATIENCE", "READY", "SLACK", "STALL", "STEPS", "Case", "Round", "Skip",
           "case"]
