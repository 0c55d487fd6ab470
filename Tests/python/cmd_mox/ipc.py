"""An invocation and its response."""

import dataclasses as dc


@dc.dataclass
class Invocation:
    command: str
    args: list[str]
    stdin: str
    env: dict[str, str]


@dc.dataclass
class Response:
    stdout: str = ""
    stderr: str = ""
    exit_code: int = 0
