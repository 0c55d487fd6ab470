#include "capture.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmdmox_bytes.h"
#include "cmdmox_control.h"
#include "complain.h"
#include "handing.h"
#include "image.h"
#include "narrow.h"
#include "report.h"
#include "syscalls.h"

static const char execute_name[] = CMDMOX_ENV_EXECUTE "=";

void cmdmox_join_capture(void) {
  const char *name = cmdmox_last(cmdmox_session_directory(), '/');
  cmdmox_image.replays = name != NULL && cmdmox_same(name + 1, CMDMOX_REPLAY_DIRECTORY);
  cmdmox_image.captures =
      cmdmox_image.replays || (name != NULL && cmdmox_same(name + 1, CMDMOX_CAPTURE_DIRECTORY));
}

bool cmdmox_is_command_shell(int argc, char *const *argv) {
  static const char *const shells[] = {"sh",  "bash", "dash", "ash",
                                       "ksh", "mksh", "zsh",  "busybox"};
  if (argc < 3) {
    return false;
  }
  const char *slash = cmdmox_last(argv[0], '/');
  const char *name = slash != NULL ? slash + 1 : argv[0];
  name += *name == '-' ? 1 : 0; /* a login shell */
  for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
    if (cmdmox_same(name, shells[i])) {
      for (int option = 1; option < argc && argv[option][0] == '-'; option++) {
        bool is_long = argv[option][1] == '-';
        if (!is_long && argv[option][cmdmox_length_until(argv[option], "c")] == 'c') {
          return true;
        }
      }
    }
  }
  return false;
}

bool cmdmox_captures_spawn(void) { return cmdmox_image.captures && cmdmox_speaks(); }

bool cmdmox_captures_exec(void) {
  return cmdmox_captures_spawn() && (cmdmox_image.command_shell || cmdmox_is_forked());
}

/* The first bytes of a program. */
struct head {
  union {
    char bytes[256];
    Elf64_Ehdr elf;
  };
  long length;
};

/* False: it is no regular file that the effective user may execute. A file that may be executed but
 * not read is taken for a program. */
static bool read_head(const char *path, struct head *head) {
  struct stat status;
  head->length = 0;
  if (cmdmox_call(newfstatat, AT_FDCWD, path, &status, 0) < 0 || !S_ISREG(status.st_mode) ||
      cmdmox_call(faccessat2, AT_FDCWD, path, X_OK, AT_EACCESS) < 0) {
    return false;
  }
  long file = cmdmox_call(openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    long length = cmdmox_call(pread64, file, head->bytes, sizeof head->bytes, 0);
    head->length = length > 0 ? length : -1;
    cmdmox_call(close, file);
  }
  return true;
}

static bool is_program(const struct head *head) {
  return head->length == 0 || (head->length >= (long)sizeof head->elf &&
                               cmdmox_equal(head->elf.e_ident, ELFMAG, SELFMAG) &&
                               (head->elf.e_machine == EM_X86_64 || head->elf.e_machine == EM_386));
}

/* The interpreter of a script, in place. NULL if it is none. */
static const char *interpreter_of(struct head *head) {
  if (head->length < 4 || head->bytes[0] != '#' || head->bytes[1] != '!') {
    return NULL;
  }
  size_t last =
      (size_t)head->length < sizeof head->bytes ? (size_t)head->length : sizeof head->bytes - 1;
  head->bytes[last] = '\0';
  char *name = head->bytes + 2;
  while (*name == ' ' || *name == '\t') {
    name++;
  }
  name[cmdmox_length_until(name, " \t\n")] = '\0';
  return *name != '\0' ? name : NULL;
}

