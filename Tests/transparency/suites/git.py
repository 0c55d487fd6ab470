"""git's own tests of what it runs: hooks, filters, editors, pagers, helpers, and run-command itself.

Built from source, since the tests need a tool of their own that packages do not have."""

import re

from workload import Step, Suite, numbered

TESTS = """t0005-signals t0021-conversion t0061-run-command t0070-fundamental t0300-credentials
    t1350-config-hooks-path t1800-hook t3415-rebase-autosquash t5571-pre-push-hook
    t5801-remote-helpers t6030-bisect-porcelain t7005-editor t7006-pager
    t7503-pre-commit-and-pre-merge-commit-hooks t7800-difftool t7900-maintenance""".split()
OPTIONS = "NO_OPENSSL=1 NO_CURL=1 NO_EXPAT=1 NO_GETTEXT=1 NO_TCLTK=1 CFLAGS=-O0".split()
RESULT = re.compile(r"^((?:not )?ok) \d+ (?:- )?(.*)$", re.MULTILINE)


class Git(Suite):
    name = "git"
    commands = ("make", "cc", "perl")

    def build(self, place):
        version = place.debian_source("git")
        place.call(["make", "-j2", *OPTIONS, "all"])
        return version

    def steps(self, tree):
        return [Step(test, ["sh", f"{test}.sh"], "t") for test in TESTS]

    def results(self, step, output, status, tree):
        return numbered((match[2], match[1]) for match in RESULT.finditer(output))
