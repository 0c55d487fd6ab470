#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>

#include "cmdmox_bytes.h"
#include "cmdmox_control.h"
#include "complain.h"
#include "digits.h"
#include "image.h"
#include "narrow.h"
#include "recorder.h"
#include "report.h"
#include "script.h"
#include "syscalls.h"

/* A directory of this mode, whatever the umask. */
static bool make_directory(const char *path, int mode) {
  return cmdmox_call(mkdirat, AT_FDCWD, path, 0700) == 0 &&
         cmdmox_call(fchmodat, AT_FDCWD, path, mode) == 0;
}

static const char prefix[] = "/cmdmox-";

static bool make_pipe(const char *name, int mode) {
  char path[CMDMOX_SESSION_FILE_MAX];
  cmdmox_session_file(path, name);
  return cmdmox_call(mknodat, AT_FDCWD, path, S_IFIFO | 0600, 0) == 0 &&
         cmdmox_call(fchmodat, AT_FDCWD, path, mode) == 0;
}

static bool append_directory(const char *name, int mode) {
  char *end = cmdmox_image.session + cmdmox_length(cmdmox_image.session);
  *end = '/';
  cmdmox_copy(end + 1, name, cmdmox_length(name) + 1);
  return make_directory(cmdmox_image.session + sizeof CMDMOX_ENV_SESSION, mode);
}

/* Makes `<base>/cmdmox-<random>`. Where root records, descendants that drop their privileges still
 * report: the directory may be entered but not listed, and the session lies in it under a name
 * that only they know. One that captures lies in a directory that says so. */
static bool make_session(const char *base, bool captures) {
  static const char capture[] = CMDMOX_CAPTURE_DIRECTORY;
  bool for_all = cmdmox_call(geteuid) == 0;
  char *path = cmdmox_image.session + sizeof CMDMOX_ENV_SESSION;
  size_t length = cmdmox_length(base);
  if (base[0] != '/' ||
      length + sizeof prefix + 2 * CMDMOX_ID_DIGITS + 2 + sizeof capture > CMDMOX_SESSION_MAX) {
    return false;
  }
  cmdmox_copy(cmdmox_image.session, CMDMOX_ENV_SESSION "=", sizeof CMDMOX_ENV_SESSION);
  cmdmox_copy(path, base, length);
  cmdmox_copy(path + length, prefix, sizeof prefix);
  cmdmox_write_hex(path + cmdmox_length(path), cmdmox_new_id());
  if (!make_directory(path, for_all ? 0711 : 0700)) {
    return false;
  }
  if (for_all) {
    char name[CMDMOX_ID_DIGITS + 1];
    cmdmox_write_hex(name, cmdmox_new_id());
    if (!append_directory(name, captures ? 0711 : 01733)) {
      return false;
    }
  }
  if (captures && !append_directory(capture, for_all ? 01733 : 0700)) {
    return false;
  }
  return make_pipe(CMDMOX_FILE_EVENTS, for_all ? 0622 : 0600) &&
         make_pipe(CMDMOX_FILE_DONE, for_all ? 0644 : 0600);
}

/* Takes away what make_session made, as far as it came, and what a recorder has put there that did
 * not begin after all. */
static void remove_session(void) {
  static const char *const names[] = {CMDMOX_FILE_EVENTS,  CMDMOX_FILE_DONE, CMDMOX_FILE_JOURNAL,
                                      CMDMOX_FILE_CONTROL, CMDMOX_FILE_SHIM, CMDMOX_FILE_ANCESTORS};
  char path[CMDMOX_SESSION_FILE_MAX];
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    cmdmox_session_file(path, names[i]);
    cmdmox_call(unlinkat, AT_FDCWD, path, 0);
  }
  char *directory = cmdmox_image.session + sizeof CMDMOX_ENV_SESSION;
  cmdmox_call(unlinkat, AT_FDCWD, directory, AT_REMOVEDIR);
  char *slash;
  while ((slash = cmdmox_last(directory, '/')) != NULL && cmdmox_after(slash, prefix) == NULL) {
    *slash = '\0'; /* it lay in another */
    cmdmox_call(unlinkat, AT_FDCWD, directory, AT_REMOVEDIR);
  }
}

