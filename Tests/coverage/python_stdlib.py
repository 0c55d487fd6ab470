#!/usr/bin/env python3
"""Runs CPython's own tests of processes with and without cmdmox and compares every result line.

    python_stdlib.py --tool build/bin/cmdmox [--library FILE] [--python FILE] [--module NAME]...

These tests know odd corners of posix_spawn, fork, exec and wait better than any of ours. They take
minutes and need an interpreter that has its tests installed, so they are no part of `swift test`.
A test that differs is run once more without cmdmox, to tell a flaky one from a broken one. Exit
status: 0 all the same, 1 something differs, 77 the interpreter has no tests.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

MODULES = ["test_subprocess", "test_posix", "test_popen", "test_os"]
RESULT = re.compile(r"^(test\w* \(\S+\)(?:\n.*)?) \.\.\. (.*)$", re.MULTILINE)


def results(output):
    """Each test's result: ok, skipped with its reason, FAIL or ERROR."""
    found = {}
    for match in RESULT.finditer(output):
        name, result = match[1].split("\n")[0], match[2]
        # What a test prints itself can follow the dots; the word that counts ends a line then.
        found[name] = result if re.match(r"ok|skipped|FAIL|ERROR|expected", result) else "printed"
    return found


def run(command, library, folder, environment):
    variables = {key: value for key, value in os.environ.items()
                 if not key.startswith("CMDMOX_") and key != "LD_PRELOAD"}
    variables.update(environment, PYTHONDONTWRITEBYTECODE="1")
    if library is not None:
        variables["LD_PRELOAD"] = library
    result = subprocess.run(command, cwd=folder, env=variables, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return result.returncode, results(result.stdout.decode(errors="replace"))


def has_tests(python):
    probe = subprocess.run([python, "-c", "import test.test_subprocess"], check=False,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return probe.returncode == 0


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tool", required=True, help="the cmdmox to test")
    parser.add_argument("--library", help="the preload (default: beside the tool)")
    parser.add_argument("--python", default=sys.executable, help="an interpreter with its tests")
    parser.add_argument("--module", action="append", help=f"default: {' '.join(MODULES)}")
    return parser.parse_args()


def main():
    options = parse()
    if not has_tests(options.python):
        print(f"{options.python} has no tests installed")
        return 77
    tool = os.path.abspath(options.tool)
    library = os.path.abspath(
        options.library or os.path.join(os.path.dirname(tool), "..", "lib", "libcmdmox.so"))
    command = [options.python, "-m", "unittest", "-v"]
    command += [f"test.{name}" for name in options.module or MODULES]
    differs = False
    with tempfile.TemporaryDirectory(prefix="cmdmox-stdlib-") as folder:
        fixture = os.path.join(folder, "fixture.json")
        bare_status, bare = run(command, None, folder, {})
        print(f"bare: {len(bare)} results, status {bare_status}", flush=True)
        forms = {
            "trace": ([tool, "trace", "-o", fixture, "--quiet", "--"] + command, None, {}),
            "bare form": (command, library,
                          {"CMDMOX_RECORDER": tool, "CMDMOX_FIXTURE": fixture}),
        }
        for name, (line, preload, environment) in forms.items():
            status, found = run(line, preload, folder, environment)
            changed = sorted(test for test in bare.keys() | found.keys()
                             if bare.get(test) != found.get(test))
            print(f"{name}: {len(found)} results, status {status}, {len(changed)} differ")
            if not changed:
                continue
            again = run(command, None, folder, {})[1]
            for test in changed:
                flaky = again.get(test) != bare.get(test)
                differs = differs or not flaky
                print(f"  {'flaky' if flaky else 'differs'}: {test}: "
                      f"{bare.get(test)}, then {found.get(test)}")
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
