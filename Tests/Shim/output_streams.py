"""stdout and stderr: what arrives, and what is kept of it."""

from __future__ import annotations

import hashlib
import os
import pathlib
import socket
import subprocess
import sys
import threading

from cases import LIMIT, PERL, PYTHON, SHELLS, bare, case, check, eventually, is_alive, pid_of, same
from controller import (FILE, INHERITED, KEPT, MERGED, MIB, RELAYED, TRUNCATED, UNKNOWN)

HUNDRED = 100 * MIB
BLOCK = os.urandom(MIB)

COPY = {
    "bash": [*SHELLS["bash"], "cat"],
    "dash": [*SHELLS["dash"], "cat"],
    "python3": [*PYTHON, "import sys, shutil; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"],
    "perl": [*PERL, "binmode STDIN; binmode STDOUT; $/ = \\65536; print while <STDIN>"],
}


@case(*COPY)
def hundred_megabytes(make, language):
    """100 MB of binary data pass in both directions, exact, in flat memory"""
    session = make()
    process = session.start(COPY[language], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def feed():
        for _ in range(100):
            process.stdin.write(BLOCK)
        process.stdin.close()

    feeder = threading.Thread(target=feed)
    feeder.start()
    found, count, peak = hashlib.sha256(), 0, 0
    while part := process.stdout.read(MIB):
        found.update(part)
        count += len(part)
        if count >= HUNDRED - 2 * MIB and peak == 0:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            peak = int(status.split("VmHWM:")[1].split()[0])
    feeder.join()
    same(process.wait(timeout=LIMIT), 0)
    same(count, HUNDRED)
    same(found.hexdigest(), hashlib.sha256(BLOCK * 100).hexdigest())
    check(0 < peak < 2048, f"the stand-in used {peak} KiB")
    report = session.report()
    for stream in (report.stdin, report.stdout):
        same((stream.how, stream.length, stream.has(TRUNCATED)), (RELAYED, HUNDRED, True))
        check(stream.kept == BLOCK * 16, "the first 16 MiB are kept")


@case("bash", "dash", "python3", "perl")
def early_reader(make, language):
    """A reader that leaves early ends the writer as ever: yes | head -1"""
    writers = {
        "bash": [*SHELLS["bash"], "exec yes"],
        "dash": [*SHELLS["dash"], "while :; do echo y; done"],
        "python3": [*PYTHON, "import signal; signal.signal(13, signal.SIG_DFL)\nwhile 1: print('y')"],
        "perl": [*PERL, 'print "y\\n" while 1'],
    }
    session = make()
    process = session.start(writers[language], stdout=subprocess.PIPE)
    same(process.stdout.readline(), b"y\n")
    process.stdout.close()
    same(process.wait(timeout=LIMIT), -13)
    report = session.report()
    check(report.stdout.kept[:2] == b"y\n" and report.stdout.length >= len(report.stdout.kept), "kept")


@case()
def silent_writer(make):
    """A command that says nothing more learns that its reader has left: tail -f x | head -1"""
    session = make()
    file = session.folder / "x"
    file.write_text("line\n")
    process = session.start(["tail", "-f", str(file)], stdout=subprocess.PIPE)
    same(process.stdout.readline(), b"line\n")
    process.stdout.close()
    process.wait(timeout=5)
    same(session.report().stdout.kept, b"line\n")


ALTERNATE = {
    "bash": [*SHELLS["bash"], "for i in {1..500}; do echo o$i; echo e$i >&2; done"],
    "dash": [*SHELLS["dash"], "i=0; while [ $i -lt 500 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done"],
    "python3": [*PYTHON, "import os\nfor i in range(500): os.write(1, b'o%d\\n' % i); os.write(2, b'e%d\\n' % i)"],
    "perl": [*PERL, 'for (0..500) { syswrite STDOUT, "o$_\\n"; syswrite STDERR, "e$_\\n" }'],
}


@case(*ALTERNATE)
def merged(make, language):
    """stdout and stderr on one pipe keep their order, and are said to be merged"""
    session = make()
    expected = bare(ALTERNATE[language], stderr=subprocess.STDOUT).stdout
    same(session.run(ALTERNATE[language], stderr=subprocess.STDOUT).stdout, expected)
    report = session.report()
    same(report.stdout.kept, expected)
    same((report.stderr.how, report.stderr.flags), (RELAYED, MERGED))


@case(*ALTERNATE)
def apart(make, language):
    """stdout and stderr on two pipes are kept apart"""
    session = make()
    expected = bare(ALTERNATE[language])
    result = session.run(ALTERNATE[language])
    same((result.stdout, result.stderr), (expected.stdout, expected.stderr))
    report = session.report()
    same((report.stdout.kept, report.stderr.kept), (expected.stdout, expected.stderr))
    same((report.stdout.flags, report.stderr.flags), (KEPT, KEPT))


@case(0, 1, 10, 4095, 65536, 100_000)
def limited(make, limit):
    """What is over the limit flows on and is counted"""
    session = make(limit=limit)
    data = bytes(range(256)) * 400
    script = "import sys; sys.stdout.buffer.write(bytes(range(256)) * 400)"
    same(session.run([*PYTHON, script]).stdout, data)
    stream = session.report().stdout
    same((stream.kept, stream.length), (data[:limit], len(data)))
    same(stream.has(TRUNCATED), limit < len(data))


@case()
def exactly_the_limit(make):
    """A stream as long as the limit is not truncated"""
    session = make(limit=1000)
    session.run([*PYTHON, "print('x' * 999)"])
    stream = session.report().stdout
    same((stream.length, stream.flags), (1000, KEPT))


WRITE = {
    "bash": [*SHELLS["bash"], "echo one; echo two >&2; echo three"],
    "dash": [*SHELLS["dash"], "echo one; echo two >&2; echo three"],
    "python3": [*PYTHON, "import os; os.write(1, b'one\\n'); os.write(2, b'two\\n'); os.write(1, b'three\\n')"],
    "perl": [*PERL, '$| = 1; print "one\\n"; print STDERR "two\\n"; print "three\\n"'],
}


@case(*WRITE)
def file(make, language):
    """A file is left alone and what was written is read back"""
    session = make()
    path = session.folder / "out"
    with open(path, "wb") as out:
        out.write(b"before\n")
        out.flush()
        session.run(WRITE[language], stdout=out)
        same(out.tell(), 17)
    same(path.read_bytes(), b"before\none\nthree\n")
    stream = session.report().stdout
    same((stream.how, stream.begin, stream.end, stream.length), (FILE, 7, 17, 10))
    same((stream.device, stream.inode), (path.stat().st_dev, path.stat().st_ino))
    same(stream.kept, b"one\nthree\n")


@case(*WRITE)
def file_appended(make, language):
    """What is appended to a file begins at its size, whatever the offset"""
    session = make()
    path = session.folder / "out"
    path.write_bytes(b"before\n")
    out = os.open(path, os.O_WRONLY | os.O_APPEND)
    session.run(WRITE[language], stdout=out, stderr=out)
    report = session.report()
    same((report.stdout.how, report.stdout.begin, report.stdout.end), (FILE, 7, 21))
    same(report.stdout.kept, b"one\ntwo\nthree\n")
    same((report.stderr.how, report.stderr.flags), (FILE, MERGED))
    session.run(["true"], stdout=out, stderr=out)
    os.close(out)
    stream = session.report().stdout
    same((stream.how, stream.length, stream.kept), (FILE, 0, b""))
    path.write_bytes(b"longer than nothing")
    with open(path, "ab") as out:
        session.run(["true"], stdout=out)
    same((session.report().stdout.length, path.read_bytes()), (0, b"longer than nothing"))


@case(("append", "ab", "ab", b"before\none\nthree\ntwo\n", b"one\nthree\ntwo\n"),
      ("write, append", "r+b", "ab", b"one\nthree\ntwo\n", b"one\nthree\ntwo\n"))
def file_opened_twice(make, _, out_mode, error_mode, file_content, kept):
    """stdout and stderr are one file that was opened twice: all of both is read back"""
    session = make()
    path = session.folder / "out"
    path.write_bytes(b"before\n" if out_mode == "ab" else b"")
    script = "echo one; echo three; echo two >&2"
    with open(path, out_mode) as out, open(path, error_mode) as errors:
        session.run([*SHELLS["dash"], script], stdout=out, stderr=errors)
    same(path.read_bytes(), file_content)
    report = session.report()
    same(report.stdout.kept, kept)
    same((report.stdout.how, report.stderr.how, report.stderr.flags), (FILE, FILE, MERGED))


@case()
def file_limited(make):
    """The limit holds for a file too"""
    session = make(limit=5)
    with open(session.folder / "out", "wb") as out:
        session.run([*SHELLS["dash"], "echo 123456789"], stdout=out)
    stream = session.report().stdout
    same((stream.kept, stream.length, stream.has(TRUNCATED)), (b"12345", 10, True))


@case()
def file_unreadable(make):
    """A file that the user may write and not read is marked"""
    session = make()
    if os.geteuid() != 0:
        return
    path = session.folder / "out"
    path.touch()
    os.chown(path, 65534, 65534)
    path.chmod(0o200)
    with open(path, "wb") as out:
        session.run([*SHELLS["dash"], "echo x"], stdout=out, user=65534, group=65534)
    same(path.read_bytes(), b"x\n")
    same((session.report().stdout.how), UNKNOWN)


@case()
def file_removed(make):
    """A file that the command takes away is read back all the same"""
    session = make()
    path = session.folder / "out"
    with open(path, "wb") as out:
        session.run([*SHELLS["dash"], f"echo x; rm {path}"], stdout=out)
    same(session.report().stdout.kept, b"x\n")


@case("log", "null")
def the_roots_own(make, what):
    """What is the root's own is taken by a pipe"""
    plain = make()
    path = plain.folder / "log" if what == "log" else pathlib.Path("/dev/null")
    path.touch()
    stat = path.stat()
    session = make(root=(stat.st_dev, stat.st_ino, 0, 0))
    with open(path, "ab") as out:
        session.run(WRITE["dash"], stdout=out, stderr=out)
    report = session.report()
    same(report.stdout.how, RELAYED)
    if what == "log":
        same((path.read_bytes(), report.stdout.kept), (b"one\ntwo\nthree\n",) * 2)
        check(report.stderr.has(MERGED), "in the order of the log")
    else:
        same((report.stdout.kept, report.stderr.kept), (b"one\nthree\n", b"two\n"))


@case()
def other_devices(make):
    """Another device is left alone"""
    session = make()
    with open("/dev/full", "wb") as out:
        result = session.run([*SHELLS["dash"], "echo x"], stdout=out)
    check(result.returncode != 0, "the command learns that nothing fits")
    same(session.report().stdout.how, INHERITED)


@case()
def socket_pair(make):
    """A socket stays a socket, and is relayed"""
    session = make()
    ours, theirs = socket.socketpair()
    process = session.start([*SHELLS["dash"], "test -S /proc/self/fd/1 && echo socket; echo e >&2"],
                            stdout=theirs, stderr=theirs)
    theirs.close()
    process.wait(timeout=5)
    same(ours.makefile("rb").read(), b"socket\ne\n")
    report = session.report()
    same((report.stdout.how, report.stdout.kept), (RELAYED, b"socket\ne\n"))
    check(report.stderr.has(MERGED), "both were one socket")


@case()
def socket_both_ways(make):
    """A socket that is stdin too is left alone"""
    session = make()
    ours, theirs = socket.socketpair()
    process = session.start([*SHELLS["dash"], "read x; echo got $x"], stdin=theirs, stdout=theirs)
    theirs.close()
    ours.sendall(b"line\n")
    process.wait(timeout=5)
    same(ours.makefile("rb").read(), b"got line\n")
    report = session.report()
    same((report.stdin.how, report.stdout.how), (UNKNOWN, UNKNOWN))


@case(("datagram", socket.SOCK_DGRAM), ("seqpacket", socket.SOCK_SEQPACKET))
def socket_of_messages(make, _, kind):
    """A socket that keeps messages apart is left alone"""
    session = make()
    ours, theirs = socket.socketpair(socket.AF_UNIX, kind)
    process = session.start([*SHELLS["dash"], "echo one; echo two"], stdout=theirs)
    theirs.close()
    process.wait(timeout=5)
    same([ours.recv(100), ours.recv(100)], [b"one\n", b"two\n"])
    same(session.report().stdout.how, UNKNOWN)


@case()
def socket_with_an_address(make):
    """A socket of another family than a pair's is left alone: it has options, and can be read"""
    session = make()
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = socket.create_connection(server.getsockname())
        theirs, _ = server.accept()
    process = session.start([*SHELLS["dash"], "echo o; cat <&1"], stdout=theirs)
    theirs.close()
    ours.sendall(b"abc")
    ours.shutdown(socket.SHUT_WR)
    same(ours.makefile("rb").read(), b"o\nabc")
    process.wait(timeout=5)
    same(session.report().stdout.how, UNKNOWN)


@case()
def closed_early(make):
    """A command that closes its stdout while it runs: the reader sees the end"""
    session = make()
    process = session.start([*SHELLS["dash"], "echo $$; exec >&- 2>&-; read x"], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE)
    pid = pid_of(process)
    same(process.stdout.read(), b"")
    check(is_alive(pid), "the command still runs")
    process.stdin.close()
    process.wait(timeout=5)


@case()
def slow_reader(make):
    """A slow reader slows the command down"""
    session = make()
    script = "import os\nfor i in range(4096): os.write(1, b'x' * 4096); os.write(2, b'.')"
    process = session.start([*PYTHON, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    os.set_blocking(process.stderr.fileno(), False)
    same(process.stdout.read(4096), b"x" * 4096)
    status = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
    pid = int(status.read_text())
    eventually(lambda: pathlib.Path(f"/proc/{pid}/wchan").exists() and
               pathlib.Path(f"/proc/{pid}/syscall").read_text().startswith("1 0x1 "),
               "the command waits in write(1)")
    written = len(process.stderr.read() or b"")
    check(written < 1024, f"it is held back, not {written} pages ahead")
    os.set_blocking(process.stderr.fileno(), True)
    out, _ = process.communicate(timeout=LIMIT)
    same(len(out), 4095 * 4096)


@case()
def nonblocking(make):
    """The caller's O_NONBLOCK is left as it is, and the command finds it"""
    session = make()
    read, write = os.pipe()
    os.set_blocking(write, False)
    script = "import os; os.write(1, b'%d' % os.get_blocking(1))"
    session.run([*PYTHON, script], stdout=write)
    check(not os.get_blocking(write), "still set")
    same(os.read(read, 10), b"0")
    os.set_blocking(write, True)
    session.run([*PYTHON, script], stdout=write)
    check(os.get_blocking(write), "still not set")
    same(os.read(read, 10), b"1")
    os.close(read)
    os.close(write)


@case()
def lines_stay_whole(make):
    """Lines of many writers to one pipe are not torn"""
    session = make()
    read, write = os.pipe()
    script = "import sys, os\nfor i in range(400): os.write(1, (sys.argv[1] * 100 + '\\n').encode())"
    processes = [session.start([sys.executable, "-c", script, letter], stdout=write)
                 for letter in "abcdef"]
    os.close(write)
    lines = open(read, "rb").read().split(b"\n")
    for process in processes:
        same(process.wait(timeout=LIMIT), 0)
    same(len(lines), 6 * 400 + 1)
    check(all(len(set(line)) == 1 and len(line) == 100 for line in lines[:-1]), "a line is torn")
