/* The stories of scenarios.json, each with a client of its own, against a sandbox over TLS. See tests/vectors/README.md. */
#include "control.h"
#include "vectors.h"
#include <time.h>

/* The text with every "name" replaced. The old one is freed. */
static char *replaced(char *text, const char *name, const char *value) {
  size_t count = 0, length = strlen(text), step = strlen(name);
  for (const char *at = text; (at = strstr(at, name)) != NULL; at += step) count++;
  char *made = malloc(length + count * strlen(value) + 1), *end = made;
  CHECK(made != NULL);
  const char *from = text;
  for (const char *at; (at = strstr(from, name)) != NULL; from = at + step)
    end += sprintf(end, "%.*s%s", (int)(at - from), from, value);
  strcpy(end, from);
  free(text);
  return made;
}

/* The scenario with order numbers of its own and the appid in the place of their names. */
static cJSON *filled(const cJSON *scenario) {
  redpack_error *error = NULL;
  char *text = cJSON_PrintUnformatted(scenario);
  CHECK(text != NULL);
  text = replaced(text, "{appid}", getenv("REDPACK_SANDBOX_APPID"));
  for (int number = 1; number <= 9; number++) {
    char name[32], billno[REDPACK_MCH_BILLNO_SIZE];
    snprintf(name, sizeof name, "{billno:%d}", number);
    OK(redpack_new_mch_billno(getenv("REDPACK_SANDBOX_MCH_ID"), billno, &error));
    text = replaced(text, name, billno);
  }
  CHECK(strstr(text, "{billno:") == NULL);
  cJSON *json = cJSON_Parse(text);
  CHECK(json != NULL);
  free(text);
  return json;
}

static redpack_client *scenario_client(const cJSON *scenario, int index) {
  redpack_error *error = NULL;
  redpack_config *config = NULL;
  redpack_client *client = NULL;
  const cJSON *limit = in(scenario, "attempt_limit_ms");
  OK(redpack_config_new(getenv("REDPACK_SANDBOX_MCH_ID"), getenv("REDPACK_SANDBOX_APPID"),
                        getenv("REDPACK_SANDBOX_API_KEY"), &config, &error));
  OK(redpack_config_set_pem_files(config, getenv("REDPACK_SANDBOX_CERT"), getenv("REDPACK_SANDBOX_KEY"), &error));
  OK(redpack_config_set_workwx_secret(config, getenv("REDPACK_SANDBOX_WORKWX_SECRET"), &error));
  OK(redpack_config_set_roots_file(config, getenv("REDPACK_SANDBOX_CA"), &error));
  OK(redpack_config_set_base_url(config, getenv("REDPACK_SANDBOX_URL"), &error));
  OK(redpack_config_set_attempt_limit_ms(config, limit != NULL ? (uint32_t)limit->valuedouble : 3000, &error));
  if (cJSON_IsTrue(in(scenario, "journal"))) {
    char url[4096];
    CHECK(getenv("TMPDIR") != NULL);
    snprintf(url, sizeof url, "sqlite:%s/scenario-%d.db", getenv("TMPDIR"), index);
    OK(redpack_config_set_journal_url(config, url, &error));
  }
  OK(redpack_client_new(config, &client, &error));
  redpack_config_free(config);
  return client;
}

static redpack_request *step_request(const cJSON *step) {
  redpack_error *error = NULL;
  redpack_request *request = NULL;
  OK(redpack_request_new(text_in(step, "endpoint"), &request, &error));
  for (const cJSON *field = in(step, "fields")->child; field != NULL; field = field->next)
    OK(redpack_request_set_text(request, name_of(field), value_of(field), &error));
  return request;
}

/* What a step came to, under the names of "expect". */
static void tell(cJSON *told, const char *name, const char *text) {
  cJSON_AddItemToObject(told, name, text != NULL ? cJSON_CreateString(text) : cJSON_CreateNull());
}

static void tell_number(cJSON *told, const char *name, double number, bool is_there) {
  cJSON_AddItemToObject(told, name, is_there ? cJSON_CreateNumber(number) : cJSON_CreateNull());
}

