"""What strace saw: which process executed what, and how each process ended."""

import re
import signal

CALL = re.compile(r"^(execve|execveat)\((.*)$", re.DOTALL)
RESUMED = re.compile(r"^<\.\.\. (execve|execveat) resumed>(.*)$", re.DOTALL)
EXITED = re.compile(r"^\+\+\+ exited with (\d+) \+\+\+$")
KILLED = re.compile(r"^\+\+\+ killed by (\S+?)(?: \(core dumped\))? \+\+\+$")
SUPERSEDED = re.compile(r"^\+\+\+ superseded by execve in pid (\d+) \+\+\+$")
TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"(\.\.\.)?')


class Process:
    """One process: the programs that it executed, in order, and its wait status."""

    def __init__(self, pid):
        self.pid = pid
        self.programs = []  # (path, [argument, ...]), all bytes
        self.ending = None  # ("exited", status) or ("signaled", number)


def text(literal):
    """The bytes of a string that strace -xx printed."""
    if re.sub(r"\\x[0-9a-f]{2}", "", literal):
        raise ValueError(f"not a string in hexadecimal: {literal[:80]}")
    return bytes.fromhex(literal.replace("\\x", ""))


def arguments(call):
    """Path and argument list of the text behind `execve(`."""
    start = call.index('"')
    path = TEXT.match(call, start)
    rest = call[path.end():]
    if not rest.startswith(", ["):
        return text(path[1]), []  # NULL or empty
    words, position = [], 3
    while rest[position] != "]":
        word = TEXT.match(rest, position)
        if word is None or word[2]:
            raise ValueError(f"strace shortened an argument: {rest[position:position + 80]}")
        words.append(text(word[1]))
        position = word.end()
        if rest.startswith(", ", position):
            position += 2
    return text(path[1]), words


def signal_number(name):
    match = re.fullmatch(r"SIGRT_(\d+)|SIGRTMIN\+?(\d*)|(SIG\w+)", name)
    if match[1] or (match[2] is not None):
        return 32 + int(match[1] or 0) if match[1] else 34 + int(match[2] or 0)
    return signal.Signals[name].value


def read(path):
    """All processes that executed something, by pid, in the order of their first program."""
    processes, pending = {}, {}
    with open(path, encoding="ascii") as log:
        for line in log:
            pid, _, event = line.rstrip("\n").partition(" ")
            read_event(processes, pending, int(pid), event.lstrip())
    return processes


def read_event(processes, pending, pid, event):
    if match := CALL.match(event):
        call = match[2]
        if call.endswith("<unfinished ...>"):
            pending[pid] = call
        elif returned_zero(call):
            executed(processes, pid, call)
    elif match := RESUMED.match(event):
        call = pending.pop(pid, None)
        if call is not None and returned_zero(match[2]):
            executed(processes, pid, call)
    elif match := SUPERSEDED.match(event):
        # A thread that was not the first one executed: it takes over the process's number.
        if int(match[1]) in pending:
            pending[pid] = pending.pop(int(match[1]))
    elif match := EXITED.match(event):
        ended(processes, pid, ("exited", int(match[1])))
    elif match := KILLED.match(event):
        ended(processes, pid, ("signaled", signal_number(match[1])))


def returned_zero(call):
    return re.search(r"\) *= 0$", call) is not None


def executed(processes, pid, call):
    processes.setdefault(pid, Process(pid)).programs.append(arguments(call))


def ended(processes, pid, ending):
    if pid in processes:
        processes[pid].ending = ending
