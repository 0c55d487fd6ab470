/* execveat: relative to a directory, and of a descriptor itself (AT_EMPTY_PATH). */
#define HOOK "execveat"
#define SEARCHES 0
#define SPAWNS 0
#include "exec_cases.h"

static int call(const char *file, char *const argv[], char *const envp[], pid_t *pid) {
  (void)pid;
  execveat(AT_FDCWD, file, argv, envp, 0);
  return errno;
}

static int in_directory(void *context) {
  (void)context;
  char folder[4096];
  snprintf(folder, sizeof folder, "%s", show_path);
  *strrchr(folder, '/') = '\0';
  int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
  execveat(fd, "show", WORDS("show", "in a directory"), environ, 0);
  return 99;
}

static int of_descriptor(void *context) {
  (void)context;
  int fd = open(show_path, O_PATH | O_CLOEXEC);
  execveat(fd, "", WORDS("show", "of a descriptor"), environ, AT_EMPTY_PATH);
  return 99;
}

static int of_link(void *context) {
  (void)context;
  execveat(AT_FDCWD, "link", WORDS("link", "not followed"), environ, AT_SYMLINK_NOFOLLOW);
  return errno == ELOOP ? 98 : errno;
}

static int of_closed_directory(void *context) {
  (void)context;
  execveat(987, "show", WORDS("show", "closed directory"), environ, 0);
  return errno == EBADF ? 98 : errno;
}

static int with_bad_flags(void *context) {
  (void)context;
  execveat(AT_FDCWD, show_path, WORDS("show", "bad flags"), environ, 0x4000000);
  return errno == EINVAL ? 98 : errno;
}

int main(void) {
  run_exec_cases();
  in_child("in a directory", in_directory, NULL);
  in_child("of a descriptor", of_descriptor, NULL);
  if (symlink(show_path, "link") < 0)
    give_up("symlink");
  in_child("of a link", of_link, NULL);
  in_child("of a closed directory", of_closed_directory, NULL);
  in_child("with bad flags", with_bad_flags, NULL);
  return 0;
}