static void tell_verdict(cJSON *told, redpack_outcome outcome, redpack_advice advice) {
  tell(told, "outcome", redpack_outcome_text((int32_t)outcome));
  tell(told, "advice", redpack_advice_text((int32_t)advice));
}

static void tell_answer(cJSON *told, const redpack_answer *answer) {
  cJSON *fields = cJSON_AddObjectToObject(told, "answer");
  for (size_t at = 0; at < redpack_answer_count(answer); at++)
    cJSON_AddStringToObject(fields, redpack_answer_name(answer, at), redpack_answer_value(answer, at));
}

static void tell_success(cJSON *told, const redpack_answer *answer) {
  tell_verdict(told, REDPACK_OUTCOME_SENT, REDPACK_ADVICE_NONE);
  tell(told, "kind", NULL);
  tell(told, "err_code", NULL);
  tell_answer(told, answer);
}

static void tell_error(cJSON *told, const redpack_error *error) {
  tell_verdict(told, redpack_error_outcome(error), redpack_error_advice(error));
  tell(told, "scope", redpack_scope_text((int32_t)redpack_error_scope(error)));
  tell(told, "kind", redpack_error_kind(error));
  tell(told, "err_code", redpack_error_err_code(error));
  tell_number(told, "http_status", redpack_error_http_status(error), redpack_error_http_status(error) != 0);
  tell_number(told, "wire_sends", redpack_error_attempts(error), true);
  tell(told, "found", NULL);
  tell(told, "status", NULL);
  tell(told, "recorded", NULL);
}

static void tell_settlement(cJSON *told, const redpack_settlement *settlement) {
  tell_verdict(told, redpack_settlement_outcome(settlement), redpack_settlement_advice(settlement));
  tell(told, "scope", redpack_scope_text((int32_t)redpack_settlement_scope(settlement)));
  tell(told, "state", redpack_order_state(redpack_settlement_order(settlement)));
  cJSON_AddBoolToObject(told, "settled", redpack_settlement_settled(settlement));
  tell_number(told, "attempts", redpack_settlement_attempts(settlement), true);
  tell_number(told, "queries", redpack_settlement_queries(settlement), true);
}

static redpack_status sends(const redpack_client *client, const cJSON *step, cJSON *told, redpack_error **error) {
  redpack_send_result *sent = NULL;
  redpack_request *request = step_request(step);
  redpack_status status = redpack_client_send(client, request, &sent, error);
  if (status == REDPACK_STATUS_OK) {
    tell_success(told, redpack_send_result_answer(sent));
    tell(told, "scope", "order");
    cJSON_AddBoolToObject(told, "recorded", redpack_send_result_recorded(sent));
  }
  redpack_send_result_free(sent);
  redpack_request_free(request);
  return status;
}

static redpack_status queries(const redpack_client *client, const cJSON *step, cJSON *told, redpack_error **error) {
  redpack_query_result *found = NULL;
  redpack_request *request = step_request(step);
  redpack_status status = redpack_client_query(client, request, &found, error);
  if (status == REDPACK_STATUS_OK) {
    tell_verdict(told, redpack_query_result_outcome(found), redpack_query_result_advice(found));
    tell(told, "kind", NULL);
    cJSON_AddBoolToObject(told, "found", redpack_query_result_found(found));
    tell(told, "status", redpack_query_result_status(found));
  }
  redpack_query_result_free(found);
  redpack_request_free(request);
  return status;
}

static redpack_status calls(const redpack_client *client, const cJSON *step, cJSON *told, redpack_error **error) {
  redpack_call *call = NULL;
  redpack_answer *answer = NULL;
  CHECK(redpack_call_new(text_in(step, "path"), &call, NULL) == REDPACK_STATUS_OK);
  for (const cJSON *field = in(step, "fields")->child; field != NULL; field = field->next)
    CHECK(redpack_call_set_field(call, name_of(field), value_of(field), NULL) == REDPACK_STATUS_OK);
  redpack_status status = redpack_client_call(client, call, &answer, error);
  if (status == REDPACK_STATUS_OK) tell_success(told, answer);
  redpack_answer_free(answer);
  redpack_call_free(call);
  return status;
}

