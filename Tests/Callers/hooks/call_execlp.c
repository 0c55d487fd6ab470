/* execlp: arguments from none to 300, collected from the variable list. */
#define HOOK "execlp"
#define SEARCHES 1
#define SPAWNS 0
#include "exec_cases.h"

#include "call_execl.h"

static int call(const char *file, char *const argv[], char *const envp[], pid_t *pid) {
  (void)pid;
  char *words[10];
  listed(words, argv);
  char **kept = environ;
  environ = (char **)envp;
  execlp(file, words[0], ARGUMENTS(words), (char *)NULL);
  int error = errno;
  environ = kept;
  return error;
}

static int without_arguments(void *context) {
  (void)context;
  execlp(show_path, (const char *)NULL, (char *)NULL);
  return 99;
}

static int one_argument(void *context) {
  (void)context;
  execlp(show_path, "show", (char *)NULL);
  return 99;
}

static int many_arguments(void *context) {
  (void)context;
  execlp(show_path, "show", HUNDRED("a"), HUNDRED("b"), HUNDRED("c"), (char *)NULL);
  return 99;
}

int main(void) {
  run_exec_cases();
  in_child("no argument", without_arguments, NULL);
  in_child("one argument", one_argument, NULL);
  in_child("many arguments", many_arguments, NULL);
  return 0;
}
