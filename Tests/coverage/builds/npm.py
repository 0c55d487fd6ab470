"""npm's scripts, with what Node's child_process has: spawn, exec, execFile, fork, and the
synchronous ones."""

from builds.own_sources import copy_sources
from workload import Step, Workload


class Npm(Workload):
    name = "npm"
    commands = ("npm", "node")

    def build(self, place):
        copy_sources("npm", place)
        return "own package"

    def steps(self, tree):
        offline = {"npm_config_offline": "true", "npm_config_update_notifier": "false"}
        return [Step(script, ["npm", "run", script], environment=offline)
                for script in ("build", "children")]
