/* What a 32-bit program loads instead of the library: nothing. See preload/narrow.h. */
