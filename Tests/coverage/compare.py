#!/usr/bin/env python3
"""Compares what cmdmox recorded with what strace saw, in one and the same run.

    compare.py --tool build/bin/cmdmox [--library FILE] [--form trace|bare|both|deep]
               [--workload NAME]... [--static] [--callers FOLDER]

strace runs `cmdmox trace -- PROGRAM` (form trace), the same with `--deep` (form deep), or PROGRAM
with the preload in its environment (form bare), so that both report the same processes. Every successful execve and execveat must be
recorded, none twice, with its executable and its arguments, and every exit status must be strace's.
The root is compared with the session's facts. Prints a table; the exit status is 1 where anything
differs, 2 where a run failed.
"""

import argparse
import base64
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile

import strace_log

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
WORKLOADS = {
    "make": (["make", "-j2"], os.path.join(REPOSITORY, "Examples", "hello")),
    "shell": (["sh", os.path.join(HERE, "workloads", "shell.sh")], None),
    "git": (["sh", os.path.join(HERE, "workloads", "git.sh")], None),
    "python": (["python3", os.path.join(HERE, "workloads", "processes.py")], None),
}
# Static programs that start static programs, which only the form deep sees: with --static.
STATIC_WORKLOADS = {
    "busybox": ["busybox", "sh", os.path.join(HERE, "workloads", "busybox.sh")],
    "go": ["sh", os.path.join(HERE, "workloads", "go.sh")],
    "musl": ["sh", os.path.join(HERE, "workloads", "musl.sh")],
}
# The command that a workload needs, and Debian's package of it.
NEEDED = {"busybox": ("busybox", "busybox-static"), "go": ("go", "golang-go"),
          "musl": ("musl-gcc", "musl-tools")}
# Callers whose processes all live until they have run: a process that is killed between the point
# of no return of its execve and the return from it looks unexecuted to strace.
CALLERS = [
    "call_execve", "call_execv", "call_execvp", "call_execvpe", "call_execl", "call_execle",
    "call_execlp", "call_fexecve", "call_execveat", "call_posix_spawn", "call_posix_spawnp",
    "call_wait", "call_waitpid", "call_wait3", "call_wait4", "call_waitid", "call_system",
    "call_popen", "call_wordexp", "call_leave", "call_prctl", "call_syscall", "mixture",
    "descriptors",
]
# A raw system call with an empty environment hands nothing down: what it starts is out of reach but
# for the form deep.
UNREACHABLE = {b"raw, no environment"}

Program = collections.namedtuple("Program", "pid executable argv")


def recorded_argv(recording):
    """The argument list as the program got it, in bytes."""
    exact = (recording.get("bytes") or {}).get("args", {})
    argv0 = recording["process"].get("argv0", recording["command"])
    words = [os.fsencode(argv0)]
    for index, word in enumerate(recording["args"]):
        given = exact.get(str(index))
        words.append(base64.b64decode(given) if given is not None else os.fsencode(word))
    return words


def absolute(path, recording):
    """A path that strace saw, as the recording must have it."""
    return os.path.normpath(os.path.join(recording["process"].get("cwd", ""), os.fsdecode(path)))


def same_executable(path, recording):
    executable = recording["process"].get("executable")
    if executable is None:
        return False
    if os.path.normpath(executable) == absolute(path, recording):
        return True
    # Relative to a descriptor, or the descriptor itself (execveat): the end can be compared.
    return not path.startswith(b"/") and executable.endswith("/" + os.fsdecode(path).lstrip("./"))


def same_program(seen, recording):
    path, argv = seen
    same_path = path == b"" or same_executable(path, recording)
    # Linux gives a program without arguments one that is empty.
    return same_path and (argv or [b""]) == recorded_argv(recording) or (
        not argv and same_path and not recording["args"])


def ending_of(recording):
    process = recording["process"]
    if process.get("termination") == "signaled":
        return ("signaled", process.get("signal"))
    return (process.get("termination"), recording["exit_code"])


class Comparison:
    """What differs between one run's log and its fixture."""

    def __init__(self, name, unreachable):
        self.name = name
        self.unreachable = unreachable
        self.executed = self.recorded = 0
        self.missing, self.twice, self.wrong = [], [], []

    def compare(self, processes, recordings):
        by_pid = collections.defaultdict(list)
        for recording in recordings:
            if recording["process"].get("termination") != "failed":
                by_pid[recording["process"]["pid"]].append(recording)
                self.recorded += 1
        for process in processes:
            self.executed += len(process.programs)
            self.compare_process(process, by_pid.pop(process.pid, []))
        for pid, left in by_pid.items():
            self.twice += [f"{pid} {shown(recorded_argv(each))} was not executed" for each in left]

    def compare_process(self, process, recordings):
        matched = []
        for seen in process.programs:
            found = next((each for each in recordings if same_program(seen, each)), None)
            if found is None and self.unreachable.intersection(seen[1]):
                self.executed -= 1
                continue
            if found is None:
                self.missing.append(f"{process.pid} {os.fsdecode(seen[0])} {shown(seen[1])}")
                continue
            recordings.remove(found)
            matched.append(found)
        for recording in recordings:
            self.twice.append(
                f"{process.pid} {recording['process'].get('executable')} "
                f"{shown(recorded_argv(recording))}")
        for recording in matched[:-1]:
            self.expect(recording, ("replaced", 0))
        if matched and process.ending is not None and not recordings:
            self.expect(matched[-1], process.ending)

    def expect(self, recording, ending):
        if ending_of(recording) != ending:
            self.wrong.append(
                f"{recording['process']['pid']} {shown(recorded_argv(recording))}: "
                f"recorded {ending_of(recording)}, strace saw {ending}")

    def expect_session(self, session, root):
        ending = root.ending or ("unknown", -1)
        status = ending[1] if ending[0] == "exited" else 128 + ending[1]
        if session.get("exit_code") != status:
            self.wrong.append(f"the session's exit code is {session.get('exit_code')}: {ending}")
        if session.get("lost") != 0:
            self.missing.append(f"the session lost {session.get('lost')} events")

    @property
    def differs(self):
        return bool(self.missing or self.twice or self.wrong)

    def row(self):
        counts = [self.executed, self.recorded, len(self.missing), len(self.twice), len(self.wrong)]
        return f"{self.name:<28}" + "".join(f"{count:>10}" for count in counts)

    def details(self):
        for title in ("missing", "twice", "wrong"):
            for line in getattr(self, title)[:20]:
                yield f"  {title}: {line}"


