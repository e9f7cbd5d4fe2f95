/* The shared vectors through the C ABI: conformance FOLDER FILE... Prints "<file>: N cases" for each, or says what differs. */
#include "vectors.h"

const char *file_name, *case_name;
int failures;

static redpack_fields *new_fields(const cJSON *json) {
  redpack_error *error = NULL;
  redpack_fields *fields = NULL;
  OK(redpack_fields_new(&fields, &error));
  for (const cJSON *field = json->child; field != NULL; field = field->next)
    OK(redpack_fields_add(fields, name_of(field), value_of(field), &error));
  return fields;
}

static redpack_config *merchant_config(const cJSON *merchant) {
  redpack_error *error = NULL;
  redpack_config *config = NULL;
  OK(redpack_config_new(text_in(merchant, "mch_id"), text_in(merchant, "appid"), text_in(merchant, "api_key"), &config,
                        &error));
  if (text_in(merchant, "workwx_secret") != NULL)
    OK(redpack_config_set_workwx_secret(config, text_in(merchant, "workwx_secret"), &error));
  return config;
}

static int sign(const cJSON *json) {
  int count = 0;
  for (const cJSON *one = in(json, "vectors")->child; one != NULL; one = one->next, count++) {
    redpack_error *error = NULL;
    char signature[REDPACK_SIGNATURE_SIZE];
    bool genuine = false;
    redpack_fields *fields = new_fields(in(one, "fields"));
    const char *key = text_in(one, "key");
    OK(redpack_sign(fields, key, REDPACK_SIGN_TYPE_MD5, signature, &error));
    same("md5", text_in(one, "md5"), signature);
    OK(redpack_verify(fields, key, signature, &genuine, &error));
    same_number("verify", true, genuine);
    OK(redpack_sign(fields, key, REDPACK_SIGN_TYPE_HMAC_SHA256, signature, &error));
    same("hmac_sha256", text_in(one, "hmac_sha256"), signature);
    redpack_fields_free(fields);
  }
  return count;
}

static int sign_other(const cJSON *json) {
  int count = 0;
  redpack_error *error = NULL;
  char signature[REDPACK_SIGNATURE_SIZE];
  for (const cJSON *one = in(json, "workwx_sign")->child; one != NULL; one = one->next, count++) {
    redpack_fields *fields = new_fields(in(one, "fields"));
    OK(redpack_workwx_sign(fields, text_in(one, "secret"), signature, &error));
    same("workwx_sign", text_in(one, "workwx_sign"), signature);
    redpack_fields_free(fields);
  }
  for (const cJSON *one = in(json, "pay_sign")->child; one != NULL; one = one->next, count++) {
    OK(redpack_pay_sign(text_in(one, "appId"), text_in(one, "timeStamp"), text_in(one, "nonceStr"),
                        text_in(one, "package"), text_in(one, "key"), signature, &error));
    same("paySign", text_in(one, "paySign"), signature);
    redpack_text *encoded = NULL;
    OK(redpack_package_encoded(text_in(one, "package"), &encoded, &error));
    same("package_encoded", text_in(one, "package_encoded"), redpack_text_data(encoded));
    redpack_text_free(encoded);
  }
  return count;
}

/* Encodes a case's request or call. What is wrong with it comes back as an error, whichever function found it. */
static redpack_wire *encode(const cJSON *one, redpack_error **error) {
  redpack_config *config = merchant_config(in(one, "merchant"));
  redpack_request *request = NULL;
  redpack_call *call = NULL;
  redpack_wire *wire = NULL;
  redpack_status status;
  if (text_in(one, "endpoint") != NULL) {
    status = redpack_request_new(text_in(one, "endpoint"), &request, error);
    for (const cJSON *f = in(one, "fields")->child; f != NULL && status == REDPACK_STATUS_OK; f = f->next)
      status = redpack_request_set_text(request, name_of(f), value_of(f), error);
    if (status == REDPACK_STATUS_OK) status = redpack_request_encode(request, config, &wire, error);
  } else {
    bool hmac = strcmp(text_in(one, "sign_type"), "HMAC-SHA256") == 0;
    status = redpack_call_new(text_in(one, "path"), &call, error);
    for (const cJSON *f = in(one, "fields")->child; f != NULL && status == REDPACK_STATUS_OK; f = f->next)
      status = redpack_call_set_field(call, name_of(f), value_of(f), error);
    if (status == REDPACK_STATUS_OK)
      status = redpack_call_set_sign_type(call, hmac ? REDPACK_SIGN_TYPE_HMAC_SHA256 : REDPACK_SIGN_TYPE_MD5, error);
    if (status == REDPACK_STATUS_OK && text_in(one, "merchant_field") != NULL)
      status = redpack_call_set_merchant_field(call, text_in(one, "merchant_field"), error);
    if (status == REDPACK_STATUS_OK) status = redpack_call_encode(call, config, &wire, error);
  }
  CHECK((status == REDPACK_STATUS_OK) == (wire != NULL));
  redpack_request_free(request);
  redpack_call_free(call);
  redpack_config_free(config);
  return wire;
}

