/* What a spawn and wait of a program costs: bare, with an empty library preloaded, and hooked,
 * which means traced, captured or replayed.
 *
 *   cmdmox trace -- spawn_cost EMPTY.so ROUNDS PROGRAM [ARGUMENT...]
 *
 * Run it under the library. The program writes into a pipe. The three variants alternate spawn by
 * spawn in this one process, since two processes compared scatter by 15 %. The baselines call
 * libc's own functions, by handle, with the library and its variables taken out of the environment.
 * An argument "#N" becomes another number below N in each round, each of them once before one comes
 * again. Prints medians as JSON.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BARE, EMPTY, HOOKED, VARIANTS };
static const char *const names[VARIANTS] = {"bare", "empty", "hooked"};

typedef __typeof__(&posix_spawn) spawn_function;
typedef __typeof__(&waitpid) wait_function;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

/* This environment without our variables, and with `preload` (NULL: none). */
static char **baseline(const char *preload) {
  size_t count = 0;
  while (environ[count] != NULL) {
    count++;
  }
  char **copy = calloc(count + 2, sizeof *copy);
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    if (strncmp(environ[i], "CMDMOX_", 7) != 0 && strncmp(environ[i], "LD_PRELOAD=", 11) != 0) {
      copy[kept++] = environ[i];
    }
  }
  if (preload != NULL && asprintf(&copy[kept], "LD_PRELOAD=%s", preload) < 0) {
    abort();
  }
  return copy;
}

/* The pipe that the program's stdout is. */
static int output[2];
static posix_spawn_file_actions_t actions;

static void make_pipe(void) {
  if (pipe2(output, O_CLOEXEC | O_NONBLOCK) < 0 || fcntl(output[1], F_SETFL, 0) < 0) {
    abort();
  }
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
}

static double spawn_once(spawn_function spawn, wait_function wait, char **argv,
                         char **environment) {
  pid_t child;
  int status;
  char said[4096];
  double begin = now();
  if (spawn(&child, argv[0], &actions, NULL, argv, environment) != 0 ||
      wait(child, &status, 0) != child || status != 0) {
    fprintf(stderr, "spawn_cost: %s did not run\n", argv[0]);
    exit(1);
  }
  double end = now();
  while (read(output[0], said, sizeof said) > 0) {
  }
  return end - begin;
}

/* Where a command line has a number that changes, and below what it stays; 0: nowhere. */
static char *changing;
static size_t numbers;

static void find_changing(char **argv) {
  for (; *argv != NULL; argv++) {
    if (**argv == '#') {
      numbers = strtoul(*argv + 1, NULL, 10);
      changing = *argv = calloc(1, 24);
    }
  }
}

static void change(size_t round) {
  if (numbers > 0) {
    snprintf(changing, 24, "%zu", round * 7919 % numbers); /* a prime, and no divisor of 10^n */
  }
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  size_t rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000;
  if (argc < 4 || rounds == 0) {
    fprintf(stderr, "usage: spawn_cost EMPTY.so ROUNDS PROGRAM [ARGUMENT...]\n");
    return 64;
  }
  if (getenv("CMDMOX_SESSION") == NULL) {
    fprintf(stderr, "spawn_cost: run it under cmdmox\n");
    return 64;
  }
  void *libc = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
  spawn_function real_spawn = (spawn_function)dlsym(libc, "posix_spawn");
  wait_function real_wait = (wait_function)dlsym(libc, "waitpid");
  char **environments[VARIANTS] = {baseline(NULL), baseline(argv[1]), environ};
  make_pipe();
  find_changing(argv + 3);
  double *times[VARIANTS];
  for (int v = 0; v < VARIANTS; v++) {
    times[v] = calloc(rounds, sizeof *times[v]);
  }
  for (size_t round = 0; round < rounds; round++) {
    change(round);
    for (int i = 0; i < VARIANTS; i++) {
      int v = (int)((round + (size_t)i) % VARIANTS); /* no variant is always behind the same one */
      times[v][round] = spawn_once(v == HOOKED ? posix_spawn : real_spawn,
                                   v == HOOKED ? waitpid : real_wait, argv + 3, environments[v]);
    }
  }
  printf("{");
  for (int v = 0; v < VARIANTS; v++) {
    qsort(times[v], rounds, sizeof(double), compare);
    printf("\"%s_us\": %.1f, ", names[v], times[v][rounds / 2]);
  }
  double bare = times[BARE][rounds / 2], hooked = times[HOOKED][rounds / 2];
  printf("\"hooked_to_empty\": %.4f, \"hooked_to_bare\": %.4f, \"rounds\": %zu}\n",
         hooked / times[EMPTY][rounds / 2], hooked / bare, rounds);
  return 0;
}
