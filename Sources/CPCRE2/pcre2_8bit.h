/* PCRE2 for text of 8-bit units, from Debian's libpcre2-dev. Package.swift links the archive, so
 * that the tool does not need the shared library where it runs. */
#ifndef CMDMOX_PCRE2_8BIT_H
#define CMDMOX_PCRE2_8BIT_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#endif
