#include "greeting/greeting.h"

#include <stdio.h>
#include <stdlib.h>

void greeting_for(const char *name, char *out, size_t size) {
  const char *locale = getenv("LANG");
  snprintf(out, size, "%s, %s!", greeting_word(locale == NULL ? "" : locale), name);
}
