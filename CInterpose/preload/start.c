/* The constructor: the new image confirms that it runs, before main.
 *
 * An ordinary context, with no vfork and no signal handler around it; the only file besides
 * session.c that may rely on that. What it costs, every process of a build pays.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/auxv.h>
#include <time.h>
#include <unistd.h>

#include "capture.h"
#include "cmdmox_bytes.h"
#include "image.h"
#include "leave.h"
#include "narrow.h"
#include "next.h"
#include "report.h"
#include "script.h"
#include "session.h"
#include "syscalls.h"

/* What was handed down in CMDMOX_PARENT. */
struct origin {
  struct cmdmox_parent handed;
  bool is_anothers; /* a program without the library, static for one, stands in between */
};

static bool is_ours(uint32_t owner) {
  bool is_parent = (owner & CMDMOX_OWNER_PARENT) != 0;
  return owner == 0 || (owner & ~CMDMOX_OWNER_PARENT) ==
                           (uint32_t)(is_parent ? cmdmox_call(getppid) : cmdmox_call(getpid));
}

static struct origin read_origin(const char *value) {
  struct origin origin = {0};
  if (value != NULL) {
    cmdmox_parent_read(value, &origin.handed);
  }
  unsigned role = origin.handed.flags & CMDMOX_PARENT_ROLE;
  if (role != CMDMOX_PARENT_SILENT && !is_ours(origin.handed.owner)) {
    origin.is_anothers = true;
    origin.handed.flags &= CMDMOX_PARENT_HIDDEN;
  }
  return origin;
}

/* Makes `path` absolute. False if it does not fit. */
static bool make_absolute(char absolute[PATH_MAX], const char *path, const char *directory) {
  size_t length = 0, path_length = cmdmox_length(path);
  if (path[0] != '/') {
    while (path[0] == '.' && path[1] == '/') {
      path += 2;
      path_length -= 2;
    }
    length = cmdmox_length(directory);
    if (length == 0 || length + 1 + path_length >= PATH_MAX) {
      return false;
    }
    cmdmox_copy(absolute, directory, length);
    length -= directory[length - 1] == '/' ? 1 : 0;
    absolute[length++] = '/';
  }
  if (length + path_length >= PATH_MAX) {
    return false;
  }
  cmdmox_copy(absolute + length, path, path_length + 1);
  return true;
}

/* What the kernel calls a program that was asked for by descriptor. */
static const char descriptors[] = "/dev/fd/";

/* The executable as it was asked for, a link's or a script's own name; where it was asked for by
 * descriptor, the file. */
static void find_executable(char executable[PATH_MAX], const char *asked, const char *directory) {
  if (cmdmox_after(asked, descriptors) == NULL && *asked != '\0' &&
      make_absolute(executable, asked, directory)) {
    return;
  }
  long length = cmdmox_call(readlinkat, AT_FDCWD, "/proc/self/exe", executable, PATH_MAX - 1);
  executable[length > 0 ? length : 0] = '\0';
}

static uint32_t count_strings(char *const *strings) {
  uint32_t count = 0;
  while (strings[count] != NULL) {
    count++;
  }
  return count;
}

static uint32_t start_flags(const struct origin *origin) {
  uint32_t flags = origin->handed.flags & CMDMOX_PARENT_HIDDEN ? CMDMOX_START_HIDDEN : 0;
  return flags | (cmdmox_image.captures && cmdmox_image.role != 0 ? CMDMOX_START_GOES_ON : 0);
}

static void announce_start(const struct origin *origin, uint64_t stamp, const char *asked,
                           const char *directory, int argc, char **argv, char **envp) {
  char executable[PATH_MAX];
  find_executable(executable, asked, directory);
  uint32_t envc = count_strings(envp);
  struct cmdmox_report report;
  uint8_t frame[CMDMOX_FRAME_MAX];
  cmdmox_report_begin(&report, CMDMOX_KIND_START, stamp, frame, sizeof frame);
  struct cmdmox_message *message = &report.message;
  cmdmox_message_u64(message, origin->handed.image);
  cmdmox_message_u64(message, origin->handed.intent);
  cmdmox_message_u64(message, cmdmox_clock(CLOCK_REALTIME));
  cmdmox_message_u32(message, (uint32_t)cmdmox_call(getppid));
  cmdmox_message_u32(message, start_flags(origin));
  cmdmox_message_u32(message, (uint32_t)argc);
  cmdmox_message_u32(message, envc);
  cmdmox_message_u32(message, (uint32_t)cmdmox_script_arguments(asked, argc, argv));
  cmdmox_message_string(message, executable);
  cmdmox_message_string(message, directory);
  cmdmox_message_strings(message, argv, (size_t)argc);
  cmdmox_message_strings(message, envp, envc);
  cmdmox_report_send(&report);
}

