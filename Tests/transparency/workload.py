"""What every suite and every build says of itself."""

import dataclasses
import os


class Unavailable(Exception):
    """Something that a workload needs is not to be had here: it is skipped, and this says why."""


@dataclasses.dataclass(frozen=True)
class Step:
    """One command of a workload, run in a session of its own."""

    name: str
    command: list
    folder: str = "."  # below the workload's tree
    environment: dict = dataclasses.field(default_factory=dict)
    limit: int = 1200  # seconds until it is taken for hanging


@dataclasses.dataclass(frozen=True)
class Known:
    """A difference that has its reason: tests of this name (a regular expression), in these forms."""

    test: str
    forms: tuple
    reason: str


class Workload:
    """A program of others that is run with and without cmdmox.

    `build` is called once, with an empty place, and leaves a tree that `steps` run in. Every run
    gets a fresh copy of that tree at the same path, so that no run sees what another one left.
    """

    name = ""
    commands = ()  # programs that have to be installed
    known = ()
    known_losses = {}  # by step: how many events are lost and counted, and why
    starts_static = False  # static programs start others

    def build(self, place):
        """Fetches and builds below `place.tree`. Returns the version, for people."""
        raise NotImplementedError

    def steps(self, tree):
        """The commands to run, in order. `tree` is the absolute path of the copy."""
        raise NotImplementedError


class Suite(Workload):
    """A workload that has results to compare."""

    def results(self, step, output, status, tree):
        """Each test's result of one step, by the test's name.

        `output` is what the step printed, `status` its exit status as a shell gives it. What
        differs from run to run by nature (times, process ids) has to be taken out here.
        """
        raise NotImplementedError


def numbered(pairs):
    """Results by name, where a name can come more than once: later ones get a number."""
    found, counts = {}, {}
    for name, result in pairs:
        counts[name] = counts.get(name, 0) + 1
        found[name if counts[name] == 1 else f"{name} #{counts[name]}"] = result
    return found


def without(text, *parts):
    """`text` with each of `parts`, a path, replaced by its place's name."""
    for name, path in parts:
        text = text.replace(os.path.realpath(path), name).replace(path, name)
    return text
