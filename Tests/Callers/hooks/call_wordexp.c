/* wordexp: runs a shell for $( ), none where it is forbidden or not needed. */
#include "caller.h"

#include <wordexp.h>

static void run(const char *label, const char *text, int flags) {
  wordexp_t words = {0};
  int result = wordexp(text, &words, flags);
  say("%s: %d, %zu words", label, result, result == 0 ? words.we_wordc : 0);
  for (size_t i = 0; result == 0 && i < words.we_wordc; i++)
    say("  [%s]", words.we_wordv[i]);
  if (result == 0 || result == WRDE_NOSPACE)
    wordfree(&words);
}

int main(void) {
  setenv("LETTER", "x y", 1);
  run("plain", "a $LETTER \"$LETTER\"", 0);
  run("command", "$(/bin/echo one two; exit 0) `echo three; exit 0`", 0);
  run("failing command", "a$(exit 3)b", 0);
  run("forbidden", "$(/bin/echo one)", WRDE_NOCMD);
  run("syntax", "$(echo", 0);
  run("bad character", "a | b", 0);
  run("undefined", "$NO_SUCH_VARIABLE", WRDE_UNDEF);
  run("arithmetic", "$((6 * 7))", 0);
  clearenv();
  run("cleared environment", "$(/usr/bin/env | /usr/bin/wc -l)", 0);
  return 0;
}
