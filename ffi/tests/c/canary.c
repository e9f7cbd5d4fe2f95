/* The scenarios of tests/canary/scenarios.json. Whatever the library says is printed: each scenario's part begins with
 * a line "== NAME"; lines that begin with "result: " are results, "kind: " what it came to.
 * Arguments: the folder of the scenarios, and what the gateway told of itself. */
#include "vectors.h"

const char *file_name, *case_name;
int failures;

static const cJSON *told, *values, *scenario;

static const char *value(const char *name) { return text_in(values, name); }

/* The text of a scenario with its canaries; to be freed. */
static char *filled(const char *text) {
  const char *names[] = {"journal_password", "openid", "api_key", "another_openid"};
  char *made = malloc(4096);
  CHECK(made != NULL && strlen(text) < 1024);
  strcpy(made, text);
  for (int i = 0; i < 4; i++) {
    char name[64], rest[4096];
    snprintf(name, sizeof name, "{%s}", names[i]);
    for (char *at; (at = strstr(made, name)) != NULL;) {
      strcpy(rest, at + strlen(name));
      sprintf(at, "%s%s", value(names[i]), rest);
    }
  }
  return made;
}

static unsigned char *content(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  unsigned char *bytes = malloc(65536);
  CHECK(file != NULL && bytes != NULL);
  *length = fread(bytes, 1, 65536, file);
  fclose(file);
  return bytes;
}