static int encodes(const cJSON *list) {
  int count = 0;
  for (const cJSON *one = list->child; one != NULL; one = one->next, count++) {
    redpack_error *error = NULL;
    case_name = text_in(one, "name");
    redpack_wire *wire = encode(one, &error);
    if (wire == NULL) differs("encode", "a body", redpack_error_message(error));
    same("path", text_in(one, "path"), redpack_wire_path(wire));
    same("nonce_str", text_in(one, "nonce_str"), redpack_wire_nonce_str(wire));
    same("body", text_in(one, "body"), redpack_wire_body(wire));
    if (wire != NULL)
      same_number("length", (long long)strlen(text_in(one, "body")), (long long)redpack_wire_body_length(wire));
    redpack_wire_free(wire);
    redpack_error_free(error);
  }
  return count;
}

static int validates(const cJSON *list) {
  int count = 0;
  for (const cJSON *one = list->child; one != NULL; one = one->next, count++) {
    redpack_error *error = NULL;
    const cJSON *problems = in(one, "problems");
    case_name = text_in(one, "name");
    redpack_wire *wire = encode(one, &error);
    same_number("problems", cJSON_GetArraySize(problems), (long long)redpack_error_problem_count(error));
    size_t at = 0;
    for (const cJSON *problem = problems->child; problem != NULL; problem = problem->next, at++) {
      same("field", text_in(problem, "field"), redpack_error_problem_field(error, at));
      same_number("length", (long long)in(problem, "length")->valuedouble,
                  (long long)redpack_error_problem_length(error, at));
    }
    same_number("accepted", problems->child == NULL, wire != NULL);
    redpack_wire_free(wire);
    redpack_error_free(error);
  }
  return count;
}

