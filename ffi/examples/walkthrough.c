/* The whole way in C: check, send, do what each outcome asks for, query, and settle with a journal.
 *
 * Usage: walkthrough, with the coordinates in the environment; `redpack sandbox` prints them. Run it at a sandbox
 * only: it pays, and one of its recipients is a marker that makes the sandbox lose an answer. */
#include <redpack.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char *const OPENID = "oxTWIuGaIt6gTKsQRLau2M0yL16E";

static const char *or_none(const char *text) { return text != NULL ? text : "none"; }

/* Ends the program: for mistakes in the program or its settings, before there is an order to care for. */
static void must(redpack_status status, redpack_error *error, const char *what) {
  if (status == REDPACK_STATUS_OK) return;
  fprintf(stderr, "%s: %s: %s\n", what, redpack_status_text((int32_t)status), or_none(redpack_error_message(error)));
  redpack_error_free(error);
  exit(1);
}

static const char *setting(const char *name) {
  const char *value = getenv(name);
  if (value != NULL && value[0] != '\0') return value;
  fprintf(stderr,
          "usage: walkthrough, with these in the environment:\n"
          "  REDPACK_BASE_URL, REDPACK_CA_FILE            the sandbox's address and ca.pem\n"
          "  REDPACK_MCH_ID, REDPACK_APPID, REDPACK_API_KEY\n"
          "  REDPACK_CERT, REDPACK_KEY                    apiclient_cert.pem and apiclient_key.pem\n"
          "  REDPACK_JOURNAL                              such as sqlite:payments.db\n"
          "%s is missing\n", name);
  exit(2);
}

static void wait_until(int64_t not_before) {
  while ((int64_t)time(NULL) < not_before) {
    struct timespec moment = {0, 100000000};
    nanosleep(&moment, NULL);
  }
}

/* With a journal (NULL: without), a payment survives a crash of the program. */
static redpack_client *new_client(const redpack_journal *journal) {
  redpack_error *error = NULL;
  redpack_config *config = NULL;
  redpack_client *client = NULL;
  must(redpack_config_new(setting("REDPACK_MCH_ID"), setting("REDPACK_APPID"), setting("REDPACK_API_KEY"), &config,
                          &error), error, "config");
  must(redpack_config_set_pem_files(config, setting("REDPACK_CERT"), setting("REDPACK_KEY"), &error), error,
       "credentials");
  must(redpack_config_set_base_url(config, setting("REDPACK_BASE_URL"), &error), error, "base_url");
  /* Leave this out for WeChat Pay itself. */
  must(redpack_config_set_roots_file(config, setting("REDPACK_CA_FILE"), &error), error, "roots");
  if (journal != NULL) must(redpack_config_set_journal(config, journal, &error), error, "journal");
  must(redpack_client_new(config, &client, &error), error, "client");
  redpack_config_free(config);
  return client;
}

static void check(const redpack_client *client) {
  redpack_error *error = NULL;
  redpack_check *found = NULL;
  must(redpack_client_check(client, &found, &error), error, "check");
  printf("check: certificate of %s, %s\n", redpack_check_common_name(found),
         redpack_check_days_left(found) > 0 ? "valid" : "expired");
  redpack_check_free(found);
}

/* An order of one yuan; an intent belongs to a journal. */
static redpack_request *new_order(const char *mch_billno, const char *openid, const char *send_name,
                                  const char *intent) {
  redpack_error *error = NULL;
  redpack_request *order = NULL;
  must(redpack_request_new("sendredpack", &order, &error), error, "request");
  const char *fields[][2] = {{"mch_billno", mch_billno}, {"re_openid", openid},        {"send_name", send_name},
                             {"act_name", "猜灯谜"},     {"wishing", "元宵节快乐"}, {"remark", "快来抢"}};
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
    must(redpack_request_set_text(order, fields[i][0], fields[i][1], &error), error, fields[i][0]);
  must(redpack_request_set_fen(order, "total_amount", 100, &error), error, "total_amount");
  if (intent != NULL) must(redpack_request_set_intent(order, intent, &error), error, "intent");
  return order;
}

static void query(const redpack_client *client, const char *mch_billno) {
  redpack_error *error = NULL;
  redpack_request *question = NULL;
  redpack_query_result *found = NULL;
  must(redpack_request_new("gethbinfo", &question, &error), error, "request");
  must(redpack_request_set_text(question, "mch_billno", mch_billno, &error), error, "mch_billno");
  if (redpack_client_query(client, question, &found, &error) != REDPACK_STATUS_OK)
    printf("  query: no answer: %s; keep the number, ask again later\n", or_none(redpack_error_message(error)));
  else if (!redpack_query_result_found(found))
    printf("  query: not found, which is not failed: keep the number, ask again later\n");
  else
    printf("  query: %s, %lld fen, next: %s\n", redpack_query_result_status(found),
           (long long)redpack_query_result_total_amount(found),
           redpack_advice_text((int32_t)redpack_query_result_advice(found)));
  redpack_query_result_free(found);
  redpack_request_free(question);
  redpack_error_free(error);
}

