#include "execute.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <unistd.h>

#include "capture.h"
#include "cmdmox_bytes.h"
#include "confine.h"
#include "digits.h"
#include "events.h"
#include "handing.h"
#include "image.h"
#include "narrow.h"
#include "next.h"
#include "syscalls.h"

/* One command on its way: what the candidates of a PATH search share. */
struct attempt {
  char *const *envp; /* the caller's own */
  uint64_t intent;   /* 0 until a candidate was announced; later ones keep it */
  unsigned role;     /* of what it starts: cmdmox_image.role, or 0 */
};

static struct attempt begin(char *const *envp) {
  bool goes_on = cmdmox_speaks() && cmdmox_goes_on();
  return (struct attempt){.envp = envp, .role = goes_on ? cmdmox_image.role : 0};
}

/* Announces an exec of this process, if the file is there to be executed. */
static void announce(struct attempt *attempt, struct cmdmox_target target, int directory,
                     const char *path, int flags) {
  if (!cmdmox_speaks()) {
    return;
  }
  bool is_there =
      (flags & AT_EMPTY_PATH) != 0 || cmdmox_call(faccessat, directory, path, X_OK) == 0;
  if (is_there) {
    attempt->intent = attempt->intent != 0 ? attempt->intent : cmdmox_new_id();
    target.flags |= cmdmox_hands_elsewhere(attempt->envp) ? CMDMOX_INTENT_ELSEWHERE : 0;
    target.flags |= cmdmox_image.captures && attempt->role != 0 ? CMDMOX_INTENT_GOES_ON : 0;
    cmdmox_announce_intent(attempt->intent, &target, (pid_t)cmdmox_call(getpid), 0);
  }
}

/* A call of the exec family, with the environment left open. Returns only if it failed. */
typedef void execute_function(void *call, char *const *envp);

/* Hands the environment down. What is put on the stack here is gone before anything is reported.
 * Our variables must not be what makes the arguments too long. */
static __attribute__((noinline)) void hand_down(const struct attempt *attempt,
                                                execute_function *execute, void *call,
                                                const char *library) {
  struct cmdmox_handing handing;
  void *storage[cmdmox_handing_words(attempt->envp, library)];
  cmdmox_hand_down(&handing, attempt->envp, library, storage, sizeof storage / sizeof *storage);
  cmdmox_hand_intent(&handing, attempt->intent, attempt->role);
  bool silent = cmdmox_silence_end();
  execute(call, handing.environment);
  if (errno == E2BIG && handing.changed) {
    execute(call, attempt->envp);
  }
  if (silent) {
    cmdmox_silence_resume();
  }
  cmdmox_handing_free(&handing);
}

/* execve(2). */
struct execve_call {
  const char *path;
  char *const *argv;
};

static void call_execve(void *call, char *const *envp) {
  const struct execve_call *arguments = call;
  __typeof__(&execve) next = CMDMOX_NEXT(execve);
  if (next != NULL) {
    next(arguments->path, arguments->argv, envp);
  } else {
    errno = (int)-cmdmox_call(execve, arguments->path, arguments->argv, envp);
  }
}

/* One try. */
static void try_execve(struct attempt *attempt, const char *path, char *const *argv) {
  struct cmdmox_target target = {.path = path, .argv = argv, .flags = 0};
  announce(attempt, target, AT_FDCWD, path, 0);
  if (cmdmox_captures_exec() && cmdmox_would_run(path)) {
    int error = cmdmox_capture_execute(path, argv, attempt->envp, attempt->intent, 0);
    if (error != 0 && cmdmox_image.replays) { /* it must not run */
      cmdmox_capture_complain(path, attempt->envp);
      errno = error;
      return;
    }
  }
  hand_down(attempt, call_execve, &(struct execve_call){.path = path, .argv = argv},
            cmdmox_library_for(AT_FDCWD, path));
}

/* All tries have failed with errno. Always returns -1. */
static int give_up(const struct attempt *attempt, struct cmdmox_target target) {
  if (cmdmox_speaks()) {
    cmdmox_announce_failure(attempt->intent, &target, errno);
  }
  return -1;
}

int cmdmox_execute(const char *path, char *const *argv, char *const *envp) {
  struct attempt attempt = begin(envp);
  try_execve(&attempt, path, argv);
  return give_up(&attempt, (struct cmdmox_target){.path = path, .argv = argv, .flags = 0});
}

/* A file that the kernel does not know as a program is a script for sh: execvp(3). */
static void try_script(struct attempt *attempt, const char *path, char *const *argv) {
  size_t count = 0;
  while (argv != NULL && argv[count] != NULL) {
    count++;
  }
  size_t rest = count > 0 ? count - 1 : 0;
  char *script[2 + rest + 1];
  script[0] = (char *)"/bin/sh";
  script[1] = (char *)path;
  if (rest > 0) {
    cmdmox_copy(script + 2, argv + 1, rest * sizeof *script);
  }
  script[2 + rest] = NULL;
  try_execve(attempt, script[0], script);
}

static void try_program(struct attempt *attempt, const char *path, char *const *argv) {
  try_execve(attempt, path, argv);
  if (errno == ENOEXEC) {
    try_script(attempt, path, argv);
  }
}

/* The caller's own PATH, whatever `envp` says; the default is glibc's. */
static const char *search_path(void) {
  const char *path = cmdmox_environment_value(environ, "PATH");
  return path != NULL ? path : "/bin:/usr/bin";
}

