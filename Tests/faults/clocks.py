"""The clock is set while a session runs, or is another one for some of its processes."""

from __future__ import annotations

import os

from cases import DONE, SLACK, Round, Skip, case
from checks import Fixture, check, check_kept, endings
from forms import tool
from programs import many_steps


@case("trace", "bare", "record", "bare-record")
def stepped(current: Round) -> None:
    """the real time steps, forwards or backwards, at a random moment"""
    program = current.programs.work(*many_steps(1))
    plain = current.alone(program)
    current.usual_seconds(program)
    nth, seconds = current.random.randint(1, 20), current.random.choice([-86400, -3, 3, 10**9])
    current.tell(f"from the call {nth} on {seconds} s")
    log = f"{current.place.folder}/cut.log"
    running = current.start(
        program, prefix=[current.programs.path("cut"), log, "library", str(nth), "clock", str(seconds),
                         "--"])
    outcome = running.outcome(DONE + SLACK)
    current.settle(SLACK)
    current.check_same(plain, outcome)
    _check_times(current, outcome.out)


@case("trace", "bare", "record", "bare-record")
def recorder_stepped(current: Round) -> None:
    """the real time of the recorder steps again and again"""
    program = current.programs.work(*many_steps(2))
    plain = current.alone(program)
    current.usual_seconds(program)
    variables = {"STEPPED_SECONDS": str(current.random.choice([-100000, -1, 1, 100000])),
                 "STEPPED_EVERY": str(current.random.randint(1, 5))}
    current.tell(str(variables))
    preload = {"LD_PRELOAD": current.programs.path("libstepped.so")}
    if current.form.is_tools:
        running = current.start(program, **variables, **preload)
    else:
        starter = f"{current.place.folder}/recorder"
        with open(starter, "w") as file:
            file.write("#!/bin/sh\nLD_PRELOAD=%s exec %s \"$@\"\n" % (
                preload["LD_PRELOAD"], tool()))
        os.chmod(starter, 0o755)
        running = current.start(program, CMDMOX_RECORDER=starter, **variables)
    outcome = running.outcome(DONE + SLACK)
    current.settle(SLACK)
    current.check_same(plain, outcome)
    _check_times(current, outcome.out)


@case("trace", "bare")
def namespace(current: Round) -> None:
    """a part of the processes has a time namespace, whose monotonic clock is ahead or behind"""
    offset = current.random.choice([-1, 1]) * current.random.randint(1, 10**5)
    uptime = float(open("/proc/uptime").read().split()[0])
    offset = max(offset, int(-uptime) + 60)
    program = ["sh", "-c", 'work=$1; shift; "$work" "$@"; unshare -T --monotonic "$0" "$work" "$@"; '
               '"$work" "$@"', str(offset), current.programs.path("work"), *many_steps(1)]
    plain = current.alone_now(program)
    if plain.err:
        raise Skip(f"unshare -T: {plain.err.decode(errors='replace')}")
    running = current.start(program)
    current.tell(f"{offset} s")
    outcome = running.outcome(DONE + SLACK)
    current.settle(SLACK)
    current.check_same(plain, outcome)
    fixture = current.check_recorded(outcome)
    _check_times(current, b"")
    if fixture and not current.form.captures:
        times = [one["process"]["started_us"] for one in fixture.recordings]
        check(max(times) < 600e6, f"an invocation starts {max(times) / 1e6} s after the session did")


def _check_times(current: Round, out: bytes) -> None:
    fixture = check_kept(current.place)
    check(fixture is not None, "no fixture")
    assert isinstance(fixture, Fixture)
    fixture.check_endings(endings(out))
    for one in fixture.recordings:
        facts = one["process"]
        check(one["duration_ms"] >= 0, f"a duration of {one['duration_ms']}")
        check(one["duration_ms"] < 600_000, f"a duration of {one['duration_ms']}")
        if "ended_us" in facts and facts["ended_us"] is not None:
            check(facts["ended_us"] >= facts["started_us"], "it ended before it started")