static redpack_status settles(const redpack_client *client, const cJSON *step, cJSON *told, redpack_error **error) {
  redpack_settlement *settlement = NULL;
  redpack_request *request = NULL;
  redpack_status status;
  if (strcmp(text_in(step, "do"), "settle") == 0) {
    request = step_request(step);
    uint64_t limit_ms = (uint64_t)in(step, "limit_ms")->valuedouble;
    status = redpack_client_settle(client, request, limit_ms, &settlement, error);
  } else {
    status = redpack_client_close(client, text_in(step, "mch_billno"), &settlement, error);
  }
  if (status == REDPACK_STATUS_OK) tell_settlement(told, settlement);
  redpack_settlement_free(settlement);
  redpack_request_free(request);
  return status;
}

/* Plays one step, and gives what it came to; NULL where it tells nothing. */
static cJSON *played(const redpack_client *client, const cJSON *step) {
  const char *what = text_in(step, "do");
  if (strcmp(what, "control") == 0) {
    cJSON_Delete(control("POST", text_in(step, "path"), in(step, "body")));
    return NULL;
  }
  if (strcmp(what, "wait") == 0) {
    long ms = (long)in(step, "ms")->valuedouble;
    struct timespec length = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    CHECK(nanosleep(&length, NULL) == 0);
    return NULL;
  }
  static const struct {
    const char *what;
    redpack_status (*play)(const redpack_client *, const cJSON *, cJSON *, redpack_error **);
  } known[] = {{"send", sends}, {"query", queries}, {"call", calls}, {"settle", settles}, {"close", settles}};
  size_t at = 0;
  while (at < sizeof known / sizeof known[0] && strcmp(known[at].what, what) != 0) at++;
  CHECK(at < sizeof known / sizeof known[0]);
  redpack_error *error = NULL;
  cJSON *told = cJSON_CreateObject();
  if (known[at].play(client, step, told, &error) != REDPACK_STATUS_OK) tell_error(told, error);
  redpack_error_free(error);
  return told;
}

static void compare(const char *what, const cJSON *expected, const cJSON *found) {
  if (found != NULL && cJSON_Compare(expected, found, true)) return;
  char *texts[2] = {cJSON_PrintUnformatted(expected), found != NULL ? cJSON_PrintUnformatted(found) : NULL};
  differs(what, texts[0], texts[1]);
  free(texts[0]);
  free(texts[1]);
}

static double number_in(const cJSON *json, const char *name) {
  return in(json, name) != NULL ? in(json, name)->valuedouble : 0;
}

static void same_ledger(const cJSON *scenario) {
  cJSON *ledger = control("GET", "/ledger", NULL);
  CHECK(in(ledger, "orders") != NULL && in(ledger, "not_landed") != NULL);
  for (const cJSON *one = in(scenario, "ledger")->child; one != NULL; one = one->next) {
    const cJSON *order = in(in(ledger, "orders"), one->string);
    cJSON *found = cJSON_CreateObject();
    cJSON_AddNumberToObject(found, "debits", number_in(order, "debits"));
    cJSON_AddNumberToObject(
        found, "sends", order != NULL ? number_in(order, "attempts") : number_in(in(ledger, "not_landed"), one->string));
    compare(one->string, one, found);
    cJSON_Delete(found);
  }
  cJSON_Delete(ledger);
}

int scenarios(const cJSON *json) {
  int count = 0;
  for (const cJSON *one = in(json, "scenarios")->child; one != NULL; one = one->next, count++) {
    cJSON *scenario = filled(one);
    case_name = text_in(one, "name");
    redpack_client *client = scenario_client(scenario, count);
    for (const cJSON *step = in(scenario, "steps")->child; step != NULL; step = step->next) {
      cJSON *told = played(client, step);
      const cJSON *expect = in(step, "expect");
      for (const cJSON *item = expect != NULL ? expect->child : NULL; item != NULL; item = item->next) {
        if (strcmp(item->string, "answer") != 0) {
          compare(item->string, item, in(told, item->string));
          continue;
        }
        for (const cJSON *field = item->child; field != NULL; field = field->next)
          compare(field->string, field, in(in(told, "answer"), field->string));
      }
      cJSON_Delete(told);
    }
    same_ledger(scenario);
    redpack_client_free(client);
    cJSON_Delete(scenario);
  }
  return count;
}
