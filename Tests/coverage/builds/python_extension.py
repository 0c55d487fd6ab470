"""A Python package with an extension in C, from its source distribution."""

import importlib.util
import sys

from workload import Step, Unavailable, Workload


class PythonExtension(Workload):
    name = "python-extension"
    commands = ("cc",)

    def build(self, place):
        if importlib.util.find_spec("setuptools") is None:
            raise Unavailable(f"{sys.executable} has no setuptools")
        return place.python_source("psutil", "7.0.0")

    def steps(self, tree):
        return [Step("build_ext", [sys.executable, "setup.py", "build_ext", "--inplace"]),
                Step("sdist", [sys.executable, "setup.py", "sdist"])]