/* Moves `environ` past the variables that a hook put into an environment that lacked them: a
 * program that was handed a clean environment sees a clean one. They stay where the kernel put
 * them: what lies behind the block (the auxiliary vector) stays in its place, and a program that
 * reads the raw block passes them on. */
static void hide(char **envp, unsigned count) {
  static const char *const names[] = {"LD_PRELOAD", CMDMOX_ENV_SESSION, CMDMOX_ENV_PARENT};
  for (unsigned i = 0; i < count; i++) {
    bool is_ours = false;
    for (size_t n = 0; envp[i] != NULL && n < sizeof names / sizeof *names; n++) {
      is_ours |= cmdmox_environment_names(envp[i], names[n]);
    }
    if (!is_ours) {
      return;
    }
  }
  if (environ == envp) {
    environ = envp + count;
  }
}

/* The library's own absolute path where it stands first in LD_PRELOAD, as our hooks put it. */
static bool find_library_in(const char *preload) {
  static char first[256]; /* a copy: programs write over their environment (setproctitle) */
  size_t length = preload != NULL ? cmdmox_length_until(preload, " :") : 0;
  static const char name[] = "/" CMDMOX_LIBRARY_NAME;
  if (length < sizeof name - 1 || length >= sizeof first || preload[0] != '/' ||
      !cmdmox_equal(preload + length - (sizeof name - 1), name, sizeof name - 1)) {
    return false;
  }
  cmdmox_copy(first, preload, length);
  cmdmox_image.library = first;
  cmdmox_note_library();
  return true;
}

/* The library's own absolute path, for LD_PRELOAD. ld.so splits that at spaces and colons. */
static bool find_library(const char *preload, const char *directory) {
  if (find_library_in(preload)) {
    return true; /* without a walk through the link map: most processes need no other */
  }
  const char *path = cmdmox_own_path();
  if (path != NULL && path[0] != '/') {
    char *absolute = cmdmox_map(PATH_MAX);
    path = absolute != NULL && make_absolute(absolute, path, directory) ? absolute : NULL;
  }
  cmdmox_image.library = path;
  return path != NULL && path[cmdmox_length_until(path, " :")] == '\0';
}

static uint64_t seed(void) {
  uint64_t random[2] = {0, 0};
  const void *from = (const void *)getauxval(AT_RANDOM);
  if (from != NULL) {
    cmdmox_copy(random, from, sizeof random);
  }
  /* Of two secret words one number: neither can be told from the ids. */
  return (random[0] * UINT64_C(0x9e3779b97f4a7c15)) ^ random[1];
}

/* Enters the session that the environment names. False: there is none to enter. */
static bool join(const char *session) {
  size_t length = cmdmox_length(session);
  if (session[0] != '/' || length >= CMDMOX_SESSION_MAX) {
    return false;
  }
  cmdmox_copy(cmdmox_image.session, CMDMOX_ENV_SESSION "=", sizeof CMDMOX_ENV_SESSION);
  cmdmox_copy(cmdmox_image.session + sizeof CMDMOX_ENV_SESSION, session, length + 1);
  return true;
}

/* A command that no hook has given to the stand-in: system(3), popen(3), fexecve(3), a raw system
 * call. Returns if it cannot be captured; it is then recorded as in a session that only traces. */
