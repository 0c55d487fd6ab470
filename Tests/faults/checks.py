"""What has to hold after every round."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import subprocess
import typing as t

from forms import tool
from places import EARLIER, Place
from processes import Outcome

#: `work` says this of a leaf that could not be started.
_NOT_STARTED = 92
#: `work` says this of each label: how its leaf ended.
_ENDED = re.compile(rb"^(\S+) (\S+): (exited|signaled) (\d+)$")


class Wrong(Exception):
    """Something that has to hold does not."""


def check(condition: object, what: str) -> None:
    if not condition:
        raise Wrong(what)


def shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) < 600 else f"{text[:600]}… ({len(text)})"


# The program


def same_result(plain: Outcome, found: Outcome) -> None:
    """The program did what it does alone."""
    check(found.status == plain.status,
          f"status {found.status} instead of {plain.status}; said {found.said}")
    same_output(plain, found)


def same_output(plain: Outcome, found: Outcome) -> None:
    for name, expected, got in [("stdout", plain.out, found.out), ("stderr", plain.err, found.err)]:
        if got != expected:
            raise Wrong(f"{name}: {_first_difference(expected, got)}")


def _first_difference(expected: bytes, got: bytes) -> str:
    lines = itertools.zip_longest(expected.splitlines(), got.splitlines())
    for number, (wanted, found) in enumerate(lines, 1):
        if wanted != found:
            return f"line {number} is {shorten(found)}, expected {shorten(wanted)}"
    return "only the line breaks differ"


def endings(out: bytes) -> dict[str, int]:
    """How each label ended, as `work` said, with a shell's numbers."""
    found = {}
    for line in out.splitlines():
        if match := _ENDED.match(line):
            code = int(match[4]) + (128 if match[3] == b"signaled" else 0)
            # system(3) says 127 where there was no process to be had.
            started = code != _NOT_STARTED and (match[1] != b"system" or code != 127)
            if started and match[1] != b"many":
                found[match[2].decode()] = code
    return found


def same_but_for_one(plain: Outcome, found: Outcome) -> str | None:
    """One process may have been killed: a leaf, which its parent then says, or the program.

    Returns the leaf's label.
    """
    expected, got = plain.out.splitlines(), found.out.splitlines()
    if b"leaves" not in got or found.status == 137:
        # The program itself. What it had started may still say something.
        check(found.status == 137,
              f"it did not finish, with status {found.status}: {shorten(found.out)}")
        said = [line for line in got if _ENDED.match(line)]
        check(said == [line for line in expected if _ENDED.match(line)][:len(said)],
              f"before it was killed: {shorten(found.out)}")
        return None
    check(found.status == plain.status, f"status {found.status} instead of {plain.status}")
    differs = set(expected) ^ set(got)
    victims = {label for label, code in endings(found.out).items()
               if code == 137 and endings(plain.out).get(label) != 137}
    check(len(victims) <= 1, f"several were killed: {victims}")
    victim = min(victims, default=None)
    family = victim.removesuffix("-source0") if victim else None
    for line in differs:
        check(family is not None and family.encode() in line,
              f"{shorten(line)} differs, though {victim} was killed; stdout {shorten(found.out)}")
    return victim


# The fixture


class Fixture:
    """A fixture that was written, as far as the rounds look at it."""

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:
            content = file.read()
        try:
            self.json = json.loads(content)
        except ValueError as error:
            raise Wrong(f"{path} is no JSON: {error}") from error
        self.recordings = self.json["recordings"]
        self.session = self.json["metadata"].get("session") or {}
        done = subprocess.run([tool(), "validate", path], capture_output=True, check=False)
        check(done.returncode == 0, f"validate: {done.stdout.decode(errors='replace')}")

    @property
    def admits_gaps(self) -> bool:
        """It says itself that something may be missing."""
        return self.session.get("lost", 0) > 0 or bool(self.session.get("recovered"))

    def of(self, label: str) -> list[dict[str, t.Any]]:
        word = re.compile(rf"(?<![\w=-]){re.escape(label)}(?![\w-])")
        return [one for one in self.recordings if any(word.search(arg) for arg in one["args"])]

    def check_endings(self, said: dict[str, int]) -> None:
        """Every label is there as it ended, or the fixture admits gaps; nothing is wrong."""
        for label, code in said.items():
            found = self.of(label)
            codes = {one["exit_code"] for one in found
                     if one["process"]["termination"] in ("exited", "signaled", "failed")}
            # A shell that was killed, and what it had started.
            wrong = set() if len(found) > 1 and code in codes else codes - {code}
            check(not wrong, f"{label} ended with {code}, the fixture says {wrong}")
            check(codes or self.admits_gaps,
                  f"{label} is recorded as {[one['process']['termination'] for one in found]}, "
                  f"and nothing is counted as lost; {len(self.recordings)} recordings")


def check_kept(place: Place, temporary: bool = False) -> Fixture | None:
    """The fixture's folder: an earlier fixture is there still, the new one is whole.

    Returns the new one. `temporary`: a recorder that was killed may have left its draft there.
    """
    names = set(os.listdir(place.kept))
    with open(place.fixture, "rb") as file:
        is_new = file.read() != EARLIER
    second = [name for name in names if name.endswith(".earlier.cmdmox.tmp")]
    if is_new and temporary and second:
        with open(f"{place.kept}/{second[0]}", "rb") as file:
            check(file.read() == EARLIER, "the earlier fixture is lost")
    elif is_new:
        check("cmdmox.json.old" in names, "the earlier fixture is lost")
        with open(f"{place.fixture}.old", "rb") as file:
            check(file.read() == EARLIER, "the earlier fixture is not the one in .old")
    else:
        # A new one may have been about to take its place.
        with contextlib.suppress(FileNotFoundError), open(f"{place.fixture}.old", "rb") as file:
            check(file.read() == EARLIER, "something else is in .old")
    left = names - {"cmdmox.json", "cmdmox.json.old"}
    check(temporary or not left, f"left beside the fixture: {sorted(left)}")
    return Fixture(place.fixture) if is_new else None


def recover(place: Place, temporary: bool = False) -> Fixture | None:
    """After a recorder was killed: makes the fixture of what it has left behind.

    Returns it; None where there is no session, or nothing to recover. `temporary`: a second name of
    the earlier fixture may have stayed where no file could be renamed any more.
    """
    made = None
    for name in place.sessions():
        done = subprocess.run(
            [tool(), "recover", f"{place.runtime}/{name}"], env=place.variables(),
            capture_output=True, check=False)
        check(done.returncode in (0, 65, 66), f"recover: {done.returncode} {done.stderr.decode()}")
        if done.returncode == 0:
            made = check_kept(place)
            check(made is not None, f"there is no fixture, though recover says {done.stderr.decode()}")
    check_nothing_left(place)
    check_kept(place, temporary)
    return made


def check_nothing_left(place: Place) -> None:
    check(not place.sessions(), f"left of the session: {_tree(place.runtime)}")


def _tree(folder: str) -> list[str]:
    return [f"{path.removeprefix(folder)}/{name}" for path, folders, names in os.walk(folder)
            for name in [*folders, *names]]
