#include "text.h"

#include <string.h>

char *text_trim(char *text) {
  size_t length = strlen(text);
  while (length > 0 && strchr(" \t\n", text[length - 1]) != NULL)
    text[--length] = '\0';
  return text;
}
