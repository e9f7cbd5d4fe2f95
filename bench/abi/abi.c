/* The C side of the comparison: the same work as src/main.rs, through redpack.h.
 * `body` prints the request that it makes; `time` prints, for each case, the nanoseconds of its fastest round. */
#include <redpack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 200, CALLS = 200 };

/* All fields of the service-provider mode, texts of the usual length. */
static const char *const FIELDS[][2] = {
    {"mch_billno", "10000098201411111234567890"},
    {"re_openid", "oxTWIuGaIt6gTKsQRLau2M0yL16E"},
    {"total_amount", "1000"},
    {"send_name", "天虹百货"},
    {"act_name", "猜灯谜抢红包活动"},
    {"wishing", "感谢您参加猜灯谜活动，祝您元宵节快乐！"},
    {"remark", "猜越多得越多，快来抢！"},
    {"client_ip", "192.168.0.1"},
    {"scene_id", "PRODUCT_8"},
    {"risk_info", "posttime%3d123123412%26clientversion%3d234134%26mobile%3d122344545%26deviceid%3dIOS"},
    {"sub_mch_id", "10000099"},
    {"msgappid", "wx2421b1c4370ec43b"},
    {"consume_mch_id", "10000100"},
};

static const char ANSWER[] =
    "<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><mch_billno>"
    "10000098201411111234567890</mch_billno><mch_id>10000098</mch_id><wxappid>wx8888888888888888</wxappid><re_openid>"
    "oxTWIuGaIt6gTKsQRLau2M0yL16E</re_openid><total_amount>1000</total_amount><send_listid>"
    "100000000020150520314766074200</send_listid></xml>";

static redpack_config *config;
static redpack_request *request;
static redpack_wire *wire;

static void must(redpack_status status, redpack_error *error) {
  if (status == REDPACK_STATUS_OK) return;
  fprintf(stderr, "%s\n", redpack_error_message(error));
  exit(1);
}

static redpack_request *build(void) {
  redpack_error *error = NULL;
  redpack_request *made = NULL;
  must(redpack_request_new("sendredpack", &made, &error), error);
  for (size_t i = 0; i < sizeof FIELDS / sizeof FIELDS[0]; i++)
    must(redpack_request_set_text(made, FIELDS[i][0], FIELDS[i][1], &error), error);
  return made;
}

static redpack_wire *encode(const redpack_request *made) {
  redpack_error *error = NULL;
  redpack_wire *encoded = NULL;
  must(redpack_request_encode(made, config, &encoded, &error), error);
  return encoded;
}

static void encode_and_sign(void) { redpack_wire_free(encode(request)); }

static void build_encode_and_sign(void) {
  redpack_request *made = build();
  redpack_wire_free(encode(made));
  redpack_request_free(made);
}

static void judge_an_answer(void) {
  redpack_error *error = NULL;
  redpack_send_result *sent = NULL;
  must(redpack_wire_read_send(wire, config, 200, (const uint8_t *)ANSWER, sizeof ANSWER - 1, &sent, &error), error);
  redpack_send_result_free(sent);
}

static void nothing(void) { (void)redpack_abi_version(); }

static void measure(const char *name, void (*work)(void)) {
  long long fastest = -1;
  for (int round = 0; round < ROUNDS; round++) {
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int call = 0; call < CALLS; call++) work();
    clock_gettime(CLOCK_MONOTONIC, &end);
    long long took = (end.tv_sec - start.tv_sec) * 1000000000LL + (end.tv_nsec - start.tv_nsec);
    if (fastest < 0 || took < fastest) fastest = took;
  }
  printf("%s %lld\n", name, fastest / CALLS);
}

int main(int argc, char **argv) {
  redpack_error *error = NULL;
  must(redpack_config_new("10000098", "wx8888888888888888", "192006250b4c09247ec02edce69f6a2d", &config, &error),
       error);
  request = build();
  wire = encode(request);
  if (argc > 1 && strcmp(argv[1], "body") == 0) {
    fputs(redpack_wire_body(wire), stdout);
  } else {
    measure("encode-and-sign", encode_and_sign);
    measure("build-encode-and-sign", build_encode_and_sign);
    measure("judge-an-answer", judge_an_answer);
    measure("nothing", nothing);
  }
  redpack_wire_free(wire);
  redpack_request_free(request);
  redpack_config_free(config);
  return 0;
}
