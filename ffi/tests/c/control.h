/* The control of a sandbox, as any language reaches it: plain HTTP on loopback. */
#ifndef CONTROL_H
#define CONTROL_H

#include "vectors.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* A connection to REDPACK_SANDBOX_CONTROL, "http://127.0.0.1:PORT". */
static inline int control_socket(void) {
  unsigned port = 0;
  const char *url = getenv("REDPACK_SANDBOX_CONTROL");
  CHECK(url != NULL && sscanf(url, "http://127.0.0.1:%u", &port) == 1);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int made = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(made >= 0 && connect(made, (struct sockaddr *)&address, sizeof address) == 0);
  return made;
}

/* Asks, and gives the JSON of the answer, which must be a 200. A body of NULL is none. */
static inline cJSON *control(const char *method, const char *path, const cJSON *body) {
  char *text = body != NULL ? cJSON_PrintUnformatted(body) : NULL, head[512];
  size_t length = text != NULL ? strlen(text) : 0, size = 0, room = 65536;
  int connection = control_socket();
  int written = snprintf(head, sizeof head,
                         "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n", method,
                         path, length);
  CHECK(written > 0 && (size_t)written < sizeof head);
  CHECK(write(connection, head, (size_t)written) == written);
  CHECK(length == 0 || write(connection, text, length) == (ssize_t)length);
  free(text);
  char *answer = malloc(room);
  CHECK(answer != NULL);
  for (ssize_t got; (got = read(connection, answer + size, room - size - 1)) != 0; size += (size_t)got) {
    CHECK(got > 0);
    if (room - size - (size_t)got < 2) CHECK((answer = realloc(answer, room *= 2)) != NULL);
  }
  close(connection);
  answer[size] = '\0';
  const char *content = strstr(answer, "\r\n\r\n");
  CHECK(strncmp(answer, "HTTP/1.1 200", 12) == 0 && content != NULL);
  cJSON *json = cJSON_Parse(content + 4);
  CHECK(json != NULL);
  free(answer);
  return json;
}

#endif
