/* show WORDS...: says what it was given, then ends as told.
 *
 *   env       also prints the environment but for the preload's own variables
 *   env=all   also prints the whole environment
 *   quiet     prints nothing
 *   exit=N    leaves with status N
 *   kill=N    sends itself signal N
 *
 * Long words are printed as their length and a checksum.
 */
#include "caller.h"
#include "ours.h"

#include <stdint.h>

static char out[1 << 16];
static size_t used;

static void add(const char *text, size_t length) {
  if (length > sizeof out - used)
    length = sizeof out - used;
  memcpy(out + used, text, length);
  used += length;
}

static void add_word(const char *word) {
  size_t length = strlen(word);
  add(" [", 2);
  if (length <= 200) {
    add(word, length);
  } else {
    uint32_t sum = 2166136261u;
    for (size_t i = 0; i < length; i++)
      sum = (sum ^ (unsigned char)word[i]) * 16777619u;
    char line[64];
    add(line, (size_t)snprintf(line, sizeof line, "%zu bytes, %08x", length, sum));
  }
  add("]", 1);
}

static void add_environment(char **envp, int whole) {
  static char buffer[1 << 16];
  add(" env:", 5);
  for (; *envp != NULL; envp++) {
    const char *entry = whole ? *envp : without_ours(*envp, buffer, sizeof buffer);
    if (entry != NULL)
      add_word(entry);
  }
}

int main(int argc, char **argv, char **envp) {
  int status = 0, signal_number = 0, quiet = 0;
  add("show:", 5);
  for (int i = 0; i < argc; i++) {
    const char *word = argv[i];
    add_word(i == 0 && strrchr(word, '/') != NULL ? "(path)" : word);
    if (strcmp(word, "env") == 0)
      add_environment(envp, 0);
    else if (strcmp(word, "env=all") == 0)
      add_environment(envp, 1);
    else if (strcmp(word, "quiet") == 0)
      quiet = 1;
    else if (strncmp(word, "exit=", 5) == 0)
      status = atoi(word + 5);
    else if (strncmp(word, "kill=", 5) == 0)
      signal_number = atoi(word + 5);
  }
  add("\n", 1);
  if (!quiet && write(1, out, used) < 0)
    return 91;
  if (signal_number != 0) {
    signal(signal_number, SIG_DFL);
    kill(getpid(), signal_number);
  }
  return status;
}
