#!/usr/bin/env python3
"""Measures cmdmox, as ratios within one run; `make bench` calls it.

The machine may be shared and noisy, so what is compared is interleaved, and the figures are
medians of the ratios of neighbours. Nothing here fails for being slow.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
TOOL = TOP / "build/bin/cmdmox"


def note(text):
    print(text, file=sys.stderr, flush=True)


def measure(command, folder, environment=None):
    """Runs `command` and returns its wall and CPU seconds, descendants that it waited for included."""
    read_clock = os.times
    before = read_clock()
    process = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    after = read_clock()
    if process.returncode != 0:
        raise SystemExit(f"{command} ended with {process.returncode}: {process.stderr.decode()}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return after.elapsed - before.elapsed, cpu


def compare(prepare, command, folder, rounds):
    """Alternates `command` bare and traced; medians of the ratios traced / bare of each round."""
    walls, cpus, bare_walls = [], [], []
    fixture = folder / "bench-fixture.json"
    traced = [str(TOOL), "trace", "--quiet", "-o", str(fixture), "--", *command]
    for round_number in range(rounds + 1):
        pair = {}
        order = ["bare", "traced"] if round_number % 2 else ["traced", "bare"]
        for which in order:
            prepare()
            pair[which] = measure(command if which == "bare" else traced, folder)
        if round_number == 0:
            continue  # the first round warms the caches
        walls.append(pair["traced"][0] / pair["bare"][0])
        cpus.append(pair["traced"][1] / pair["bare"][1])
        bare_walls.append(pair["bare"][0])
    session = json.loads(fixture.read_text())["metadata"]["session"]
    return {
        "traced_to_bare_wall": round(statistics.median(walls), 3),
        "traced_to_bare_cpu": round(statistics.median(cpus), 3),
        "wall_ratios": [round(wall, 3) for wall in walls],
        "cpu_ratios": [round(cpu, 3) for cpu in cpus],
        "bare_wall_s": round(statistics.median(bare_walls), 2),
        "invocations": session["invocations"],
        "lost": session["lost"],
        "rounds": rounds,
    }


def spawn_cost(work, rounds, options, command):
    """Five runs of spawn_cost.c under the tool with `options`."""
    (work / "empty.c").write_text("")
    subprocess.run(["cc", "-shared", "-o", work / "empty.so", work / "empty.c"], check=True)
    program = work / "spawn_cost"
    subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-o", program, TOP / "Bench/spawn_cost.c"], check=True)
    return [
        json.loads(subprocess.run(
            [TOOL, *options, "--", program, work / "empty.so", str(rounds), *command],
            check=True, stdout=subprocess.PIPE,
        ).stdout)
        for _ in range(5)
    ]


def bench_spawn(work, rounds):
    """Spawn and wait of /bin/true: bare, with an empty library, traced, spawn by spawn."""
    options = ["trace", "--quiet", "-o", work / "spawn.json"]
    runs = spawn_cost(work, rounds, options, ["/bin/true"])
    ratios = [run["hooked_to_empty"] for run in runs]
    return {"traced_to_empty": statistics.median(ratios), "ratios": ratios, "runs": runs}


def bench_deep(work, rounds):
    """Spawn and wait of /bin/true and of a static program: bare, traced, traced with --deep.

    Each variant is a process of its own, since a filter stays; they alternate spawn by spawn.
    """
    program = work / "spawn_once"
    subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-o", program, TOP / "Bench/spawn_once.c"], check=True)
    (work / "static.c").write_text("int main(void) { return 0; }\n")
    subprocess.run(["cc", "-static", "-o", work / "static", work / "static.c"], check=True)
    results = {}
    for name, spawned in {"dynamic": "/bin/true", "static": str(work / "static")}.items():
        lines = {"bare": [program, spawned]}
        for variant, options in {"traced": [], "deep": ["--deep"]}.items():
            fixture = work / f"{name}-{variant}.json"
            lines[variant] = [TOOL, "trace", *options, "-q", "-o", fixture, "--", program, spawned]
        results[name] = alternate(lines, rounds)
    return results


def alternate(lines, rounds):
    """Asks one process of each variant in turn; medians, and medians of the ratios of neighbours."""
    servers = {name: subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
               for name, line in lines.items()}
    times = {name: [] for name in lines}
    for round_number in range(rounds + 20):
        names = list(lines) if round_number % 2 else list(reversed(lines))
        for name in names:
            servers[name].stdin.write(b".")
            servers[name].stdin.flush()
            time = float(servers[name].stdout.readline())
            if round_number >= 20:  # the first ones warm the caches
                times[name].append(time)
    for server in servers.values():
        server.stdin.close()
        if server.wait() != 0:
            raise SystemExit(f"{server.args} ended with {server.returncode}")
    results = {f"{name}_us": round(statistics.median(each), 1) for name, each in times.items()}
    for name in lines:
        if name != "bare":
            ratios = [a / b for a, b in zip(times[name], times["bare"])]
            results[f"{name}_to_bare"] = round(statistics.median(ratios), 3)
    return results | {"rounds": rounds}


def bench_capture(work, rounds):
    """Spawn and wait of a command that says a hundred bytes: bare and captured."""
    options = ["record", "--quiet", "-o", work / "capture.json"]
    runs = spawn_cost(work, rounds, options, ["/bin/echo", "x" * 99])
    ratios = [run["hooked_to_bare"] for run in runs]
    return {"captured_to_bare": statistics.median(ratios), "ratios": ratios, "runs": runs}


def write_echoes(path, recorded, count):
    """A fixture of `count` recordings that differ in their first argument, a number."""
    fixture = json.loads(recorded.read_text())
    recordings = [dict(fixture["recordings"][0], sequence=i, args=[str(i), "x" * 90])
                  for i in range(count)]
    path.write_text(json.dumps(dict(fixture, recordings=recordings)))


def bench_replay(work, rounds):
    """Spawn and wait of /bin/echo, bare and replayed, and how long a session takes to start.

    Each of the commands is another one: does it matter how many recordings there are?
    """
    recorded, fixture = work / "recorded.json", work / "replay.json"
    spawn_cost(work, 1, ["record", "--quiet", "-o", recorded], ["/bin/echo", "0", "x" * 90])
    results = {}
    for count in (10, 100, 100_000):
        write_echoes(fixture, recorded, count)
        starts = [
            measure([str(TOOL), "replay", "-q", "--allow-unused", "-f", str(fixture), "--", "true"],
                    work)[0]
            for _ in range(7)
        ]
        options = ["replay", "--quiet", "--repeat-last", "--allow-unused", "-f", fixture]
        runs = spawn_cost(work, rounds, options, ["/bin/echo", f"#{count}", "x" * 90])
        ratios = [run["hooked_to_bare"] for run in runs]
        results[str(count)] = {
            "replayed_to_bare": statistics.median(ratios), "ratios": ratios,
            "session_seconds": round(statistics.median(starts), 4), "runs": runs,
        }
    results["100000_to_100"] = round(
        results["100000"]["replayed_to_bare"] / results["100"]["replayed_to_bare"], 3)
    return results


#: Says how many KiB the stand-in above it has needed, once half of the stream has passed.
STREAM = """
import os, sys
half, total, block = {size} // 2, 0, b"a line of text\\n" * 4096
while total < {size}:
    total += os.write(1, block)
    if total >= half and half:
        half = 0
        with open(f"/proc/{{os.getppid()}}/status") as status:
            peak = next(line for line in status if line.startswith("VmHWM")).split()[1]
        with open(sys.argv[1], "w") as out:
            out.write(peak)
