"""The forms in which a command is run: bare, and under cmdmox in all its ways."""

import dataclasses
import json
import os
import signal
import subprocess


@dataclasses.dataclass(frozen=True)
class Form:
    name: str
    arguments: tuple = ()  # of the tool, before `-o`; none: the tool does not stand in front
    preloads: bool = False


BARE = Form("bare")
FORMS = {form.name: form for form in (
    Form("traced", ("trace",)),
    Form("preloaded", preloads=True),
    Form("recorded", ("record",)),
    Form("recorded-all", ("record", "--depth", "all")),
)}


@dataclasses.dataclass
class Ending:
    """What came of one command."""

    status: int  # as a shell gives it; 124: it was ended for hanging
    output: str
    session: dict  # metadata.session of its fixture; empty for the bare form


class Launcher:
    """Starts commands in one of the forms, with an environment of its own."""

    def __init__(self, tool, scratch):
        self.tool = os.path.abspath(tool)
        self.library = os.path.abspath(
            os.path.join(os.path.dirname(self.tool), "..", "lib", "libcmdmox.so"))
        self.scratch = scratch

    def environment(self, step):
        """Nothing of the caller's that a result could depend on."""
        home = os.path.join(self.scratch, "home")
        os.makedirs(home, exist_ok=True)
        kept = {key: os.environ[key] for key in ("PATH",) if key in os.environ}
        return {**kept, "HOME": home, "LANG": "C.UTF-8", "TERM": "dumb", "TZ": "UTC", "USER": "me",
                "LOGNAME": "me", "SHELL": "/bin/sh", "TMPDIR": self.scratch, **step.environment}

    def run(self, form, step, folder):
        """Runs one step. All that it leaves running is ended."""
        fixture = os.path.join(self.scratch, "fixture.json")
        log = os.path.join(self.scratch, "output")
        command, environment = list(step.command), self.environment(step)
        if form.arguments:
            command = [self.tool, *form.arguments, "-o", fixture, "--quiet", "--", *command]
        if form.preloads:
            environment.update(LD_PRELOAD=self.library, CMDMOX_RECORDER=self.tool,
                               CMDMOX_FIXTURE=fixture, CMDMOX_QUIET="1")
        with open(log, "wb") as output:
            process = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True)
            try:
                status = process.wait(step.limit)
            except subprocess.TimeoutExpired:
                status = 124
            end_session(process.pid)
            process.wait()
        with open(log, "rb") as output:
            text = output.read().decode(errors="replace")
        return Ending(128 - status if status < 0 else status, text, session_of(form, fixture))


def session_of(form, fixture):
    if form == BARE:
        return {}
    if not os.path.exists(fixture):
        return {"lost": "everything: there is no fixture"}
    with open(fixture, encoding="utf-8") as file:
        session = json.load(file)["metadata"]["session"]
    os.remove(fixture)
    return session


def end_session(session):
    """Ends every process of the session, so that the next run finds nobody of this one."""
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                if os.getsid(int(entry)) == session:
                    os.kill(int(entry), signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
