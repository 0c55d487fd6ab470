/* posix_spawn: returns the error number, leaves errno alone. */
#define HOOK "posix_spawn"
#define SEARCHES 0
#include "call_posix_spawn.h"

DEFINE_SPAWN_CALL(posix_spawn)

int main(void) {
  run_spawn_cases(posix_spawn);
  return 0;
}
