"""A controller for the tests: speaks the control protocol of cmdmox_control.h, decides as it is told."""

from __future__ import annotations

import array
import dataclasses as dc
import os
import pathlib
import queue
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import typing as t

REQUEST, DECISION, REPORT = 1, 2, 3
RUN, CAPTURE = 1, 2
NESTED = 1
CLOSED, INHERITED, RELAYED, FILE, PEEKED, UNKNOWN = range(6)
KEPT, MERGED, TRUNCATED, ENDED, RUNS_ON = 1, 2, 4, 8, 16
MIB = 1 << 20

#: No step of a test may take longer.
LIMIT = 20.0


@dc.dataclass
class Stream:
    """One stream record and the bytes that were kept."""

    how: int
    flags: int
    length: int
    device: int
    inode: int
    begin: int
    end: int
    kept: bytes = b""

    def has(self, flag: int) -> bool:
        return bool(self.flags & flag)


@dc.dataclass
class Request:
    parent: int
    intent: int
    stamp: int
    realtime: int
    pid: int
    ppid: int
    outputs: tuple[int, int, int, int]
    cwd: bytes
    executable: bytes
    argv: list[bytes]
    env: list[bytes]


@dc.dataclass
class Report:
    stamp: int
    status: int
    error: int
    pid: int
    user: int
    system: int
    memory: int
    streams: list[Stream]
    descriptors: int

    @property
    def stdin(self) -> Stream:
        return self.streams[0]

    @property
    def stdout(self) -> Stream:
        return self.streams[1]

    @property
    def stderr(self) -> Stream:
        return self.streams[2]


def parse_request(payload: bytes) -> Request:
    head = struct.unpack_from("<QQQQIIIIQQQQ", payload)
    strings = payload[80:].split(b"\0")
    argc, envc = head[6:8]
    if len(strings) != 2 + argc + envc + 1 or strings[-1] != b"":
        raise ValueError(f"{len(strings)} strings for argc {argc}, envc {envc}")
    return Request(*head[:6], head[8:], strings[0], strings[1], strings[2 : 2 + argc], strings[2 + argc : -1])


def parse_report(payload: bytes, descriptors: list[int]) -> Report:
    head = struct.unpack_from("<QIIIIQQQ", payload)
    if len(payload) != 48 + 3 * 48 or head[4] != 0:
        raise ValueError(f"a report of {len(payload)} bytes")
    given = list(descriptors)
    streams = [Stream(*struct.unpack_from("<IIQQQQQ", payload, 48 + 48 * i)) for i in range(3)]
    for stream in streams:
        if stream.has(KEPT):
            with open(given.pop(0), "rb") as kept:
                stream.kept = kept.read()
    if given:
        raise ValueError(f"{len(given)} descriptors too many")
    return Report(*head[:4], *head[5:], streams, len(descriptors))


def no_action(_: socket.socket) -> None:
    """The usual: the controller goes on."""


class Session:
    """A session directory with a listening controller, and what it was told."""

    def __init__(self, shim: str, *, action: int = CAPTURE, flags: int = 0, limit: int = 16 * MIB,
                 root: tuple[int, int, int, int] = (0, 0, 0, 0), name: str = "session",
                 listens: bool = True) -> None:
        self.shim = shim
        self.decision = (action, flags, limit, *root)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cmdmox-shim-"))
        os.chmod(self.folder, 0o755)
        self.path = self.folder / name
        self.path.mkdir(parents=True)
        self.requests: queue.Queue[Request] = queue.Queue()
        self.reports: queue.Queue[Report | Exception] = queue.Queue()
        self.before_decision: t.Callable[[socket.socket], None] = no_action
        self.after_decision: t.Callable[[socket.socket], None] = no_action
        self.processes: list[subprocess.Popen[bytes]] = []
        self.listener: socket.socket | None = None
        if listens:
            self._listen()

    def _listen(self) -> None:
        self.listener = socket.socket(socket.AF_UNIX)
        folder = os.open(self.path, os.O_PATH)
        try:
            self.listener.bind(f"/proc/self/fd/{folder}/control")
        finally:
            os.close(folder)
        os.chmod(self.path / "control", 0o777)
        self.listener.listen(128)
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                self._converse(connection)
            except Exception as error:  # handed to the test, which asks for the report
                self.reports.put(error)

    def _converse(self, connection: socket.socket) -> None:
        self.requests.put(parse_request(self._receive(connection, REQUEST)[0]))
        self.before_decision(connection)
        payload = struct.pack("<IIQQQQQ", *self.decision)
        connection.sendall(struct.pack("<IHH", len(payload), 1, DECISION) + payload)
        self.after_decision(connection)
        if self.decision[0] == CAPTURE:
            self.reports.put(parse_report(*self._receive(connection, REPORT)))

    def _receive(self, connection: socket.socket, kind: int) -> tuple[bytes, list[int]]:
        """One message and the descriptors that came along."""
        data, descriptors = b"", []
        while len(data) < 8 or len(data) < 8 + struct.unpack_from("<I", data)[0]:
            part, ancillary, _, _ = connection.recvmsg(1 << 16, socket.CMSG_SPACE(64 * 4))
            for _, _, rights in ancillary:
                numbers = array.array("i")
                numbers.frombytes(rights[: len(rights) - len(rights) % numbers.itemsize])
                descriptors += numbers
            if not part:
                raise EOFError(f"the connection ended after {len(data)} bytes")
            data += part
        length, version, came = struct.unpack_from("<IHH", data)
        if version != 1 or came != kind or len(data) != 8 + length:
            raise ValueError(f"version {version}, kind {came}, {len(data)} of {length} bytes")
        return data[8:], descriptors

    def environment(self, execute: str | None, base: dict[str, str] | None = None,
                    parent: str | None = "00000000000000aa0" + "00000000000000bb" + "00000000",
                    ) -> dict[str, str]:
        ours = {} if execute is None else {"CMDMOX_EXECUTE": execute}
        ours["LD_PRELOAD"] = "/nowhere/libcmdmox.so"
        ours["CMDMOX_SESSION"] = str(self.path)
        if parent is not None:
            ours["CMDMOX_PARENT"] = parent
        return ours | (dict(os.environ) if base is None else base)

    def start(self, argv: list[t.Any], *, execute: str | None = None,
              base: dict[str, str] | None = None, **options: t.Any) -> subprocess.Popen[bytes]:
        """Starts `argv` through the shim, as a hook would."""
        path = execute or shutil.which(argv[0]) or argv[0]
        options.setdefault("stdin", subprocess.DEVNULL)
        process = subprocess.Popen(argv, executable=self.shim, env=self.environment(path, base),
                                   **options)
        self.processes.append(process)
        return process

    def run(self, argv: list[t.Any], *, input: bytes | None = None,
            **options: t.Any) -> subprocess.CompletedProcess[bytes]:
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        if input is not None:
            options["stdin"] = subprocess.PIPE
        process = self.start(argv, **options)
        out, err = process.communicate(input, timeout=LIMIT)
        return subprocess.CompletedProcess(argv, process.returncode, out, err)

    def request(self) -> Request:
        return self.requests.get(timeout=LIMIT)

    def report(self) -> Report:
        report = self.reports.get(timeout=LIMIT)
        if isinstance(report, Exception):
            raise report
        return report

    def stop_listening(self) -> None:
        """Whoever connects from now on is refused; the socket's file stays."""
        if self.listener is not None:
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    try:
                        pipe.close()
                    except BrokenPipeError:
                        pass
        self.stop_listening()
        shutil.rmtree(self.folder, ignore_errors=True)
