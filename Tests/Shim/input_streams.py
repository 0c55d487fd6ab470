"""stdin: what the command gets, and what is recorded of it."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import threading
import time

from cases import LIMIT, PERL, PYTHON, SHELLS, bare, case, check, same
from controller import ENDED, FILE, INHERITED, KEPT, PEEKED, RELAYED, UNKNOWN

MUCH = 3 << 20

READ_ALL = {
    "bash": [*SHELLS["bash"], "cat >/dev/null"],
    "dash": [*SHELLS["dash"], "cat >/dev/null"],
    "python3": [*PYTHON, "import sys; sys.stdin.buffer.read()"],
    "perl": [*PERL, "local $/; <STDIN>"],
}
READ_FIVE = {
    "bash": [*SHELLS["bash"], "read -N 5 -r x"],
    "dash": [*SHELLS["dash"], "dd bs=5 count=1 of=/dev/null status=none"],
    "python3": [*PYTHON, "import os; os.read(0, 5)"],
    "perl": [*PERL, "sysread STDIN, $x, 5"],
}


@case(*READ_ALL)
def all_of_it(make, language):
    """All of stdin is recorded, and that its end was seen"""
    session = make()
    for data in (b"", b"x", bytes(range(256)) * 2000):
        same(session.run(READ_ALL[language], input=data).returncode, 0)
        stream = session.report().stdin
        same((stream.how, stream.kept, stream.length), (RELAYED, data, len(data)))
        check(stream.has(ENDED), "its end was seen")


@case(*READ_FIVE)
def what_was_consumed(make, language):
    """Only what the command consumed is recorded"""
    session = make()
    for size in (5, 6, 1000, 1_000_000):
        data = bytes(range(33, 127)) * (size // 90 + 1)
        session.run(READ_FIVE[language], input=data[:size])
        stream = session.report().stdin
        same((stream.how, stream.kept, stream.length), (RELAYED, data[:5], 5))
        check(size == 5 or not stream.has(ENDED), "its end was not seen")


@case()
def nothing_read(make):
    """A command that reads nothing has consumed nothing"""
    session = make()
    for data in (b"", b"abc", b"x" * 500_000):
        session.run(["true"], input=data)
        stream = session.report().stdin
        same((stream.how, stream.length, stream.kept), (RELAYED, 0, b""))
        check(data == b"" or not stream.has(ENDED), "its end was not seen")


@case()
def stays_open(make):
    """A command that ends before its stdin does not wait for it"""
    session = make()
    read, write = os.pipe()
    process = session.start([*SHELLS["dash"], "read x; echo $x"], stdin=read, stdout=subprocess.PIPE)
    os.close(read)
    os.write(write, b"line\n")
    same(process.communicate(timeout=5)[0], b"line\n")
    stream = session.report().stdin
    same((stream.kept, stream.has(ENDED)), (b"line\n", False))
    try:
        os.write(write, b"more")
        raise AssertionError("the writer did not learn that nobody reads")
    except BrokenPipeError:
        pass
    os.close(write)


@case()
def closes_stdin(make):
    """The writer learns when the command closes its stdin"""
    session = make()
    process = session.start([*SHELLS["dash"], "read x; exec <&-; echo closed; sleep 60"],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdin.write(b"a\n")
    process.stdin.flush()
    same(process.stdout.readline(), b"closed\n")
    try:
        while True:
            os.write(process.stdin.fileno(), b"x" * 1000)
    except BrokenPipeError:
        pass
    process.kill()


@case("bash", "python3", "perl")
def coprocess(make, language):
    """A conversation line by line"""
    answers = {
        "bash": [*SHELLS["bash"], "while read x; do echo got $x; done"],
        "python3": [*PYTHON, "import sys\nfor x in sys.stdin: print('got', x, end='', flush=True)"],
        "perl": [*PERL, '$| = 1; print "got $_" while <STDIN>'],
    }
    session = make()
    process = session.start(answers[language], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    for i in range(200):
        process.stdin.write(b"%d\n" % i)
        same(process.stdout.readline(), b"got %d\n" % i)
    process.stdin.close()
    same(process.wait(timeout=5), 0)
    same(session.report().stdin.kept, b"".join(b"%d\n" % i for i in range(200)))


@case()
def null_and_devices(make):
    """/dev/null and other devices are left alone"""
    session = make()
    session.run(["cat"])
    same(session.report().stdin.how, INHERITED)
    with open("/dev/zero", "rb") as zero:
        same(session.run(["head", "-c3"], stdin=zero).stdout, b"\0\0\0")
    same(session.report().stdin.how, INHERITED)


@case()
def regular_file(make):
    """Of a file, what lay between the two offsets"""
    session = make()
    path = session.folder / "in"
    path.write_bytes(b"0123456789")
    with open(path, "rb", buffering=0) as file:
        file.seek(2)
        session.run([*PYTHON, "import os; os.read(0, 3)"], stdin=file)
        same(file.tell(), 5)
        stream = session.report().stdin
        same((stream.how, stream.begin, stream.end, stream.kept), (FILE, 2, 5, b"234"))
        check(not stream.has(ENDED), "not at its end")
        same(session.run(["cat"], stdin=file).stdout, b"56789")
        stream = session.report().stdin
        same((stream.kept, stream.has(ENDED)), (b"56789", True))


@case()
def a_socket(make):
    """A socket is left alone"""
    session = make()
    ours, theirs = socket.socketpair()
    ours.sendall(b"line\n")
    same(session.run([*SHELLS["dash"], "read x; echo $x"], stdin=theirs).stdout, b"line\n")
    same(session.report().stdin.how, UNKNOWN)


@case("bash", "dash")
def eater(make, name):
    """A command that eats the stdin of a while-read loop: what it took, and no more"""
    session = make()
    read, write = os.pipe()
    os.write(write, b"a\nb\nc\nd\ne\n")
    os.close(write)
    script = "while read x; do echo loop $x; CMDMOX_EXECUTE=/usr/bin/head $shim -c2; done"
    env = session.environment(None) | {"shim": session.shim}
    env.pop("LD_PRELOAD")
    result = subprocess.run([name, "-c", script], stdin=read, env=env, capture_output=True,
                            timeout=LIMIT)
    os.close(read)
    same(result.stdout, b"loop a\nb\nloop c\nd\nloop e\n")
    streams = [session.report().stdin for _ in range(3)]
    same([(stream.how, stream.kept) for stream in streams],
         [(PEEKED, b"b\n"), (PEEKED, b"d\n"), (PEEKED, b"")])
    same([stream.has(ENDED) for stream in streams], [False, False, True])


@case("bash")
def script_on_stdin(make, name):
    """A shell that reads its script from a pipe: commands do not take the rest of the script"""
    session = make()
    env = session.environment(None) | {"shim": session.shim}
    env.pop("LD_PRELOAD")
    script = b"read x; echo got $x\nhello\nCMDMOX_EXECUTE=/bin/true $shim\nCMDMOX_EXECUTE=/bin/cat $shim\nrest\n"
    result = bare([name], input=script, env=env)
    same(result.stdout, b"got hello\nrest\n")
    check(session.report().stdin.how in (PEEKED, UNKNOWN), "true took nothing")
    stream = session.report().stdin
    same((stream.how, stream.kept), (PEEKED, b"rest\n"))


@case()
def shared_with_writer(make):
    """A shared pipe that is still written: it cannot be told, and is left alone"""
    session = make()
    env = session.environment(None) | {"shim": session.shim}
    env.pop("LD_PRELOAD")
    process = subprocess.Popen(["dash", "-c", "CMDMOX_EXECUTE=/usr/bin/head $shim -c2; cat"], env=env,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdin.write(b"a\nb\n")
    process.stdin.flush()
    same(session.report().stdin.how, UNKNOWN)
    same(process.communicate(b"c\n", timeout=5)[0], b"a\nb\nc\n")


@case()
def closed_late(make):
    """A caller that closes its read end a little later: relayed all the same"""
    session = make()
    for _ in range(20):
        read, write = os.pipe()
        process = session.start(["cat"], stdin=read, stdout=subprocess.PIPE)
        time.sleep(0.001)  # the case itself: this caller is late
        os.close(read)
        os.write(write, b"x")
        os.close(write)
        same(process.communicate(timeout=5)[0], b"x")
        same(session.report().stdin.how, RELAYED)


@case()
def closed_later_by_one_at_work(make):
    """A caller that is kept from closing its read end, but at work, is waited for longer"""
    session = make()
    for _ in range(20):
        read, write = os.pipe()
        process = session.start(["cat"], stdin=read, stdout=subprocess.PIPE)
        end = time.thread_time() + 0.012
        while time.thread_time() < end:
            pass
        os.close(read)
        os.write(write, b"x")
        os.close(write)
        same(process.communicate(timeout=5)[0], b"x")
        same(session.report().stdin.how, RELAYED)


@case()
def ended_for_all(make):
    """Nobody is waited for at a pipe that has ended: make(1) gives one to many commands"""
    session = make()
    if shutil.which("strace") is None:
        return
    read, write = os.pipe()
    os.close(write)
    calls = session.folder / "calls"
    line = ["strace", "-f", "--seccomp-bpf", "-o", str(calls), "-e", "trace=nanosleep,wait4",
            session.shim, "-c", "exit 3"]
    env = session.environment("/bin/sh")
    env.pop("LD_PRELOAD")
    process = subprocess.Popen(line, stdin=read, env=env)
    same(process.wait(timeout=LIMIT), 3)
    os.close(read)
    stream = session.report().stdin
    same((stream.how, stream.length, stream.has(ENDED)), (RELAYED, 0, True))
    check("wait4" in calls.read_text(), "it is the stand-in that was looked at")
    same(calls.read_text().count("nanosleep"), 0)


@case(0, 2, 60000)
def fifo_that_has_ended(make, length):
    """A FIFO whose writer has gone before the stand-in looks"""
    session = make()
    fifo = str(session.folder / "fifo")
    os.mkfifo(fifo)
    read = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(read, True)
    write = os.open(fifo, os.O_WRONLY)
    data = b"x" * length
    os.write(write, data)
    os.close(write)
    process = session.start(["cat"], stdin=read, stdout=subprocess.PIPE)
    os.close(read)
    same(process.communicate(timeout=5)[0], data)
    stream = session.report().stdin
    same((stream.how, stream.length, stream.has(ENDED)), (RELAYED, len(data), True))


@case()
def fifo_that_is_written_again(make):
    """A writer that comes when the last one has gone, and what it wrote is not read yet"""
    session = make()
    fifo, go = str(session.folder / "fifo"), str(session.folder / "go")
    os.mkfifo(fifo)
    os.mkfifo(go)
    read = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(read, True)
    write = os.open(fifo, os.O_WRONLY)
    try:
        fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, MUCH)
    except PermissionError:
        return  # only root: the stand-in holds as much as anybody else's pipe
    os.write(write, b"x" * MUCH)
    os.close(write)
    process = session.start(["sh", "-c", "echo; read go <go; cat"], stdin=read,
                            stdout=subprocess.PIPE, cwd=session.folder)
    os.close(read)
    same(process.stdout.read(1), b"\n")
    write = os.open(fifo, os.O_WRONLY)
    os.write(os.open(go, os.O_WRONLY), b"\n")
    same(read_all(process.stdout, MUCH), b"x" * MUCH)
    os.write(write, b"y\n")
    os.close(write)
    same(process.communicate(timeout=5)[0], b"y\n")
    same(session.report().stdin.length, MUCH + 2)


def read_all(file, length):
    """So many bytes, not waiting for more."""
    data = b""
    while len(data) < length:
        data += file.read1(length - len(data))
    return data


@case()
def siblings(make):
    """Two children on one read end: neither takes what is the other's"""
    session = make()
    for _ in range(10):
        read, write = os.pipe()
        one = session.start([*PYTHON, "import os; os.write(1, os.read(0, 1))"], stdin=read,
                            stdout=subprocess.PIPE)
        two = subprocess.Popen([*PYTHON, "import os; os.write(1, os.read(0, 1))"], stdin=read,
                               stdout=subprocess.PIPE)
        os.close(read)
        session.request()
        os.write(write, b"ab")
        found = one.communicate(timeout=5)[0] + two.communicate(timeout=5)[0]
        same(sorted(found), [97, 98])
        os.close(write)
        session.report()


