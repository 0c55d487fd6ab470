"""Resource limits that leave too little room, for all of it or for the program."""

from __future__ import annotations

import os
import resource
import typing as t

from cases import DONE, SLACK, Round, Skip, case
from checks import check, check_nothing_left
from programs import many_steps

#: A user that runs nothing else: a limit of processes is one of all that a user has.
NOBODY = 59999
#: Below that the kernel cannot map the tool, and ends it in the middle of its exec, or the tool ends
#: itself where it finds no memory: nobody speaks.
LEAST = {resource.RLIMIT_AS: 40 << 20, resource.RLIMIT_DATA: 4 << 20}


def _lowered(which: int, to: int) -> t.Callable[[], None]:
    return lambda: resource.setrlimit(which, (to, to))


def _run(current: Round, which: int, to: int, words: str, user: int = 0,
         is_shared: bool = False) -> None:
    """Everything runs under the limit: bare and tool forms alike.

    `is_shared`: what cmdmox takes, the program has not: it may do other things then.
    """
    program = current.programs.work(*many_steps(2))

    def before() -> None:
        if user:
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
        _lowered(which, to)()

    current.tell(f"{words} {to}")
    if user:
        for folder in [current.place.folder, current.place.work, current.place.runtime,
                       current.place.kept, current.place.fixture]:
            os.chown(folder, user, user)
    plain = current.alone_now(program, before)
    running = current.start(program, before=before)
    outcome = running.outcome(DONE + SLACK)
    current.settle(SLACK)
    if is_shared:
        plain = outcome
    can_speak = to >= LEAST.get(which, 0)
    refused = (70, 73, 126, 127, 134, 139)
    if current.form.is_tools and outcome.status in refused and not (outcome.out and can_speak):
        check(outcome.said or outcome.err or plain.status >= 126 or not can_speak,
              "refused without a word")
        current.tell("refused")
    else:
        current.check_same(plain, outcome)
    current.check_left_behind(outcome)
    check_nothing_left(current.place)


@case("trace", "bare", "record", "bare-record")
def descriptors(current: Round) -> None:
    """RLIMIT_NOFILE, for everything"""
    _run(current, resource.RLIMIT_NOFILE, current.random.randint(4, 16), "descriptors")


@case("trace", "bare", "record", "bare-record")
def file_size(current: Round) -> None:
    """RLIMIT_FSIZE, for everything"""
    # The harness's own files are this program's output: 0 leaves it nothing to say.
    _run(current, resource.RLIMIT_FSIZE, current.random.choice([0, 100, 4096, 16384]), "bytes")


@case("trace", "bare", "record", "bare-record")
def processes(current: Round) -> None:
    """RLIMIT_NPROC, for everything: cmdmox's own processes count, so the program may find too few"""
    if os.geteuid() != 0:
        raise Skip("needs root, to be a user who runs nothing else")
    most = current.random.randint(1, 12)
    _run(current, resource.RLIMIT_NPROC, most, "processes", user=NOBODY + current.position,
         is_shared=most < 10)


@case("trace", "bare", "record", "bare-record")
def memory(current: Round) -> None:
    """RLIMIT_AS, for everything"""
    _run(current, resource.RLIMIT_AS, current.random.randint(3, 120) << 20, "bytes of memory")


@case("trace", "bare", "record", "bare-record")
def processor(current: Round) -> None:
    """RLIMIT_CPU, RLIMIT_STACK, RLIMIT_DATA, RLIMIT_SIGPENDING, RLIMIT_MEMLOCK: any of them"""
    which, values, words = current.random.choice([
        (resource.RLIMIT_CPU, [1, 2], "seconds of CPU"),
        (resource.RLIMIT_STACK, [64 << 10, 256 << 10], "bytes of stack"),
        (resource.RLIMIT_DATA, [1 << 20, 4 << 20, 16 << 20], "bytes of data"),
        (resource.RLIMIT_SIGPENDING, [0, 1], "signals"),
        (resource.RLIMIT_MEMLOCK, [0], "locked bytes"),
    ])
    _run(current, which, current.random.choice(values), words)
