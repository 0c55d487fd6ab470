"""The tests of those coreutils that start others or watch over signals and streams."""

import os
import re

from workload import Known, Step, Suite

TESTS = """misc/chroot-credentials.sh misc/chroot-fail.sh misc/close-stdout.sh misc/csplit-io-err.sh
    misc/env.sh misc/env-S.pl misc/env-S-script.sh misc/env-null.sh misc/env-signal-handler.sh
    misc/false-status.sh misc/help-version.sh misc/help-version-getopt.sh misc/invalid-opt.pl
    misc/kill.sh misc/nice.sh misc/nice-fail.sh misc/nohup.sh misc/nproc-avail.sh misc/printenv.sh
    misc/pwd-long.sh misc/seq-epipe.sh misc/sort-compress.sh misc/sort-merge-fdlimit.sh
    misc/sort-spinlock-abuse.sh misc/stdbuf.sh misc/stty.sh misc/tee.sh misc/timeout.sh
    misc/timeout-blocked.pl misc/timeout-group.sh misc/timeout-large-parameters.sh
    misc/timeout-parameters.sh misc/tty.sh misc/tty-eof.pl misc/usage_vs_getopt.sh misc/yes.sh
    install/strip-program.sh split/filter.sh split/guard-input.sh tail-2/pid.sh
    tail-2/pipe-f.sh""".split()
RESULT = re.compile(r"^(PASS|FAIL|SKIP|XFAIL|XPASS|ERROR): tests/(\S+\.(?:sh|pl))$",
                    re.MULTILINE)


class Coreutils(Suite):
    name = "coreutils"
    commands = ("make", "cc", "perl")
    known = (
        Known(r"check(: misc/printenv\.sh)?", ("traced", "preloaded", "recorded-all"),
              "env and printenv show CMDMOX_PARENT, whose value is another one in every process"),
        Known(r"check(: misc/timeout-group\.sh)?", ("recorded-all",),
              "the group that setsid makes has another number than $!, which is the stand-in's"),
    )

    def build(self, place):
        version = place.debian_source("coreutils")
        place.call(["./configure", "--quiet", "--disable-nls", "CFLAGS=-O0"],
                   FORCE_UNSAFE_CONFIGURE="1")
        place.call(["make", "-j2"])
        return version

    def steps(self, tree):
        tests = [test for test in TESTS if os.path.exists(os.path.join(tree, "tests", test))]
        names = " ".join(f"tests/{test}" for test in tests)
        return [Step("check", ["make", "check", "SUBDIRS=.", "VERBOSE=no", f"TESTS={names}"])]

    def results(self, step, output, status, tree):
        return {match[2]: match[1] for match in RESULT.finditer(output)}
