/* The cases of tests/hostile/cases.json, a few at a time, each with a client of its own. See tests/hostile/README.md.
 * Arguments: the folder of the cases, and what the server told of itself. Prints a JSON object: what each case came to. */
#include "vectors.h"
#include <pthread.h>
#include <time.h>

#define THREADS 4

const char *file_name, *case_name;
int failures;

static const cJSON *cases, *told;
static cJSON *results;
static int next_case;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static redpack_client *hostile_client(const char *name, uint32_t limit_ms) {
  redpack_error *error = NULL;
  redpack_config *config = NULL;
  redpack_client *client = NULL;
  char paths[3][4096];
  const char *files[3] = {"apiclient_cert.pem", "apiclient_key.pem", "ca.pem"};
  for (int i = 0; i < 3; i++) snprintf(paths[i], sizeof paths[i], "%s/%s", text_in(told, "dir"), files[i]);
  OK(redpack_config_new(text_in(told, "mch_id"), "wx8888888888888888", "192006250b4c09247ec02edce69f6a2d", &config, &error));
  OK(redpack_config_set_pem_files(config, paths[0], paths[1], &error));
  OK(redpack_config_set_roots_file(config, paths[2], &error));
  OK(redpack_config_set_base_url(config, text_in(in(told, "urls"), name), &error));
  OK(redpack_config_set_attempt_limit_ms(config, limit_ms, &error));
  OK(redpack_client_new(config, &client, &error));
  redpack_config_free(config);
  return client;
}

/* One send, in the words of the list. */
static cJSON *outcome_of(const char *name, uint32_t limit_ms) {
  redpack_error *error = NULL;
  redpack_send_result *sent = NULL;
  char billno[REDPACK_MCH_BILLNO_SIZE];
  OK(redpack_new_mch_billno(text_in(told, "mch_id"), billno, &error));
  redpack_client *client = hostile_client(name, limit_ms);
  redpack_request *order = new_order(billno, OPENID, 100);
  bool ok = redpack_client_send(client, order, &sent, &error) == REDPACK_STATUS_OK;
  const char *about = ok ? redpack_send_result_mch_billno(sent) : redpack_error_mch_billno(error);
  CHECK(about != NULL && strcmp(about, billno) == 0);
  cJSON *came_to = cJSON_CreateObject();
  cJSON_AddStringToObject(came_to, "outcome", ok ? "sent" : redpack_outcome_text(redpack_error_outcome(error)));
  cJSON_AddStringToObject(came_to, "advice", ok ? "none" : redpack_advice_text(redpack_error_advice(error)));
  cJSON_AddStringToObject(came_to, "scope", ok ? "order" : redpack_scope_text(redpack_error_scope(error)));
  cJSON_AddItemToObject(came_to, "kind", ok ? cJSON_CreateNull() : cJSON_CreateString(redpack_error_kind(error)));
  cJSON_AddNumberToObject(came_to, "attempts", ok ? 1 : redpack_error_attempts(error));
  redpack_send_result_free(sent);
  redpack_error_free(error);
  redpack_request_free(order);
  redpack_client_free(client);
  return came_to;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void *works(void *unused) {
  for (;;) {
    pthread_mutex_lock(&lock);
    const cJSON *one = cJSON_GetArrayItem(cases, next_case++);
    pthread_mutex_unlock(&lock);
    if (one == NULL) return unused;
    const char *kind = text_in(in(one, "expect"), "kind");
    uint32_t limit_ms = (uint32_t)in(one, "attempt_limit_ms")->valuedouble;
    cJSON *came_to = NULL;
    double longest = 0;
    /* On a busy machine the handshake alone may take longer than a short limit: that isn't the case. */
    for (int times = 0; times < 10; times++) {
      double started = seconds();
      cJSON_Delete(came_to);
      came_to = outcome_of(text_in(one, "name"), limit_ms);
      double took = seconds() - started;
      if (took > longest) longest = took;
      const char *found = text_in(came_to, "kind");
      if (kind == NULL || strcmp(kind, "timeout") != 0 || found == NULL || strcmp(found, "handshake") != 0) break;
    }
    cJSON_AddNumberToObject(came_to, "seconds", longest);
    pthread_mutex_lock(&lock);
    cJSON_AddItemToObject(results, text_in(one, "name"), came_to);
    pthread_mutex_unlock(&lock);
  }
}

/* The most memory that this process ever held, in KiB. */
static long peak_kib(void) {
  char line[256];
  long peak = -1;
  FILE *status = fopen("/proc/self/status", "r");
  CHECK(status != NULL);
  while (fgets(line, sizeof line, status) != NULL) sscanf(line, "VmHWM: %ld", &peak);
  fclose(status);
  CHECK(peak > 0);
  return peak;
}

int main(int count, char **arguments) {
  CHECK(count == 3);
  cases = in(load(arguments[1], "cases.json"), "cases");
  told = cJSON_Parse(arguments[2]);
  results = cJSON_CreateObject();
  CHECK(cases != NULL && told != NULL);
  long before = peak_kib();
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, works, NULL) == 0);
  for (int i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
  cJSON *report = cJSON_CreateObject();
  cJSON_AddNumberToObject(report, "grown_kib", (double)(peak_kib() - before));
  cJSON_AddItemToObject(report, "cases", results);
  puts(cJSON_PrintUnformatted(report));
  return 0;
}
