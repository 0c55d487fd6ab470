/* execv: the environment is the caller's own. */
#define HOOK "execv"
#define SEARCHES 0
#define SPAWNS 0
#include "exec_cases.h"

static int call(const char *file, char *const argv[], char *const envp[], pid_t *pid) {
  (void)pid;
  char **kept = environ;
  environ = (char **)envp;
  execv(file, argv);
  int error = errno;
  environ = kept;
  return error;
}

int main(void) {
  run_exec_cases();
  run("no environ", show_path, WORDS("show", "no environ", "env=all"), NULL);
  return 0;
}
