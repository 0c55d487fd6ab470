/* A command: `leaf N` ends with N % 251; `leaf N wait` waits for the end of its stdin before. */
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  char nothing;
  while (argc > 2 && read(0, &nothing, 1) > 0) {
  }
  return argc > 1 ? atoi(argv[1]) % 251 : 64;
}
