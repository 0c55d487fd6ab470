"""subprocess, os.system, os.popen, os.posix_spawn and os.exec*: each with a status of its own."""

import os
import subprocess
import sys
import threading

subprocess.run(["echo", "one"], stdout=subprocess.DEVNULL)
subprocess.run(["sh", "-c", "exit 3"])
subprocess.run("exit 4", shell=True)
subprocess.run(["/usr/bin/env"], env={}, stdout=subprocess.DEVNULL)
subprocess.run(["true"], close_fds=False, start_new_session=True, preexec_fn=os.getpid)
try:
    subprocess.run(["no-such-program"])
except FileNotFoundError:
    pass
os.system("exit 5")
os.system("/bin/true; /bin/false; exit 6")
with os.popen("echo from popen; exit 7") as stream:
    stream.read()
for number in (8, 9):
    pid = os.posix_spawn("/bin/sh", ["sh", "-c", f"exit {number}"], os.environ)
    os.waitpid(pid, 0)
pid = os.posix_spawnp("sh", ["sh", "-c", "kill -15 $$"], {})
os.waitpid(pid, 0)
pid = os.fork()
if pid == 0:
    os.execvp("sh", ["sh", "-c", "exec sh -c 'exit 10'"])
os.waitpid(pid, 0)


def one(number):
    os.system(f"exit {number}")


threads = [threading.Thread(target=one, args=(20 + number,)) for number in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
# It answers, so it has been executed, before it is killed.
child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
os.write(child.stdin.fileno(), b"x")
os.read(child.stdout.fileno(), 1)
child.kill()
child.wait()
sys.exit(11)
