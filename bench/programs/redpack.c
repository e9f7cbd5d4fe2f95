/* redpack from C: one client for all threads, a request built for each send, as a host would.
 *
 * redpack AT_ONCE SECONDS URL FOLDER */
#include "load.h"

#include <redpack.h>
#include <string.h>

static redpack_client *client;

static void check(redpack_status status, redpack_error *error, const char *what) {
    if (status == REDPACK_STATUS_OK) return;
    fprintf(stderr, "%s: %s\n", what, redpack_error_message(error));
    exit(1);
}

static void *make(void) { return client; }

static void send_once(void *with) {
    static const char *fields[][2] = {
        {"mch_billno", "19000001092611240000000001"}, {"re_openid", "oxTWIuGaIt6gTKsQRLau2M0yL16E"},
        {"total_amount", "100"}, {"send_name", "天虹百货"}, {"act_name", "猜灯谜抢红包活动"},
        {"wishing", "感谢您参加猜灯谜活动"}, {"remark", "猜越多得越多，快来抢！"},
    };
    redpack_request *order = NULL;
    redpack_send_result *sent = NULL;
    redpack_error *error = NULL;
    check(redpack_request_new("sendredpack", &order, &error), error, "request");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        check(redpack_request_set_text(order, fields[i][0], fields[i][1], &error), error, fields[i][0]);
    check(redpack_client_send(with, order, &sent, &error), error, "send");
    redpack_send_result_free(sent);
    redpack_request_free(order);
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    char certificate[512], key[512], roots[512];
    snprintf(certificate, sizeof certificate, "%s/client.pem", argv[4]);
    snprintf(key, sizeof key, "%s/client.key", argv[4]);
    snprintf(roots, sizeof roots, "%s/ca.pem", argv[4]);
    redpack_config *config = NULL;
    redpack_error *error = NULL;
    check(redpack_config_new("1900000109", "wx8888888888888888", "sandbox0key0sandbox0key0sandbox0", &config, &error),
          error, "settings");
    check(redpack_config_set_pem_files(config, certificate, key, &error), error, "certificate");
    check(redpack_config_set_base_url(config, argv[3], &error), error, "URL");
    check(redpack_config_set_roots_file(config, roots, &error), error, "roots");
    check(redpack_client_new(config, &client, &error), error, "client");
    redpack_config_free(config);
    int status = load_run(atoi(argv[1]), atof(argv[2]), make, send_once);
    redpack_client_free(client);
    return status;
}
