"""What Python does with processes: each way to start one, with its odd options."""

import asyncio
import concurrent.futures
import os
import signal
import subprocess
import sys


def say(label, value):
    sys.stdout.write(f"{label}: {value!r}\n")
    sys.stdout.flush()


def attempt(label, action):
    try:
        say(label, action())
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        number = getattr(error, "errno", None)
        say(label, (type(error).__name__, number))


def status_of(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def run(*words, **options):
    result = subprocess.run(words, capture_output=True, **options)
    return result.returncode, result.stdout, result.stderr


def in_child(action):
    pid = os.fork()
    if pid == 0:
        try:
            action()
        finally:
            os._exit(99)
    return status_of(pid)


def subprocess_module():
    attempt("run", lambda: run("echo", "one", "zwei ü", ""))
    attempt("status", lambda: run("sh", "-c", "exit 3"))
    attempt("signal", lambda: run("sh", "-c", "kill -9 $$"))
    attempt("input", lambda: run("cat", input=b"to cat"))
    attempt("shell", lambda: subprocess.run("echo $((6*7)); exit 4", shell=True).returncode)
    attempt("not found", lambda: run("no-such-program-anywhere"))
    attempt("not executable", lambda: run("/etc/passwd"))
    attempt("bytes", lambda: run(b"printf", b"%s", b"\xff\xfe"))
    attempt("cwd", lambda: run("pwd", cwd="/"))
    attempt("missing cwd", lambda: run("pwd", cwd="/nonexistent"))
    attempt("empty environment", lambda: run("/usr/bin/env", env={}))
    attempt("environment", lambda: run("/usr/bin/env", env={"B": "2", "A": "1"}))
    attempt("PATH in env", lambda: run("only-there", env={"PATH": os.path.abspath("bin")}))
    attempt("new session", lambda: run("true", start_new_session=True))
    attempt("process group", lambda: run("true", process_group=0))
    attempt("preexec", lambda: run("sh", "-c", "umask", preexec_fn=lambda: os.umask(0o77)))
    attempt("executable", lambda: run("another name", "-c", "echo $0", executable="/bin/sh"))
    attempt("umask", lambda: run("sh", "-c", "umask", umask=0o22))
    attempt("restore signals off", lambda: run("true", restore_signals=False))
    attempt("descriptors kept", lambda: run("true", close_fds=False))
    attempt("timeout", lambda: run("sleep", "1000", timeout=0.2))
    attempt("check", lambda: subprocess.check_call(["false"]))
    attempt("getstatusoutput", lambda: subprocess.getstatusoutput("echo x; exit 5"))
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    attempt("pass_fds", lambda: run("sh", "-c", f"echo through >&{writing}", pass_fds=[writing]))
    os.close(writing)
    say("passed", os.read(reading, 100))
    os.close(reading)
    first = subprocess.Popen(["printf", "b\\na\\n"], stdout=subprocess.PIPE)
    second = subprocess.Popen(["sort"], stdin=first.stdout, stdout=subprocess.PIPE)
    first.stdout.close()
    say("pipeline", (second.communicate()[0], first.wait(), second.wait()))
    child = subprocess.Popen(["sleep", "1000"])
    child.send_signal(signal.SIGTERM)
    say("terminated", child.wait())
    say("polled", child.poll())


def os_module():
    attempt("system", lambda: os.waitstatus_to_exitcode(os.system("exit 6")))
    with os.popen("echo from popen") as stream:
        say("popen", stream.read())
    attempt("popen status", lambda: os.popen("exit 7").close())
    for name in ("posix_spawn", "posix_spawnp"):
        spawn = getattr(os, name)
        program = "/bin/echo" if name == "posix_spawn" else "echo"
        attempt(name, lambda: status_of(spawn(program, ["echo", name], os.environ)))
        attempt(name + " empty", lambda: status_of(spawn("/usr/bin/env", ["env"], {})))
        attempt(name + " fails", lambda: spawn("/nonexistent/program", ["program"], {}))
    actions = [(os.POSIX_SPAWN_OPEN, 1, "spawned", os.O_WRONLY | os.O_CREAT, 0o600)]
    attempt(
        "file actions",
        lambda: status_of(os.posix_spawn("/bin/echo", ["echo"], {}, file_actions=actions)),
    )
    attempt("spawnlp", lambda: os.spawnlp(os.P_WAIT, "sh", "sh", "-c", "exit 8"))
    attempt("spawnve", lambda: os.spawnve(os.P_WAIT, "/bin/sh", ["sh", "-c", "exit 9"], {}))
    say("execv", in_child(lambda: os.execv("/bin/sh", ["sh", "-c", "exit 10"])))
    say("execve", in_child(lambda: os.execve("/bin/sh", ["sh", "-c", "exit 11"], {})))
    say("execvp", in_child(lambda: os.execvp("sh", ["sh", "-c", "exit 12"])))
    say("execvpe", in_child(lambda: os.execvpe("sh", ["sh", "-c", "exit 13"], {"A": "1"})))
    say("execl", in_child(lambda: os.execl("/bin/sh", "sh", "-c", "exit 14")))
    say("execlp", in_child(lambda: os.execlp("sh", "sh", "-c", "exit 15")))
    program = os.open("/bin/sh", os.O_RDONLY)
    say("fexecve", in_child(lambda: os.execve(program, ["sh", "-c", "exit 16"], os.environ)))
    say("_exit", in_child(lambda: os._exit(17)))
    say("abort", in_child(os.abort))
    pid = os.fork()
    if pid == 0:
        os.execv("/bin/sh", ["sh", "-c", "exit 18"])
    seen = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    say("waitid", (seen.si_pid == pid, seen.si_status))
    seen_pid, status, usage = os.wait4(pid, 0)
    say("wait4", (seen_pid == pid, status, usage.ru_maxrss > 0))
    attempt("wait for nobody", os.wait)


def many_at_once():
    def one(number):
        return subprocess.run(["sh", "-c", f"exit {number}"]).returncode == number

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        say("threads", all(pool.map(one, range(16))))

    async def everything():
        async def one(number):
            child = await asyncio.create_subprocess_exec("sh", "-c", f"exit {number}")
            return await child.wait() == number

        return all(await asyncio.gather(*(one(number) for number in range(100, 106))))

    say("asyncio", asyncio.run(everything()))


os.mkdir("bin")
with open("bin/only-there", "w") as script:
    script.write("#!/bin/sh\nexit 19\n")
os.chmod("bin/only-there", 0o755)
subprocess_module()
os_module()
many_at_once()
sys.exit(21)
