/* JSON text that grows. */
#ifndef CONFIGURATION_JSON_TEXT_H
#define CONFIGURATION_JSON_TEXT_H

#include "configuration_text.h"

#include <cstdio>
#include <string>

class JsonText {
 public:
  std::string text;

  void separate(bool &is_first) {
    if (!is_first)
      text += ',';
    is_first = false;
  }

  void string(const char *bytes, size_t count) {
    text += '"';
    for (size_t i = 0; i < count; i++) {
      unsigned char c = (unsigned char)bytes[i];
      if (c == '"' || c == '\\') {
        text += '\\';
        text += (char)c;
      } else if (c < 0x20) {
        char escape[8];
        snprintf(escape, sizeof escape, "\\u%04x", c);
        text += escape;
      } else {
        text += (char)c;
      }
    }
    text += '"';
  }

  /* The members that say where an object begins. */
  void place(size_t line, size_t column, bool &is_first) {
    separate(is_first);
    text += "\"" CONFIGURATION_LINE "\":" + std::to_string(line);
    text += ",\"" CONFIGURATION_COLUMN "\":" + std::to_string(column);
  }
};

void configuration_fail(struct configuration_error *error, size_t line, size_t column,
                        const char *message);
char *configuration_copy(const std::string &text);

#endif
