"""The MirBSD Korn shell's regression tests, run by the installed mksh."""

import re

from workload import Step, Suite, numbered

RESULT = re.compile(r"^(pass|FAIL|XFAIL|XPASS) (?:\S+:)?(\S+)", re.MULTILINE)


class Mksh(Suite):
    name = "mksh"
    commands = ("mksh", "perl")

    def build(self, place):
        return place.debian_source("mksh")

    def steps(self, tree):
        return [Step("check", ["perl", "check.pl", "-s", "check.t", "-p", "/bin/mksh", "-v"])]

    def results(self, step, output, status, tree):
        return numbered((match[2], match[1]) for match in RESULT.finditer(output))
