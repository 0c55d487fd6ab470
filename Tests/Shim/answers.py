"""Answers of a controller, those that are none among them."""

from __future__ import annotations

import os
import socket
import struct

from cases import case, check, same

ANSWER = 4
IN_MEMORY = 1


def answer(status: int, flags: int, lengths: tuple[int, int], rest: bytes = b"") -> bytes:
    payload = struct.pack("<IIQQQQ", status, flags, 0, 0, *lengths) + rest
    return struct.pack("<IHH", len(payload), 1, ANSWER) + payload


def run_with(make, message: bytes, files: int = 0):
    """Runs a command of a replay that gets this for an answer."""
    session = make(name="replay")

    def send(connection: socket.socket) -> None:
        memory = [os.memfd_create("answer") for _ in range(files)]
        for file in memory:
            os.write(file, b"kept")
            os.lseek(file, 0, os.SEEK_SET)
        socket.send_fds(connection, [message], memory)
        for file in memory:
            os.close(file)

    session.before_decision = send
    return session.run(["true"])


@case(("inline", answer(3 << 8, 0, (3, 2), b"outer"), 0, b"out", b"er"),
      ("in memory", answer(3 << 8, IN_MEMORY, (4, 4)), 2, b"kept", b"kept"))
def answers(make, _, message, files, stdout, stderr):
    """What is answered is said"""
    result = run_with(make, message, files)
    same((result.returncode, result.stdout, result.stderr), (3, stdout, stderr))


@case(("two lengths whose sum is small again", answer(0, 0, (2**64 - 1, 3), b"xx"), 0),
      ("a length beyond the bytes", answer(0, 0, (3, 0), b"xx"), 0),
      ("one file for two streams", answer(0, IN_MEMORY, (4, 4)), 1),
      ("no file", answer(0, IN_MEMORY, (4, 4)), 0))
def no_answers(make, _, message, files):
    """An answer that does not hold what it says is none"""
    result = run_with(make, message, files)
    same((result.returncode, result.stdout), (127, b""))
    check(b"nothing answers this command any more" in result.stderr, "it says why")


@case()
def no_signal(make):
    """An end by what is no signal is an exit with the status that a shell would show"""
    same(run_with(make, answer(100, 0, (0, 0))).returncode, 228)
