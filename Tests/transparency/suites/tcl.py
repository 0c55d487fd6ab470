"""Tcl's tests of exec, pipes, files and sockets, run by the installed tclsh."""

import re

from workload import Known, Step, Suite, numbered

FILES = """exec pid process io ioCmd chan chanio env main cmdAH unixFCmd unixInit socket
    winPipe""".split()
RESULT = re.compile(r"^(?:\+\+\+\+|====) (\S+)(?: (.*))? (PASSED|FAILED|SKIPPED: .*)$", re.MULTILINE)


class Tcl(Suite):
    name = "tcl"
    commands = ("tclsh",)
    known = (
        Known(r"io: io-29\.33b( #2)?", ("recorded", "recorded-all"),
              "a program gives up what does not fit into a pipe that nobody reads: the pipe of the "
              "stand-in takes more, and the stand-in ends when that has been read"),
    )

    def build(self, place):
        return place.debian_source("tcl8.6")

    def steps(self, tree):
        return [Step(file, ["tclsh", "all.tcl", "-verbose", "bpse", "-singleproc", "1", "-file",
                            f"{file}.test"], "tests") for file in FILES]

    def results(self, step, output, status, tree):
        return numbered((match[1], match[3]) for match in RESULT.finditer(output))
