#!/usr/bin/env python3
"""Faults on purpose: what a program does under cmdmox when something goes wrong.

    run.py [--seed N] [--rounds N] [--jobs N] [--quick] [--only WORD]... [--round N]

Every case is one kind of fault in one form of running a program, and has its rounds; a slow case has
fewer. One line for each case, and a count at the end. The same seed makes the same rounds: a
failure says how to see its round again. CMDMOX_TOOL is the tool under test, build/bin/cmdmox if it
is not set, in a layout as `make build` makes it.
"""

from __future__ import annotations

import argparse
import os
import random
import select
import sys
import tempfile
import time
import traceback
import typing as t

import cases
import processes
from checks import Wrong
from places import Place
from programs import Programs

KINDS: list[str] = [
    "recorder_killed", "recorder_held_up", "pipe_filled", "disk_full", "places_gone",
    "limits", "clocks", "signals",
    "killed_between_calls", "calls_fail", "held_up_between_calls",
    "confined",
]
FAILURES_SHOWN = int(os.environ.get("FAILURES_SHOWN", "3"))


class Tally(t.NamedTuple):
    rounds: int
    failed: int


def one_round(case: cases.Case, programs: Programs, seed: str, number: int,
              known: cases.Round) -> str | None:
    """Runs it. Returns what was wrong."""
    with Place() as place:
        current = cases.Round(case.form, programs, place, f"{seed}/{case.name}/{number}").within(known)
        current.position = number
        try:
            case.function(current)
        except (Wrong, processes.Hang) as error:
            return f"{error}\n    {'; '.join(current.story)}"
        except cases.Skip:
            raise
        except Exception:
            return traceback.format_exc()
        finally:
            processes.reap_all(0)
            current.close()
    return None


def run_case(case: cases.Case, programs: Programs, options: argparse.Namespace) -> Tally:
    """Runs the rounds of a case and says what came of them."""
    processes.adopt_orphans()
    begin = time.monotonic()
    lines, failed, done = [], 0, 0
    try:
        with Place() as place:
            known = cases.Round(case.form, programs, place, "")
            count = max(1, options.rounds // case.cost)
            numbers = list(range(count))
            if case.every is not None:
                places = case.every(known)
                numbers = list(range(places))
                random.Random(f"{options.seed}/{case.name}").shuffle(numbers)
                numbers = numbers[:count]
        if options.round is not None:
            numbers = [options.round]
        for number in numbers:
            wrong = one_round(case, programs, str(options.seed), number, known)
            done += 1
            if wrong is not None:
                failed += 1
                if failed <= FAILURES_SHOWN:
                    lines.append(f"  round {number}: {wrong}")
    except cases.Skip as reason:
        print(f"skipped {case.name}: {reason}", flush=True)
        return Tally(0, 0)
    except Exception:
        failed += 1
        lines.append(traceback.format_exc())
    what = f"{failed} FAILED" if failed else "ok"
    again = f"\n  again: --seed {options.seed} --only '{case.name}' --round N" if failed else ""
    print("\n".join([f"{what:8} {case.name}: {done} rounds, {time.monotonic() - begin:.0f} s{again}",
                     *lines]), flush=True)
    return Tally(done, failed)


def run_all(chosen: list[cases.Case], programs: Programs, options: argparse.Namespace) -> Tally:
    """Runs the cases, as many at once as there are jobs, each in a process of its own."""
    waiting, running = list(chosen), {}
    rounds = failed = 0
    while waiting or running:
        while waiting and len(running) < options.jobs:
            case = waiting.pop(0)
            reader, writer = os.pipe()
            pid = os.fork()
            if pid == 0:
                os.close(reader)
                tally = run_case(case, programs, options)
                os.write(writer, f"{tally.rounds} {tally.failed}".encode())
                os._exit(0)
            os.close(writer)
            running[reader] = pid
        for reader in select.select(list(running), [], [])[0]:
            words = os.read(reader, 100).split()
            os.close(reader)
            os.waitpid(running.pop(reader), 0)
            rounds += int(words[0]) if words else 0
            failed += int(words[1]) if words else 1
    return Tally(rounds, failed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--quick", action="store_true",
                        help="without the cases that wait until a bound is over")
    parser.add_argument("--only", action="append", default=[], help="cases with this word in their name")
    parser.add_argument("--round", type=int, help="this one only")
    options = parser.parse_args()
    for name in KINDS:
        __import__(name)
    chosen = [case for case in cases.CASES
              if (not options.only or any(word in case.name for word in options.only))
              and not (options.quick and case.is_slow)]
    programs = Programs(tempfile.mkdtemp(prefix="cmdmox-fault-programs-"))
    begin = time.monotonic()
    try:
        tally = run_all(chosen, programs, options)
    finally:
        programs.close()
    print(f"{len(chosen)} cases, {tally.rounds} rounds, seed {options.seed}, "
          f"{time.monotonic() - begin:.0f} s")
    print(f"{tally.rounds - tally.failed} passed, {tally.failed} failed")
    return 1 if tally.failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
