"""How far a fixture agrees with what strace saw."""

import base64
import collections
import os

# A raw system call with an empty environment hands nothing down: what it starts is out of reach but
# for the form deep.
UNREACHABLE = {b"raw, no environment"}


def recorded_argv(recording):
    """The argument list as the program got it, in bytes."""
    exact = (recording.get("bytes") or {}).get("args", {})
    argv0 = recording["process"].get("argv0", recording["command"])
    words = [os.fsencode(argv0)]
    for index, word in enumerate(recording["args"]):
        given = exact.get(str(index))
        words.append(base64.b64decode(given) if given is not None else os.fsencode(word))
    return words


def absolute(path, recording):
    """A path that strace saw, as the recording must have it."""
    return os.path.normpath(os.path.join(recording["process"].get("cwd", ""), os.fsdecode(path)))


def same_executable(path, recording):
    executable = recording["process"].get("executable")
    if executable is None:
        return False
    if os.path.normpath(executable) == absolute(path, recording):
        return True
    # Relative to a descriptor, or the descriptor itself (execveat): the end can be compared.
    return not path.startswith(b"/") and executable.endswith("/" + os.fsdecode(path).lstrip("./"))


def same_program(execution, recording):
    path, argv = execution.path, execution.argv
    same_path = path == b"" or same_executable(path, recording)
    # Linux gives a program without arguments one that is empty.
    return same_path and (argv or [b""]) == recorded_argv(recording) or (
        not argv and same_path and not recording["args"])


def ending_of(recording):
    process = recording["process"]
    if process.get("termination") == "signaled":
        return ("signaled", process.get("signal"))
    return (process.get("termination"), recording["exit_code"])


def shown(argv):
    line = " ".join(word.decode(errors="replace") for word in argv)
    return line if len(line) < 200 else line[:200] + "..."


class Agreement:
    """What differs between a log and its fixture. Several runs can be added up."""

    def __init__(self):
        self.executed = self.recorded = self.matched = self.opaque = self.later = 0
        self.endings = 0  # compared
        self.missing, self.extra, self.wrong = [], [], []

    def add(self, executions, recordings, end, reaches_all=False):
        """`end` is the line of the log at which the root ended, and with it the session."""
        unreachable = set() if reaches_all else UNREACHABLE
        by_pid = collections.defaultdict(list)
        for recording in recordings:
            if recording["process"].get("termination") != "failed":
                by_pid[recording["process"]["pid"]].append(recording)
                self.recorded += 1
                self.opaque += "opaque" in recording["process"]
        for execution in executions:
            self.find(execution, by_pid[execution.pid], end, unreachable)
        self.extra += [f"{pid} {each['process'].get('executable')} {shown(recorded_argv(each))}"
                       for pid, left in by_pid.items() for each in left]

    def find(self, execution, recordings, end, unreachable):
        recording = next((each for each in recordings if same_program(execution, each)), None)
        is_counted = execution.is_certain and execution.line < end
        if recording is not None:
            recordings.remove(recording)
            self.matched += 1
            self.executed += 1
            self.expect_ending(execution, recording, end)
        elif is_counted and not unreachable.intersection(execution.argv):
            self.executed += 1
            self.missing.append(
                f"{execution.pid} {os.fsdecode(execution.path)} {shown(execution.argv)}")
        elif not is_counted:
            self.later += 1

    def expect_ending(self, execution, recording, end):
        if execution.ending is None:
            return
        expected = {execution.ending}
        if execution.ending_line is not None and execution.ending_line > end:
            expected.add(("running", 0))
        self.endings += 1
        if ending_of(recording) not in expected:
            self.wrong.append(
                f"{execution.pid} {shown(execution.argv)}: recorded {ending_of(recording)}, "
                f"strace saw {execution.ending}")

    def expect_session(self, session, root):
        kind, value = root.ending or ("unknown", 0)
        status = value if kind == "exited" else 128 + value
        self.endings += 1
        if session.get("exit_code") != status:
            self.wrong.append(f"the session's exit code is {session.get('exit_code')}: "
                              f"{root.ending}")
        if session.get("lost") != 0:
            self.missing.append(f"the session lost {session.get('lost')} events")

    @property
    def differs(self):
        return bool(self.missing or self.extra or self.wrong)

    @property
    def recall(self):
        return self.matched / self.executed if self.executed else 1

    @property
    def precision(self):
        return self.matched / self.recorded if self.recorded else 1

    def details(self):
        for title in ("missing", "extra", "wrong"):
            for line in getattr(self, title)[:20]:
                yield f"  {title}: {line}"
