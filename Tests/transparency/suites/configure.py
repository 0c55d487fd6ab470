"""A configure script: what it says, and the files that it writes, line by line."""

import os
import re

from workload import Step, Suite, numbered, without

FILES = ["config.log", "config.status", "config.h", "Makefile"]


class Configure(Suite):
    name = "configure"
    commands = ("make", "cc")

    def build(self, place):
        return place.debian_source("hello")

    def steps(self, tree):
        return [Step("hello", ["./configure"])]

    def results(self, step, output, status, tree):
        texts = {"output": output}
        for name in FILES:
            with open(os.path.join(tree, name), encoding="utf-8", errors="replace") as file:
                texts[name] = file.read()
        return numbered(
            (f"{name}: {same_each_time(line, tree)}", "written")
            for name, text in texts.items() for line in text.splitlines())


def same_each_time(line, tree):
    """Without process ids, times and names of temporary files."""
    line = without(line, ("TREE", tree))
    line = re.sub(r"/(cc|conf)\w{6}\b", r"/\1TEMPORARY", line)
    line = re.sub(r"(conf|configure:\d+: .*|conftest|confdir|\.)(?<=\D)\d{3,}", r"\1N", line)
    return re.sub(r"\w{3} +\w{3} +\d+ \d\d:\d\d:\d\d( [AP]M)? \w+ \d{4}", "TIME", line)
