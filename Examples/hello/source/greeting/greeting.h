#ifndef HELLO_GREETING_H
#define HELLO_GREETING_H

#include <stddef.h>

/* Writes a greeting for `name` in the user's language into `out`, at most `size` bytes. */
void greeting_for(const char *name, char *out, size_t size);

/* The word of greeting in the language that `locale` names, "de_DE.UTF-8" for example. */
const char *greeting_word(const char *locale);

#endif
