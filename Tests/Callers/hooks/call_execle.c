/* execle: the environment stands behind the terminating NULL. */
#define HOOK "execle"
#define SEARCHES 0
#define SPAWNS 0
#include "exec_cases.h"

#include "call_execl.h"

/* The environment follows the first NULL: the number of arguments must be right. */
static int call(const char *file, char *const argv[], char *const envp[], pid_t *pid) {
  (void)pid;
  char *w[10];
  listed(w, argv);
  int count = 0;
  while (w[count] != NULL)
    count++;
  if (count == 2)
    execle(file, w[0], w[1], (char *)NULL, envp);
  else if (count == 3)
    execle(file, w[0], w[1], w[2], (char *)NULL, envp);
  else if (count == 4)
    execle(file, w[0], w[1], w[2], w[3], (char *)NULL, envp);
  else if (count == 8)
    execle(file, w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], (char *)NULL, envp);
  else
    say("the caller itself failed: a list of %d", count);
  return errno;
}

static int without_arguments(void *context) {
  (void)context;
  execle(show_path, (const char *)NULL, (char *)NULL, environ);
  return 99;
}

static int one_argument(void *context) {
  (void)context;
  execle(show_path, "show", (char *)NULL, environ);
  return 99;
}

static int many_arguments(void *context) {
  (void)context;
  execle(show_path, "show", HUNDRED("a"), HUNDRED("b"), HUNDRED("c"), (char *)NULL, environ);
  return 99;
}

int main(void) {
  run_exec_cases();
  in_child("no argument", without_arguments, NULL);
  in_child("one argument", one_argument, NULL);
  in_child("many arguments", many_arguments, NULL);
  return 0;
}
