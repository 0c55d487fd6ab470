/* Small functions on strings. Each changes its argument in place and returns it. */
#ifndef HELLO_TEXT_H
#define HELLO_TEXT_H

/* Removes spaces, tabs and newlines from the end. */
char *text_trim(char *text);

/* Turns the bytes around. */
char *text_reverse(char *text);

#endif
