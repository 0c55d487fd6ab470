#include "recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cmdmox_bytes.h"
#include "digits.h"
#include "image.h"
#include "narrow.h"
#include "syscalls.h"

enum {
  READY_MILLISECONDS = 20000, /* how long a recorder may take to begin */
  READY_DESCRIPTOR = 3,       /* where the recorder finds the pipe that it answers on */
  LAST_SIGNAL = 64,
};

bool cmdmox_find_recorder(char recorder[PATH_MAX], char *const *envp) {
  static const char beside[] = "/../bin/cmdmox";
  const char *named = cmdmox_environment_value(envp, "CMDMOX_RECORDER");
  const char *from = named != NULL && *named != '\0' ? named : cmdmox_image.library;
  size_t length = from == named ? cmdmox_length(from) : cmdmox_library_folder(from);
  if (length + sizeof beside > PATH_MAX) {
    length = 0;
  }
  cmdmox_copy(recorder, from, length);
  recorder[length] = '\0';
  if (from != named) {
    cmdmox_copy(recorder + length, beside, sizeof beside);
  }
  return cmdmox_call(faccessat, AT_FDCWD, recorder, X_OK) == 0;
}

/* A copy of `envp` without what would preload the library into the recorder. */
static char **recorder_environment(char *const *envp, size_t *size) {
  size_t count = 0;
  while (envp[count] != NULL) {
    count++;
  }
  *size = (count + 1) * sizeof(char *);
  char **copy = cmdmox_map(*size);
  size_t kept = 0;
  for (size_t i = 0; copy != NULL && i < count; i++) {
    if (!cmdmox_environment_names(envp[i], "LD_PRELOAD")) {
      copy[kept++] = envp[i];
    }
  }
  return copy;
}

/* What the kernel takes for sigaction(2); zero is the default disposition and no flags. */
struct kernel_sigaction {
  void *handler;
  unsigned long flags;
  void *restorer;
  uint64_t mask;
};

static void default_signals(void) {
  struct kernel_sigaction default_action = {0};
  for (int signal = 1; signal <= LAST_SIGNAL; signal++) {
    cmdmox_call(rt_sigaction, signal, &default_action, NULL, sizeof default_action.mask);
  }
  cmdmox_restore_signals(0);
}

/* Standard input and output lead nowhere; standard error stays, for what has to be said. The pipe
 * to answer on becomes READY_DESCRIPTOR, and nothing else stays open. */
static void arrange_descriptors(int ready) {
  long moved = cmdmox_call(fcntl, ready, F_DUPFD, READY_DESCRIPTOR + 1);
  long nowhere = cmdmox_call(openat, AT_FDCWD, "/dev/null", O_RDWR);
  cmdmox_call(dup2, nowhere, 0);
  cmdmox_call(dup2, nowhere, 1);
  if (cmdmox_call(fcntl, 2, F_GETFD) < 0) {
    cmdmox_call(dup2, nowhere, 2);
  }
  cmdmox_call(dup2, moved, READY_DESCRIPTOR);
  if (cmdmox_call(close_range, READY_DESCRIPTOR + 1, ~0u, 0) == -ENOSYS) {
    for (int descriptor = READY_DESCRIPTOR + 1; descriptor < 1024; descriptor++) {
      cmdmox_call(close, descriptor);
    }
  }
}

/* fork(2), but the child's end sends no signal: a blocked SIGCHLD would stay pending. */
static long fork_quietly(void) { return cmdmox_call(clone, 0, 0); }

static _Noreturn void end_child(void) {
  for (;;) {
    cmdmox_call(exit_group, 127);
  }
}

static _Noreturn void become_recorder(const char *recorder, char *const *argv, char *const *envp,
                                      int ready) {
  cmdmox_call(setsid);
  if (fork_quietly() != 0) {
    end_child();
  }
  default_signals();
  arrange_descriptors(ready);
  cmdmox_call(execve, recorder, argv, envp);
  end_child();
}

/* True once the recorder has written its byte; false at the end of file or after the limit. */
static bool wait_until_ready(int ready) {
  struct pollfd readable = {.fd = ready, .events = POLLIN};
  struct timespec limit = {.tv_sec = READY_MILLISECONDS / 1000, .tv_nsec = 0};
  long result;
  do {
    result = cmdmox_call(ppoll, &readable, 1, &limit, NULL, 0);
  } while (result == -EINTR);
  char byte;
  return result > 0 && cmdmox_call(read, ready, &byte, 1) == 1;
}

bool cmdmox_start_recorder(const char *recorder, uint64_t root_intent, char *const *envp) {
  char root_pid[21], intent[CMDMOX_ID_DIGITS + 1], descriptor[21];
  cmdmox_write_decimal(root_pid, (uint64_t)cmdmox_call(getpid));
  cmdmox_write_decimal(descriptor, READY_DESCRIPTOR);
  cmdmox_write_hex(intent, root_intent);
  const char *argv[] = {"cmdmox",
                        "recorder",
                        "--session",
                        cmdmox_session_directory(),
                        "--root-pid",
                        root_pid,
                        "--root-intent",
                        intent,
                        "--ready-fd",
                        descriptor,
                        NULL};
  size_t size;
  char **environment = recorder_environment(envp, &size);
  int ready[2];
  if (environment == NULL || cmdmox_call(pipe2, ready, O_CLOEXEC) < 0) {
    return false;
  }
  long child = fork_quietly();
  if (child == 0) {
    become_recorder(recorder, (char *const *)argv, environment, ready[1]);
  }
  cmdmox_call(close, ready[1]);
  bool is_ready = false;
  if (child > 0) {
    cmdmox_call(wait4, child, NULL, __WALL, NULL);
    is_ready = wait_until_ready(ready[0]);
  }
  cmdmox_call(close, ready[0]);
  cmdmox_unmap(environment, size);
  return is_ready;
}
