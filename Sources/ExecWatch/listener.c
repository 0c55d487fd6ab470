#define _GNU_SOURCE
#include "listener.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Linux 6.6. Waker and sleeper change places on one processor: what waits for the answer does not
 * have to be woken elsewhere. */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

bool listener_open(struct listener *listener, int descriptor, int page) {
  struct seccomp_notif_sizes sizes = {0};
  if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) != 0) {
    return false;
  }
  size_t size = sizes.seccomp_notif;
  if (size < sizeof(struct seccomp_notif)) {
    size = sizeof(struct seccomp_notif);
  }
  void *shared = mmap(NULL, CMDMOX_DEEP_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, page, 0);
  if (shared == MAP_FAILED) {
    return false;
  }
  struct seccomp_notif *notification = malloc(size);
  if (notification == NULL) {
    munmap(shared, CMDMOX_DEEP_PAGE);
    return false;
  }
  *listener = (struct listener){
      .descriptor = descriptor, .page = shared, .size = size, .notification = notification};
  ioctl(descriptor, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
  return true;
}

void listener_close(struct listener *listener) {
  free(listener->notification);
  if (listener->page != NULL) {
    munmap(listener->page, CMDMOX_DEEP_PAGE);
  }
}

bool listener_take(struct listener *listener) {
  memset(listener->notification, 0, listener->size); /* as the kernel wants it */
  if (ioctl(listener->descriptor, SECCOMP_IOCTL_NOTIF_RECV, listener->notification) != 0) {
    return false;
  }
  atomic_store(&listener->page->taken, listener->notification->id);
  return true;
}

bool listener_is_valid(const struct listener *listener) {
  return ioctl(listener->descriptor, SECCOMP_IOCTL_NOTIF_ID_VALID, &listener->notification->id) ==
         0;
}

void listener_answer(struct listener *listener) {
  struct seccomp_notif_resp answer = {.id = listener->notification->id,
                                      .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
  /* Refused where the process was killed meanwhile, or the keeper was quicker. */
  ioctl(listener->descriptor, SECCOMP_IOCTL_NOTIF_SEND, &answer);
  atomic_store(&listener->page->answered, answer.id);
}
