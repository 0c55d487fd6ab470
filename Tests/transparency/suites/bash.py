"""bash's own tests, run by the installed bash: what each script's output differs in from what its
authors expect."""

import os
import re

from workload import Step, Suite, without

# Calls others, or is no test; jobs: a minute of sleeps, and the rest of it is in these.
NO_TESTS = {"run-all", "run-minimal", "run-gprof"}
HELPERS = ["recho", "zecho", "printenv", "xcase"]


class Bash(Suite):
    name = "bash"
    commands = ("bash", "cc")

    def build(self, place):
        version = place.debian_source("bash")
        for helper in HELPERS:
            place.call(["cc", "-w", "-I.", "-Iinclude", "-Ilib", "-o", f"tests/{helper}",
                        f"support/{helper}.c"])
        return version

    def steps(self, tree):
        folder = os.path.join(tree, "tests")
        environment = {"THIS_SH": "/bin/bash", "BUILD_DIR": tree, "BASH_TSTOUT": f"{tree}/output",
                       "PATH": f"{folder}:{os.environ['PATH']}"}
        return [Step(name[4:], ["sh", name], "tests", environment)
                for name in sorted(os.listdir(folder))
                if name.startswith("run-") and name not in NO_TESTS and "." not in name]

    def results(self, step, output, status, tree):
        output = without(output, ("TREE", tree))
        lines = [line for line in output.splitlines() if not line.startswith("warning: ")]
        # Process ids, jobs and the time that it takes.
        text = re.sub(r"\b\d{3,}\b", "N", "\n".join(lines))
        return {"output": text}
