/* Sends one red packet. The smallest whole program: `send MCH_BILLNO OPENID FEN`, settings from the environment. */
#include <redpack.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  const char *names[] = {"REDPACK_MCH_ID", "REDPACK_APPID", "REDPACK_API_KEY", "REDPACK_CERT", "REDPACK_KEY"};
  const char *values[5];
  for (int i = 0; i < 5; i++) {
    values[i] = getenv(names[i]);
    if (argc != 4 || values[i] == NULL) {
      fprintf(stderr, "usage: send MCH_BILLNO OPENID FEN\nwants %s in the environment\n", names[i]);
      return 2;
    }
  }
  const char *base_url = getenv("REDPACK_BASE_URL"), *ca_file = getenv("REDPACK_CA_FILE");
  redpack_config *config = NULL;
  redpack_client *client = NULL;
  redpack_request *order = NULL;
  redpack_send_result *sent = NULL;
  redpack_error *error = NULL;

  /* Each call that fails leaves its error; the first one ends the chain. */
  if (redpack_config_new(values[0], values[1], values[2], &config, &error) == REDPACK_STATUS_OK &&
      redpack_config_set_pem_files(config, values[3], values[4], &error) == REDPACK_STATUS_OK &&
      (base_url == NULL || redpack_config_set_base_url(config, base_url, &error) == REDPACK_STATUS_OK) &&
      (ca_file == NULL || redpack_config_set_roots_file(config, ca_file, &error) == REDPACK_STATUS_OK) &&
      redpack_client_new(config, &client, &error) == REDPACK_STATUS_OK &&
      redpack_request_new("sendredpack", &order, &error) == REDPACK_STATUS_OK &&
      redpack_request_set_text(order, "mch_billno", argv[1], &error) == REDPACK_STATUS_OK &&
      redpack_request_set_text(order, "re_openid", argv[2], &error) == REDPACK_STATUS_OK &&
      redpack_request_set_text(order, "total_amount", argv[3], &error) == REDPACK_STATUS_OK &&
      redpack_request_set_text(order, "send_name", "天虹百货", &error) == REDPACK_STATUS_OK &&
      redpack_request_set_text(order, "act_name", "猜灯谜", &error) == REDPACK_STATUS_OK &&
      redpack_request_set_text(order, "wishing", "元宵节快乐", &error) == REDPACK_STATUS_OK &&
      redpack_request_set_text(order, "remark", "快来抢", &error) == REDPACK_STATUS_OK &&
      redpack_client_send(client, order, &sent, &error) == REDPACK_STATUS_OK)
    printf("sent: %s\n", redpack_send_result_send_listid(sent));
  else
    printf("%s, next: %s: %s\n", redpack_outcome_text(redpack_error_outcome(error)),
           redpack_advice_text(redpack_error_advice(error)), redpack_error_message(error));

  int exit_status = sent != NULL ? 0 : 1;
  redpack_error_free(error);
  redpack_send_result_free(sent);
  redpack_request_free(order);
  redpack_client_free(client);
  redpack_config_free(config);
  return exit_status;
}