@case()
def held_twice(make):
    """A pipe that the command has at a second number too is not relayed"""
    session = make()
    read, write = os.pipe()
    os.write(write, b"a\nb\n")
    os.close(write)
    result = session.run([*SHELLS["dash"], f"head -c2; cat <&{read}"], stdin=read, pass_fds=[read])
    os.close(read)
    same(result.stdout, b"a\nb\n")
    same((session.report().stdin.how), PEEKED)


@case()
def slow_writer(make):
    """Bytes that trickle in arrive one by one"""
    session = make()
    process = session.start([*PYTHON, "import os\nwhile b := os.read(0, 100): os.write(1, b)"],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    for i in range(100):
        process.stdin.write(bytes([i]))
        same(process.stdout.read(1), bytes([i]))
    process.stdin.close()
    same(process.wait(timeout=5), 0)


@case()
def large_and_unread(make):
    """A writer of much input that nobody reads is held back, and let go at the end"""
    session = make()
    process = session.start([*SHELLS["dash"], "read x"], stdin=subprocess.PIPE)
    failed = threading.Event()

    def feed():
        try:
            for _ in range(64):
                os.write(process.stdin.fileno(), b"line\n" * 20_000)
        except BrokenPipeError:
            failed.set()

    feeder = threading.Thread(target=feed)
    feeder.start()
    same(process.wait(timeout=5), 0)
    feeder.join(5)
    check(failed.is_set(), "the writer learns that the reader has gone")
    stream = session.report().stdin
    same((stream.kept, stream.flags), (b"line\n", KEPT))
