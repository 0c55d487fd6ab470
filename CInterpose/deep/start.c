/* cmdmox-deep: which of its two programs it is. */
#include "cmdmox_bytes.h"
#include "deep.h"
#include "syscalls.h"

_Noreturn void deep_exit(int code) {
  for (;;) {
    cmdmox_call(exit_group, code);
  }
}

static int read_number(const char *text) {
  int number = 0;
  for (; *text >= '0' && *text <= '9'; text++) {
    number = number * 10 + (*text - '0');
  }
  return number;
}

static _Noreturn void run(int argc, char **argv) {
  static const char alone[] = "cmdmox: cmdmox-deep is started by `cmdmox trace --deep` only\n";
  if (argc > 4 && cmdmox_same(argv[1], CMDMOX_DEEP_LAUNCH)) {
    deep_launch(read_number(argv[2]), argv + 3, argv + argc + 1);
  }
  if (argc == 5 && cmdmox_same(argv[1], CMDMOX_DEEP_KEEP)) {
    deep_keep(read_number(argv[2]), read_number(argv[3]));
  }
  cmdmox_call(write, 2, alone, sizeof alone - 1);
  deep_exit(70);
}

/* The stack as the kernel made it: argc, argv, NULL, environment, NULL. */
__attribute__((used, noreturn)) void cmdmox_deep_start(long *stack) {
  run((int)stack[0], (char **)(stack + 1));
}

__asm__(
    ".text\n"
    ".global _start\n"
    "_start:\n"
    "  xor %ebp, %ebp\n"
    "  mov %rsp, %rdi\n"
    "  and $-16, %rsp\n"
    "  call cmdmox_deep_start\n"
    "  hlt\n");
