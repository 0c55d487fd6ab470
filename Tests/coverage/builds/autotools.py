"""GNU hello: configure, make, make check."""

from workload import Step, Workload


class Autotools(Workload):
    name = "autotools"
    commands = ("make", "cc")

    def build(self, place):
        return place.debian_source("hello")

    def steps(self, tree):
        return [Step("configure", ["./configure"]), Step("make", ["make", "-j2"]),
                Step("check", ["make", "check"])]
