/* Sixteen threads share one client. Prints what each was told: "<mch_billno> <outcome> <send_listid or advice>". */
#include "common.h"
#include <pthread.h>

enum { THREADS = 16, ORDERS = 12 };

static const redpack_client *client;
static pthread_mutex_t printing = PTHREAD_MUTEX_INITIALIZER;

static const char *const RECIPIENTS[] = {OPENID, "f--drop-after", "f--SYSTEMERROR-before", "f--NOTENOUGH",
                                         "f--not-xml-after", "f--wrong-echo"};

static void *pays(void *argument) {
  int thread = *(const int *)argument;
  for (int i = 0; i < ORDERS; i++) {
    char number[REDPACK_MCH_BILLNO_SIZE];
    snprintf(number, sizeof number, "1900000109261124%02d%08d", thread, i);
    redpack_request *order = new_order(number, RECIPIENTS[(thread + i) % 6], 100 + thread);
    redpack_send_result *sent = NULL;
    redpack_error *error = NULL;
    redpack_status status = redpack_client_send(client, order, &sent, &error);
    pthread_mutex_lock(&printing);
    if (status == REDPACK_STATUS_OK)
      printf("%s sent %s\n", redpack_send_result_mch_billno(sent), redpack_send_result_send_listid(sent));
    else
      printf("%s %s %s\n", redpack_error_mch_billno(error), redpack_outcome_text((int32_t)redpack_error_outcome(error)),
             redpack_advice_text((int32_t)redpack_error_advice(error)));
    pthread_mutex_unlock(&printing);
    redpack_send_result_free(sent);
    redpack_error_free(error);
    redpack_request_free(order);
  }
  return NULL;
}

int main(void) {
  redpack_client *shared = new_client();
  client = shared;
  pthread_t threads[THREADS];
  int numbers[THREADS];
  for (int i = 0; i < THREADS; i++) {
    numbers[i] = i;
    CHECK(pthread_create(&threads[i], NULL, pays, &numbers[i]) == 0);
  }
  for (int i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
  redpack_client_free(shared);
  return 0;
}
