"""Real builds, one file each, in the order in which they run."""

from builds.autotools import Autotools
from builds.busybox import Busybox
from builds.cargo import Cargo
from builds.cmake import CMake
from builds.go import Go
from builds.npm import Npm
from builds.python_extension import PythonExtension

BUILDS = {build.name: build for build in (
    Autotools(), CMake(), Cargo(), PythonExtension(), Npm(), Go(), Busybox())}
