"""go build, vet and test, and a static program that runs others: raw system calls all over."""

from builds.own_sources import copy_sources
from workload import Step, Workload


class Go(Workload):
    name = "go"
    starts_static = True
    commands = ("go",)

    def build(self, place):
        copy_sources("go", place)
        return "own module"

    def steps(self, tree):
        settings = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=mod", "GOPROXY": "off", "GO111MODULE": "on"}
        return [Step("build", ["go", "build", "-o", "starter", "."], environment=settings),
                Step("vet", ["go", "vet", "./words"], environment=settings),
                Step("test", ["go", "test", "./words"], environment=settings),
                Step("static", ["sh", "-c", "./starter; exit $?"])]
