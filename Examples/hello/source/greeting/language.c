#include "greeting/greeting.h"

#include <string.h>

static const struct {
  const char *language;
  const char *word;
} words[] = {{"de", "Hallo"}, {"fr", "Bonjour"}, {"cy", "Helo"}};

const char *greeting_word(const char *locale) {
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (strncmp(locale, words[i].language, 2) == 0)
      return words[i].word;
  return "Hello";
}
