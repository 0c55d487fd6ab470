/* Numbers as text. MT-safe, AS-safe, keeps errno. */
#ifndef CMDMOX_DIGITS_H
#define CMDMOX_DIGITS_H

#include <stdint.h>

/* Writes CMDMOX_ID_DIGITS hexadecimal digits and a NUL. */
void cmdmox_write_hex(char *to, uint64_t number);

/* Writes at most 20 decimal digits and a NUL. */
void cmdmox_write_decimal(char *to, uint64_t number);

#endif
