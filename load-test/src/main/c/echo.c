/*
 * The floor of the comparison: one thread that sends back what it reads, and does nothing else.
 *
 *   cc -O2 -o echo echo.c && ./echo PORT      (0 takes a free one; it prints which)
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 4096, EVENTS = 512, READ_BYTES = 64 * 1024 };

static char buffer[READ_BYTES];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int listen_on(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  socklen_t length = sizeof address;
  int one = 1;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (listening < 0) fail("socket");
  setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listening, (struct sockaddr *)&address, length) < 0) fail("bind");
  if (listen(listening, BACKLOG) < 0) fail("listen");
  getsockname(listening, (struct sockaddr *)&address, &length);
  printf("ready: port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  return listening;
}

static void watch(int poller, int socket) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event) < 0) fail("epoll_ctl");
}

static void accept_all(int poller, int listening) {
  int one = 1;
  int node;
  while ((node = accept4(listening, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    setsockopt(node, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    watch(poller, node);
  }
}

/* Waits for whoever does not read: there is nobody here who does not. */
static int send_all(int node, ssize_t count) {
  for (ssize_t sent = 0; sent < count;) {
    ssize_t more = send(node, buffer + sent, count - sent, MSG_NOSIGNAL);
    if (more >= 0) {
      sent += more;
    } else if (errno == EAGAIN) {
      struct pollfd room = {.fd = node, .events = POLLOUT};
      poll(&room, 1, -1);
    } else if (errno != EINTR) {
      return -1;
    }
  }
  return 0;
}

int main(int count, char **arguments) {
  struct epoll_event events[EVENTS];
  int listening = listen_on(count > 1 ? atoi(arguments[1]) : 0);
  int poller = epoll_create1(0);
  watch(poller, listening);
  for (;;) {
    int ready = epoll_wait(poller, events, EVENTS, -1);
    for (int i = 0; i < ready; i++) {
      int node = events[i].data.fd;
      if (node == listening) {
        accept_all(poller, listening);
        continue;
      }
      ssize_t got = read(node, buffer, sizeof buffer);
      if (got == 0 || (got < 0 && errno != EAGAIN) || send_all(node, got) < 0) close(node);
    }
  }
}
