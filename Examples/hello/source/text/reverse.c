#include "text.h"

#include <string.h>

char *text_reverse(char *text) {
  size_t length = strlen(text);
  for (size_t i = 0; i < length / 2; i++) {
    char byte = text[i];
    text[i] = text[length - 1 - i];
    text[length - 1 - i] = byte;
  }
  return text;
}
