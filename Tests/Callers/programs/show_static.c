/* flags: -static */
/* `show`, linked statically: no library can be put into it. */
#include "show.c"
