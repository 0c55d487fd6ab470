/* Hands an argv to a function of the execl kind, one argument after the other. */
#ifndef CALL_EXECL_H
#define CALL_EXECL_H

#define ARGUMENTS(argv) argv[1], argv[2], argv[3], argv[4], argv[5], argv[6], argv[7], argv[8]

/* Copies at most 9 words; what follows the last is NULL, as it must be in a list. */
static void listed(char *words[10], char *const argv[]) {
  int i = 0;
  for (; i < 9 && argv != NULL && argv[i] != NULL; i++)
    words[i] = argv[i];
  for (; i < 10; i++)
    words[i] = NULL;
}

#define TEN(a) a "0", a "1", a "2", a "3", a "4", a "5", a "6", a "7", a "8", a "9"
#define HUNDRED(a)                                                                                \
  TEN(a "0"), TEN(a "1"), TEN(a "2"), TEN(a "3"), TEN(a "4"), TEN(a "5"), TEN(a "6"), TEN(a "7"), \
      TEN(a "8"), TEN(a "9")

#endif
