/* One spawn and wait of a program for each byte on stdin; says on stdout how long it took, in
 * microseconds, a line each.
 *
 *   spawn_once PROGRAM [ARGUMENT...]
 *
 * A seccomp filter stays on a process for good, so that one process cannot compare with and
 * without: whoever measures alternates, spawn by spawn, between several of these.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: spawn_once PROGRAM [ARGUMENT...]\n");
    return 64;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  for (char byte; read(STDIN_FILENO, &byte, 1) == 1;) {
    pid_t child;
    int status;
    double begin = now();
    if (posix_spawn(&child, argv[1], &actions, NULL, argv + 1, environ) != 0 ||
        waitpid(child, &status, 0) != child || status != 0) {
      fprintf(stderr, "spawn_once: %s did not run\n", argv[1]);
      return 1;
    }
    printf("%.1f\n", now() - begin);
    fflush(stdout);
  }
  return 0;
}
