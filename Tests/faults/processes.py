"""Running a program with a limit, and the processes that it leaves."""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import os
import select
import signal
import subprocess
import time
import typing as t

_libc = ctypes.CDLL(None, use_errno=True)


class Hang(Exception):
    """Something took longer than the stated bounds allow."""


def adopt_orphans() -> None:
    """Makes this process the parent of every descendant whose own parent has ended."""
    set_child_subreaper = 36
    _libc.prctl(set_child_subreaper, 1, 0, 0, 0)


@dataclasses.dataclass
class Outcome:
    """What a program came to, as whoever ran it sees it."""

    status: int  # as a shell says it
    out: bytes
    err: bytes  # without what cmdmox said
    said: list[str]  # what cmdmox said

    @classmethod
    def of(cls, code: int, out: bytes, err: bytes) -> Outcome:
        lines = err.splitlines(keepends=True)
        ours = [line for line in lines if line.startswith(b"cmdmox: ")]
        return cls(
            code if code >= 0 else 128 - code, out,
            b"".join(line for line in lines if line not in ours),
            [line.decode(errors="replace").rstrip("\n") for line in ours])


class Running:
    """A program that runs, in a session of its own."""

    def __init__(self, words: list[str], variables: dict[str, str], cwd: str, folder: str,
                 before: t.Callable[[], None] | None = None) -> None:
        self._out = f"{folder}/stdout"
        self._err = f"{folder}/stderr"
        self.words = words
        self.begin = time.monotonic()
        with open(self._out, "wb") as out, open(self._err, "wb") as err:
            self.process = subprocess.Popen(
                words, env=variables, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                start_new_session=True, preexec_fn=before)
        self.pid = self.process.pid
        self._pidfd = os.pidfd_open(self.pid)

    def ends_within(self, seconds: float) -> bool:
        """Waits for the end, as long as that; without reaping it."""
        poll = select.poll()
        poll.register(self._pidfd, select.POLLIN)
        return bool(poll.poll(max(0, int(seconds * 1000))))

    def outcome(self, limit: float) -> Outcome:
        """Waits for the end of the program.

        Raises Hang where it does not come within `limit` seconds of its start.
        """
        in_time = self.ends_within(self.begin + limit - time.monotonic())
        if not in_time:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        code = self.process.wait()
        os.close(self._pidfd)
        if not in_time:
            raise Hang(f"it still ran after {limit} s")
        return self.so_far(code)

    def so_far(self, code: int) -> Outcome:
        """What it has written until now."""
        with open(self._out, "rb") as out, open(self._err, "rb") as err:
            return Outcome.of(code, out.read(), err.read())

    @property
    def has_ended(self) -> bool:
        return self.ends_within(0)


def children() -> list[int]:
    """The processes that this one is the parent of, adopted ones too."""
    pid = os.getpid()
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


def command_line(pid: int) -> str:
    with contextlib.suppress(OSError):
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().replace(b"\0", b" ").decode(errors="replace").strip()
    return ""


def reap_all(limit: float) -> list[str]:
    """Waits until every process that was adopted has ended.

    Returns the command lines of those that still run at the limit; they are killed then.
    """
    end = time.monotonic() + limit
    while True:
        pid = -1
        with contextlib.suppress(ChildProcessError):
            pid, _ = os.waitpid(-1, os.WNOHANG)
        if pid == -1:
            return []
        if pid == 0:
            if time.monotonic() > end:
                break
            time.sleep(0.002)
    left = children()
    names = [command_line(child) or "?" for child in left]
    for child in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return names


def find(*words: str) -> int | None:
    """A process whose command line has all of these words."""
    return next((pid for pid in _all() if all(word in command_line(pid) for word in words)), None)


def runs_below(program: str, folder: str) -> bool:
    """Whether a process executes `program` in that working directory, and has not ended."""
    for pid in _all():
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/{pid}/exe") == program and os.readlink(f"/proc/{pid}/cwd") == folder:
                return True
    return False


def _all() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]
