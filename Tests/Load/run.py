#!/usr/bin/env python3
"""Sessions that are large, long or crowded: prints a line for each check, and fails where anything is lost.

    run.py --tool build/bin/cmdmox [--scale N] [CHECK…]

With --scale 10, a tenth of everything, to try the checks themselves. A check that this machine does not
allow (time namespaces, processes, descriptors) is skipped, and says why.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import typing as t

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
INTERPOSE = os.path.join(REPOSITORY, "CInterpose")
#: What the preload writes events with.
REPORTING = [os.path.join(INTERPOSE, path) for path in (
    "preload/report.c", "preload/image.c", "preload/next.c", "wire/message.c", "wire/environment.c",
    "bare/syscalls.c", "bare/digits.c")]
INCLUDE = [f"-I{os.path.join(INTERPOSE, folder)}" for folder in ("wire/include", "bare", "preload")]
#: A command's status is its number modulo this: leaf.c.
STATUSES = 251
HOUR_US = 3600 * 1_000_000


class Skipped(Exception):
    """This machine does not allow a check."""


class Wrong(Exception):
    """Something is not as it must be."""


def expect(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise Wrong(otherwise)


class Peak:
    """The peak memory of a process, as long as it lives. wait4(2) would count its children, too."""

    def __init__(self, pid: int) -> None:
        self.kib = 0
        self._path = f"/proc/{pid}/status"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(0.02):
            try:
                with open(self._path, encoding="ascii", errors="replace") as status:
                    for line in status:
                        if line.startswith("VmHWM:"):
                            self.kib = max(self.kib, int(line.split()[1]))
            except OSError:
                return

    def end(self) -> int:
        self._over.set()
        self._thread.join()
        return self.kib


class Brake:
    """Stops a process for most of the time, as a machine does that has too much to do."""

    def __init__(self, pid: int, stopped: float, running: float) -> None:
        self._pid, self._stopped, self._running = pid, stopped, running
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._alternate, daemon=True)
        self._thread.start()

    def _alternate(self) -> None:
        while not self._over.wait(self._running):
            os.kill(self._pid, signal.SIGSTOP)
            self._over.wait(self._stopped)
            os.kill(self._pid, signal.SIGCONT)

    def end(self) -> None:
        self._over.set()
        self._thread.join()


class Session:
    """A program that ran under `cmdmox trace`, and what was recorded of it."""

    def __init__(self, load: Load, *command: str, files: int | None = None, is_slow: bool = False,
                 **environment: str) -> None:
        fixture = os.path.join(load.folder, "fixture.json")
        limit = None if files is None else lambda: resource.setrlimit(
            resource.RLIMIT_NOFILE, (files, files))
        began = time.monotonic()
        process = subprocess.Popen(
            [load.tool, "trace", "--quiet", "-o", fixture, "--", *command],
            env={**os.environ, **environment}, preexec_fn=limit)
        peak = Peak(process.pid)
        # Not reaped before the brake is off: its pid may be another's then.
        brake = Brake(process.pid, stopped=0.45, running=0.05) if is_slow else None
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        if brake:
            brake.end()
        status = process.wait()
        self.peak_kib = peak.end()
        self.seconds = time.monotonic() - began
        expect(status == 0, f"{os.path.basename(command[0])} ended with {status}")
        with open(fixture, encoding="utf-8", errors="surrogateescape") as file:
            document = json.load(file)
        os.unlink(fixture)
        self.facts = document["metadata"]["session"]
        self.recordings = document["recordings"]

    def commands(self, name: str) -> list[dict[str, t.Any]]:
        return [recording for recording in self.recordings if recording["command"] == name]

    def expect_all(self, name: str, numbers: range) -> list[dict[str, t.Any]]:
        """Every command was recorded once, with its own status; nothing is lost."""
        found = self.commands(name)
        seen = sorted(int(recording["args"][0]) for recording in found)
        lost = self.facts["lost"]
        expect(lost == 0, f"{lost} events lost")
        expect(seen == list(numbers), f"{len(seen)} commands ({len(set(seen))} different), "
               f"expected {len(numbers)}")
        for recording in found:
            status = int(recording["args"][0]) % STATUSES
            expect(recording["exit_code"] == status and recording["process"]["termination"] == "exited",
                   f"command {recording['args'][0]}: {recording['exit_code']}, "
                   f"{recording['process']['termination']}; expected {status}, exited")
        return found

    def told(self, what: str) -> str:
        return f"{what}; {self.seconds:.1f} s, recorder {self.peak_kib / 1024:.0f} MiB at most"


class Load:
    """What the checks share: the tool, the programs, a folder."""

    def __init__(self, tool: str, scale: int, folder: str) -> None:
        self.tool = os.path.abspath(tool)
        self.scale = scale
        self.folder = folder

    def scaled(self, number: int) -> int:
        return max(1, number // self.scale)

    def program(self, name: str, *options: str) -> str:
        output = os.path.join(self.folder, name)
        if not os.path.exists(output):
            subprocess.run(
                ["cc", "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-Werror",
                 *INCLUDE, "-o", output, os.path.join(HERE, name.removesuffix(".so") + ".c"), *options], check=True)
        return output

    def writers(self, writers: int, commands: int, padding: int, is_slow: bool = False) -> Session:
        program = self.program("writers", *REPORTING)
        session = Session(self, program, str(writers), str(commands), str(padding), is_slow=is_slow)
        session.expect_all("load", range(commands))
        return session


def need_processes(count: int) -> None:
    soft, _ = resource.getrlimit(resource.RLIMIT_NPROC)
    with open("/proc/sys/kernel/pid_max", encoding="ascii") as file:
        pids = int(file.read())
    if soft not in (resource.RLIM_INFINITY,) and soft < count + 1000:
        raise Skipped(f"ulimit -u is {soft}")
    if pids < 2 * count:
        raise Skipped(f"kernel.pid_max is {pids}")


def check_writers(load: Load) -> str:
    """64 writers, 1,000,000 events"""
    commands = load.scaled(250_000)
    return load.writers(64, commands, 0).told(f"{4 * commands:,} events of 64 writers, none lost")


def check_slow(load: Load) -> str:
    """a recorder that runs a tenth of the time"""
    commands = load.scaled(50_000)
    session = load.writers(64, commands, 0, is_slow=True)
    return session.told(f"{4 * commands:,} events for a recorder that runs a tenth of the time, none lost")


def check_pieces(load: Load) -> str:
    """events of many frames, of very many writers"""
    commands = load.scaled(6_000)
    writers = commands // 2
    need_processes(writers)
    session = load.writers(writers, commands, 10_000)
    return session.told(f"{commands:,} starts of 3 frames, of {writers:,} writers at once, none lost")


def check_storm(load: Load) -> str:
    """real processes, 64 at once"""
    commands = load.scaled(32_000)
    session = Session(load, load.program("storm"), "64", str(commands), load.program("leaf"))
    session.expect_all("leaf", range(commands))
    return session.told(f"{commands:,} spawned and reaped, 64 at once, none lost")


def crowd(load: Load, files: int | None = None) -> tuple[Session, int, int]:
    commands = load.scaled(10_000)
    need_processes(commands)
    figures = os.path.join(load.folder, "figures")
    session = Session(load, load.program("crowd"), str(commands), load.program("leaf"), figures,
                      files=files)
    for recording in session.expect_all("leaf", range(commands)):
        expect(recording["process"].get("ended_us") is not None, "a command has no end")
    with open(figures, encoding="ascii") as file:
        return session, commands, int(file.read())


def check_crowd(load: Load) -> str:
    """10,000 processes that live at the same time"""
    session, commands, descriptors = crowd(load)
    return session.told(f"{commands:,} lived at once, the recorder with {descriptors:,} descriptors")


def check_poor_crowd(load: Load) -> str:
    """the same, where the recorder may have 256 descriptors"""
    if os.geteuid() == 0 and not drops_resource():
        raise Skipped("root may always have more descriptors")
    session, commands, descriptors = crowd(load, files=256)
    return session.told(f"{commands:,} lived at once, the recorder with {descriptors:,} descriptors")


def drops_resource() -> bool:
    """Takes the right away to raise limits, from what is run later on."""
    import ctypes
    drop, resource_right = 24, 24  # PR_CAPBSET_DROP, CAP_SYS_RESOURCE
    return ctypes.CDLL(None).prctl(drop, resource_right, 0, 0, 0) == 0


def check_day(load: Load) -> str:
    """a session of 24 hours, by the clock"""
    hours = 24
    if subprocess.run(["unshare", "--time", "true"], capture_output=True, check=False).returncode != 0:
        raise Skipped("no time namespaces here")
    offset, figures = (os.path.join(load.folder, name) for name in ("offset", "figures"))
    with open(offset, "wb") as file:
        file.write(bytes(8))
    session = Session(
        load, load.program("day"), str(hours), load.program("leaf"), offset, figures,
        CMDMOX_LOAD_OFFSET=offset, LD_PRELOAD=load.program("clock.so", "-shared", "-fPIC"))
    length = session.facts["duration_ms"]
    expect(0 <= length - hours * 3_600_000 < 600_000, f"the session took {length} ms")
    for recording in session.expect_all("leaf", range(1, hours + 1)):
        hour, began = int(recording["args"][0]), recording["process"]["started_us"]
        expect(0 <= began - hour * HOUR_US < HOUR_US // 6, f"hour {hour} began at {began} µs")
        expect(recording["duration_ms"] < 60_000, f"hour {hour} took {recording['duration_ms']} ms")
    stays = session.commands("stays")
    expect([(one["exit_code"], one["duration_ms"] // 3_600_000) for one in stays] == [(7, hours)],
           f"what lived all day: {stays}")
    with open(figures, encoding="ascii") as file:
        woken = int(file.read())
    expect(woken <= 4, f"the recorder woke up {woken} times while nothing happened")
    return session.told(f"{hours} hours, one command for all of them, {woken} wakings while idle")


#: The one that takes a right away comes last.
CHECKS = {"writers": check_writers, "slow": check_slow, "pieces": check_pieces,
          "storm": check_storm, "day": check_day, "crowd": check_crowd,
          "poor-crowd": check_poor_crowd}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("checks", nargs="*", metavar="CHECK", help=" ".join(CHECKS))
    parser.add_argument("--tool", required=True)
    parser.add_argument("--scale", type=int, default=1)
    options = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="cmdmox-load-") as folder:
        load = Load(options.tool, options.scale, folder)
        for name in options.checks or CHECKS:
            if name not in CHECKS:
                parser.error(f"{name}: the checks are {' '.join(CHECKS)}")
            try:
                print(f"ok       {name}: {CHECKS[name](load)}", flush=True)
            except Skipped as why:
                print(f"skipped  {name}: {why}", flush=True)
            except Wrong as what:
                failed += 1
                print(f"FAILED   {name}: {what}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
