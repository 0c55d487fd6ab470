#!/usr/bin/env python3
"""Compares what cmdmox recorded with what strace saw, in one and the same run.

    compare.py --tool build/bin/cmdmox [--library FILE] [--form trace|bare|both|deep]
               [--workload NAME]... [--static] [--callers FOLDER] [--tool-option OPTION]...

strace runs `cmdmox trace -- PROGRAM` (form trace), the same with `--deep` (form deep), or PROGRAM
with the preload in its environment (form bare), so that both report the same processes. Every
successful execve and execveat must be recorded, none twice, with its executable and its arguments,
and every exit status must be strace's.
The root is compared with the session's facts. Prints a table; the exit status is 1 where anything
differs, 2 where a run failed.
"""

import argparse
import os
import shutil
import sys
import tempfile

from agreement import Agreement
from observer import Observer, Unobserved

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
CALLERS = [
    "call_execve", "call_execv", "call_execvp", "call_execvpe", "call_execl", "call_execle",
    "call_execlp", "call_fexecve", "call_execveat", "call_posix_spawn", "call_posix_spawnp",
    "call_wait", "call_waitpid", "call_wait3", "call_wait4", "call_waitid", "call_system",
    "call_popen", "call_wordexp", "call_leave", "call_prctl", "call_syscall", "mixture",
    "descriptors",
]


def workload_folder(folder, source):
    work = os.path.join(folder, "work")
    if source is None:
        os.mkdir(work)
    else:
        shutil.copytree(source, work, ignore=shutil.ignore_patterns("build"))
    return work


def run(observer, command, source):
    agreement = Agreement()
    with tempfile.TemporaryDirectory(prefix="cmdmox-coverage-") as folder:
        work, runtime = workload_folder(folder, source), os.path.join(folder, "runtime")
        os.mkdir(runtime, 0o700)
        environment = {key: value for key, value in os.environ.items()
                       if not key.startswith("CMDMOX_") and key != "LD_PRELOAD"}
        environment.update(XDG_RUNTIME_DIR=runtime, HOME=work, LANG="C.UTF-8")
        observer.observe(agreement, command, work, environment, folder)
    return agreement


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--tool", required=True, help="the cmdmox to test")
    parser.add_argument("--library", help="the preload (default: beside the tool)")
    parser.add_argument("--form", choices=["trace", "bare", "both", "deep"], default="both")
    parser.add_argument("--workload", action="append",
                        choices=sorted(WORKLOADS | STATIC_WORKLOADS))
    parser.add_argument("--static", action="store_true",
                        help="compare static programs that start static ones, too (form deep)")
    parser.add_argument("--callers", help="the compiled Tests/Callers: compare these, too")
    parser.add_argument("--tool-option", action="append", default=[],
                        help="an option for `cmdmox trace`, such as --tool-option=--wait")
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
    titles = ["execs", "recorded", "missing", "extra", "statuses"]
    print(f"{'workload':<28}" + "".join(f"{title:>10}" for title in titles))
    differs = False
    for form in forms:
        observer = Observer(options.tool, form, options.tool_option, options.library)
        for name, (command, source) in workloads.items():
            try:
                agreement = run(observer, command, source)
            except Unobserved as reason:
                print(f"{name}, {form}: {reason}")
                return 2
            counts = [agreement.executed, agreement.recorded, len(agreement.missing),
                      len(agreement.extra), len(agreement.wrong)]
            print(f"{name + ', ' + form:<28}" + "".join(f"{count:>10}" for count in counts),
                  flush=True)
            for line in agreement.details():
                print(line)
            differs = differs or agreement.differs
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