static const char *in_folder(const char *name) {
  static char paths[4][4096];
  static int turn;
  char *path = paths[turn++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", text_in(told, "dir"), name);
  return path;
}

/* Gives credentials to a configuration or, where there is none, to a client. */
static redpack_status give(redpack_config *config, redpack_client *client, const char *kind, redpack_error **error) {
  char wrong[256], name[256];
  snprintf(wrong, sizeof wrong, "%s?", value("passphrase"));
  const char *passphrase = strcmp(kind, "wrong_passphrase") == 0 ? wrong : value("passphrase");
  if (strstr(kind, "pkcs12") != NULL || passphrase == wrong) {
    const char *path = in_folder(strcmp(kind, "damaged_pkcs12") == 0 ? "damaged.p12" : "apiclient_cert.p12");
    if (strcmp(kind, "pkcs12_file") == 0) return redpack_config_set_pkcs12_file(config, path, passphrase, error);
    size_t length;
    unsigned char *bytes = content(path, &length);
    redpack_status status = redpack_config_set_pkcs12(config, bytes, length, passphrase, error);
    free(bytes);
    return status;
  }
  snprintf(name, sizeof name, "%s.pem", kind);
  const char *certificate = in_folder("apiclient_cert.pem"), *key = in_folder("apiclient_key.pem");
  if (strcmp(kind, "unreadable") == 0) key = in_folder("no such folder/apiclient_key.pem");
  else if (strcmp(kind, "key_as_certificate") == 0) certificate = key;
  else if (strncmp(kind, "pem_", 4) != 0) key = in_folder(name);
  if (strcmp(kind, "pem_files") == 0 || strcmp(kind, "unreadable") == 0)
    return config != NULL ? redpack_config_set_pem_files(config, certificate, key, error)
                          : redpack_client_replace_pem_files(client, certificate, key, error);
  size_t lengths[2];
  unsigned char *bytes[2] = {content(certificate, &lengths[0]), content(key, &lengths[1])};
  redpack_status status =
      config != NULL ? redpack_config_set_pem(config, bytes[0], lengths[0], bytes[1], lengths[1], error)
                     : redpack_client_replace_pem(client, bytes[0], lengths[0], bytes[1], lengths[1], error);
  free(bytes[0]);
  free(bytes[1]);
  return status;
}

static void on_log(redpack_log_level level, const char *target, const char *message, void *user) {
  (void)user;
  /* What ureq dumps of answers is said to be left off: SECURITY.md. */
  bool dump = strncmp(target, "ureq", 4) == 0 && level == REDPACK_LOG_LEVEL_DEBUG;
  printf("%s%d %s %s\n", dump ? "result: " : "", (int)level, target, message);
}

static void on_attempt(const redpack_event *event, void *user) {
  (void)user;
  printf("%s %s %s %s\n", redpack_event_path(event), redpack_event_host(event), redpack_event_phase(event),
         redpack_event_kind(event) != NULL ? redpack_event_kind(event) : "-");
}

static void say_error(const redpack_error *error) {
  printf("%s\n", redpack_error_message(error));
  const char *fault = redpack_error_credential_fault(error);
  if (fault != NULL) puts(fault);
  for (size_t i = 0; i < redpack_error_problem_count(error); i++)
    printf("%s %s\n", redpack_error_problem_field(error, i), redpack_error_problem_rule(error, i));
  printf("kind: %s\n", redpack_error_kind(error));
}

static redpack_status configure(redpack_config **config, const char *journal, redpack_error **error) {
  const cJSON *client = in(scenario, "client"), *settings = in(client, "settings");
  char key[256];
  const char *given = text_in(client, "api_key");
  snprintf(key, sizeof key, "%s%s", value("api_key"), given != NULL && strcmp(given, "long") == 0 ? "!" : "");
  if (given != NULL && strcmp(given, "blank") == 0) *strchr(key, '~') = ' ';
  redpack_status status = redpack_config_new("1900000109", "wx8888888888888888", key, config, error);
  if (status == 0) status = give(*config, NULL, text_in(client, "credentials"), error);
  if (status == 0) status = redpack_config_set_workwx_secret(*config, value("workwx_secret"), error);
  const char *roots = text_in(client, "roots");
  if (status == 0) status = redpack_config_set_roots_file(*config, in_folder(roots != NULL ? roots : "ca.pem"), error);
  if (status == 0) status = redpack_config_set_attempt_callback(*config, on_attempt, NULL, error);
  const char *names[] = {"base_url", "proxy", "journal"};
  redpack_status (*setters[])(redpack_config *, const char *, redpack_error **) = {
      redpack_config_set_base_url, redpack_config_set_proxy, redpack_config_set_journal_url};
  const char *usual[] = {text_in(in(told, "urls"), text_in(scenario, "name")), NULL,
                         cJSON_IsTrue(in(client, "journal")) ? journal : NULL};
  for (int i = 0; i < 3 && status == 0; i++) {
    const char *text = text_in(settings, names[i]);
    char *own = text != NULL ? filled(text) : NULL;
    if (own != NULL || usual[i] != NULL) status = setters[i](*config, own != NULL ? own : usual[i], error);
    free(own);
  }
  return status;
}

static redpack_status replace(redpack_client *client, const char *what, redpack_error **error) {
  char key[256];
  snprintf(key, sizeof key, "%s!", value("api_key"));
  if (what == NULL) return REDPACK_STATUS_OK;
  if (strcmp(what, "long_api_key") == 0) return redpack_client_replace_api_key(client, key, error);
  if (strcmp(what, "api_key") != 0) return give(NULL, client, strcmp(what, "credentials") == 0 ? "pem_bytes" : what, error);
  redpack_status status = redpack_client_replace_api_key(client, value("another_api_key"), error);
  return status != 0 ? status : redpack_client_replace_api_key(client, value("api_key"), error);
}

static redpack_status call(const redpack_client *client, redpack_error **error) {
  const cJSON *changed = in(in(scenario, "client"), "fields");
  const char *what = text_in(in(scenario, "client"), "do");
  char number[REDPACK_MCH_BILLNO_SIZE];
  CHECK(redpack_new_mch_billno("1900000109", number, error) == 0);
  const char *fields[][2] = {{"mch_billno", number}, {"re_openid", value("openid")}, {"total_amount", "100"},
                             {"send_name", "天虹百货"}, {"act_name", value("act_name")}, {"wishing", "元宵节快乐"},
                             {"remark", "快来抢"}};
  bool is_call = strcmp(what, "call") == 0, is_query = strcmp(what, "query") == 0;
  redpack_request *request = NULL;
  redpack_call *other = NULL;
  CHECK(redpack_request_new(is_query ? "gethbinfo" : "sendredpack", &request, error) == 0);
  CHECK(redpack_call_new("/some/path", &other, error) == 0);
  redpack_status status = REDPACK_STATUS_OK;
  for (int i = 0; i < 7 && status == 0 && !(is_query && i > 0); i++) {
    const char *text = text_in(changed, fields[i][0]);
    char *own = filled(text != NULL ? text : fields[i][1]);
    status = is_call ? redpack_call_set_field(other, fields[i][0], own, error)
                     : redpack_request_set_text(request, fields[i][0], own, error);
    free(own);
  }
  const redpack_answer *answer = NULL;
  redpack_send_result *sent = NULL;
  redpack_query_result *asked = NULL;
  redpack_answer *own_answer = NULL;
  if (status == 0 && is_call && (status = redpack_client_call(client, other, &own_answer, error)) == 0)
    answer = own_answer;
  else if (status == 0 && is_query && (status = redpack_client_query(client, request, &asked, error)) == 0)
    answer = redpack_query_result_answer(asked);
  else if (status == 0 && !is_call && !is_query && (status = redpack_client_send(client, request, &sent, error)) == 0)
    answer = redpack_send_result_answer(sent);
  for (size_t i = 0; i < redpack_answer_count(answer); i++)
    printf("result: %s %s\n", redpack_answer_name(answer, i), redpack_answer_value(answer, i));
  redpack_answer_free(own_answer);
  redpack_query_result_free(asked);
  redpack_send_result_free(sent);
  redpack_call_free(other);
  redpack_request_free(request);
  return status;
}

static void play(int index) {
  redpack_error *error = NULL;
  redpack_config *config = NULL;
  redpack_client *client = NULL;
  redpack_check *check = NULL;
  char journal[4096];
  snprintf(journal, sizeof journal, "sqlite:%s/journal-%d", text_in(told, "dir"), index);
  printf("== %s\n", text_in(scenario, "name"));
  redpack_status status = configure(&config, journal, &error);
  if (status == 0) status = redpack_client_new(config, &client, &error);
  if (status == 0) status = redpack_client_check(client, &check, &error);
  if (status == 0)
    printf("%s %s %s\n", redpack_check_mch_id(check), redpack_check_base_url(check), redpack_check_serial_number(check));
  if (status == 0) status = replace(client, text_in(in(scenario, "client"), "replace"), &error);
  if (status == 0) status = call(client, &error);
  if (status != 0) say_error(error);
  redpack_error_free(error);
  redpack_check_free(check);
  redpack_client_free(client);
  redpack_config_free(config);
}

int main(int count, char **arguments) {
  CHECK(count == 3);
  redpack_error *error = NULL;
  told = cJSON_Parse(arguments[2]);
  values = in(load(text_in(told, "dir"), "canaries.json"), "values");
  const cJSON *scenarios = in(load(arguments[1], "scenarios.json"), "cases");
  OK(redpack_set_log_callback(REDPACK_LOG_LEVEL_DEBUG, on_log, NULL, &error));
  for (int i = 0; (scenario = cJSON_GetArrayItem(scenarios, i)) != NULL; i++) play(i);
  return 0;
}
