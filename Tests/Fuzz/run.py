#!/usr/bin/env python3
"""Builds what is fuzzed and runs libFuzzer on it, one target after the other.

    run.py [--seconds N] [--seed N] [--no-build] [TARGET…]

Each target runs for so many seconds, from the committed corpus in Tests/Fuzz/corpus and from what
earlier runs have found (build/fuzz/corpus); with 0 seconds the committed corpus alone is run, once.
Logs and inputs that made a target fail are in build/fuzz. Prints a line for each target; the exit
status is 1 where one of them failed.

    run.py --minimize [TARGET…]

makes the committed corpus anew: of everything that was found, the few inputs that reach the same.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
OUTPUT = os.path.join(REPOSITORY, "build", "fuzz")
SCRATCH = os.path.join(REPOSITORY, ".build-fuzz")

#: What runs in other programs' processes, and the longest input of each, in bytes.
C_TARGETS = {"wire": 4096, "decisions": 2048}
#: What runs in the recorder.
SWIFT_TARGETS = {
    "frames": 16384, "events": 2048, "control": 2048, "fixture": 4096, "journal": 8192,
    "rules-json": 512, "rules-toml": 512, "rules-yaml": 512, "programs": 4096, "views": 512,
}
#: Seconds that one input may take. A rule's search is cut off after five of them.
INPUT_LIMIT = 60
MEMORY_LIMIT_MB = 2048

C_FLAGS = ["-std=gnu11", "-D_GNU_SOURCE", "-g", "-O1", "-Wall", "-Wextra", "-Werror", "-fuse-ld=lld",
           "-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all"]

#: What libFuzzer says of a run.
FIGURES = {
    "runs": r"number_of_executed_units:\s+(\d+)", "rate": r"average_exec_per_sec:\s+(\d+)",
    "edges": r"cov: (\d+)", "features": r"ft: (\d+)", "inputs": r"corp: (\d+)",
    "memory": r"peak_rss_mb:\s+(\d+)",
}


def run(*command: str, **environment: str) -> None:
    subprocess.run(command, cwd=REPOSITORY, check=True, env={**os.environ, **environment})


def c_sources(*folders: str) -> list[str]:
    return [os.path.join("CInterpose", folder, name) for folder in folders
            for name in sorted(os.listdir(os.path.join(REPOSITORY, "CInterpose", folder)))
            if name.endswith(".c")]


def build_c() -> None:
    include = ["-ICInterpose/wire/include", "-ICInterpose/bare", "-ICInterpose/shim", "-ITests/Fuzz/C"]
    run("clang", *C_FLAGS, *include, "-o", os.path.join(OUTPUT, "wire"), "Tests/Fuzz/C/wire.c",
        *c_sources("wire"))
    shim = [source for source in c_sources("shim") if not source.endswith("start.c")]
    run("clang", *C_FLAGS, *include, "-include", "Tests/Fuzz/C/kernel.h",
        "-o", os.path.join(OUTPUT, "decisions"), "Tests/Fuzz/C/decisions.c", "Tests/Fuzz/C/kernel.c",
        "CInterpose/wire/environment.c", "CInterpose/bare/digits.c", *shim)


def build_swift() -> None:
    resources = subprocess.run(["clang", "-print-resource-dir"], check=True, capture_output=True,
                               text=True).stdout.strip()
    archive = os.path.join(resources, "lib", "linux", f"libclang_rt.fuzzer_no_main-{os.uname().machine}.a")
    if not os.path.exists(archive):
        sys.exit(f"this clang has no libFuzzer ({archive}): Swift's own has one")
    run("swift", "build", "-c", "release", "--scratch-path", SCRATCH, "--product", "FuzzTargets",
        "--sanitize=address", "-Xswiftc", "-enable-testing", "-Xswiftc", "-use-ld=lld",
        "-Xswiftc", "-sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp",
        "-Xcxx", "-fsanitize=fuzzer-no-link", CMDMOX_LIBFUZZER=archive)


def command(target: str) -> list[str]:
    if target in C_TARGETS:
        return [os.path.join(OUTPUT, target), f"-max_len={C_TARGETS[target]}"]
    program = os.path.join(SCRATCH, "release", "FuzzTargets")
    return [program, f"--target={target}", f"-max_len={SWIFT_TARGETS[target]}"]


def environment() -> dict[str, str]:
    # What Swift makes once and keeps looks like a leak; memory that grows is seen all the same.
    return {**os.environ, "ASAN_OPTIONS": "detect_leaks=0", "SWIFT_BACKTRACE": "enable=no"}


def committed(target: str) -> str:
    return os.path.join(HERE, "corpus", target)


def found(target: str) -> str:
    return os.path.join(OUTPUT, "corpus", target)


def last(pattern: str, log: str, otherwise: str = "?") -> str:
    matches = re.findall(pattern, log)
    return matches[-1] if matches else otherwise


def fuzz(target: str, seconds: int, seed: int) -> bool:
    """Whether nothing was found."""
    os.makedirs(found(target), exist_ok=True)
    limits = ["-runs=0"] if seconds == 0 else [f"-max_total_time={seconds}"]
    folders = [committed(target)] if seconds == 0 else [found(target), committed(target)]
    dictionary = os.path.join(HERE, "dictionaries", f"{target}.dict")
    if os.path.exists(dictionary):
        limits.append(f"-dict={dictionary}")
    log_path = os.path.join(OUTPUT, f"{target}.log")
    with open(log_path, "wb") as log:
        status = subprocess.run(
            [*command(target), *limits, f"-seed={seed}", f"-timeout={INPUT_LIMIT}",
             f"-rss_limit_mb={MEMORY_LIMIT_MB}", "-detect_leaks=0", "-print_final_stats=1",
             f"-artifact_prefix={OUTPUT}/{target}-", *folders],
            stdout=log, stderr=subprocess.STDOUT, env=environment(), check=False).returncode
    with open(log_path, encoding="utf-8", errors="replace") as log:
        text = log.read()
    figures = {name: last(pattern, text) for name, pattern in FIGURES.items()}
    print("{target:<11} {runs:>10} runs {rate:>6}/s {edges:>6} edges {features:>6} features "
          "{inputs:>5} inputs {memory:>5} MiB  {verdict}".format(
              target=target, verdict="ok" if status == 0 else "FAILED", **figures), flush=True)
    if status != 0:
        for line in text.splitlines():
            if re.search(r"Fatal error|not so:|SUMMARY|runtime error|Test unit written", line):
                print(f"    {line}")
        print(f"    the log: {log_path}")
    return status == 0


def minimize(target: str) -> None:
    """Of what was found, the few inputs that reach everything that all of them reach."""
    kept = os.path.join(OUTPUT, "minimized", target)
    shutil.rmtree(kept, ignore_errors=True)
    os.makedirs(kept)
    subprocess.run(
        [*command(target), "-set_cover_merge=1", f"-timeout={INPUT_LIMIT}", kept, committed(target),
         found(target)],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
    shutil.rmtree(committed(target))
    shutil.copytree(kept, committed(target))
    print(f"{target}: {len(os.listdir(kept))} inputs")


def main() -> int:
    everything = [*C_TARGETS, *SWIFT_TARGETS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=" ".join(everything))
    parser.add_argument("--seconds", type=int, default=60, help="for each target (60)")
    parser.add_argument("--seed", type=int, default=1, help="of what is tried (1)")
    parser.add_argument("--no-build", action="store_true", help="take what was built before")
    parser.add_argument("--minimize", action="store_true", help="make the committed corpus anew")
    options = parser.parse_args()
    targets = options.targets or everything
    for target in targets:
        if target not in everything:
            parser.error(f"{target}: the targets are {' '.join(everything)}")
    os.makedirs(OUTPUT, exist_ok=True)
    if not options.no_build:
        build_c()
        if set(targets) & set(SWIFT_TARGETS):
            build_swift()
    if options.minimize:
        for target in targets:
            minimize(target)
        return 0
    print(f"{options.seconds} s for each target, seed {options.seed}", flush=True)
    results = [fuzz(target, options.seconds, options.seed) for target in targets]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
