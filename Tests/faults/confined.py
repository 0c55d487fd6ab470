"""Programs that are confined, or run by something that changes them: as alone, and gaps are counted."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess

from cases import DONE, SLACK, Round, Skip, case
from checks import Fixture, check


@dataclasses.dataclass(frozen=True)
class Kind:
    name: str
    #: For `sh -c`; "$0" is the folder of the programs.
    text: str
    #: Programs that it needs.
    needs: tuple[str, ...] = ()
    needs_root: bool = False
    #: What the session says of it, or an empty string where all of it is recorded.
    counted: str = ""


KINDS = [
    Kind("chroot", 'mkdir -p jail; cp "$0/still" jail/; chroot jail /still in7 7; echo $?',
         ("chroot",), needs_root=True, counted="confined"),
    Kind("mount namespace", 'unshare -m sh -c \'"$0/leaf" in7 7; echo $?\' "$0"', ("unshare",),
         needs_root=True),
    # Where the session directory is covered, nobody can count either: docs/faults.md.
    Kind("mount namespace without the session",
         'unshare -m sh -c \'mount -t tmpfs none "$XDG_RUNTIME_DIR"; "$0/leaf" in7 7; echo $?\' "$0"',
         ("unshare",), needs_root=True, counted="lost or opaque or nothing"),
    Kind("user namespace", 'unshare -Ur sh -c \'"$0/leaf" in7 7; echo $?\' "$0"', ("unshare",)),
    Kind("dropped privileges",
         'setpriv --reuid 65534 --regid 65534 --clear-groups "$0/leaf" in7 7; echo $?', ("setpriv",),
         needs_root=True),
    Kind("no new privileges", 'setpriv --no-new-privs "$0/leaf" in7 7; echo $?', ("setpriv",)),
    Kind("runuser", 'runuser -u nobody -- "$0/leaf" in7 7; echo $?', ("runuser",), needs_root=True),
    Kind("sudo", 'sudo -n -u nobody "$0/leaf" in7 7; echo $?', ("sudo",), needs_root=True,
         counted="lost or opaque or nothing"),
    Kind("fakeroot", 'fakeroot sh -c \'id -u; "$0/leaf" in7 7; echo $?\' "$0"', ("fakeroot",)),
    Kind("stdbuf", 'stdbuf -o0 "$0/leaf" in7 7; echo $?', ("stdbuf",)),
    Kind("faketime", 'faketime "2001-02-03 04:05:06" date +%Y-%m-%d; '
         'faketime 2001-02-03 "$0/leaf" in7 7; echo $?', ("faketime",)),
    Kind("nohup and nice", 'nohup nice -n 5 "$0/leaf" in7 7 2>/dev/null; echo $?'),
    Kind("static", '"$0/still" in7 7; echo $?', counted="opaque"),
    Kind("seccomp without openat", '"$0/shut" "$0/leaf" in7 7; echo $?', counted="confined"),
    Kind("AddressSanitizer, which is told so",
         'ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 "$0/sane" in7 7; echo $?'),
    Kind("32 bit", '"$0/narrow" in7 7; echo $?', counted="opaque"),
    Kind("32 bit, and what that runs", '"$0/narrow_parent" "\'$0/leaf\' in7 7"; echo $?'),
]

MADE = [
    ("still", "leaf.c", ["-static"]),
    ("sane", "leaf.c", ["-fsanitize=address"]),
    ("narrow", "leaf.c", ["-m32"]),
    ("narrow_parent", "parent.c", ["-m32"]),
]


def _compile(current: Round) -> None:
    """What the compiler here can do; a program that it cannot make is not there."""

    def run() -> bool:
        folder = current.programs.folder
        sources = f"{os.path.dirname(os.path.abspath(__file__))}/programs"
        for name, source, flags in MADE:
            # Others may be running it: it comes into its place as a whole.
            made = f"{folder}/{name}.{os.getpid()}"
            subprocess.run(["cc", "-O1", "-o", made, f"{sources}/{source}", *flags], check=False,
                           capture_output=True)
            if os.path.exists(made):
                os.replace(made, f"{folder}/{name}")
        return True

    current.remembered("compiled", run)


def _skip_unless(current: Round, kind: Kind) -> None:
    for program in kind.needs:
        if shutil.which(program) is None:
            raise Skip(f"{program} is not installed")
    for program, _, _ in MADE:
        if f"/{program}\"" in kind.text and not os.path.exists(current.programs.path(program)):
            raise Skip(f"the compiler makes no such program: {program}")
    if kind.needs_root and os.geteuid() != 0:
        raise Skip("needs root")


def _run(current: Round, kind: Kind) -> None:
    _compile(current)
    _skip_unless(current, kind)
    program = ["sh", "-c", kind.text, current.programs.folder]
    plain = current.alone_now(program)
    if b"in7" not in plain.out:
        raise Skip(f"it does not work here alone: {plain.err.decode(errors='replace').strip()}")
    running = current.start(program)
    outcome = running.outcome(DONE + SLACK)
    current.settle(SLACK)
    current.check_same(plain, outcome)
    fixture = current.check_recorded(outcome)
    assert fixture is not None
    _check_counted(fixture, kind, current.form.captures)


def _check_counted(fixture: Fixture, kind: Kind, outermost: bool) -> None:
    facts = fixture.session
    seen = [one for one in fixture.recordings
            if one["exit_code"] == 7 or outermost and any("in7" in word for word in one["args"])]
    if not kind.counted:
        check(seen, f"it is not recorded: {[one['args'] for one in fixture.recordings]}")
        return
    words = kind.counted.split(" or ")
    counted = any(facts.get(word, 0) for word in words) or "nothing" in words
    check(seen or counted, f"neither recorded nor counted ({kind.counted}): lost {facts.get('lost')}")


def _register() -> None:
    for kind in KINDS:
        def run(current: Round, kind: Kind = kind) -> None:
            _run(current, kind)

        run.__doc__ = kind.name
        run.__module__ = __name__
        case("trace", "bare", "record", "bare-record", cost=100)(run)


_register()