/* A text without the blanks round it, in a buffer of its own. */
static const char *trimmed(const char *text) {
  static char copy[4096];
  const char *const blanks = " \t\r\n";
  text += strspn(text, blanks);
  size_t length = strlen(text);
  while (length > 0 && strchr(blanks, text[length - 1]) != NULL) length--;
  CHECK(length < sizeof copy);
  memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

static void same_tree(const cJSON *expected, const redpack_answer *found) {
  const cJSON *children = in(expected, "children");
  same("element", text_in(expected, "name"), redpack_answer_element_name(found));
  same_number("children", children != NULL ? cJSON_GetArraySize(children) : 0, (long long)redpack_answer_count(found));
  if (children == NULL) same("text", text_in(expected, "text"), redpack_answer_element_text(found));
  size_t at = 0;
  for (const cJSON *one = children != NULL ? children->child : NULL; one != NULL; one = one->next, at++) {
    same("name", text_in(one, "name"), redpack_answer_name(found, at));
    if (in(one, "children") != NULL) {
      CHECK(redpack_answer_child(found, at) != NULL);
      same_tree(one, redpack_answer_child(found, at));
    } else {
      same("text", text_in(one, "text"), redpack_answer_raw_value(found, at));
      same("value", trimmed(text_in(one, "text")), redpack_answer_value(found, at));
      CHECK(redpack_answer_child(found, at) == NULL);
    }
  }
}

/* The body of a case in one of its three forms. */
static uint8_t *body_of(const cJSON *one, size_t *length) {
  const char *body = text_in(one, "body"), *hex = text_in(one, "body_hex");
  const cJSON *repeat = in(one, "body_repeat");
  uint8_t *bytes;
  if (body != NULL) {
    *length = strlen(body);
    CHECK((bytes = malloc(*length + 1)) != NULL);
    memcpy(bytes, body, *length);
  } else if (hex != NULL) {
    *length = strlen(hex) / 2;
    CHECK((bytes = malloc(*length + 1)) != NULL);
    for (size_t i = 0; i < *length; i++) {
      unsigned byte;
      CHECK(sscanf(hex + 2 * i, "%2x", &byte) == 1);
      bytes[i] = (uint8_t)byte;
    }
  } else {
    const char *before = text_in(repeat, "before"), *middle = text_in(repeat, "middle"),
               *after = text_in(repeat, "after");
    size_t times = (size_t)in(repeat, "times")->valuedouble, piece = strlen(middle), start = strlen(before);
    *length = start + piece * times + strlen(after);
    CHECK((bytes = malloc(*length + 1)) != NULL);
    memcpy(bytes, before, start);
    for (size_t i = 0; i < times; i++) memcpy(bytes + start + i * piece, middle, piece);
    memcpy(bytes + start + piece * times, after, strlen(after));
  }
  return bytes;
}

static int parses(const cJSON *list) {
  int count = 0;
  for (const cJSON *one = list->child; one != NULL; one = one->next, count++) {
    size_t length = 0;
    redpack_answer *answer = NULL;
    case_name = text_in(one, "name");
    uint8_t *body = body_of(one, &length);
    redpack_status status = redpack_xml_read(body, length, &answer, NULL);
    free(body);
    same_number("readable", in(one, "root") != NULL, status == REDPACK_STATUS_OK);
    if (in(one, "root") != NULL && answer != NULL) same_tree(in(one, "root"), answer);
    redpack_answer_free(answer);
  }
  return count;
}

static void same_words(const cJSON *one, redpack_outcome outcome, redpack_advice advice) {
  same("outcome", text_in(one, "outcome"), redpack_outcome_text((int32_t)outcome));
  same("advice", text_in(one, "advice"), redpack_advice_text((int32_t)advice));
}

/* A request as the file's, encoded: what its answers are read with. */
static redpack_wire *asked(const cJSON *json, const char *endpoint, const redpack_config *config) {
  redpack_error *error = NULL;
  redpack_request *request = NULL;
  redpack_wire *wire = NULL;
  const char *number = text_in(in(json, "request"), "mch_billno");
  if (strcmp(endpoint, "sendredpack") == 0) {
    const cJSON *order = in(json, "request");
    request = new_order(number, text_in(order, "re_openid"), atoll(text_in(order, "total_amount")));
  } else {
    request = new_query(number);
  }
  OK(redpack_request_encode(request, config, &wire, &error));
  redpack_request_free(request);
  return wire;
}

static int answers(const cJSON *json) {
  int count = 0;
  redpack_config *config = merchant_config(in(json, "request"));
  redpack_wire *wire = asked(json, "sendredpack", config);
  for (const cJSON *one = in(json, "send")->child; one != NULL; one = one->next, count++) {
    redpack_error *error = NULL;
    redpack_send_result *sent = NULL;
    const char *body = text_in(one, "body");
    case_name = text_in(one, "name");
    if (redpack_wire_read_send(wire, config, in(one, "http_status")->valueint, (const uint8_t *)body, strlen(body), &sent,
                               &error) == REDPACK_STATUS_OK) {
      same_words(one, REDPACK_OUTCOME_SENT, REDPACK_ADVICE_NONE);
    } else {
      same_words(one, redpack_error_outcome(error), redpack_error_advice(error));
      same("scope", text_in(one, "scope"), redpack_scope_text((int32_t)redpack_error_scope(error)));
      same_number("waits", strcmp(text_in(one, "wait"), "no") != 0, redpack_error_not_before(error) != 0);
    }
    redpack_send_result_free(sent);
    redpack_error_free(error);
  }
  redpack_wire_free(wire);
  wire = asked(json, "gethbinfo", config);
  redpack_error *error = NULL;
  int64_t now = 0;
  OK(redpack_time_from_wire(text_in(in(json, "request"), "now"), &now, &error));
  for (const cJSON *one = in(json, "query")->child; one != NULL; one = one->next, count++) {
    redpack_error *error = NULL;
    redpack_query_result *found = NULL;
    const char *body = text_in(one, "body");
    case_name = text_in(one, "name");
    if (redpack_wire_read_query(wire, config, in(one, "http_status")->valueint, (const uint8_t *)body, strlen(body),
                                now, &found, &error) == REDPACK_STATUS_OK)
      same_words(one, redpack_query_result_outcome(found), redpack_query_result_advice(found));
    else
      same_words(one, redpack_error_outcome(error), redpack_error_advice(error));
    redpack_query_result_free(found);
    redpack_error_free(error);
  }
  for (const cJSON *one = in(json, "failures")->child; one != NULL; one = one->next, count++) {
    redpack_error *error = NULL;
    redpack_outcome outcome;
    redpack_advice advice;
    redpack_scope scope;
    case_name = one->string != NULL ? one->string : text_in(one, "kind");
    OK(redpack_kind_verdict(case_name, &outcome, &advice, &scope, &error));
    same_words(one, outcome, advice);
    same("scope", text_in(one, "scope"), redpack_scope_text((int32_t)scope));
  }
  redpack_wire_free(wire);
  redpack_config_free(config);
  return count;
}

static int encode_file(const cJSON *json) { return encodes(in(json, "cases")) + encodes(in(json, "calls")); }
static int validate_file(const cJSON *json) { return validates(in(json, "cases")) + validates(in(json, "calls")); }
static int parse_file(const cJSON *json) { return parses(in(json, "cases")); }

int main(int argc, char **argv) {
  static const struct { const char *name; int (*play)(const cJSON *); } files[] = {
      {"sign.json", sign}, {"sign_other.json", sign_other}, {"encode.json", encode_file},
      {"validate.json", validate_file}, {"parse.json", parse_file}, {"answers.json", answers},
      {"scenarios.json", scenarios}};
  for (int i = 2; i < argc; i++) {
    size_t at = 0;
    while (at < sizeof files / sizeof files[0] && strcmp(files[at].name, argv[i]) != 0) at++;
    if (at == sizeof files / sizeof files[0]) {
      fprintf(stderr, "%s: not known here\n", argv[i]);
      return 2;
    }
    cJSON *json = load(argv[1], files[at].name);
    case_name = "a vector";
    printf("%s: %d cases\n", files[at].name, files[at].play(json));
    cJSON_Delete(json);
  }
  return failures == 0 ? 0 : 1;
}
