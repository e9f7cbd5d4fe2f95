/* A client made before a fork serves both sides: each over connections of its own, each payment once. */
#include "common.h"
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static void pay(const redpack_client *client, const char *mch_billno) {
  redpack_error *error = NULL;
  redpack_send_result *sent = NULL;
  redpack_request *order = new_order(mch_billno, OPENID, 100);
  OK(redpack_client_send(client, order, &sent, &error));
  redpack_send_result_free(sent);
  redpack_request_free(order);
}

int main(void) {
  redpack_client *client = new_client();
  pay(client, "19000001092611240000parent1");
  int ready[2];
  CHECK(pipe(ready) == 0);
  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    pay(client, "19000001092611240000child01");
    CHECK(write(ready[1], "x", 1) == 1);
    pay(client, "19000001092611240000child02");
    redpack_client_free(client); /* must not say goodbye on the parent's connection */
    _exit(0);
  }
  char byte;
  CHECK(read(ready[0], &byte, 1) == 1); /* both are in the middle of their work now */
  pay(client, "19000001092611240000parent2");
  int status = 0;
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  pay(client, "19000001092611240000parent3");
  redpack_client_free(client);
  puts("five paid");
  return 0;
}
