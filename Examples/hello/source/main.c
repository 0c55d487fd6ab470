#include "greeting/greeting.h"
#include "text/text.h"
#include "version.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "--version") == 0) {
    puts("hello " HELLO_VERSION);
    return 0;
  }
  char line[256];
  greeting_for(argc > 1 ? text_trim(argv[1]) : "world", line, sizeof line);
  puts(line);
  return 0;
}
