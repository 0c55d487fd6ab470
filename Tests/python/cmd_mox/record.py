"""A session that replays a fixture: matching and its order are those that cmd-mox documents."""

from __future__ import annotations

import threading

from cmd_mox.ipc import Invocation, Response
from cmdmox_fixture import FixtureFile, RecordedInvocation


class LifecycleError(Exception):
    """A call that the session cannot take where it stands."""


class VerificationError(Exception):
    """Recordings that nothing consumed."""


class ReplaySession:
    def __init__(self, fixture_path, *, strict_matching=True, allow_unmatched=False):
        self._path = fixture_path
        self._strict = strict_matching
        self._allow_unmatched = allow_unmatched
        self._fixture: FixtureFile | None = None
        self._consumed: set[int] = set()
        self._lock = threading.Lock()

    def load(self) -> None:
        if self._fixture is not None:
            raise LifecycleError("load() is called once")
        self._fixture = FixtureFile.load(str(self._path))

    def match(self, invocation: Invocation) -> Response | None:
        recordings = self._loaded().recordings
        with self._lock:
            fitting = [
                index
                for index, recording in enumerate(recordings)
                if index not in self._consumed and self._fits(recording, invocation)
            ]
            if not fitting:
                return None
            best = max(fitting, key=lambda index: self._score(recordings[index], invocation))
            self._consumed.add(best)
        recording = recordings[best]
        return Response(recording.stdout, recording.stderr, recording.exit_code)

    def verify_all_consumed(self) -> None:
        recordings = self._loaded().recordings
        left = [
            f"[{index}] {recording.command} {recording.args}"
            for index, recording in enumerate(recordings)
            if index not in self._consumed
        ]
        if left and not self._allow_unmatched:
            raise VerificationError("not consumed: " + ", ".join(left))

    def _loaded(self) -> FixtureFile:
        if self._fixture is None:
            raise LifecycleError("call load() first")
        return self._fixture

    def _fits(self, recording: RecordedInvocation, invocation: Invocation) -> bool:
        if (recording.command, recording.args) != (invocation.command, invocation.args):
            return False
        if not self._strict:
            return True
        return recording.stdin == invocation.stdin and all(
            invocation.env.get(key) == value for key, value in recording.env_subset.items()
        )

    @staticmethod
    def _score(recording: RecordedInvocation, invocation: Invocation) -> tuple[bool, int, int, int]:
        pairs = sum(
            invocation.env.get(key) == value for key, value in recording.env_subset.items()
        )
        return (
            recording.stdin == invocation.stdin, pairs, len(recording.env_subset), -recording.sequence,
        )
