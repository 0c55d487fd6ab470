"""GNU make's own tests, run by the installed make."""

import os
import re

from workload import Step, Suite, numbered, without

RESULT = re.compile(r"^(\w+/\S+) \.+ (.*(?:\n(?!\w+/\S+ \.).+)*)", re.MULTILINE)


class Make(Suite):
    name = "make"
    commands = ("make", "perl", "cc")

    def build(self, place):
        version = place.debian_source("make-dfsg")
        # What configure would have found: the tests of loadable objects compile one.
        flags = os.path.join(place.tree, "tests", "config-flags.pm")
        with open(f"{flags}.in", encoding="utf-8") as file:
            text = re.sub("@[A-Z_]+@", "", file.read().replace("@CC@", "cc"))
        with open(flags, "w", encoding="utf-8") as file:
            file.write(text)
        return version

    def steps(self, tree):
        return [Step("tests", ["perl", "run_make_tests.pl", "-srcdir", tree, "-make",
                               "/usr/bin/make"], "tests")]

    def results(self, step, output, status, tree):
        output = without(output, ("TREE", tree))
        return numbered((match[1], " ".join(match[2].split())) for match in RESULT.finditer(output))
