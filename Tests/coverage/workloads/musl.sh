#!/bin/sh
# Programs of another libc, dynamic and static, and what they start.
set -e
cat >starter.c <<'END'
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv) {
  pid_t pid;
  int status;
  char *words[] = {argv[0], "again", NULL};
  if (argc > 1) return 7;
  system("/bin/true of system; exit 3");
  FILE *pipe = popen("/bin/echo of popen", "r");
  while (fgetc(pipe) != EOF) {
  }
  pclose(pipe);
  posix_spawn(&pid, argv[0], NULL, NULL, words, environ);
  waitpid(pid, &status, 0);
  if (fork() == 0) {
    execl("/bin/sh", "sh", "-c", "kill -9 $$", (char *)NULL);
    _exit(1);
  }
  wait(&status);
  execlp("env", "env", "-i", argv[0], "replaced", (char *)NULL);
  return 1;
}
END
musl-gcc -static -o static starter.c
musl-gcc -o dynamic starter.c
"$PWD/static" || echo $?
"$PWD/dynamic" || echo $?
exit 5
