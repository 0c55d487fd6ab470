/* work STEP...: runs `leaf` in many ways, one after the other, says how each one ended, and leaves
 * with status 5, after it has said so.
 *
 *   STEP    WAY=LABEL; the leaf's status is the label's last digit
 *   WAY     fork    fork and execv               vfork    vfork and execve
 *           search  fork and execvp              open     fork and fexecve
 *           spawn   posix_spawn                  spawnp   posix_spawnp
 *           system  system                       popen    popen and pclose, with input
 *           clean   posix_spawn with no variables
 *           script  fork and execv of a `#!` script
 *           pipe    two leaves, one reads what the other says
 *           missing fork and execv of a program that is not there
 *           silent  posix_spawn without output, and nobody waits before the end
 *           many    40 times posix_spawn
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static char leaf[4096], script[4096];

static void say(const char *way, const char *label, int status) {
  char line[256];
  int length =
      WIFSIGNALED(status)
          ? snprintf(line, sizeof line, "%s %s: signaled %d\n", way, label, WTERMSIG(status))
          : snprintf(line, sizeof line, "%s %s: exited %d\n", way, label, WEXITSTATUS(status));
  if (write(1, line, (size_t)length) < 0) {
    _exit(91);
  }
}

static int reap(pid_t pid) {
  int status = 0;
  while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return pid > 0 ? status : W_EXITCODE(92, 0);
}

static char *status_of(char *label) { return label + strlen(label) - 1; }

static int fork_and(const char *way, char *label) {
  char *argv[] = {"leaf", label, status_of(label), NULL};
  pid_t pid = strcmp(way, "vfork") == 0 ? vfork() : fork();
  if (pid == 0) {
    if (strcmp(way, "search") == 0) {
      execvp("leaf", argv);
    } else if (strcmp(way, "open") == 0) {
      fexecve(open(leaf, O_RDONLY | O_CLOEXEC), argv, environ);
    } else if (strcmp(way, "script") == 0) {
      execv(script, argv);
    } else if (strcmp(way, "missing") == 0) {
      execv("/nonexistent/leaf", argv);
    } else {
      execve(leaf, argv, environ);
    }
    _exit(127);
  }
  return reap(pid);
}

static pid_t spawn(const char *way, char *label) {
  char *argv[] = {"leaf", label, status_of(label), NULL};
  char *nothing[] = {NULL};
  pid_t pid = 0;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (strcmp(way, "silent") == 0) {
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  }
  int error = strcmp(way, "spawnp") == 0
                  ? posix_spawnp(&pid, "leaf", &actions, NULL, argv, environ)
                  : posix_spawn(&pid, leaf, &actions, NULL, argv,
                                strcmp(way, "clean") == 0 ? nothing : environ);
  posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? pid : 0;
}

static int run_shell(char *label) {
  char command[8192];
  snprintf(command, sizeof command, "%s %s %s", leaf, label, status_of(label));
  int status = system(command);
  return status != -1 ? status : W_EXITCODE(92, 0);
}

static int run_pipe_to(char *label) {
  char command[8192];
  snprintf(command, sizeof command, "%s %s %s echo", leaf, label, status_of(label));
  FILE *stream = popen(command, "w");
  if (stream == NULL) {
    return W_EXITCODE(92, 0);
  }
  /* Whoever reads may be the one that is killed. */
  signal(SIGPIPE, SIG_IGN);
  fprintf(stream, "%s is given\n", label);
  int status = pclose(stream);
  signal(SIGPIPE, SIG_DFL);
  return status != -1 ? status : W_EXITCODE(92, 0);
}

/* The first says something, the second repeats it: what it says comes after. */
static int run_pipe(char *label) {
  int ends[2];
  char first[256];
  snprintf(first, sizeof first, "%s-source0", label);
  if (pipe2(ends, O_CLOEXEC) < 0) {
    return W_EXITCODE(92, 0);
  }
  char *source[] = {"leaf", first, "0", NULL};
  char *sink[] = {"leaf", label, status_of(label), "echo", NULL};
  pid_t writer = fork();
  if (writer == 0) {
    dup2(ends[1], 1);
    execv(leaf, source);
    _exit(127);
  }
  pid_t reader = fork();
  if (reader == 0) {
    dup2(ends[0], 0);
    execv(leaf, sink);
    _exit(127);
  }
  close(ends[0]);
  close(ends[1]);
  int status = reap(reader);
  say("pipe", first, reap(writer));
  return status;
}

static int run_many(char *label) {
  enum { COUNT = 40 };
  char labels[COUNT][64];
  pid_t pids[COUNT];
  int status = 0;
  for (int i = 0; i < COUNT; i++) {
    snprintf(labels[i], sizeof labels[i], "%s-%d-0", label, i);
    pids[i] = spawn("spawn", labels[i]);
    status |= reap(pids[i]);
  }
  return status;
}

int main(int argc, char **argv) {
  char *end = strrchr(argv[0], '/');
  int folder = end != NULL ? (int)(end - argv[0]) : 0;
  snprintf(leaf, sizeof leaf, "%.*s/leaf", folder, argv[0]);
  snprintf(script, sizeof script, "%.*s/script", folder, argv[0]);
  char path[8192];
  snprintf(path, sizeof path, "%.*s:/usr/bin:/bin", folder, argv[0]);
  setenv("PATH", path, 1);
  pid_t silent = 0;
  for (int i = 1; i < argc; i++) {
    char *label = strchr(argv[i], '=');
    if (label == NULL) {
      return 64;
    }
    *label++ = '\0';
    const char *way = argv[i];
    if (strcmp(way, "silent") == 0) {
      silent = spawn(way, label);
      continue;
    }
    int status = strcmp(way, "system") == 0  ? run_shell(label)
                 : strcmp(way, "popen") == 0 ? run_pipe_to(label)
                 : strcmp(way, "pipe") == 0  ? run_pipe(label)
                 : strcmp(way, "many") == 0  ? run_many(label)
                 : strncmp(way, "spawn", 5) == 0 || strcmp(way, "clean") == 0
                     ? reap(spawn(way, label))
                     : fork_and(way, label);
    say(way, label, status);
  }
  if (silent > 0) {
    reap(silent);
  }
  return write(1, "leaves\n", 7) == 7 ? 5 : 91;
}
