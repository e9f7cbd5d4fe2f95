/* What the test programs share. A check that fails names itself and ends the program. */
#ifndef COMMON_H
#define COMMON_H

#include <redpack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPENID "oxTWIuGaIt6gTKsQRLau2M0yL16E"

#define CHECK(condition) \
  do { \
    if (!(condition)) { \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      exit(1); \
    } \
  } while (0)

/* A call that must end well; uses the caller's `error`. */
#define OK(call) \
  do { \
    if ((call) != REDPACK_STATUS_OK) { \
      const char *message_ = redpack_error_message(error); \
      fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, message_ != NULL ? message_ : "no message"); \
      exit(1); \
    } \
  } while (0)

static inline redpack_config *new_config(void) {
  redpack_error *error = NULL;
  redpack_config *config = NULL;
  OK(redpack_config_new(getenv("REDPACK_MCH_ID"), getenv("REDPACK_APPID"), getenv("REDPACK_API_KEY"), &config, &error));
  OK(redpack_config_set_pem_files(config, getenv("REDPACK_CERT"), getenv("REDPACK_KEY"), &error));
  OK(redpack_config_set_base_url(config, getenv("REDPACK_BASE_URL"), &error));
  OK(redpack_config_set_roots_file(config, getenv("REDPACK_CA_FILE"), &error));
  return config;
}

static inline redpack_client *new_client(void) {
  redpack_error *error = NULL;
  redpack_config *config = new_config();
  redpack_client *client = NULL;
  OK(redpack_client_new(config, &client, &error));
  redpack_config_free(config);
  return client;
}

static inline redpack_request *new_order(const char *mch_billno, const char *openid, int64_t fen) {
  redpack_error *error = NULL;
  redpack_request *order = NULL;
  OK(redpack_request_new("sendredpack", &order, &error));
  OK(redpack_request_set_text(order, "mch_billno", mch_billno, &error));
  OK(redpack_request_set_text(order, "re_openid", openid, &error));
  OK(redpack_request_set_fen(order, "total_amount", fen, &error));
  OK(redpack_request_set_text(order, "send_name", "天虹百货", &error));
  OK(redpack_request_set_text(order, "act_name", "猜灯谜", &error));
  OK(redpack_request_set_text(order, "wishing", "元宵节快乐", &error));
  OK(redpack_request_set_text(order, "remark", mch_billno, &error));
  return order;
}

static inline redpack_request *new_query(const char *mch_billno) {
  redpack_error *error = NULL;
  redpack_request *query = NULL;
  OK(redpack_request_new("gethbinfo", &query, &error));
  OK(redpack_request_set_text(query, "mch_billno", mch_billno, &error));
  return query;
}

#endif
