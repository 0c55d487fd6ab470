"""Ruby's tests of Process, Signal, Open3, terminals and its own options."""

import re

from workload import Step, Suite, numbered

FILES = """ruby/test_process ruby/test_signal ruby/test_system ruby/test_rubyoptions test_open3
    test_pty""".split()
# `[ 1/22] TestSignal#test_trap_puts = 0.07 s`, and behind that ` = F` where it failed.
RESULT = re.compile(r"^\[ *\d+/\d+\] (\S+) = [\d.]+ s(?: = (\w+))?", re.MULTILINE)


class Ruby(Suite):
    name = "ruby"
    commands = ("ruby",)

    def build(self, place):
        return place.debian_source("ruby3.1")

    def steps(self, tree):
        return [Step(file, ["ruby", "test/runner.rb", f"test/{file}.rb", "-v", "--seed=1"])
                for file in FILES]

    def results(self, step, output, status, tree):
        return numbered((match[1], match[2] or "ok") for match in RESULT.finditer(output))
