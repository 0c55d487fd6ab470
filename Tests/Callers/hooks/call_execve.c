/* execve: also with NULL for argv and envp, which Linux accepts. */
#define HOOK "execve"
#define SEARCHES 0
#define SPAWNS 0
#include "exec_cases.h"

static int call(const char *file, char *const argv[], char *const envp[], pid_t *pid) {
  (void)pid;
  execve(file, argv, envp);
  return errno;
}

int main(void) {
  run_exec_cases();
  run("NULL envp", show_path, WORDS("show", "NULL envp", "env=all"), NULL);
  run("NULL argv", show_path, NULL, environ);
  run("empty argv", show_path, (char *[]){NULL}, environ);
  errno = 0;
  int result = execve(NULL, WORDS("nothing"), environ);
  say_result("NULL path", result);
  return 0;
}
