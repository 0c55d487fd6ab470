"""What strace saw: which process executed what, and how each ended."""

import dataclasses
import re
import signal

CALL = re.compile(r"^(execve|execveat)\((.*)$", re.DOTALL)
RESUMED = re.compile(r"^<\.\.\. (execve|execveat) resumed>(.*)$", re.DOTALL)
EXITED = re.compile(r"^\+\+\+ exited with (\d+) \+\+\+$")
KILLED = re.compile(r"^\+\+\+ killed by (\S+?)(?: \(core dumped\))? \+\+\+$")
SUPERSEDED = re.compile(r"^\+\+\+ superseded by execve in pid (\d+) \+\+\+$")
# AT_EXECVE_CHECK, Linux 6.14: whether a file could be executed. Nothing is.
ASKED = re.compile(r"[|,] ?(?:0x10000|AT_EXECVE_CHECK)(?:\) *= 0| <unfinished \.\.\.>)?$")
TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"(\.\.\.)?')


@dataclasses.dataclass
class Execution:
    """One program that a process executed."""

    pid: int
    path: bytes
    argv: list
    line: int  # of the log
    # ("replaced", 0): the process executed another one; ("exited", status); ("signaled", number).
    ending: tuple = None
    ending_line: int = None
    # The process was killed in the midst of it: nobody can tell whether the program began.
    is_certain: bool = True


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


class Log:
    """Reads a log line by line. Process ids may come again: a life ends with its process."""

    def __init__(self):
        self.executions = []
        self.alive = {}  # pid: its latest execution
        self.pending = {}  # pid: the text of a call that has not returned
        self.line = 0

    def read(self, lines):
        for line in lines:
            self.line += 1
            pid, _, event = line.rstrip("\n").partition(" ")
            self.read_event(int(pid), event.lstrip())

    def read_event(self, pid, event):
        if match := CALL.match(event):
            if match[2].endswith("<unfinished ...>"):
                self.pending[pid] = match[2]
            elif returned_zero(match[2]):
                self.executed(pid, match[2])
        elif match := RESUMED.match(event):
            call = self.pending.pop(pid, None)
            if call is not None and returned_zero(match[2]):
                self.executed(pid, call)
        elif match := SUPERSEDED.match(event):
            # A thread that was not the first one executed: it takes over the process's number.
            if int(match[1]) in self.pending:
                self.pending[pid] = self.pending.pop(int(match[1]))
        elif match := EXITED.match(event):
            self.ended(pid, ("exited", int(match[1])))
        elif match := KILLED.match(event):
            self.ended(pid, ("signaled", signal_number(match[1])))

    def executed(self, pid, call, is_certain=True):
        if ASKED.search(call):
            return
        path, argv = arguments(call)
        if is_certain:
            self.end(pid, ("replaced", 0))
        execution = Execution(pid, path, argv, self.line, is_certain=is_certain)
        self.executions.append(execution)
        if is_certain:
            self.alive[pid] = execution

    def end(self, pid, ending):
        execution = self.alive.pop(pid, None)
        if execution is not None:
            execution.ending, execution.ending_line = ending, self.line

    def ended(self, pid, ending):
        call = self.pending.pop(pid, None)
        if call is not None:
            count = len(self.executions)
            self.executed(pid, call, is_certain=False)
            for execution in self.executions[count:]:
                execution.ending = ending
        self.end(pid, ending)


def returned_zero(call):
    return re.search(r"\) *= 0$", call) is not None


def read(path):
    """All executions, in the order of the log."""
    log = Log()
    with open(path, encoding="ascii") as lines:
        log.read(lines)
    return log.executions
