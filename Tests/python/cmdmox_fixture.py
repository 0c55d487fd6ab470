"""The fixture's data model as the Python project cmd-mox describes it, strict about types.

It stands in for cmd-mox's own reader where that is not installed: the same members, the same types,
the same required keys. Standard library only.

    python3 cmdmox_fixture.py FILE...          reads each, says what is wrong, exits with 1 if it is
    python3 cmdmox_fixture.py --rewrite IN OUT reads IN, writes what it understood of it to OUT
"""

from __future__ import annotations

import dataclasses as dc
import json
import sys
import typing as t


def _take(data: dict[str, t.Any], key: str, kind: type, where: str) -> t.Any:
    if key not in data:
        raise KeyError(f"{where}: {key!r} is missing")
    value = data[key]
    if type(value) is not kind:
        raise TypeError(f"{where}: {key!r} is {type(value).__name__}, not {kind.__name__}")
    return value


def _strings(values: t.Iterable[t.Any], where: str) -> None:
    for value in values:
        if type(value) is not str:
            raise TypeError(f"{where}: {type(value).__name__}, not str")


@dc.dataclass
class RecordedInvocation:
    sequence: int
    command: str
    args: list[str]
    stdin: str
    env_subset: dict[str, str]
    stdout: str
    stderr: str
    exit_code: int
    timestamp: str
    duration_ms: int

    @classmethod
    def from_dict(cls, data: dict[str, t.Any], where: str) -> RecordedInvocation:
        kinds = {"sequence": int, "exit_code": int, "duration_ms": int, "args": list,
                 "env_subset": dict}
        values = {
            field.name: _take(data, field.name, kinds.get(field.name, str), where)
            for field in dc.fields(cls)
        }
        _strings(values["args"], f"{where}.args")
        _strings(values["env_subset"].values(), f"{where}.env_subset")
        return cls(**values)


@dc.dataclass
class FixtureMetadata:
    created_at: str
    cmdmox_version: str
    platform: str
    python_version: str
    test_module: str | None = None
    test_function: str | None = None

    @classmethod
    def from_dict(cls, data: dict[str, t.Any]) -> FixtureMetadata:
        required = ("created_at", "cmdmox_version", "platform", "python_version")
        values = {key: _take(data, key, str, "metadata") for key in required}
        for key in ("test_module", "test_function"):
            if data.get(key) is not None:
                values[key] = _take(data, key, str, "metadata")
        return cls(**values)


@dc.dataclass
class ScrubbingRule:
    pattern: str
    replacement: str
    applied_to: list[str] = dc.field(default_factory=lambda: ["env", "stdout", "stderr"])
    description: str = ""

    @classmethod
    def from_dict(cls, data: dict[str, t.Any]) -> ScrubbingRule:
        known = {field.name for field in dc.fields(cls)}
        _take(data, "pattern", str, "scrubbing_rules")
        _take(data, "replacement", str, "scrubbing_rules")
        return cls(**{key: value for key, value in data.items() if key in known})


@dc.dataclass
class FixtureFile:
    version: str
    metadata: FixtureMetadata
    recordings: list[RecordedInvocation]
    scrubbing_rules: list[ScrubbingRule]

    @classmethod
    def from_dict(cls, data: dict[str, t.Any]) -> FixtureFile:
        version = _take(data, "version", str, "fixture")
        if version.split(".")[0] != "1":
            raise ValueError(f"fixture: version {version} is not 1.x")
        return cls(
            version=version,
            metadata=FixtureMetadata.from_dict(_take(data, "metadata", dict, "fixture")),
            recordings=[
                RecordedInvocation.from_dict(recording, f"recordings[{index}]")
                for index, recording in enumerate(_take(data, "recordings", list, "fixture"))
            ],
            scrubbing_rules=[
                ScrubbingRule.from_dict(rule)
                for rule in _take(data, "scrubbing_rules", list, "fixture")
            ],
        )

    @classmethod
    def load(cls, path: str) -> FixtureFile:
        with open(path, encoding="utf-8") as file:
            return cls.from_dict(json.load(file))

    def save(self, path: str) -> None:
        with open(path, "w", encoding="utf-8") as file:
            file.write(json.dumps(dc.asdict(self), indent=2))


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--rewrite"]:
        FixtureFile.load(arguments[1]).save(arguments[2])
        return 0
    for path in arguments:
        try:
            FixtureFile.load(path)
        except (KeyError, TypeError, ValueError) as problem:
            print(f"{path}: {problem}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
