/* What only a client with a journal does, as redpack.h says it: mending, conflicts, what a recovery leaves. */
#include "common.h"

static bool is(const char *text, const char *expected) { return text != NULL && strcmp(text, expected) == 0; }

static redpack_client *client_with(const char *url) {
  redpack_error *error = NULL;
  redpack_config *config = new_config();
  redpack_client *client = NULL;
  OK(redpack_config_set_journal_url(config, url, &error));
  OK(redpack_client_new(config, &client, &error));
  redpack_config_free(config);
  return client;
}

static redpack_settlement *settled(const redpack_client *client, const redpack_request *order) {
  redpack_error *error = NULL;
  redpack_settlement *settlement = NULL;
  OK(redpack_client_settle(client, order, 20000, &settlement, &error));
  return settlement;
}

static void a_path_without_a_journal_is_an_error_where_none_may_be_made(void) {
  redpack_error *error = NULL;
  redpack_config *config = new_config();
  redpack_client *client = NULL;
  char url[4096];
  snprintf(url, sizeof url, "%s?create=no", getenv("REDPACK_JOURNAL"));
  OK(redpack_config_set_journal_url(config, url, &error));
  CHECK(redpack_client_new(config, &client, &error) == REDPACK_STATUS_JOURNAL && client == NULL);
  CHECK(is(redpack_error_kind(error), "journal_unavailable"));
  size_t known = 0;
  for (size_t i = 0; i < redpack_journal_kind_count(); i++)
    known += is(redpack_journal_kind_name(i), redpack_error_kind(error));
  CHECK(known == 1 && redpack_journal_kind_name(redpack_journal_kind_count()) == NULL);
  redpack_error_free(error);
  redpack_config_free(config);
}

static void intents_are_checked_at_once(void) {
  redpack_error *error = NULL;
  redpack_request *request = NULL;
  OK(redpack_request_new("gethbinfo", &request, &error));
  CHECK(redpack_request_set_intent(request, "invoice 7", &error) == REDPACK_STATUS_INVALID_ARGUMENT);
  CHECK(is(redpack_error_problem_field(error, 0), "intent"));
  redpack_error_free(error);
  redpack_request_free(request);
  request = new_order("", OPENID, 100);
  CHECK(redpack_request_set_intent(request, "", NULL) == REDPACK_STATUS_INVALID_ARGUMENT);
  redpack_request_free(request);
}

static void a_query_that_fails_says_nothing(const redpack_client *client) {
  redpack_error *error = NULL;
  redpack_request *query = NULL;
  redpack_query_result *told = NULL;
  OK(redpack_request_new("gethbinfo", &query, &error));
  CHECK(redpack_client_query(client, query, &told, &error) == REDPACK_STATUS_UNKNOWN && told == NULL);
  CHECK(is(redpack_error_kind(error), "invalid_request") && redpack_error_attempts(error) == 0);
  CHECK(redpack_error_advice(error) == REDPACK_ADVICE_FIX_ORDER);
  redpack_error_free(error);
  redpack_request_free(query);
}

static void an_order_is_mended_and_paid(const redpack_client *client) {
  redpack_error *error = NULL;
  redpack_settlement *amended = NULL;
  redpack_recovered *recovered = NULL;
  redpack_request *order = new_order("", "f--PARAM_ERROR--1--mended", 100);
  OK(redpack_request_set_intent(order, "invoice 7", &error));
  OK(redpack_request_set_text(order, "remark", "invoice 7", &error));
  redpack_settlement *refused = settled(client, order);
  CHECK(redpack_settlement_outcome(refused) == REDPACK_OUTCOME_REJECTED);
  CHECK(redpack_order_advice(redpack_settlement_order(refused)) == REDPACK_ADVICE_FIX_ORDER);
  CHECK(redpack_order_scope(redpack_settlement_order(refused)) == REDPACK_SCOPE_ORDER);
  redpack_settlement_free(refused);
  /* It waits for us, not for a recovery. */
  OK(redpack_client_recover(client, 1000, &recovered, &error));
  CHECK(redpack_recovered_waiting(recovered) == 0 && redpack_recovered_next_due(recovered) == 0);
  redpack_recovered_free(recovered);

  OK(redpack_request_set_text(order, "wishing", "新年快乐", &error));
  OK(redpack_client_amend(client, order, &amended, &error));
  CHECK(redpack_settlement_advice(amended) == REDPACK_ADVICE_RETRY_SAME_ORDER);
  CHECK(is(redpack_order_field(redpack_settlement_order(amended), "wishing"), "新年快乐"));
  redpack_settlement_free(amended);
  amended = NULL;
  redpack_settlement *paid = settled(client, order);
  CHECK(redpack_settlement_outcome(paid) == REDPACK_OUTCOME_SENT);
  redpack_settlement_free(paid);
  OK(redpack_request_set_text(order, "wishing", "too late", &error));
  CHECK(redpack_client_amend(client, order, &amended, &error) == REDPACK_STATUS_UNKNOWN && amended == NULL);
  CHECK(is(redpack_error_kind(error), "not_permitted") && redpack_error_outcome(error) == REDPACK_OUTCOME_SENT);
  redpack_error_free(error);
  error = NULL;

  /* The same payment of another amount: nothing of this call was sent, and the order that is there was. */
  redpack_send_result *sent = NULL;
  OK(redpack_request_set_fen(order, "total_amount", 101, &error));
  CHECK(redpack_client_send(client, order, &sent, &error) == REDPACK_STATUS_NOT_SENT && sent == NULL);
  CHECK(is(redpack_error_kind(error), "order_conflict"));
  CHECK(redpack_order_outcome(redpack_error_order(error)) == REDPACK_OUTCOME_SENT);
  CHECK(redpack_order_total_amount(redpack_error_order(error)) == 100);
  CHECK(redpack_order_advice(redpack_error_order(error)) == REDPACK_ADVICE_NONE);
  redpack_error_free(error);
  redpack_request_free(order);
}

