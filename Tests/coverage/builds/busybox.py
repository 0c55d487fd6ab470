"""A script for a static busybox, which runs dynamic programs and other static ones."""

from builds.own_sources import copy_sources
from workload import Step, Workload


class Busybox(Workload):
    name = "busybox"
    starts_static = True

    def build(self, place):
        version = place.debian_package("busybox-static")
        copy_sources("busybox", place)
        return version

    def steps(self, tree):
        return [Step("script", ["sh", "-c", "bin/busybox sh script.sh; exit $?"])]
