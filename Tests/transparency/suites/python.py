"""CPython's own tests of processes: they know odd corners of posix_spawn, fork, exec and wait."""

import re

from workload import Known, Step, Suite

MODULES = ["test_subprocess", "test_posix", "test_popen", "test_os"]
RESULT = re.compile(r"^(test\w* \(\S+\)(?:\n.*)?) \.\.\. (.*)$", re.MULTILINE)


class Python(Suite):
    name = "python"
    commands = ("/usr/bin/python3.11",)
    known = (
        Known(r"test_os(: test_getppid .*)?", ("recorded", "recorded-all"),
              "the parent of a captured command is its stand-in"),
        Known(r"test_posix(: test_returns_pid .*)?", ("recorded", "recorded-all"),
              "the process ID that posix_spawn returns is the stand-in's"),
    )

    def build(self, place):
        version = place.debian_package("libpython3.11-testsuite")
        # Their support is in the standard library, and finds data beside itself.
        place.call(["cp", "-rn", "/usr/lib/python3.11/test/.", "usr/lib/python3.11/test"])
        return version

    def steps(self, tree):
        settings = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": f"{tree}/usr/lib/python3.11"}
        return [Step(name, ["/usr/bin/python3.11", "-m", "unittest", "-v", f"test.{name}"],
                     environment=settings) for name in MODULES]

    def results(self, step, output, status, tree):
        found = {}
        for match in RESULT.finditer(output):
            name, result = match[1].split("\n")[0], match[2]
            # What a test prints itself can follow the dots; the word that counts ends a line then.
            is_result = re.match(r"ok|skipped|FAIL|ERROR|expected", result)
            found[name] = result if is_result else "printed"
        return found
