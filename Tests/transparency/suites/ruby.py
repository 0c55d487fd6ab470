"""Ruby's tests of Process, Signal, Open3, terminals and its own options."""

import re

from workload import Known, Step, Suite

FILES = """ruby/test_process ruby/test_signal ruby/test_system ruby/test_rubyoptions test_open3
    test_pty""".split()
# `[ 1/22] TestSignal#test_trap_puts = 0.07 s`
RUN = re.compile(r"^\[ *\d+/\d+\] (\S+) = [\d.]+ s(?: = (\w+))?", re.MULTILINE)
# `  1) Failure:`, and in the next line the name, before ` [FILE:LINE]:` or `:`.
FAILED = re.compile(r"^ *\d+\) (Failure|Error):\n([^\s:]+)", re.MULTILINE)


class Ruby(Suite):
    name = "ruby"
    commands = ("ruby",)
    known = (
        Known(r"ruby/test_process(: TestProcess#test_(\w+_wordsplit\w*|execopts_redirect_tempfile|setsid))?",
              ("recorded", "recorded-all"),
              "the process ID that a program knows is the stand-in's, and so is the command's parent"),
        Known(r"test_open3(: TestOpen3#test_pid)?", ("recorded", "recorded-all"),
              "the process ID that spawn returns is the stand-in's"),
        Known(r"ruby/test_rubyoptions(: TestRubyOptions#test_(set_program_name|setproctitle))?",
              ("recorded", "recorded-all"),
              "what ps shows of that process ID are the arguments of the stand-in"),
    )

    known_losses = {"ruby/test_process": (1, "a program that may open no file has ended in ld.so")}

    def build(self, place):
        return place.debian_source("ruby3.1")

    def steps(self, tree):
        return [Step(file, ["ruby", "test/runner.rb", f"test/{file}.rb", "-v", "--seed=1"])
                for file in FILES]

    def results(self, step, output, status, tree):
        found = {match[1]: match[2] or "ok" for match in RUN.finditer(output)}
        found.update((match[2], match[1]) for match in FAILED.finditer(output))
        return found