/* True if the replay knows a command of this name: it answers whether the file is there or not. */
static bool is_answered(const char *path) {
  static const char folder[] = CMDMOX_DIRECTORY_COMMANDS "/";
  const char *slash = cmdmox_last(path, '/');
  const char *name = slash != NULL ? slash + 1 : path;
  size_t length = cmdmox_length(name);
  char link[CMDMOX_SESSION_FILE_MAX + NAME_MAX];
  struct stat status;
  if (length == 0 || length > NAME_MAX || cmdmox_same(name, ".") || cmdmox_same(name, "..")) {
    return false;
  }
  cmdmox_session_file(link, folder);
  cmdmox_copy(link + cmdmox_length(link), name, length + 1);
  return cmdmox_call(newfstatat, AT_FDCWD, link, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

bool cmdmox_would_run(const char *path) {
  if (cmdmox_image.replays && cmdmox_is_readable(AT_FDCWD, path) && is_answered(path)) {
    return true;
  }
  struct head head;
  char interpreter[sizeof head.bytes];
  enum { NESTED_SCRIPTS = 5 }; /* the kernel's own limit, exec.c */
  for (int i = 0; i < NESTED_SCRIPTS; i++) {
    if (!read_head(path, &head)) {
      return false;
    }
    if (is_program(&head)) {
      return true;
    }
    const char *next = interpreter_of(&head);
    if (next == NULL) {
      return false;
    }
    cmdmox_copy(interpreter, next, cmdmox_length(next) + 1);
    path = interpreter;
  }
  return false;
}

static size_t words_of_path(const char *path) {
  return (sizeof execute_name + cmdmox_length(path)) / sizeof(void *) + 1;
}

size_t cmdmox_capture_words(char *const *envp, const char *path) {
  /* The longer path of the library is a few words longer; what has no room is mapped. */
  return 1 + cmdmox_handing_words(envp, cmdmox_image.library) + words_of_path(path);
}

char **cmdmox_capture_environment(void **storage, size_t words, char *const *envp, const char *path,
                                  uint64_t intent, unsigned hidden) {
  size_t path_words = words_of_path(path);
  char *execute = (char *)(storage + words - path_words);
  cmdmox_copy(cmdmox_copy(execute, execute_name, sizeof execute_name - 1), path,
              cmdmox_length(path) + 1);
  struct cmdmox_handing handing;
  cmdmox_hand_down(&handing, envp, cmdmox_library_for(AT_FDCWD, path), storage + 1,
                   words - 1 - path_words);
  if (!handing.changed) {
    return NULL;
  }
  cmdmox_hand_intent(&handing, intent, hidden);
  if (handing.mapping == NULL) {
    storage[0] = execute;
    return (char **)storage;
  }
  /* A big environment. What is mapped stays mapped in a vfork parent, as in handing.h. */
  size_t count = 0;
  while (handing.environment[count] != NULL) {
    count++;
  }
  char **block = cmdmox_map((count + 2) * sizeof *block);
  if (block != NULL) {
    block[0] = execute;
    cmdmox_copy(block + 1, handing.environment, (count + 1) * sizeof *block);
  }
  return block;
}

void cmdmox_capture_shim(char *path) { cmdmox_session_file(path, CMDMOX_FILE_SHIM); }

int cmdmox_capture_execute(const char *path, char *const *argv, char *const *envp, uint64_t intent,
                           unsigned hidden) {
  if (cmdmox_hands_elsewhere(envp)) {
    return 0;
  }
  size_t words = cmdmox_capture_words(envp, path);
  void *storage[words];
  char **environment = cmdmox_capture_environment(storage, words, envp, path, intent, hidden);
  if (environment == NULL) {
    return ENOMEM;
  }
  char shim[CMDMOX_SESSION_FILE_MAX];
  cmdmox_capture_shim(shim);
  return (int)-cmdmox_call(execve, shim, argv, environment);
}

void cmdmox_capture_complain(const char *command, char *const *envp) {
  char shim[CMDMOX_SESSION_FILE_MAX];
  cmdmox_capture_shim(shim);
  if (cmdmox_call(faccessat, AT_FDCWD, shim, X_OK) == 0) {
    return;
  }
  cmdmox_complain(envp, command, ": the replay has ended; nothing answers this command any more",
                  "");
}

bool cmdmox_capture_search(char *found, size_t size, const char *name) {
  const char *path = cmdmox_environment_value(environ, "PATH");
  path = path != NULL ? path : "/bin:/usr/bin";
  size_t name_length = cmdmox_length(name);
  for (;;) {
    size_t length = cmdmox_length_until(path, ":");
    if (path[0] != '/' || length + 1 + name_length >= size) {
      return false; /* relative: file actions may change the directory first */
    }
    cmdmox_copy(found, path, length);
    found[length] = '/';
    cmdmox_copy(found + length + 1, name, name_length + 1);
    if (cmdmox_would_run(found)) {
      return true;
    }
    if (path[length] == '\0') {
      return false;
    }
    path += length + 1;
  }
}