static void capture(const struct origin *origin, const char *asked, int argc, char **argv,
                    char **envp) {
  char file[PATH_MAX];
  int script = cmdmox_script_arguments(asked, argc, argv);
  if (cmdmox_after(asked, descriptors) != NULL) {
    find_executable(file, asked, "");
    if (!cmdmox_image.replays && (script > 0 || !cmdmox_would_run(file))) {
      return; /* its file is known by a descriptor that may be closed, or has no name any more */
    }
    asked = file;
  }
  /* As if the caller spoke: the environment is handed down. The intent stands for a caller that
   * could not. */
  const struct cmdmox_parent *handed = &origin->handed;
  uint64_t caller = origin->is_anothers ? handed->intent : handed->image;
  uint64_t intent = origin->is_anothers ? 0 : handed->intent;
  cmdmox_image.id = caller != 0 ? caller : cmdmox_new_id();
  cmdmox_capture_execute(asked, argv + script, envp, intent != 0 ? intent : cmdmox_new_id(),
                         handed->flags & CMDMOX_PARENT_HIDDEN);
  cmdmox_image.id = 0;
}

/* A command of a replay that nobody can be asked about must not run. */
static _Noreturn void refuse(const char *name) {
  const char *parts[] = {"cmdmox: ", name,
                         ": the replay has ended; nothing answers this command\n"};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    cmdmox_call(write, STDERR_FILENO, parts[i], cmdmox_length(parts[i]));
  }
  for (;;) {
    cmdmox_call(exit_group, 127);
  }
}

__attribute__((constructor)) static void start(int argc, char **argv, char **envp) {
  cmdmox_image.constructed = true;
  if (!cmdmox_libc_fits()) {
    return;
  }
  char directory[PATH_MAX];
  if (cmdmox_call(getcwd, directory, sizeof directory) < 0) {
    directory[0] = '\0';
  }
  if (!find_library(cmdmox_environment_value(envp, "LD_PRELOAD"), directory)) {
    return;
  }
  cmdmox_image.seed = seed();
  const char *asked = (const char *)getauxval(AT_EXECFN);
  asked = asked != NULL ? asked : "";
  struct origin origin;
  const char *session = cmdmox_environment_value(envp, CMDMOX_ENV_SESSION);
  if (session != NULL) {
    char *parent = cmdmox_environment_value(envp, CMDMOX_ENV_PARENT);
    origin = read_origin(parent);
    cmdmox_image.role = origin.handed.flags & CMDMOX_PARENT_ROLE;
    if (cmdmox_image.role == CMDMOX_PARENT_SILENT || !join(session)) {
      return;
    }
    cmdmox_image.parent = parent;
    cmdmox_join_capture();
    /* The first process of a pid namespace has to be the command itself, if that runs at all. */
    if (cmdmox_image.captures && cmdmox_image.role == 0 &&
        (cmdmox_image.replays || cmdmox_call(getpid) != 1)) {
      capture(&origin, asked, argc, argv, envp);
      if (cmdmox_image.replays) {
        refuse(asked);
      }
    }
    cmdmox_image.command_shell = cmdmox_image.captures && cmdmox_is_command_shell(argc, argv);
  } else {
    /* The bare form's root. This returns only if the program could not be started anew. */
    origin = (struct origin){.handed.flags = CMDMOX_PARENT_ROOT};
    cmdmox_image.role = CMDMOX_PARENT_ROOT;
    if (!cmdmox_begin_session(asked, argc, argv, envp, &origin.handed.intent)) {
      return;
    }
  }

  uint64_t now = cmdmox_clock(CLOCK_MONOTONIC);
  cmdmox_image.pid = (uint32_t)cmdmox_call(getpid);
  cmdmox_image.id = cmdmox_id_at(now, cmdmox_image.pid);
  announce_start(&origin, now, asked, directory, argc, argv, envp);
  struct cmdmox_parent read;
  if (cmdmox_image.parent != NULL) {
    /* From here on everything without a hook hands down the right parent too. */
    if (cmdmox_parent_read(cmdmox_image.parent, &read)) {
      cmdmox_parent_write(cmdmox_image.parent, (struct cmdmox_parent){.image = cmdmox_image.id});
    } else {
      cmdmox_image.parent = NULL;
    }
  }
  hide(envp, origin.handed.flags & CMDMOX_PARENT_HIDDEN);
  cmdmox_watch_exit();
}