static void a_closed_order_permits_a_new_one(const redpack_client *client) {
  redpack_error *error = NULL;
  redpack_send_result *sent = NULL;
  redpack_settlement *closed = NULL;
  redpack_request *order = new_order("1900000109261124closed000001", "f--PARAM_ERROR--1--closed", 100);
  CHECK(redpack_client_send(client, order, &sent, &error) == REDPACK_STATUS_REJECTED);
  redpack_error_free(error);
  error = NULL;
  OK(redpack_client_close(client, "1900000109261124closed000001", &closed, &error));
  CHECK(redpack_settlement_advice(closed) == REDPACK_ADVICE_NEW_ORDER_ALLOWED);
  redpack_settlement_free(closed);
  CHECK(redpack_client_send(client, order, &sent, &error) == REDPACK_STATUS_REJECTED && sent == NULL);
  CHECK(redpack_error_advice(error) == REDPACK_ADVICE_NEW_ORDER_ALLOWED && redpack_error_attempts(error) == 0);
  redpack_error_free(error);
  redpack_request_free(order);
}

static void a_recovery_tells_what_is_left(const redpack_client *client) {
  redpack_error *error = NULL;
  redpack_send_result *sent = NULL;
  redpack_recovered *recovered = NULL;
  redpack_query_result *told = NULL;
  redpack_settlement *closed = NULL;
  redpack_request *order = new_order("1900000109261124waiting00001", "f--PROCESSING", 100), *query = NULL;
  CHECK(redpack_client_send(client, order, &sent, &error) == REDPACK_STATUS_PENDING);
  int64_t due = redpack_error_not_before(error);
  redpack_error_free(error);
  error = NULL;
  OK(redpack_client_recover(client, 1000, &recovered, &error));
  CHECK(redpack_recovered_count(recovered) == 0 && redpack_recovered_waiting(recovered) == 1);
  CHECK(due > 0 && redpack_recovered_next_due(recovered) == due);
  redpack_recovered_free(recovered);
  /* Too early: nothing leaves. */
  CHECK(redpack_client_send(client, order, &sent, &error) == REDPACK_STATUS_PENDING && sent == NULL);
  CHECK(is(redpack_error_kind(error), "not_permitted") && redpack_error_attempts(error) == 0);
  redpack_error_free(error);
  error = NULL;
  CHECK(redpack_client_close(client, "1900000109261124waiting00001", &closed, &error) == REDPACK_STATUS_PENDING);
  redpack_error_free(error);
  error = NULL;
  OK(redpack_request_new("gethbinfo", &query, &error));
  OK(redpack_request_set_text(query, "mch_billno", "1900000109261124waiting00001", &error));
  OK(redpack_client_query(client, query, &told, &error));
  CHECK(redpack_query_result_scope(told) == REDPACK_SCOPE_ORDER);
  redpack_query_result_free(told);
  redpack_request_free(query);
  redpack_request_free(order);
}

int main(void) {
  a_path_without_a_journal_is_an_error_where_none_may_be_made();
  intents_are_checked_at_once();
  redpack_client *client = client_with(getenv("REDPACK_JOURNAL"));
  a_query_that_fails_says_nothing(client);
  an_order_is_mended_and_paid(client);
  a_closed_order_permits_a_new_one(client);
  a_recovery_tells_what_is_left(client);
  redpack_client_free(client);
  puts("the journal is as the header says");
  return 0;
}
