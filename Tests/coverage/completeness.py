#!/usr/bin/env python3
"""Compares what cmdmox recorded with what strace saw, on real builds and on test suites of others.

    completeness.py --tool build/bin/cmdmox [--folder build/transparency] [--only NAME]...
                    [--form trace|bare|deep]... [--tool-option OPTION]... [--markdown FILE]

Each step of each workload runs under strace and cmdmox at once. A process that is killed in the
midst of an exec, and what runs on after the root has ended, need not be recorded. `--tool-option`
gives an option to `cmdmox trace`. Exit status: 0 all agrees, 1 something
differs, 77 nothing could run.
"""

import argparse
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(1, os.path.join(os.path.dirname(HERE), "transparency"))

from agreement import Agreement  # noqa: E402
from builds import BUILDS  # noqa: E402
from forms import Launcher  # noqa: E402
from observer import Observer, Unobserved  # noqa: E402
from place import Place  # noqa: E402
from suites import SUITES  # noqa: E402
from workload import Unavailable  # noqa: E402

WORKLOADS = {**BUILDS, **SUITES}
TITLES = ["workload", "form", "execs", "recorded", "opaque", "recall", "precision", "statuses",
          "wrong"]


def observe(observer, workload, place):
    agreement = Agreement()
    place.renew()
    with tempfile.TemporaryDirectory(prefix="cmdmox-", ignore_cleanup_errors=True) as scratch:
        launcher = Launcher(observer.tool, scratch)
        for step in workload.steps(place.tree):
            try:
                observer.observe(agreement, step.command, os.path.join(place.tree, step.folder),
                                 launcher.environment(step), scratch, step.limit)
            except (Unobserved, subprocess.TimeoutExpired) as reason:
                agreement.missing.append(f"{step.name}: {reason}")
    return agreement


def cells(name, form, agreement):
    return [name, form, str(agreement.executed), str(agreement.recorded), str(agreement.opaque),
            f"{agreement.recall:.4f}", f"{agreement.precision:.4f}", str(agreement.endings),
            str(len(agreement.wrong))]


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--tool", required=True, help="the cmdmox to test")
    parser.add_argument("--folder", default="build/transparency", help="what is fetched and built")
    parser.add_argument("--only", action="append", choices=sorted(WORKLOADS))
    parser.add_argument("--form", action="append", choices=["trace", "bare", "deep"])
    parser.add_argument("--tool-option", action="append", default=[],
                        help="an option for `cmdmox trace`, such as --tool-option=--wait")
    parser.add_argument("--markdown", help="a file for the table")
    return parser.parse_args()


def main():
    options = parse()
    rows, differs = [], False
    for name in options.only or WORKLOADS:
        place = Place(os.path.abspath(options.folder), name)
        try:
            version = place.version(WORKLOADS[name])
        except Unavailable as reason:
            print(f"{name}: skipped: {reason}", flush=True)
            continue
        print(f"{name}: {version}", flush=True)
        # Below static parents nothing is complete but the form deep.
        default = ["deep"] if WORKLOADS[name].starts_static else ["trace", "bare"]
        for form in options.form or default:
            observer = Observer(options.tool, form, options.tool_option)
            agreement = observe(observer, WORKLOADS[name], place)
            rows.append(cells(name, " ".join([form, *options.tool_option]), agreement))
            print("  " + ", ".join(f"{title} {cell}" for title, cell in
                                   zip(TITLES[1:], rows[-1][1:])) +
                  f"; not counted {agreement.later}", flush=True)
            for line in agreement.details():
                print(line, flush=True)
            differs = differs or agreement.differs
    if options.markdown:
        with open(options.markdown, "w", encoding="utf-8") as file:
            for row in [TITLES, ["---"] * len(TITLES), *rows]:
                file.write("| " + " | ".join(row) + " |\n")
    return 77 if not rows else 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