/* Every outcome of a send, and what it asks for. None of them permits a new number. */
static void send_once(const redpack_client *client, const char *openid, const char *send_name) {
  char mch_billno[REDPACK_MCH_BILLNO_SIZE];
  redpack_error *error = NULL;
  redpack_send_result *sent = NULL;
  must(redpack_new_mch_billno(setting("REDPACK_MCH_ID"), mch_billno, &error), error, "mch_billno");
  /* Here your program stores the number: whatever happens from now on, happens under it. */
  redpack_request *order = new_order(mch_billno, openid, send_name, NULL);
  if (redpack_client_send(client, order, &sent, &error) == REDPACK_STATUS_OK) {
    printf("sent: %s\n", or_none(redpack_send_result_send_listid(sent)));
    query(client, mch_billno);
  } else {
    redpack_advice advice = redpack_error_advice(error);
    printf("%s, next: %s\n", redpack_outcome_text((int32_t)redpack_error_outcome(error)),
           redpack_advice_text((int32_t)advice));
    switch (advice) {
    case REDPACK_ADVICE_NONE: break;
    case REDPACK_ADVICE_FIX_SETUP: printf("  stop the queue and mend: %s\n", redpack_error_message(error)); break;
    case REDPACK_ADVICE_FIX_ORDER:
      for (size_t i = 0; i < redpack_error_problem_count(error); i++)
        printf("  %s %s\n", redpack_error_problem_field(error, i), redpack_error_problem_rule(error, i));
      break;
    case REDPACK_ADVICE_RETRY_SAME_ORDER: printf("  send the same order again later\n"); break;
    case REDPACK_ADVICE_QUERY_FIRST:
      wait_until(redpack_error_not_before(error));
      query(client, mch_billno);
      break;
    case REDPACK_ADVICE_NEW_ORDER_ALLOWED: printf("  a new number can't pay twice\n"); break;
    case REDPACK_ADVICE_ASK_OPERATOR: printf("  look into the merchant console\n"); break;
    }
  }
  redpack_error_free(error);
  redpack_send_result_free(sent);
  redpack_request_free(order);
}

/* With a journal all of that is the library's work. The number is made of the intent, once. */
static void settle(const redpack_client *client, const char *openid, const char *intent) {
  redpack_error *error = NULL;
  redpack_settlement *settlement = NULL;
  redpack_request *order = new_order("", openid, "天虹百货", intent);
  if (redpack_client_settle(client, order, 60000, &settlement, &error) != REDPACK_STATUS_OK)
    printf("%s: not settled: %s\n", intent, or_none(redpack_error_message(error)));
  else if (redpack_settlement_outcome(settlement) == REDPACK_OUTCOME_SENT)
    printf("%s: paid, once: %s\n", intent, redpack_order_state(redpack_settlement_order(settlement)));
  else if (redpack_settlement_advice(settlement) == REDPACK_ADVICE_NEW_ORDER_ALLOWED)
    printf("%s: failed for good, and closed: a new intent may follow\n", intent);
  else
    printf("%s: %s, next: %s; settle it again later\n", intent,
           redpack_outcome_text((int32_t)redpack_settlement_outcome(settlement)),
           redpack_advice_text((int32_t)redpack_settlement_advice(settlement)));
  redpack_error_free(error);
  redpack_settlement_free(settlement);
  redpack_request_free(order);
}

int main(void) {
  redpack_error *error = NULL;
  redpack_client *client = new_client(NULL);
  check(client);
  send_once(client, OPENID, "天虹百货");
  send_once(client, "f--drop-after", "天虹百货"); /* the sandbox pays, and loses the answer */
  send_once(client, OPENID, "a name of a sender that is too long");
  redpack_client_free(client);

  redpack_journal *journal = NULL;
  redpack_recovered *recovered = NULL;
  must(redpack_journal_open(setting("REDPACK_JOURNAL"), &journal, &error), error, "journal");
  client = new_client(journal);
  must(redpack_client_recover(client, 60000, &recovered, &error), error, "recover"); /* what a crash left open */
  printf("recovered: %zu\n", redpack_recovered_count(recovered));
  settle(client, OPENID, "invoice 7");
  settle(client, OPENID, "invoice 7"); /* the same payment: nothing is sent */
  settle(client, "f--drop-after--1--two", "invoice 8");
  redpack_recovered_free(recovered);
  redpack_client_free(client);
  redpack_journal_free(journal);
  return 0;
}
