/* posix_spawnp: returns the error number, leaves errno alone. */
#define HOOK "posix_spawnp"
#define SEARCHES 1
#include "call_posix_spawn.h"

DEFINE_SPAWN_CALL(posix_spawnp)

int main(void) {
  run_spawn_cases(posix_spawnp);
  return 0;
}
