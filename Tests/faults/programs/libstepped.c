/* To be preloaded: the real time makes a step at every few looks, there and back again.
 *
 *   STEPPED_SECONDS   how far it steps
 *   STEPPED_EVERY     at every how many-th look
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static long step(void) {
  static long looks;
  const char *seconds = getenv("STEPPED_SECONDS"), *every = getenv("STEPPED_EVERY");
  long period = every != NULL ? atol(every) : 1;
  return looks++ / (period > 0 ? period : 1) % 2 == 1 && seconds != NULL ? atol(seconds) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  int (*next)(clockid_t, struct timespec *) =
      (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int result = next(clock, time);
  if (result == 0 && clock == CLOCK_REALTIME) {
    time->tv_sec += step();
  }
  return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  int (*next)(struct timeval *, void *) =
      (int (*)(struct timeval *, void *))dlsym(RTLD_NEXT, "gettimeofday");
  int result = next(time, zone);
  if (result == 0) {
    time->tv_sec += step();
  }
  return result;
}
