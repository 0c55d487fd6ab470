/* execvpe: searches the PATH of the caller, not the one in the environment that it hands over. */
#define HOOK "execvpe"
#define SEARCHES 1
#define SPAWNS 0
#include "exec_cases.h"

static int call(const char *file, char *const argv[], char *const envp[], pid_t *pid) {
  (void)pid;
  execvpe(file, argv, envp);
  return errno;
}

int main(void) {
  run_exec_cases();
  mkdir("other", 0755);
  make_file("other/only-there", "#!/bin/sh\nexit 5\n", 0755);
  char *other[] = {"PATH=other", NULL};
  run("PATH in envp", "only-there", WORDS("only-there", "PATH in envp"), other);
  run("PATH of the caller", "true", WORDS("true", "PATH of the caller"), other);
  return 0;
}
