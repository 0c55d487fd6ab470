#!/usr/bin/env python3
"""Runs test suites of others bare and under cmdmox, and compares result for result.

    run.py --tool build/bin/cmdmox [--folder build/transparency] [--only NAME]... [--form NAME]...
           [--markdown FILE]

Each suite is fetched and built once, kept below the folder, and skipped with a message where that
is not possible. It runs bare twice: what differs between the two is left out. Then it runs in each
form; a form with differences runs once more, with a third bare run beside it, and what does not
differ again is flaky. Exit status: 0 all the same but what the suite knows a reason for, 1 something
else differs, 77 no suite could run.
"""

import argparse
import json
import os
import sys
import tempfile
import time

import comparison
from forms import BARE, FORMS, Launcher
from place import Place
from suites import SUITES
from workload import Unavailable


class Report:
    """What came of one suite."""

    def __init__(self, suite, version):
        self.suite, self.version = suite, version
        self.compared = 0
        self.left_out = set()
        self.differences = {}  # by form: {test: (bare, found, reason or None)}
        self.sessions = {}  # by form: invocations, opaque, lost

    @property
    def fails(self):
        return any(reason is None for found in self.differences.values()
                   for _, _, reason in found.values()) or any(
                       each["lost"] for each in self.sessions.values())

    def row(self, forms):
        cells = [self.suite.name, self.version, str(self.compared)]
        cells += [str(len(self.differences[form])) if form in self.differences else "–"
                  for form in forms]
        return "| " + " | ".join(cells) + " |"


class Trial:
    """One suite, run as often as it takes."""

    def __init__(self, suite, place, launcher):
        self.suite, self.place, self.launcher = suite, place, launcher
        self.bare = []

    def once(self, form):
        begin = time.monotonic()
        self.place.renew()
        results = comparison.Results()
        for step in self.suite.steps(self.place.tree):
            ending = self.launcher.run(form, step, os.path.join(self.place.tree, step.folder))
            found = self.suite.results(step, ending.output, ending.status, self.place.tree)
            results.add(step.name, {**found, "": str(ending.status)}, ending.session,
                        self.suite.known_losses)
        print(f"  {form.name}: {len(results.by_test)} results in {time.monotonic() - begin:.0f} s",
              flush=True)
        return results

    def report(self, version, forms):
        report = Report(self.suite, version)
        self.bare = [self.once(BARE), self.once(BARE)]
        for form in forms:
            run = self.once(form)
            report.sessions[form.name] = {"invocations": run.invocations, "opaque": run.opaque,
                                          "lost": run.lost, "explained": run.explained}
            report.differences[form.name] = self.repeated(form, run)
        report.left_out = comparison.unstable(self.bare)
        report.compared = len(comparison.stable(self.bare))
        return report

    def differences(self, run):
        return comparison.changed(
            comparison.stable(self.bare), run, comparison.unstable(self.bare))

    def repeated(self, form, run):
        """The differences that come again; those that no reason is known for are asked about."""
        found = self.differences(run)
        if all(comparison.known(test, form, self.suite) for test in found):
            again = found
        else:
            self.bare.append(self.once(BARE))
            again = self.differences(self.once(form))
            once = [f"once only, {form.name}: {test}: {found[test][0]!r}, {found[test][1]!r}"
                    for test in sorted(found.keys() - again.keys())]
            show_lines(once)
        return {test: (*found[test], comparison.known(test, form, self.suite))
                for test in sorted(found.keys() & again.keys())}


def show_lines(lines, limit=20):
    for line in lines[:limit]:
        print(f"  {line}")
    if len(lines) > limit:
        print(f"  … and {len(lines) - limit} more")


def show(report):
    for name, found in report.differences.items():
        session = report.sessions[name]
        print(f"  {name}: {len(found)} differ; {session['invocations']} invocations, "
              f"{session['opaque']} opaque")
        for line in session["lost"] + session["explained"]:
            print(f"    {line}")
        show_lines([f"  {test}\n      bare: {bare!r}\n      {name}: {changed!r}\n"
                    f"      {reason or 'NO REASON KNOWN'}"
                    for test, (bare, changed, reason) in found.items()])
    show_lines([f"differs from run to run: {test}" for test in sorted(report.left_out)])
    sys.stdout.flush()


def markdown(reports, forms):
    names = [form.name for form in forms]
    yield "| suite | version | results | " + " | ".join(names) + " |"
    yield "| --- " * (3 + len(names)) + "|"
    for report in reports:
        yield report.row(names)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--tool", required=True, help="the cmdmox to test")
    parser.add_argument("--folder", default="build/transparency", help="what is fetched and built")
    parser.add_argument("--only", action="append", choices=sorted(SUITES))
    parser.add_argument("--form", action="append", choices=list(FORMS))
    parser.add_argument("--markdown", help="a file for the table")
    return parser.parse_args()


def main():
    options = parse()
    forms = [FORMS[name] for name in options.form or FORMS]
    reports = []
    for name in options.only or SUITES:
        suite = SUITES[name]
        place = Place(os.path.abspath(options.folder), name)
        try:
            version = place.version(suite)
        except Unavailable as reason:
            print(f"{name}: skipped: {reason}", flush=True)
            continue
        print(f"{name}: {version}", flush=True)
        with tempfile.TemporaryDirectory(prefix="cmdmox-", ignore_cleanup_errors=True) as scratch:
            report = Trial(suite, place, Launcher(options.tool, scratch)).report(version, forms)
        reports.append(report)
        print(f"  {report.compared} results compared, {len(report.left_out)} left out")
        show(report)
    if options.markdown:
        with open(options.markdown, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in markdown(reports, forms))
    if not reports:
        return 77
    return 1 if any(report.fails for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
