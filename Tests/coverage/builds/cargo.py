"""A crate with a build script that compiles C, and dependencies; offline."""

import os

from builds.own_sources import copy_sources
from workload import Step, Workload

PACKAGES = ["librust-cc-dev", "librust-itoa-dev", "librust-quote-dev", "librust-proc-macro2-dev",
            "librust-unicode-ident-dev"]
CONFIGURATION = """[source.crates-io]
replace-with = "packages"
[source.packages]
directory = "usr/share/cargo/registry"
"""


class Cargo(Workload):
    name = "cargo"
    commands = ("cargo", "cc")

    def build(self, place):
        versions = [place.debian_package(package) for package in PACKAGES]
        copy_sources("cargo", place)
        os.mkdir(os.path.join(place.tree, ".cargo"))
        with open(os.path.join(place.tree, ".cargo", "config.toml"), "w", encoding="ascii") as file:
            file.write(CONFIGURATION)
        return f"own crate, {versions[0]}"

    def steps(self, tree):
        homes = {key: os.environ.get(key, os.path.expanduser(f"~/.{folder}"))
                 for key, folder in (("CARGO_HOME", "cargo"), ("RUSTUP_HOME", "rustup"))}
        return [Step("build", ["cargo", "build", "--offline"], environment=homes),
                Step("test", ["cargo", "test", "--offline"], environment=homes)]
