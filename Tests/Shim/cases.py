"""What the cases share: the list of them, the interpreters, the small assertions."""

from __future__ import annotations

import contextlib
import inspect
import os
import subprocess
import sys
import time
import typing as t

from controller import LIMIT, Session

#: name, function, arguments
CASES: list[tuple[str, t.Callable[..., None], tuple[t.Any, ...]]] = []

SHELLS = {"bash": ["bash", "-c"], "dash": ["dash", "-c"]}
PYTHON = [sys.executable, "-c"]
PERL = ["perl", "-e"]


def case(*parameters: t.Any) -> t.Callable[[t.Callable[..., None]], t.Callable[..., None]]:
    """Registers a test, once for each parameter. Its docstring is its name."""

    def register(function: t.Callable[..., None]) -> t.Callable[..., None]:
        sentence = inspect.getdoc(function) or function.__name__
        for parameter in parameters or [None]:
            arguments = () if parameter is None else (
                parameter if isinstance(parameter, tuple) else (parameter,))
            shown = f" [{arguments[0]}]" if arguments else ""
            CASES.append((f"{function.__module__}: {sentence}{shown}", function, arguments))
        return function

    return register


def same(found: t.Any, expected: t.Any, what: str = "it") -> None:
    if found != expected:
        raise AssertionError(f"{what}: expected {shorten(expected)}, found {shorten(found)}")


def check(condition: t.Any, what: str) -> None:
    if not condition:
        raise AssertionError(what)


def shorten(value: t.Any) -> str:
    text = repr(value)
    return text if len(text) < 300 else f"{text[:300]}… ({len(text)})"


def eventually(condition: t.Callable[[], t.Any], what: str, limit: float = LIMIT) -> None:
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {limit} s: {what}")
        time.sleep(0.005)


def is_alive(pid: int) -> bool:
    """A process that has not ended: a zombie has."""
    with contextlib.suppress(OSError):
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rsplit(b")", 1)[1].split()[0] not in (b"Z", b"X")
    return False


def state(pid: int) -> str:
    with open(f"/proc/{pid}/stat", "rb") as file:
        return file.read().rsplit(b")", 1)[1].split()[0].decode()


def children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


def bare(argv: list[t.Any], input: bytes | None = None,
         **options: t.Any) -> subprocess.CompletedProcess[bytes]:
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    if input is None:
        options.setdefault("stdin", subprocess.DEVNULL)
    else:
        options["input"] = input
    return subprocess.run(argv, timeout=LIMIT, **options)


def pid_of(process: subprocess.Popen[bytes]) -> int:
    """What the command says first: a line with its process id."""
    assert process.stdout is not None
    return int(process.stdout.readline())


__all__ = [
    "CASES", "LIMIT", "PERL", "PYTHON", "SHELLS", "Session", "bare", "case", "check", "eventually",
    "is_alive", "pid_of", "same", "shorten", "state",
]
