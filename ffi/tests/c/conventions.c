/* The conventions on the first page of redpack.h, each tried: NULL, bad text, untouched outputs, borrowed texts. */
#include "common.h"

static int events;

static void on_attempt(const redpack_event *event, void *user) {
  CHECK(redpack_event_path(event) != NULL && redpack_event_mch_billno(event) != NULL);
  ++*(int *)user;
}

static void null_is_no_crash(void) {
  redpack_config *config = NULL;
  redpack_error *error = NULL;
  CHECK(redpack_config_new(NULL, "wx", "key", &config, &error) == REDPACK_STATUS_NULL_ARGUMENT);
  CHECK(config == NULL && error != NULL);
  CHECK(redpack_error_status(error) == REDPACK_STATUS_NULL_ARGUMENT);
  CHECK(redpack_error_outcome(error) == REDPACK_OUTCOME_NOT_SENT);
  CHECK(strcmp(redpack_error_kind(error), "null_argument") == 0);
  CHECK(redpack_error_problem_count(error) == 1);
  CHECK(strcmp(redpack_error_problem_field(error, 0), "mch_id") == 0);
  CHECK(redpack_error_problem_field(error, 1) == NULL);
  redpack_error_free(error);
  CHECK(redpack_config_new(NULL, NULL, NULL, NULL, NULL) == REDPACK_STATUS_NULL_ARGUMENT);
  CHECK(redpack_client_send(NULL, NULL, NULL, NULL) == REDPACK_STATUS_NULL_ARGUMENT);

  CHECK(redpack_error_message(NULL) == NULL && redpack_send_result_send_listid(NULL) == NULL);
  CHECK(redpack_error_outcome(NULL) == REDPACK_OUTCOME_NONE);
  CHECK(redpack_query_result_receiver_count(NULL) == 0 && redpack_order_field(NULL, "kind") == NULL);
  redpack_error_free(NULL);
  redpack_client_free(NULL);
  redpack_config_free(NULL);
  redpack_request_free(NULL);
  redpack_send_result_free(NULL);
  redpack_journal_free(NULL);
  redpack_settlement_free(NULL);
}

static void bad_text_is_refused(void) {
  redpack_error *error = NULL;
  redpack_request *request = NULL;
  CHECK(redpack_request_new("sendgroupredpack", &request, &error) == REDPACK_STATUS_INVALID_ARGUMENT);
  CHECK(request == NULL);
  redpack_error_free(error);
  error = NULL;
  OK(redpack_request_new("sendredpack", &request, &error));
  CHECK(redpack_request_set_text(request, "wishing", "\xff\xfe", &error) == REDPACK_STATUS_INVALID_UTF8);
  CHECK(strcmp(redpack_error_problem_field(error, 0), "value") == 0);
  redpack_error_free(error);
  error = NULL;
  CHECK(redpack_request_set_text(request, "no_such_field", "x", NULL) == REDPACK_STATUS_INVALID_ARGUMENT);
  redpack_request_free(request);
}

static void amounts_are_refused_by_their_wire_name(void) {
  redpack_error *error = NULL;
  redpack_request *request = NULL;
  OK(redpack_request_new("sendredpack", &request, &error));
  CHECK(redpack_request_set_fen(request, "total_amount", -100, &error) == REDPACK_STATUS_INVALID_ARGUMENT);
  CHECK(strcmp(redpack_error_problem_field(error, 0), "total_amount") == 0);
  CHECK(redpack_error_problem_length(error, 0) == 4);
  redpack_error_free(error);
  error = NULL;
  CHECK(redpack_request_set_fen(request, "no_such_field", -100, &error) == REDPACK_STATUS_INVALID_ARGUMENT);
  CHECK(strcmp(redpack_error_problem_field(error, 0), "no_such_field") == 0);
  redpack_error_free(error);
  redpack_request_free(request);
}

static void words_and_numbers_agree(void) {
  CHECK(strcmp(redpack_outcome_text(REDPACK_OUTCOME_NOT_SENT), "not_sent") == 0);
  CHECK(strcmp(redpack_advice_text(REDPACK_ADVICE_NEW_ORDER_ALLOWED), "new_order_allowed") == 0);
  CHECK(strcmp(redpack_scope_text(REDPACK_SCOPE_MERCHANT), "merchant") == 0);
  CHECK(redpack_status_text(-1) == NULL && redpack_outcome_text(1000) == NULL && redpack_advice_text(99) == NULL);
  CHECK(strcmp(redpack_version(), REDPACK_VERSION) == 0);
  CHECK(redpack_abi_version() == REDPACK_ABI_VERSION);
  int64_t fen = 7;
  CHECK(redpack_fen_from_yuan("1.234", &fen, NULL) != REDPACK_STATUS_OK && fen == 7);
  CHECK(redpack_fen_from_yuan("1.23", &fen, NULL) == REDPACK_STATUS_OK && fen == 123);
  char yuan[REDPACK_YUAN_SIZE];
  CHECK(redpack_fen_to_yuan(INT64_MAX, yuan, NULL) == REDPACK_STATUS_OK);
  CHECK(strcmp(yuan, "92233720368547758.07") == 0);
}

static void one_client_pays_and_reports(void) {
  redpack_error *error = NULL;
  redpack_config *config = new_config();
  redpack_client *client = NULL;
  OK(redpack_config_set_attempt_callback(config, on_attempt, &events, &error));
  OK(redpack_client_new(config, &client, &error));
  redpack_config_free(config); /* the client goes on without it */

  char number[REDPACK_MCH_BILLNO_SIZE];
  OK(redpack_new_mch_billno(getenv("REDPACK_MCH_ID"), number, &error));
  redpack_request *order = new_order(number, OPENID, 100);
  redpack_send_result *sent = NULL;
  OK(redpack_client_send(client, order, &sent, &error));
  redpack_request_free(order); /* the result goes on without it */
  CHECK(strcmp(redpack_send_result_mch_billno(sent), number) == 0);
  CHECK(redpack_send_result_total_amount(sent) == 100);
  CHECK(strcmp(redpack_answer_text(redpack_send_result_answer(sent), "result_code"), "SUCCESS") == 0);
  redpack_send_result_free(sent);

  order = new_order(number, OPENID, 100);
  OK(redpack_request_set_text(order, "wishing", "", &error));
  redpack_send_result *untouched = (redpack_send_result *)(void *)&events;
  CHECK(redpack_client_send(client, order, &untouched, &error) == REDPACK_STATUS_NOT_SENT);
  CHECK((void *)untouched == (void *)&events);
  CHECK(redpack_error_advice(error) == REDPACK_ADVICE_FIX_ORDER && redpack_error_attempts(error) == 0);
  redpack_error_free(error);
  error = NULL;
  redpack_request_free(order);

  order = new_order(number, "f--NOTENOUGH--all", 100); /* another recipient under the same number */
  CHECK(redpack_client_send(client, order, &sent, &error) >= REDPACK_STATUS_NOT_SENT);
  CHECK(redpack_error_err_code(error) != NULL && redpack_error_http_status(error) == 200);
  size_t length = 0;
  CHECK(redpack_error_body(error, &length) != NULL && length > 0);
  redpack_error_free(error);
  error = NULL;
  redpack_request_free(order);
  CHECK(events == 2);
  redpack_client_free(client);
}

int main(void) {
  null_is_no_crash();
  bad_text_is_refused();
  amounts_are_refused_by_their_wire_name();
  words_and_numbers_agree();
  one_client_pays_and_reports();
  puts("the conventions hold");
  return 0;
}
