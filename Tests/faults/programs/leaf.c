/* leaf LABEL STATUS [echo]: says its label with one write, with `echo` what it reads too, and
 * leaves. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say(const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(1, bytes, length);
    if (written <= 0) {
      _exit(90);
    }
    bytes += written;
    length -= (size_t)written;
  }
}

int main(int argc, char **argv) {
  char buffer[4096];
  size_t length = argc > 1 ? strlen(argv[1]) : 0;
  if (argc < 3 || length > sizeof buffer - 2) {
    return 64;
  }
  memcpy(buffer, argv[1], length);
  buffer[length] = '\n';
  say(buffer, length + 1);
  if (argc > 3) {
    for (ssize_t got; (got = read(0, buffer, sizeof buffer)) > 0;) {
      say(buffer, (size_t)got);
    }
  }
  return atoi(argv[2]);
}
