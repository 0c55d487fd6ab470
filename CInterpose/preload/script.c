#include "script.h"

#include <fcntl.h>
#include <stdbool.h>

#include "cmdmox_bytes.h"
#include "syscalls.h"

/* The kernel reads so much of a file to find its `#!` line (BINPRM_BUF_SIZE), and follows no more
 * interpreters than this. */
enum { LINE_MAX_BYTES = 256, DEPTH_MAX = 5 };

/* A `#!` line. The optional argument is one, spaces and all; execve(2). */
struct line {
  char text[LINE_MAX_BYTES + 1];
  char *interpreter;
  char *argument; /* NULL if there is none */
};

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

/* False if the file is no script. */
static bool read_line(struct line *line, const char *path) {
  long file = cmdmox_call(openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    return false;
  }
  long length = cmdmox_call(read, file, line->text, LINE_MAX_BYTES);
  cmdmox_call(close, file);
  if (length < 2 || line->text[0] != '#' || line->text[1] != '!') {
    return false;
  }
  line->text[length] = '\0';
  char *end = line->text + cmdmox_length_until(line->text, "\n");
  while (end > line->text + 2 && is_blank(end[-1])) {
    end--;
  }
  *end = '\0';
  char *at = line->text + 2;
  while (is_blank(*at)) {
    at++;
  }
  line->interpreter = at;
  while (*at != '\0' && !is_blank(*at)) {
    at++;
  }
  line->argument = NULL;
  if (*at != '\0') {
    *at++ = '\0';
    while (is_blank(*at)) {
      at++;
    }
    line->argument = at;
  }
  return *line->interpreter != '\0';
}

/* How many leading arguments `path` and the scripts behind it explain. The outermost interpreter
 * stands first: for a script whose interpreter is a script, the inner line's words come before. */
static int inserted(const char *path, int depth) {
  struct line line;
  if (depth == DEPTH_MAX || !read_line(&line, path)) {
    return 0;
  }
  return 1 + (line.argument != NULL ? 1 : 0) + inserted(line.interpreter, depth + 1);
}

int cmdmox_script_arguments(const char *path, int argc, char *const *argv) {
  enum { FURTHEST = 2 * DEPTH_MAX };
  for (int i = 1; i < argc && i <= FURTHEST; i++) {
    if (cmdmox_same(argv[i], path)) {
      int count = inserted(path, 0);
      return count < argc && count > 0 && cmdmox_same(argv[count], path) ? count : 0;
    }
  }
  return 0;
}
