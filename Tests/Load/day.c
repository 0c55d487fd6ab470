/* A day in a few seconds.
 *
 *   day HOURS LEAF OFFSET FIGURES
 *
 * Before each hour this process moves into a time namespace that is an hour later
 * (time_namespaces(7)), and runs `LEAF hour`; what it runs is there, too. The same offset, in
 * nanoseconds, is written into the file OFFSET, from which clock.c gives it to the recorder. A
 * command lives through all of it and ends with 7. In between nothing happens for two seconds: how
 * often the recorder woke up then is written into FIGURES. */
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

extern char **environ;

static _Noreturn void fail(const char *what) {
  perror(what);
  exit(1);
}

static void write_file(const char *path, const void *bytes, size_t length) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0 || write(file, bytes, length) != (ssize_t)length) {
    fail(path);
  }
  close(file);
}

/* Moves this process, which has one thread, into the namespace that `path` names. */
static void join(const char *path) {
  int space = open(path, O_RDONLY | O_CLOEXEC);
  if (space < 0 || setns(space, CLONE_NEWTIME) != 0) {
    fail(path);
  }
  close(space);
}

static void go_to(int hour, const char *offset_file) {
  char text[96];
  int length =
      snprintf(text, sizeof text, "monotonic %d 0\nboottime %d 0\n", hour * 3600, hour * 3600);
  if (unshare(CLONE_NEWTIME) != 0) {
    fail("no time namespace");
  }
  write_file("/proc/self/timens_offsets", text, (size_t)length);
  join("/proc/self/ns/time_for_children");
  uint64_t offset = (uint64_t)hour * 3600 * 1000000000u;
  write_file(offset_file, &offset, sizeof offset);
}

static pid_t spawn(const char *program, char *const *words) {
  pid_t pid;
  if (posix_spawn(&pid, program, NULL, NULL, words, environ) != 0) {
    fail(program);
  }
  return pid;
}

/* How often a process gave up the processor of its own accord: woke up, that is. */
static long wakings(int pid) {
  static const char name[] = "voluntary_ctxt_switches:";
  char path[64], line[256];
  long count = -1;
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  FILE *file = fopen(path, "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, name, sizeof name - 1) == 0) {
      count = strtol(line + sizeof name - 1, NULL, 10);
    }
  }
  if (file != NULL) {
    fclose(file);
  }
  return count;
}

/* The command that lives all day: it ends in the namespace in which its parent is then. */
static int stay(void) {
  char path[64], nothing;
  while (read(0, &nothing, 1) > 0) {
  }
  snprintf(path, sizeof path, "/proc/%d/ns/time", getppid());
  join(path);
  return 7;
}

int main(int argc, char **argv) {
  if (argc == 2) {
    return stay();
  }
  if (argc != 5) {
    return 64;
  }
  int hours = atoi(argv[1]), gate[2];
  if (pipe2(gate, O_CLOEXEC) != 0 || dup2(gate[0], 0) != 0) {
    fail("pipe");
  }
  char *stays[] = {"stays", "all-day", NULL};
  pid_t stayer = spawn("/proc/self/exe", stays);
  long woken = 0;
  for (int hour = 1; hour <= hours; hour++) {
    go_to(hour, argv[3]);
    char argument[16];
    snprintf(argument, sizeof argument, "%d", hour);
    char *words[] = {"leaf", argument, NULL};
    if (waitpid(spawn(argv[2], words), NULL, 0) < 0) {
      fail("wait");
    }
    if (hour == hours / 2) {
      sleep(1); /* until the recorder has become quiet */
      long before = wakings(getppid());
      sleep(2);
      woken = wakings(getppid()) - before;
    }
  }
  int status;
  close(gate[1]);
  if (waitpid(stayer, &status, 0) != stayer || WEXITSTATUS(status) != 7) {
    fail("the command that stays");
  }
  FILE *figures = fopen(argv[4], "w");
  if (figures == NULL) {
    fail(argv[4]);
  }
  fprintf(figures, "%ld\n", woken);
  fclose(figures);
  return 0;
}
