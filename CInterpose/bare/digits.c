#include "digits.h"

void cmdmox_write_hex(char *to, uint64_t number) {
  for (int shift = 60; shift >= 0; shift -= 4) {
    *to++ = "0123456789abcdef"[number >> shift & 15];
  }
  *to = '\0';
}

void cmdmox_write_decimal(char *to, uint64_t number) {
  char digits[20];
  int count = 0;
  do {
    digits[count++] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  while (count > 0) {
    *to++ = digits[--count];
  }
  *to = '\0';
}
