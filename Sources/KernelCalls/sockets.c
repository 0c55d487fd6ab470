#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "kernel_calls.h"

/* The address of `path` by way of its directory's descriptor: sun_path has 108 bytes. */
static int bind_below(int socket, const char *path) {
  const char *slash = strrchr(path, '/');
  if (slash == NULL || slash == path) {
    errno = EINVAL;
    return -1;
  }
  char directory[4096];
  size_t length = (size_t)(slash - path);
  if (length >= sizeof directory) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(directory, path, length);
  directory[length] = '\0';
  int folder = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) {
    return -1;
  }
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int written =
      snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d%s", folder, slash);
  int result = -1;
  if (written < (int)sizeof address.sun_path) {
    result = bind(socket, (struct sockaddr *)&address, sizeof address);
  } else {
    errno = ENAMETOOLONG;
  }
  int error = errno;
  close(folder);
  errno = error;
  return result;
}

int kernel_socket_listen(const char *path, unsigned mode) {
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener < 0) {
    return -1;
  }
  if (bind_below(listener, path) != 0 || chmod(path, (mode_t)mode) != 0 ||
      listen(listener, SOMAXCONN) != 0) {
    int error = errno;
    close(listener);
    errno = error;
    return -1;
  }
  return listener;
}

int kernel_socket_accept(int listener) {
  return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

long kernel_socket_receive(int socket, void *bytes, size_t count, int *descriptors,
                           size_t *descriptor_count) {
  enum { MOST = 8 };
  size_t room = *descriptor_count;
  *descriptor_count = 0;
  union {
    char bytes[CMSG_SPACE(MOST * sizeof(int))];
    struct cmsghdr aligned;
  } control;
  struct iovec part = {.iov_base = bytes, .iov_len = count};
  struct msghdr message = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = control.bytes,
                           .msg_controllen = sizeof control.bytes};
  ssize_t length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  if (length < 0) {
    return -1;
  }
  for (struct cmsghdr *part_of = CMSG_FIRSTHDR(&message); part_of != NULL;
       part_of = CMSG_NXTHDR(&message, part_of)) {
    if (part_of->cmsg_level != SOL_SOCKET || part_of->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    size_t came = (part_of->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < came; i++) {
      int descriptor;
      memcpy(&descriptor, CMSG_DATA(part_of) + i * sizeof descriptor, sizeof descriptor);
      if (*descriptor_count < room) {
        descriptors[(*descriptor_count)++] = descriptor;
      } else {
        close(descriptor);
      }
    }
  }
  return length;
}

int kernel_memory_file(const void *bytes, size_t count) {
  int file = memfd_create("cmdmox", MFD_CLOEXEC);
  if (file < 0) {
    return -1;
  }
  for (size_t done = 0; done < count;) {
    ssize_t written = write(file, (const char *)bytes + done, count - done);
    if (written <= 0) {
      close(file);
      return -1;
    }
    done += (size_t)written;
  }
  lseek(file, 0, SEEK_SET);
  return file;
}

long kernel_socket_send(int socket, const void *bytes, size_t count, const int *descriptors,
                        size_t descriptor_count) {
  enum { MOST = 4 };
  union {
    struct cmsghdr header;
    char room[CMSG_SPACE(MOST * sizeof(int))];
  } rights;
  if (descriptor_count > MOST) {
    errno = EINVAL;
    return -1;
  }
  struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
  struct msghdr message = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = &rights,
                           .msg_controllen = CMSG_SPACE(descriptor_count * sizeof(int))};
  rights.header.cmsg_level = SOL_SOCKET;
  rights.header.cmsg_type = SCM_RIGHTS;
  rights.header.cmsg_len = CMSG_LEN(descriptor_count * sizeof(int));
  memcpy(CMSG_DATA(&rights.header), descriptors, descriptor_count * sizeof(int));
  return sendmsg(socket, &message, MSG_NOSIGNAL);
}

int kernel_readers_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int kernel_readers_add(int readers, int fd) {
  struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.fd = fd};
  return epoll_ctl(readers, EPOLL_CTL_ADD, fd, &event);
}

int kernel_readers_next(int readers, int *ready, int count) {
  struct epoll_event events[64];
  enum { MOST = sizeof events / sizeof *events };
  int found = epoll_wait(readers, events, count < MOST ? count : MOST, 0);
  for (int i = 0; i < found; i++) {
    ready[i] = events[i].data.fd;
  }
  return found;
}