def shown(argv):
    line = " ".join(word.decode(errors="replace") for word in argv)
    return line if len(line) < 200 else line[:200] + "..."


class Runner:
    """Runs workloads under strace with one form of cmdmox."""

    def __init__(self, options, form):
        self.tool = os.path.abspath(options.tool)
        beside = os.path.join(os.path.dirname(self.tool), "..", "lib", "libcmdmox.so")
        self.library = os.path.abspath(options.library or beside)
        self.form = form

    def run(self, name, command, source):
        with tempfile.TemporaryDirectory(prefix="cmdmox-coverage-") as folder:
            work, runtime = os.path.join(folder, "work"), os.path.join(folder, "runtime")
            if source is None:
                os.mkdir(work)
            else:
                shutil.copytree(source, work, ignore=shutil.ignore_patterns("build"))
            os.mkdir(runtime, 0o700)
            log, fixture = os.path.join(folder, "strace"), os.path.join(folder, "fixture.json")
            self.run_under_strace(command, work, runtime, log, fixture)
            with open(fixture, encoding="utf-8") as file:
                document = json.load(file)
            return self.comparison(name, strace_log.read(log), document)

    def run_under_strace(self, command, work, runtime, log, fixture):
        # With --seccomp-bpf strace has a filter of its own, which passes over what ours answers.
        quick = [] if self.form == "deep" else ["--seccomp-bpf"]
        strace = ["strace", "-f", *quick, "-xx", "-s", "10000000",
                  "-e", "trace=execve,execveat", "-o", log]
        environment = {key: value for key, value in os.environ.items()
                       if not key.startswith("CMDMOX_") and key != "LD_PRELOAD"}
        environment.update(XDG_RUNTIME_DIR=runtime, HOME=work, LANG="C.UTF-8")
        if self.form != "bare":
            deep = ["--deep"] if self.form == "deep" else []
            command = [self.tool, "trace", *deep, "-o", fixture, "--quiet", "--"] + command
        else:
            for variable in (f"LD_PRELOAD={self.library}", f"CMDMOX_RECORDER={self.tool}",
                             f"CMDMOX_FIXTURE={fixture}"):
                strace += ["-E", variable]
        result = subprocess.run(strace + command, cwd=work, env=environment, timeout=300,
                                stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if not os.path.exists(fixture):
            sys.exit(f"no fixture; status {result.returncode}:\n{result.stderr.decode()[-2000:]}")

    def comparison(self, name, processes, document):
        """Takes the processes of cmdmox itself away, and the root's first program."""
        listed = list(processes.values())
        own = [each for each in listed if os.fsdecode(each.programs[0][0]) == self.tool
               or each.programs[0][1][1:2] == [b"keep"]]
        others = [each for each in listed if each not in own]
        root = others[0]
        # The bare form's root executes itself once more, with the session in its environment; that of
        # the form deep is a launcher at first.
        del root.programs[:1 if self.form == "trace" else 2]
        comparison = Comparison(name, set() if self.form == "deep" else UNREACHABLE)
        recordings = document["recordings"]
        comparison.compare(others, recordings)
        if not root.programs:
            comparison.expect_session(document["metadata"]["session"], root)
        return comparison


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tool", required=True, help="the cmdmox to test")
    parser.add_argument("--library", help="the preload (default: beside the tool)")
    parser.add_argument("--form", choices=["trace", "bare", "both", "deep"], default="both")
    parser.add_argument("--workload", action="append",
                        choices=sorted(WORKLOADS | STATIC_WORKLOADS))
    parser.add_argument("--static", action="store_true",
                        help="compare static programs that start static ones, too (form deep)")
    parser.add_argument("--callers", help="the compiled Tests/Callers: compare these, too")
    return parser.parse_args()


def main():
    options = parse()
    workloads = {}
    for name in options.workload or [*WORKLOADS, *(STATIC_WORKLOADS if options.static else [])]:
        if name in WORKLOADS:
            workloads[name] = WORKLOADS[name]
        elif shutil.which(NEEDED[name][0]):
            workloads[name] = (STATIC_WORKLOADS[name], None)
        else:
            print(f"{name}: left out, it needs {NEEDED[name][1]}")
    if options.callers:
        for name in CALLERS:
            workloads[name] = ([os.path.join(os.path.abspath(options.callers), name)], None)
    forms = ["trace", "bare"] if options.form == "both" else [options.form]
    titles = ["execs", "recorded", "missing", "twice", "statuses"]
    print(f"{'workload':<28}" + "".join(f"{title:>10}" for title in titles))
    differs = False
    for form in forms:
        runner = Runner(options, form)
        for name, (command, source) in workloads.items():
            comparison = runner.run(f"{name}, {form}", command, source)
            print(comparison.row(), flush=True)
            for line in comparison.details():
                print(line)
            differs = differs or comparison.differs
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
