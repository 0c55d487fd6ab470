"""Where a workload lives: what was fetched, what was built, the copy that runs.

    FOLDER/NAME/fetched   archives, kept
    FOLDER/NAME/built     the tree as the build left it, with the file .version
    FOLDER/NAME/tree      a copy of it, made anew for each run; it is built at this path, too
"""

import glob
import os
import re
import shutil
import subprocess
import sys

from workload import Unavailable


class Place:
    def __init__(self, folder, name):
        self.shared = os.path.join(folder, "apt")
        self.fetched = os.path.join(folder, name, "fetched")
        self.built = os.path.join(folder, name, "built")
        self.tree = os.path.join(folder, name, "tree")
        self.log = os.path.join(folder, name, "build.log")

    def version(self, workload):
        """Builds the workload unless it is built. Throws `Unavailable`."""
        missing = [each for each in workload.commands if shutil.which(each) is None]
        if missing:
            raise Unavailable(f"needs {', '.join(missing)}")
        version = os.path.join(self.built, ".version")
        if not os.path.exists(version):
            for each in (self.built, self.tree):
                shutil.rmtree(each, ignore_errors=True)
            os.makedirs(self.fetched, exist_ok=True)
            os.makedirs(self.tree)
            text = workload.build(self)
            with open(os.path.join(self.tree, ".version"), "w", encoding="utf-8") as file:
                file.write(text)
            os.rename(self.tree, self.built)
        with open(version, encoding="utf-8") as file:
            return file.read()

    def renew(self):
        """Makes the copy for one run."""
        shutil.rmtree(self.tree, ignore_errors=True)
        self.call(["cp", "-a", "--reflink=auto", self.built, self.tree], os.path.dirname(self.tree))

    def call(self, command, folder=None, error="cannot be built", **environment):
        """Runs a command of the build; what it says goes to the build's log."""
        with open(self.log, "ab") as log:
            log.write(f"$ {' '.join(command)}\n".encode())
            log.flush()
            variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", **environment}
            result = subprocess.run(command, cwd=folder or self.tree, env=variables, stdout=log,
                                    stderr=log, stdin=subprocess.DEVNULL, check=False)
        if result.returncode != 0:
            raise Unavailable(f"{error}: {self.log} says why")

    def debian_source(self, package):
        """Unpacks a source package into the tree. Returns its version."""
        options = self.apt_sources()
        listing = subprocess.run(["apt-cache", *options, "showsrc", package], check=False,
                                 capture_output=True, text=True).stdout
        versions = re.findall(r"^Version: (.*)$", listing, re.MULTILINE)
        if not versions:
            raise Unavailable(f"the source package {package} is not to be had here")
        shutil.rmtree(self.tree)
        # The archive can list a version whose files are gone already: then the one before.
        for version in reversed(versions):
            try:
                self.call(["apt-get", "-qq", *options, "source", "--download-only",
                           f"{package}={version}"], self.fetched, "cannot be fetched")
                break
            except Unavailable:
                if version == versions[0]:
                    raise
        description = max(glob.glob(os.path.join(glob.escape(self.fetched), "*.dsc")),
                          key=os.path.getmtime)
        self.call(["dpkg-source", "--no-check", "-x", description, self.tree], self.fetched)
        return f"{package} {version}"

    def apt_sources(self):
        """Options of apt that make it see sources, by lists of our own: those of the machine say
        `deb`, ours `deb-src`. Nothing of the machine's own state is touched."""
        options = []
        for key, value in {"Dir::Etc::sourcelist": "/dev/null",
                           "Dir::Etc::sourceparts": os.path.join(self.shared, "parts"),
                           "Dir::State::lists": os.path.join(self.shared, "lists"),
                           "Dir::Cache": os.path.join(self.shared, "cache"),
                           "APT::Sandbox::User": ""}.items():
            options += ["-o", f"{key}={value}"]
        if not os.path.exists(os.path.join(self.shared, "complete")):
            self.write_apt_sources(os.path.join(self.shared, "parts"))
            self.call(["apt-get", "-qq", *options, "update"], self.fetched,
                      "the lists of source packages cannot be fetched")
            with open(os.path.join(self.shared, "complete"), "w", encoding="ascii"):
                pass  # a mark for the next time
        return options

    def write_apt_sources(self, parts):
        for each in ("parts", "lists/partial", "cache/archives/partial"):
            os.makedirs(os.path.join(self.shared, each), exist_ok=True)
        for path in (glob.glob("/etc/apt/sources.list") + glob.glob("/etc/apt/sources.list.d/*.list")
                     + glob.glob("/etc/apt/sources.list.d/*.sources")):
            with open(path, encoding="utf-8") as file:
                text = re.sub(r"^(Types: *|)deb(?= |$)", r"\1deb-src", file.read(), flags=re.M)
            with open(os.path.join(parts, os.path.basename(path)), "w", encoding="utf-8") as file:
                file.write(text)

    def debian_package(self, package):
        """Unpacks a binary package into the tree, without installing it. Returns its version."""
        self.call(["apt-get", "-qq", "-o", "APT::Sandbox::User=", "download", package],
                  self.fetched, f"the package {package} cannot be fetched")
        archive = max(glob.glob(os.path.join(glob.escape(self.fetched), f"{package}_*.deb")),
                      key=os.path.getmtime)
        self.call(["dpkg-deb", "-x", archive, self.tree])
        version = subprocess.run(["dpkg-deb", "-f", archive, "Version"], check=True,
                                 capture_output=True, text=True).stdout.strip()
        return f"{package} {version}"

    def python_source(self, project, version):
        """Unpacks a source distribution of PyPI into the tree."""
        pattern = os.path.join(glob.escape(self.fetched), f"*{version}.tar.gz")
        if not glob.glob(pattern):
            self.call([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary",
                       ":all:", f"{project}=={version}"], self.fetched,
                      f"{project} {version} cannot be fetched")
        self.call(["tar", "-xf", glob.glob(pattern)[0], "--strip-components=1"])
        return f"{project} {version}"
