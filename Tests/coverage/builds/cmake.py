"""A C++ library with CMake and Ninja."""

from workload import Step, Workload


class CMake(Workload):
    name = "cmake"
    commands = ("cmake", "ninja", "c++")

    def build(self, place):
        return place.debian_source("tinyxml2")

    def steps(self, tree):
        return [Step("configure", ["cmake", "-G", "Ninja", "-B", "objects"]),
                Step("build", ["ninja", "-C", "objects"]),
                Step("test", ["ctest", "--test-dir", "objects"])]
