"""A program on a pseudo-terminal that somebody types at.

    python3 terminal.py PLAN PROGRAM [ARGUMENT…]

PLAN is a list in JSON of pairs: what has to appear, and what is typed then (`SIZE` changes the
window). Writes everything that appeared to stdout, and leaves with the program's status.
"""

import fcntl
import json
import os
import pty
import re
import select
import struct
import sys
import termios
import time

LIMIT = 30.0


def set_size(terminal: int, rows: int, columns: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def read_some(terminal: int, wait: float) -> bytes:
    if not select.select([terminal], [], [], wait)[0]:
        return b""
    try:
        return os.read(terminal, 65536)
    except OSError:  # nobody has it open any more
        return b""


def main() -> int:
    plan = json.loads(sys.argv[1])
    pid, terminal = pty.fork()
    if pid == 0:
        set_size(0, 24, 80)
        os.execvp(sys.argv[2], sys.argv[2:])
    shown, seen_to = b"", 0
    end = time.monotonic() + LIMIT
    for expected, typed in plan:
        while not (found := re.search(expected.encode(), shown[seen_to:])):
            if time.monotonic() > end:
                sys.stdout.write(f"{expected!r} did not appear after:\n{shown.decode(errors='replace')}\n")
                os.kill(pid, 9)
                return 99
            shown += read_some(terminal, 0.1)
        seen_to += found.end()
        time.sleep(0.15)  # as long as it takes to be ready for a key after a prompt
        if typed == "SIZE":
            set_size(terminal, 40, 100)
        else:
            os.write(terminal, typed.encode())
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        more = read_some(terminal, 0.1)
        shown += more
        if done:
            while more:
                more = read_some(terminal, 0.1)
                shown += more
            sys.stdout.buffer.write(re.sub(rb"\b\d{3,}\b", b"PID", shown))
            return os.waitstatus_to_exitcode(status) & 255
    os.kill(pid, 9)
    return 98


sys.exit(main())
