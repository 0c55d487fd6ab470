"""The programs that the rounds run."""

from __future__ import annotations

import os
import shutil
import subprocess

_HERE = os.path.dirname(os.path.abspath(__file__))

#: What `work` knows (programs/work.c), each with a label of its own; the label's digit is the status.
STEPS = [
    "fork=fork3", "vfork=vfork4", "search=search1", "open=open6", "spawn=spawn7", "spawnp=spawnp2",
    "system=system1", "popen=popen2", "clean=clean3", "script=script4", "pipe=pipe5",
    "missing=missing8", "silent=silent9",
]


def many_steps(times: int) -> list[str]:
    """All of them, so many times, with labels of their own."""
    return [f"{step[:-1]}-{number}-{step[-1]}" for number in range(times) for step in STEPS]


class Programs:
    """The folder of the compiled programs: `work`, `leaf`, `cut` and others."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        sources = f"{_HERE}/programs"
        for name in sorted(os.listdir(sources)):
            stem, kind = os.path.splitext(name)
            if kind != ".c":
                continue
            library = stem.startswith("lib")
            subprocess.run(
                ["cc", "-std=gnu11", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra", "-Werror",
                 *(["-shared", "-fPIC"] if library else []),
                 "-o", f"{folder}/{stem}{'.so' if library else ''}", f"{sources}/{name}"],
                check=True)
        with open(f"{folder}/script", "w") as file:
            file.write('#!/bin/sh\necho "$1"\nexit "$2"\n')
        os.chmod(f"{folder}/script", 0o755)
        os.chmod(folder, 0o755)

    def path(self, name: str) -> str:
        return f"{self.folder}/{name}"

    def work(self, *steps: str) -> list[str]:
        return [self.path("work"), *steps]

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