"""


def bench_stream(work, rounds):
    """A gigabyte from a command to its reader: through cat, and through a capture instead."""
    size = 1 << 30
    source = f"yes 'cc -O2 -c -o build/some/file.o src/some/file.c' | head -c {size}"
    piped = f"{source} | cat | tail -c 1 >/dev/null"
    ratios, peaks = [], []
    for _ in range(rounds):
        bare = measure(["bash", "-c", piped], work)[0]
        # Only head is captured: its output passes through one process as it does through cat.
        captured = measure(
            [str(TOOL), "record", "--quiet", "--commands", "head", "-o", str(work / "stream.json"),
             "--", "bash", "-c", f"{source} | tail -c 1 >/dev/null"],
            work)[0]
        ratios.append(bare / captured)
    for megabytes in (1, 1024):
        script = work / "writer.py"
        script.write_text(STREAM.format(size=megabytes << 20))
        subprocess.run(
            [TOOL, "record", "--quiet", "-o", work / "peak.json", "--", "bash", "-c",
             f"{sys.executable} {script} {work}/peak | tail -c 1 >/dev/null"], check=True)
        peaks.append(int((work / "peak").read_text()))
    return {
        "cat_to_captured_throughput": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "stand_in_peak_kib": {"1 MiB": peaks[0], "1 GiB": peaks[1]},
    }


def bench_build(work, rounds):
    """A parallel build of a hundred C files: make, sh, gcc, cc1, as, collect2, ld."""
    folder = work / "build"
    folder.mkdir()
    headers = ["stdio", "stdlib", "string", "math", "time", "errno", "signal", "unistd"]
    includes = "".join(f"#include <{header}.h>\n" for header in headers)
    for number in range(100):
        body = f"int f{number}(int x) {{ printf(\"%d\\n\", x); return x * {number}; }}\n"
        (folder / f"f{number}.c").write_text(includes + body)
    (folder / "main.c").write_text("int f99(int); int main(void) { return f99(0); }\n")
    (folder / "Makefile").write_text(
        "main: $(patsubst %.c,%.o,$(wildcard *.c))\n\tcc -o $@ $^\n"
        "%.o: %.c\n\tcc -O1 -c -o $@ $<\n"
        "clean:\n\trm -f main *.o\n"
    )
    clean = lambda: subprocess.run(["make", "-s", "clean"], cwd=folder, check=True)
    return compare(clean, ["make", "-s", "-j2"], folder, rounds)


def prepare_configure(work):
    """A real ./configure in a folder below `work`, and what takes its results away again."""
    folder = work / "configure"
    shutil.copytree(TOP / "Bench/configure", folder)
    scripts = {
        "install-sh": "exit 0",
        "config.guess": "echo x86_64-pc-linux-gnu",
        "config.sub": 'echo "$1"',
    }
    for name, body in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)
    subprocess.run(["autoheader"], cwd=folder, check=True)
    subprocess.run(["autoconf"], cwd=folder, check=True)

    def clean():
        for name in ["config.cache", "config.status", "config.log", "config.h"]:
            (folder / name).unlink(missing_ok=True)

    return folder, clean


def bench_configure(work, rounds):
    """A real ./configure: thousands of tiny commands."""
    folder, clean = prepare_configure(work)
    return compare(clean, ["./configure", "-q"], folder, rounds)


def bench_peers(work, rounds):
    """The same ./configure under other tools that are installed, each against its bare neighbour."""
    folder, clean = prepare_configure(work)
    command = ["./configure", "-q"]
    tools = {
        "cmdmox": [str(TOOL), "trace", "--quiet", "-o", str(work / "peers.json"), "--", *command],
        "bear": ["bear", "--output", str(work / "bear.json"), "--", *command],
        "strace": ["strace", "-f", "-qq", "-e", "trace=execve,execveat", "-o", str(work / "strace"),
                   *command],
    }
    installed = {name: words for name, words in tools.items() if shutil.which(words[0])}
    ratios = {name: [] for name in installed}
    for round_number in range(rounds + 1):
        for name, words in installed.items():
            clean()
            bare = measure(command, folder)[0]
            clean()
            wall = measure(words, folder)[0]
            if round_number > 0:
                ratios[name].append(round(wall / bare, 3))
    return {
        name: {"to_bare_wall": round(statistics.median(values), 3), "ratios": values}
        for name, values in ratios.items()
    }


def write_recording(path, count):
    """A build of `count` invocations: make runs sh, sh gcc, gcc cc1 and as, with common arguments."""
    flags = ["-O2", "-Wall", "-Wextra", "-I", "include", "-DVERSION=\"1.2\"", "-fPIC", "-MMD"]

    def line(place):
        unit = place // 4
        source = f"source/module{unit % 97}/file{unit}.c"
        target = f"build/objects/module{unit % 97}/file{unit}.o"
        return [
            ("sh", ["-c", f"gcc {' '.join(flags)} -c {source} -o {target}"], None),
            ("gcc", [*flags, "-c", source, "-o", target], place - 1),
            ("cc1", ["-quiet", *flags, source, "-o", f"/tmp/cc{unit:06x}.s"], place - 1),
            ("as", ["--64", "-o", target, f"/tmp/cc{unit:06x}.s"], place - 2),
        ][place % 4]

    with open(path, "w") as file:
        file.write('{"version": "1.0", "metadata": {"created_at": "2026-01-01T00:00:00Z",'
                   ' "cmdmox_version": "0", "platform": "linux", "python_version": "", "session":'
                   ' {"command": ["make", "-j8"], "cwd": "/src", "exit_code": 0}},\n"recordings": [')
        for place in range(count):
            command, args, parent = line(place)
            start = place // 32 * 8000 + place % 4 * 500
            length = [30000, 29000, 20000, 4000][place % 4] + place * 7919 % 9000
            recording = {
                "sequence": place, "command": command, "args": args, "stdin": "", "env_subset": {},
                "stdout": "", "stderr": "", "exit_code": int(place % 1000 == 1), "duration_ms": 3,
                "timestamp": "2026-01-01T00:00:00Z",
                "process": {
                    "pid": 1000 + place, "ppid": 999, "parent": parent, "executable": f"/usr/bin/{command}",
                    "cwd": "/src", "termination": "exited", "started_us": start,
                    "ended_us": start + length, "user_cpu_us": length // 2, "system_cpu_us": 900,
                    "max_rss_kib": 20480, "status_source": "wait",
                },
            }
            file.write(("," if place else "") + "\n" + json.dumps(recording))
        file.write('\n], "scrubbing_rules": []}\n')


def bench_look(work, rounds):
    """What a recording of 100,000 invocations costs to look at: seconds, peak memory, size."""
    fixture = work / "large.json"
    write_recording(fixture, 100_000)
    page = work / "report.html"
    commands = {
        "show_slowest": ["show", fixture, "--slowest", "10"],
        "show_tree": ["show", fixture, "--tree"],
        "show_failed": ["show", fixture, "--failed"],
        "report": ["report", fixture, "-o", page],
        "diff_itself": ["diff", fixture, fixture],
        "compile_commands": ["export", fixture, "-f", "compile-commands"],
        "chrome_trace": ["export", fixture, "-f", "chrome-trace"],
        "ndjson": ["export", fixture, "-f", "ndjson"],
        "otlp": ["export", fixture, "-f", "otlp"],
        "sqlite": ["export", fixture, "-f", "sqlite", "-o", work / "all.db"],
    }
    results = {"fixture_mib": round(fixture.stat().st_size / 2**20, 1)}
    for name, arguments in commands.items():
        seconds, peaks = [], []
        for _ in range(rounds):
            before = os.times().elapsed
            process = subprocess.Popen([TOOL, *arguments], stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                raise SystemExit(f"{arguments} ended with {process.returncode}")
            seconds.append(os.times().elapsed - before)
            peaks.append(usage.ru_maxrss / 1024)
        results[name] = {"seconds": round(statistics.median(seconds), 2), "peak_mib": round(max(peaks))}
    results["report"]["page_mib"] = round(page.stat().st_size / 2**20, 1)
    return results


def bench_program(name, *options):
    """A benchmark program of the package, which prints its figures as JSON."""

    def run(work, rounds):
        del rounds
        # A folder of its own: the release build beside it links the runtime in another way.
        command = ["swift", "run", "-c", "release", "--scratch-path", ".build-bench", "--quiet"]
        command += [name, *(option.format(work=work) for option in options)]
        return json.loads(subprocess.run(command, cwd=TOP, check=True, stdout=subprocess.PIPE).stdout)

    return run


BENCHES = {
    "spawn": (bench_spawn, 1000),
    "deep": (bench_deep, 1000),
    "capture": (bench_capture, 600),
    "stream": (bench_stream, 5),
    "replay": (bench_replay, 600),
    "build": (bench_build, 12),
    "configure": (bench_configure, 12),
    "peers": (bench_peers, 3),
    "look": (bench_look, 3),
    "recorder": (bench_program("RecorderBench"), 0),
    "scrub": (bench_program("ScrubBench"), 0),
    "matching": (bench_program("ReplayBench", "--folder", "{work}"), 0),
    "fixture": (bench_program("FixtureBench", "--folder", "{work}"), 0),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=pathlib.Path, default=TOP / "build/bench.json")
    parser.add_argument("--only", choices=BENCHES, action="append")
    parser.add_argument("--rounds", type=int)
    arguments = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory(prefix="cmdmox-bench-") as work:
        for name, (bench, rounds) in BENCHES.items():
            if arguments.only and name not in arguments.only:
                continue
            note(f"{name} …")
            folder = pathlib.Path(work) / f"{name}-work"
            folder.mkdir()
            results[name] = bench(folder, arguments.rounds or rounds)
            note(json.dumps(results[name], indent=2))
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(json.dumps(results, indent=2) + "\n")
    note(f"written to {arguments.output}")


if __name__ == "__main__":
    main()
