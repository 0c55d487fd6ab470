"""Perl's own tests of exec, fork, pipes, signals and of perl programs that perl starts."""

import os
import re
import subprocess

from workload import Step, Suite, numbered

TESTS = """op/alarm op/chdir op/die_exit op/exec op/fork op/getpid op/getppid op/glob op/groups
    op/kill0 op/magic op/sselect op/stat op/sysio io/argv io/dup io/errno io/fs io/inplace
    io/openpid io/pipe run/cloexec run/exit run/fresh_perl run/runenv run/script run/switchd
    run/switches""".split()
MODULES = ["ext/IPC-Open3/t", "cpan/IPC-Cmd/t", "ext/POSIX/t"]
# By number: descriptions have process ids and names of temporary files in them.
RESULT = re.compile(r"^((?:not )?ok) (\d+)\b( # SKIP| # TODO)?", re.MULTILINE | re.IGNORECASE)


class Perl(Suite):
    name = "perl"
    commands = ("perl",)

    def build(self, place):
        version = place.debian_source("perl")
        # The tests look for modules in ../lib, and for perl in their own folder.
        folders = subprocess.run(["perl", "-MConfig", "-e", "print for @Config{qw(privlibexp)}, qq(\\n), "
                                  "@Config{qw(archlibexp)}"], check=True, capture_output=True, text=True)
        os.rename(os.path.join(place.tree, "lib"), os.path.join(place.tree, "lib.source"))
        os.mkdir(os.path.join(place.tree, "lib"))
        for folder in folders.stdout.split("\n"):
            place.call(["cp", "-rLn", f"{folder}/.", "lib"])
        place.call(["ln", "-s", "/usr/bin/perl", "t/perl"])
        return version

    def steps(self, tree):
        yield from (Step(test, ["perl", f"{test}.t"], "t") for test in TESTS)
        for folder in MODULES:
            for name in sorted(os.listdir(os.path.join(tree, folder))):
                if name.endswith(".t"):
                    yield Step(f"{folder}/{name}", ["perl", f"t/{name}"], os.path.dirname(folder))

    def results(self, step, output, status, tree):
        return numbered((match[2], match[1] + (match[3] or "")) for match in RESULT.finditer(output))
