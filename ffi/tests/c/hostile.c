/* The frame of a program that tests/hostile.rs completes: it calls every function with hostile arguments. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "redpack.h"

/* DECLARATIONS */
static char buffer[128];
static char *oversized;
static int64_t scratch[4];
static const char *at = "";
static const char journal_url[] = "sqlite:journal.db";
static unsigned long calls, failures, read_characters;

static void stop(const char *why) {
  printf("%s: %s\n", at, why);
  exit(1);
}

static void ends(void) {
/* ENDS */
}

/* What every fallible function promises. */
static void checked(redpack_status status, int expected, bool told) {
  calls++;
  if (redpack_status_text(status) == NULL) stop("a status that doesn't exist");
  if (status == REDPACK_STATUS_PANIC) stop("a panic");
  if (expected >= 0 && (int)status != expected) {
    printf("%s: %s, not %s\n", at, redpack_status_text(status), redpack_status_text(expected));
    exit(1);
  }
  if (status == REDPACK_STATUS_OK) {
    if (out_error != NULL) stop("an error although it is done");
  } else {
    failures++;
    if (told) {
      const char *message = redpack_error_message(out_error);
      if (message == NULL || *message == '\0') stop("no message");
          if (redpack_error_status(out_error) != status) stop("another status in the error");
      if (redpack_error_kind(out_error) == NULL) stop("no kind");
      if (strstr(message, "192006250b4c09247ec02edce69f6a2d") != NULL) stop("a key in the message");
      redpack_error_free(out_error);
      out_error = NULL;
    }
  }
  ends();
}

static void readable(const char *text) {
  calls++;
  if (text != NULL) read_characters += strlen(text);
}

static void must(redpack_status status) {
  if (status != REDPACK_STATUS_OK) {
    printf("setting up: %s\n", redpack_status_text(status));
    exit(1);
  }
}

/* A live handle of every type, as far as it takes no server. */
static void set_up(void) {
  must(redpack_config_new("1900000109", "wx8888888888888888", "192006250b4c09247ec02edce69f6a2d", &a_config, NULL));
  must(redpack_config_set_pem_files(a_config, FIXTURES "/cert.pem", FIXTURES "/key.pem", NULL));
  /* Nobody listens there: what is sent by mistake goes nowhere. */
  must(redpack_config_set_base_url(a_config, "https://127.0.0.1:1", NULL));
  must(redpack_journal_open(journal_url, &a_journal, NULL));
  must(redpack_config_set_journal(a_config, a_journal, NULL));
  must(redpack_client_new(a_config, &a_client, NULL));
  must(redpack_client_check(a_client, &a_check, NULL));
  must(redpack_client_recover(a_client, 1, &a_recovered, NULL));
  must(redpack_client_reconcile(a_client, 1, &a_reconciled, NULL));
  must(redpack_request_new("sendredpack", &a_request, NULL));
  const char *fields[] = {"mch_billno", "19000001092611240000000001", "send_name", "text", "act_name", "text",
                          "wishing", "text", "remark", "text", "total_amount", "100",
                          "re_openid", "oxTWIuGaIt6gTKsQRLau2M0yL16E"};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i += 2)
    must(redpack_request_set_text(a_request, fields[i], fields[i + 1], NULL));
  must(redpack_client_settle(a_client, a_request, 1, &a_settlement, NULL));
  must(redpack_journal_order(a_journal, "1900000109", fields[1], &a_order, NULL));
  if (a_order == NULL) stop("the order is not in the journal");
  must(redpack_call_new("/mmpaymkttransfers/other", &a_call, NULL));
  must(redpack_fields_new(&a_fields, NULL));
  must(redpack_fields_add(a_fields, "name", "value", NULL));
  const char xml[] = "<xml><return_code>SUCCESS</return_code><hblist><hbinfo><openid>o</openid></hbinfo></hblist></xml>";
  must(redpack_xml_read((const uint8_t *)xml, sizeof xml - 1, &a_answer, NULL));
  must(redpack_canonical(a_fields, &a_text, NULL));
  must(redpack_journal_list(a_journal, NULL, NULL, 0, 10, &a_orders, NULL));
  must(redpack_journal_attempts(a_journal, "1900000109", "1", &a_attempts, NULL));
  must(redpack_journal_decisions(a_journal, "1900000109", "1", &a_decisions, NULL));
  must(redpack_call_encode(a_call, a_config, &a_wire, NULL));
  const uint8_t told[] =
      "<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><status>RECEIVED</status>"
      "<mch_billno>19000001092611240000000001</mch_billno></xml>";
  must(redpack_request_encode(a_request, a_config, &out_wire, NULL));
  must(redpack_wire_read_send(out_wire, a_config, 200, told, sizeof told - 1, &a_send_result, NULL));
  redpack_wire_free(out_wire);
  out_wire = NULL;
  redpack_request *query = NULL;
  must(redpack_request_new("gethbinfo", &query, NULL));
  must(redpack_request_set_text(query, "mch_billno", fields[1], NULL));
  must(redpack_request_encode(query, a_config, &out_wire, NULL));
  must(redpack_wire_read_query(out_wire, a_config, 200, told, sizeof told - 1, 0, &a_query_result, NULL));
  redpack_wire_free(out_wire);
  out_wire = NULL;
  redpack_request_free(query);
  if (redpack_client_send(a_client, a_request, &out_send_result, &a_error) == REDPACK_STATUS_OK) stop("sent");
}

static void tear_down(void) {
  redpack_config_free(a_config);
  redpack_client_free(a_client);
  redpack_check_free(a_check);
  redpack_recovered_free(a_recovered);
  redpack_reconciled_free(a_reconciled);
  redpack_settlement_free(a_settlement);
  redpack_order_free(a_order);
  redpack_send_result_free(a_send_result);
  redpack_query_result_free(a_query_result);
  redpack_journal_free(a_journal);
  redpack_request_free(a_request);
  redpack_call_free(a_call);
  redpack_fields_free(a_fields);
  redpack_answer_free(a_answer);
  redpack_text_free(a_text);
  redpack_orders_free(a_orders);
  redpack_attempts_free(a_attempts);
  redpack_decisions_free(a_decisions);
  redpack_wire_free(a_wire);
  redpack_error_free(a_error);
  free(oversized);
}

int main(void) {
  oversized = malloc((1 << 20) + 1);
  if (oversized == NULL) return 1;
  memset(oversized, 'a', 1 << 20);
  oversized[1 << 20] = '\0';
  set_up();
/* CALLS */
  tear_down();
  printf("%lu calls, %lu failures, %lu characters\n", calls, failures, read_characters);
  return 0;
}
