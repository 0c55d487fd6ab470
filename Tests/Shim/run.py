"""The stand-in alone, under a controller of the tests' own.

    python3 Tests/Shim/run.py PATH-TO-SHIM [WORD…]

With words, only the cases whose names contain one of them.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
import traceback

import answers
import cases
import ending
import environment
import input_streams
import output_streams
import signals_sent

#: Seconds for one case.
CASE_LIMIT = 30

MODULES = [answers, ending, environment, input_streams, output_streams, signals_sent]


class TimeLimit(Exception):
    pass


def _too_long(*_: object) -> None:
    raise TimeLimit(f"longer than {CASE_LIMIT} s")


def _leftovers(shim: str) -> list[int]:
    """Stand-ins that still run: the copy of the program is this run's own."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if os.readlink(f"/proc/{name}/exe") == shim:
                    found.append(int(name))
            except OSError:
                continue
    return found


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 64
    signal.signal(signal.SIGALRM, _too_long)
    # What nohup and a shell's `&` ignore, a shell of a case could not trap.
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    folder = tempfile.mkdtemp(prefix="cmdmox-shim-")
    os.chmod(folder, 0o755)
    shim = shutil.copy(arguments[0], os.path.join(folder, "cmdmox-shim"))
    chosen = [one for one in cases.CASES
              if len(arguments) == 1 or any(word in one[0] for word in arguments[1:])]
    failed = 0
    begin = time.monotonic()
    for name, function, parameters in chosen:
        sessions: list[cases.Session] = []

        def make(*, sessions: list[cases.Session] = sessions, **options: object) -> cases.Session:
            sessions.append(cases.Session(shim, **options))  # type: ignore[arg-type]
            return sessions[-1]

        started = time.monotonic()
        signal.alarm(CASE_LIMIT)
        try:
            function(make, *parameters)
        except Exception:
            failed += 1
            print(f"FAILED {name}\n{traceback.format_exc()}", flush=True)
        finally:
            signal.alarm(0)
            for session in sessions:
                session.close()
        if os.environ.get("VERBOSE"):
            print(f"{time.monotonic() - started:6.2f} {name}", flush=True)
    end = time.monotonic() + 5
    while _leftovers(shim) and time.monotonic() < end:
        time.sleep(0.01)
    for pid in _leftovers(shim):
        failed += 1
        print(f"FAILED a stand-in still runs: {pid}")
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(chosen)} cases, {failed} failed, {time.monotonic() - begin:.1f} s")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
