#include "text/text.h"

#include <stdio.h>
#include <string.h>

static int failures;

static void expect(const char *what, const char *found, const char *expected) {
  if (strcmp(found, expected) == 0)
    return;
  printf("%s: found \"%s\", expected \"%s\"\n", what, found, expected);
  failures++;
}

int main(void) {
  char spaced[] = "hello \t\n", blank[] = "  ", odd[] = "abc", even[] = "ab", empty[] = "";
  expect("trim", text_trim(spaced), "hello");
  expect("trim of blanks", text_trim(blank), "");
  expect("reverse of an odd length", text_reverse(odd), "cba");
  expect("reverse of an even length", text_reverse(even), "ba");
  expect("reverse of nothing", text_reverse(empty), "");
  printf("test_text: %d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
