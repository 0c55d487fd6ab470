/* fexecve: the program is an open descriptor, also of a script and of a deleted file. */
#define HOOK "fexecve"
#define SEARCHES 0
#define SPAWNS 0
#include "exec_cases.h"

static int call(const char *file, char *const argv[], char *const envp[], pid_t *pid) {
  (void)pid;
  int fd = open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return errno;
  fexecve(fd, argv, envp);
  int error = errno;
  close(fd);
  return error;
}

static int of_script(void *context) {
  (void)context;
  /* Not closed on exec, or the interpreter could not read it. */
  int fd = open("script", O_RDONLY);
  fexecve(fd, WORDS("script", "of a script"), environ);
  return 99;
}

static int of_no_descriptor(void *context) {
  (void)context;
  fexecve(-1, WORDS("show", "no descriptor"), environ);
  return errno == EINVAL ? 98 : errno;
}

static int of_closed_descriptor(void *context) {
  (void)context;
  fexecve(987, WORDS("show", "closed descriptor"), environ);
  return errno == EBADF ? 98 : errno;
}

int main(void) {
  run_exec_cases();
  make_file("script", "#!/bin/sh\nexit 4\n", 0755);
  in_child("of a script", of_script, NULL);
  in_child("of no descriptor", of_no_descriptor, NULL);
  in_child("of a closed descriptor", of_closed_descriptor, NULL);
  return 0;
}
