/* What posix_spawn and posix_spawnp share beyond the common cases: file actions and attributes. */
#ifndef CALL_POSIX_SPAWN_H
#define CALL_POSIX_SPAWN_H

#include <sched.h>
#include <spawn.h>

#define SPAWNS 1
#include "exec_cases.h"

#define DEFINE_SPAWN_CALL(function)                                                       \
  static int call(const char *file, char *const argv[], char *const envp[], pid_t *pid) { \
    return function(pid, file, NULL, NULL, argv, envp);                                   \
  }

typedef int spawn_function(pid_t *, const char *, const posix_spawn_file_actions_t *,
                           const posix_spawnattr_t *, char *const[], char *const[]);

static void run_file_actions(spawn_function *spawn) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "redirected", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  posix_spawn_file_actions_addclose(&actions, 0);
  pid_t pid = 0;
  int error = spawn(&pid, show_path, &actions, NULL, WORDS("show", "file actions"), environ);
  say("file actions: %d, %s", error, status_words(reap(pid)));
  posix_spawn_file_actions_addopen(&actions, 5, "missing/file", O_RDONLY, 0);
  error = spawn(&pid, show_path, &actions, NULL, WORDS("show", "file action fails"), environ);
  say("file action fails: %s", strerrorname_np(error));
  posix_spawn_file_actions_destroy(&actions);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, "/");
  error = spawn(&pid, "/bin/pwd", &actions, NULL, WORDS("pwd"), environ);
  say("change of directory: %d, %s", error, status_words(reap(pid)));
  posix_spawn_file_actions_destroy(&actions);
}

static void run_attributes(spawn_function *spawn) {
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults, mask;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGTERM);
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR1);
  signal(SIGTERM, SIG_IGN);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setsigmask(&attributes, &mask);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  pid_t pid = 0;
  int error =
      spawn(&pid, "/bin/sh", NULL, &attributes,
            WORDS("sh", "-c", "grep -E '^Sig(Blk|Ign)' /proc/self/status; kill -TERM 0"), environ);
  say("signals and group: %d, %s", error, status_words(reap(pid)));
  signal(SIGTERM, SIG_DFL);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  error = spawn(&pid, show_path, NULL, &attributes, WORDS("show", "session"), environ);
  say("session: %d, %s", error, status_words(reap(pid)));
  posix_spawnattr_setpgroup(&attributes, 1);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  error = spawn(&pid, show_path, NULL, &attributes, WORDS("show", "bad group"), environ);
  say("bad group: %s", strerrorname_np(error));
  posix_spawnattr_destroy(&attributes);
}

static void run_spawn_cases(spawn_function *spawn) {
  run_exec_cases();
  run_file_actions(spawn);
  run_attributes(spawn);
  pid_t pid = 0;
  int error = spawn(NULL, show_path, NULL, NULL, WORDS("show", "no pid wanted"), environ);
  int status = 0;
  pid = wait(&status);
  say("no pid wanted: %d, %s", error, pid > 0 ? status_words(status) : "no child");
  error = spawn(&pid, show_path, NULL, NULL, WORDS("show", "NULL envp", "env=all"), NULL);
  say("NULL envp: %d, %s", error, status_words(reap(pid)));
}

#endif
