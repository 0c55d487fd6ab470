"""A folder of its own for one round: where the program works, where sessions and fixtures are."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import typing as t

#: An earlier fixture: a round may replace it, but never lose it.
EARLIER = json.dumps({
    "version": "1.0",
    "metadata": {"created_at": "2026-01-01T00:00:00.000000Z", "cmdmox_version": "0", "platform": "linux",
                 "python_version": ""},
    "recordings": [], "scrubbing_rules": [],
}).encode()


class Place:
    """`work` is the program's working directory, `runtime` holds sessions, `kept` fixtures."""

    def __init__(self, folder: str | None = None) -> None:
        self.folder = folder or tempfile.mkdtemp(prefix="cmdmox-fault-")
        os.chmod(self.folder, 0o755)
        self.work = f"{self.folder}/work"
        self.runtime = f"{self.folder}/runtime"
        self.kept = f"{self.folder}/kept"
        self.fixture = f"{self.kept}/cmdmox.json"
        #: What a replay answers from.
        self.answers = f"{self.folder}/answers.json"
        for path in [self.work, self.runtime, self.kept]:
            os.makedirs(path, exist_ok=True)
        self.put_earlier()

    def put_earlier(self) -> None:
        with open(self.fixture, "wb") as file:
            file.write(EARLIER)

    def sessions(self) -> list[str]:
        with contextlib.suppress(FileNotFoundError):
            return sorted(os.listdir(self.runtime))
        return []

    def session(self) -> str | None:
        """The folder that CMDMOX_SESSION names, once it is there."""
        for path, _, names in os.walk(self.runtime):
            if "events" in names:
                return path
        return None

    def has_journal(self) -> bool:
        """The recorder has begun."""
        return any("journal.jsonl" in names for _, _, names in os.walk(self.runtime))

    def variables(self) -> dict[str, str]:
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": self.folder,
            "LANG": "C.UTF-8", "XDG_RUNTIME_DIR": self.runtime, "CMDMOX_FIXTURE": self.fixture,
        }

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> t.Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
