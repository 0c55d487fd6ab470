"""The forms in which a program runs under cmdmox, and where the parts of cmdmox are."""

from __future__ import annotations

import dataclasses
import os

from places import Place

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


@dataclasses.dataclass(frozen=True)
class Form:
    name: str
    #: The tool's command, or None where the library is preloaded and nothing else is there.
    command: str | None
    captures: bool = False

    @property
    def is_tools(self) -> bool:
        return self.command is not None

    def words(self, place: Place, program: list[str]) -> list[str]:
        """The command line that runs `program`."""
        if self.command is None:
            return ["/usr/bin/env", f"LD_PRELOAD={library()}", *program]
        fixture = place.answers if self.command == "replay" else place.fixture
        option = "-f" if self.command == "replay" else "-o"
        return [tool(), self.command, option, fixture, "--", *program]

    def variables(self) -> dict[str, str]:
        return {"CMDMOX_MODE": "record"} if self.command is None and self.captures else {}


FORMS = {form.name: form for form in [
    Form("trace", "trace"),
    Form("bare", None),
    Form("record", "record", captures=True),
    Form("bare-record", None, captures=True),
    Form("replay", "replay", captures=True),
]}


def tool() -> str:
    return os.environ.get("CMDMOX_TOOL") or f"{TOP}/build/bin/cmdmox"


def library() -> str:
    return os.path.normpath(f"{os.path.dirname(tool())}/../lib/libcmdmox.so")