/* Tries the candidates of a PATH search in order. errno afterwards is that of the search. */
static void try_candidates(struct attempt *attempt, const char *file, char *const *argv) {
  const char *path = search_path();
  size_t file_length = cmdmox_length(file), path_length = cmdmox_length(path);
  if (file_length > NAME_MAX) {
    errno = ENAMETOOLONG;
    return;
  }
  if (path_length > PATH_MAX - 1) {
    path_length = PATH_MAX - 1; /* glibc passes over longer elements */
  }
  char candidate[path_length + 1 + file_length + 1];
  bool denied = false;
  for (const char *element = path;; element++) {
    size_t length = cmdmox_length_until(element, ":");
    const char *end = element + length;
    if (length <= path_length) {
      cmdmox_copy(candidate, element, length);
      size_t slash = length > 0 ? 1 : 0; /* an empty element is the working directory */
      candidate[length] = '/';
      cmdmox_copy(candidate + length + slash, file, file_length + 1);
      try_program(attempt, candidate, argv);
      if (errno == EACCES) {
        denied = true;
      } else if (errno != ENOENT && errno != ESTALE && errno != ENOTDIR && errno != ENODEV &&
                 errno != ETIMEDOUT) {
        return;
      }
    }
    if (*end == '\0') {
      break;
    }
    element = end;
  }
  if (denied) {
    errno = EACCES;
  }
}

int cmdmox_execute_search(const char *file, char *const *argv, char *const *envp) {
  struct attempt attempt = begin(envp);
  struct cmdmox_target target = {.path = file, .argv = argv, .flags = 0};
  if (*file == '\0') {
    errno = ENOENT;
  } else if (file[cmdmox_length_until(file, "/")] == '/') {
    try_program(&attempt, file, argv);
  } else {
    target.flags = CMDMOX_INTENT_SEARCH;
    try_candidates(&attempt, file, argv);
  }
  return give_up(&attempt, target);
}

/* What the path of an execveat means: where the descriptor points, and the path below it. */
static void resolve(char resolved[PATH_MAX], int directory, const char *path) {
  size_t length = 0;
  if (path[0] != '/' && directory >= 0) {
    char link[32] = "/proc/self/fd/";
    cmdmox_write_decimal(link + cmdmox_length(link), (unsigned)directory);
    long got = cmdmox_call(readlinkat, AT_FDCWD, link, resolved, PATH_MAX - 1);
    length = got > 0 ? (size_t)got : 0;
  }
  size_t rest = cmdmox_length(path);
  if (rest > 0 && length + 1 + rest < PATH_MAX) {
    if (length > 0) {
      resolved[length++] = '/';
    }
    cmdmox_copy(resolved + length, path, rest);
    length += rest;
  }
  resolved[length] = '\0';
}

/* Announces an exec by descriptor; `resolved` outlives the attempt. */
static struct cmdmox_target announce_at(struct attempt *attempt, char resolved[PATH_MAX],
                                        int directory, const char *path, char *const *argv,
                                        int flags) {
  resolved[0] = '\0';
  if (cmdmox_speaks() && cmdmox_is_readable(directory, path)) {
    resolve(resolved, directory, path);
  }
  struct cmdmox_target target = {.path = resolved, .argv = argv, .flags = CMDMOX_INTENT_DESCRIPTOR};
  announce(attempt, target, directory, path, flags);
  return target;
}

/* execveat(2), and fexecve(3), which has a contract of its own. */
struct execveat_call {
  int directory;
  const char *path;
  char *const *argv;
  int flags;
};

static void call_execveat(void *call, char *const *envp) {
  const struct execveat_call *arguments = call;
  __typeof__(&execveat) next = CMDMOX_NEXT(execveat);
  if (next != NULL) {
    next(arguments->directory, arguments->path, arguments->argv, envp, arguments->flags);
  } else {
    errno = (int)-cmdmox_call(execveat, arguments->directory, arguments->path, arguments->argv,
                              envp, arguments->flags);
  }
}

static void call_fexecve(void *call, char *const *envp) {
  const struct execveat_call *arguments = call;
  __typeof__(&fexecve) next = CMDMOX_NEXT(fexecve);
  if (next != NULL) {
    next(arguments->directory, arguments->argv, envp);
  } else {
    errno = ENOSYS;
  }
}

static int execute_at(struct execveat_call *call, char *const *envp, execute_function *execute) {
  struct attempt attempt = begin(envp);
  char resolved[PATH_MAX];
  struct cmdmox_target target =
      announce_at(&attempt, resolved, call->directory, call->path, call->argv, call->flags);
  hand_down(&attempt, execute, call, cmdmox_library_for(call->directory, call->path));
  return give_up(&attempt, target);
}

int cmdmox_execute_at(int directory, const char *path, char *const *argv, char *const *envp,
                      int flags) {
  struct execveat_call call = {.directory = directory, .path = path, .argv = argv, .flags = flags};
  return execute_at(&call, envp, call_execveat);
}

int cmdmox_execute_descriptor(int descriptor, char *const *argv, char *const *envp) {
  if (descriptor < 0 || argv == NULL || envp == NULL) {
    struct attempt attempt = begin(envp);
    errno = EINVAL;
    return give_up(&attempt, (struct cmdmox_target){
                                 .path = "", .argv = argv, .flags = CMDMOX_INTENT_DESCRIPTOR});
  }
  struct execveat_call call = {
      .directory = descriptor, .path = "", .argv = argv, .flags = AT_EMPTY_PATH};
  return execute_at(&call, envp, call_fexecve);
}