/* Descendants of root that drop their privileges get into the session only where others may enter.
 */
static bool can_be_entered(const char *base) {
  struct stat stat;
  return cmdmox_call(geteuid) != 0 ||
         (cmdmox_call(newfstatat, AT_FDCWD, base, &stat, 0) == 0 && (stat.st_mode & S_IXOTH) != 0);
}

static bool make_session_somewhere(char *const *envp) {
  const char *bases[] = {cmdmox_environment_value(envp, "XDG_RUNTIME_DIR"),
                         cmdmox_environment_value(envp, "TMPDIR"), "/tmp"};
  const char *mode = cmdmox_environment_value(envp, "CMDMOX_MODE");
  bool captures = mode != NULL && cmdmox_same(mode, "record");
  for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
    bool is_last = i + 1 == sizeof bases / sizeof *bases;
    if (bases[i] == NULL || (!is_last && !can_be_entered(bases[i]))) {
      continue;
    }
    cmdmox_image.session[0] = '\0';
    if (make_session(bases[i], captures)) {
      return true;
    }
    if (cmdmox_image.session[0] != '\0') {
      remove_session();
    }
  }
  return false;
}

/* Executes the program again in the environment that stands in `handed`. Returns if that fails. */
static void start_anew(const char *path, int argc, char **argv, char **handed) {
  int script = cmdmox_script_arguments(path, argc, argv);
  cmdmox_call(execve, path, argv + script, handed);
}

/* The session is off: the program's children must not begin one each. */
static void start_unrecorded(const char *path, int argc, char **argv, char **envp) {
  size_t count = 0;
  while (envp[count] != NULL) {
    count++;
  }
  char **handed = cmdmox_map((count + 2) * sizeof *handed);
  if (handed != NULL) {
    handed[0] = (char *)CMDMOX_ENV_SESSION "=" CMDMOX_SESSION_OFF;
    cmdmox_copy(handed + 1, envp, (count + 1) * sizeof *handed);
    start_anew(path, argc, argv, handed);
    cmdmox_unmap(handed, (count + 2) * sizeof *handed);
  }
}

static void start_recorded(const char *path, int argc, char **argv, char **envp, uint64_t intent) {
  struct cmdmox_variables ours = cmdmox_variables();
  ours.library = cmdmox_library_beside_narrow(ours.library);
  size_t size = cmdmox_environment_size(envp, &ours);
  void *storage = cmdmox_map(size);
  if (storage != NULL) {
    struct cmdmox_environment handed = cmdmox_environment_build(storage, envp, &ours);
    cmdmox_parent_write(
        handed.parent,
        (struct cmdmox_parent){
            .intent = intent, .flags = CMDMOX_PARENT_ROOT, .owner = (uint32_t)cmdmox_call(getpid)});
    start_anew(path, argc, argv, handed.block);
    cmdmox_unmap(storage, size);
  }
}

static void complain(char *const *envp, const char *what, const char *which) {
  cmdmox_complain(envp, what, which, "; the program runs unrecorded");
}

bool cmdmox_begin_session(const char *path, int argc, char **argv, char **envp, uint64_t *intent) {
  char recorder[PATH_MAX];
  *intent = cmdmox_new_id();
  if (!cmdmox_find_recorder(recorder, envp)) {
    complain(envp, "no recorder at ", recorder);
  } else if (!make_session_somewhere(envp)) {
    complain(envp, "cannot make a session directory in XDG_RUNTIME_DIR, TMPDIR or /tmp", "");
  } else if (!cmdmox_start_recorder(recorder, *intent, envp)) {
    remove_session();
    complain(envp, "the recorder did not start: ", recorder);
  } else {
    /* What another library's constructor has run must not run twice. */
    if (!atomic_load_explicit(&cmdmox_image.early, memory_order_relaxed)) {
      start_recorded(path, argc, argv, envp, *intent);
    }
    return true;
  }
  start_unrecorded(path, argc, argv, envp);
  return false;
}
