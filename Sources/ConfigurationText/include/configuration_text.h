/* Reads YAML and TOML by libyaml and toml++, and gives back the same values as JSON text: Swift's
 * own packages for both need Foundation, which costs more than the whole tool.
 *
 * Objects get two more members, CONFIGURATION_LINE and CONFIGURATION_COLUMN: where in the text they
 * begin, from 1. */
#ifndef CONFIGURATION_TEXT_H
#define CONFIGURATION_TEXT_H

#include <stddef.h>

#define CONFIGURATION_LINE "\\u0000line"
#define CONFIGURATION_COLUMN "\\u0000column"

/* What is wrong with a text, and where, from 1; 0 where that is not known. */
struct configuration_error {
  size_t line;
  size_t column;
  char message[200];
};

#ifdef __cplusplus
extern "C" {
#endif

/* The text as JSON, to be freed with free(3); NULL and *error where it is none. Of several
 * documents the first counts. Plain scalars that read as JSON numbers, true, false or null are
 * those. */
char *configuration_yaml(const char *text, size_t count, struct configuration_error *error);
/* Dates and times become strings. */
char *configuration_toml(const char *text, size_t count, struct configuration_error *error);

#ifdef __cplusplus
}
#endif

#endif
