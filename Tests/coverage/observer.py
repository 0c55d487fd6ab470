"""Runs a command under strace and cmdmox at once, so that both report the same processes."""

import json
import os
import subprocess

import strace_log
from agreement import Agreement


class Unobserved(Exception):
    """The run gave nothing to compare."""


class Observer:
    """strace around `cmdmox trace -- COMMAND` (form trace; form deep: with `--deep`), or around
    COMMAND with the preload in its environment (form bare)."""

    def __init__(self, tool, form, options=(), library=None):
        self.tool = os.path.abspath(tool)
        beside = os.path.join(os.path.dirname(self.tool), "..", "lib", "libcmdmox.so")
        self.library = os.path.abspath(library or beside)
        is_deep = form == "deep" or "--deep" in options
        self.form = "deep" if is_deep else form
        self.options = [*(["--deep"] if is_deep else []),
                        *(each for each in options if each != "--deep")]

    def command(self, command, fixture, log):
        strace = ["strace", "-f", "-xx", "-s", "10000000", "-e", "trace=execve,execveat", "-o", log]
        # With --seccomp-bpf strace has a filter of its own, which passes over what ours answers.
        if self.form != "deep":
            strace.append("--seccomp-bpf")
        if self.form != "bare":
            return [*strace, self.tool, "trace", "-o", fixture, "--quiet", "--no-scrub",
                    *self.options, "--", *command]
        for variable in (f"LD_PRELOAD={self.library}", f"CMDMOX_RECORDER={self.tool}",
                         f"CMDMOX_FIXTURE={fixture}", "CMDMOX_QUIET=1", "CMDMOX_SCRUB=off"):
            strace += ["-E", variable]
        return [*strace, *command]

    def observe(self, agreement, command, folder, environment, scratch, limit=600):
        """Runs the command and adds what differs to `agreement`."""
        fixture, log = os.path.join(scratch, "fixture.json"), os.path.join(scratch, "strace")
        output = os.path.join(scratch, "output")
        with open(output, "wb") as file:
            result = subprocess.run(
                self.command(command, fixture, log), cwd=folder, env=environment, timeout=limit,
                stdin=subprocess.DEVNULL, stdout=file, stderr=file, check=False)
        if not os.path.exists(fixture):
            with open(output, "rb") as file:
                text = file.read()[-2000:].decode(errors="replace")
            raise Unobserved(f"no fixture; status {result.returncode}:\n{text}")
        with open(fixture, encoding="utf-8") as file:
            document = json.load(file)
        os.remove(fixture)
        self.compare(agreement, strace_log.read(log), document)

    def compare(self, agreement, executions, document):
        """Takes cmdmox itself away, and the root's first program."""
        first = {}
        for each in executions:
            first.setdefault(each.pid, each)
        own = {pid for pid, each in first.items()
               if os.fsdecode(each.path) == self.tool or each.argv[1:2] == [b"keep"]}
        others = [each for each in executions if each.pid not in own]
        root = others[0].pid
        # The bare form's root executes itself once more, with the session in its environment; that
        # of the form deep is a launcher at first.
        begin = [each for each in others if each.pid == root][:1 if self.form == "trace" else 2]
        last = next(each for each in others
                    if each.pid == root and each.ending != ("replaced", 0))
        end = last.ending_line or float("inf")
        agreement.add([each for each in others if not any(each is one for one in begin)],
                      document["recordings"], end, reaches_all=self.form == "deep")
        agreement.expect_session(document["metadata"]["session"], last)
