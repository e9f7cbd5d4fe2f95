/* A peer that is gone must not end the program: SIGPIPE is at its default here, as in any C program. */
#include "common.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CALLS = 30 };

/* A server that answers nonsense and resets the connection: what the client then has to say meets nobody. */
static void answer_nonsense(int listener) {
  static const char nonsense[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
  static char hello[65536];
  /* If the program ends otherwise than well, this one does too, and keeps nobody waiting. */
  (void)alarm(120);
  (void)close(STDOUT_FILENO);
  (void)close(STDERR_FILENO);
  for (;;) {
    const struct linger at_once = {1, 0};
    int peer = accept(listener, NULL, NULL);
    CHECK(peer >= 0);
    CHECK(recv(peer, hello, sizeof hello, 0) > 0);
    CHECK(setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0);
    CHECK(send(peer, nonsense, sizeof nonsense - 1, MSG_NOSIGNAL) > 0);
    (void)shutdown(peer, SHUT_WR);
    (void)close(peer);
  }
}

int main(void) {
  struct sockaddr_in address = {0};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(listener >= 0 && bind(listener, (struct sockaddr *)&address, length) == 0 && listen(listener, 8) == 0);
  CHECK(getsockname(listener, (struct sockaddr *)&address, &length) == 0);
  CHECK(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
  pid_t server = fork();
  CHECK(server >= 0);
  if (server == 0) answer_nonsense(listener);

  char url[64];
  snprintf(url, sizeof url, "https://127.0.0.1:%d", ntohs(address.sin_port));
  redpack_error *error = NULL;
  redpack_config *config = new_config();
  redpack_client *client = NULL;
  OK(redpack_config_set_base_url(config, url, &error));
  OK(redpack_client_new(config, &client, &error));
  redpack_request *order = new_order("1900000109261124signals00001", OPENID, 100);
  for (int call = 0; call < CALLS; call++) {
    redpack_send_result *sent = NULL;
    CHECK(redpack_client_send(client, order, &sent, &error) == REDPACK_STATUS_NOT_SENT && sent == NULL);
    CHECK(redpack_error_advice(error) == REDPACK_ADVICE_RETRY_SAME_ORDER);
    redpack_error_free(error);
    error = NULL;
  }
  redpack_request_free(order);
  redpack_client_free(client);
  redpack_config_free(config);
  CHECK(kill(server, SIGKILL) == 0 && waitpid(server, NULL, 0) == server);
  puts("no signal came");
  return 0;
}
