/* parent COMMAND: runs it by a shell, and ends with its status. */
#include <stdlib.h>
#include <sys/wait.h>

int main(int argc, char **argv) {
  int status = argc == 2 ? system(argv[1]) : -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}
