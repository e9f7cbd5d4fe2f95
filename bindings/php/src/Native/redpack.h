#define FFI_SCOPE "REDPACK"
#define FFI_LIB "libredpack.so.0"



typedef enum redpack_status {
  REDPACK_STATUS_OK = 0,
  REDPACK_STATUS_NULL_ARGUMENT = 10,
  REDPACK_STATUS_INVALID_UTF8 = 11,
  REDPACK_STATUS_INVALID_ARGUMENT = 12,
  REDPACK_STATUS_NOT_SENT = 20,
  REDPACK_STATUS_REJECTED = 21,
  REDPACK_STATUS_PENDING = 22,
  REDPACK_STATUS_UNKNOWN = 23,
  REDPACK_STATUS_SETUP = 30,
  REDPACK_STATUS_JOURNAL = 40,
  REDPACK_STATUS_PANIC = 90,
} redpack_status;

typedef enum redpack_outcome {
  REDPACK_OUTCOME_NONE = 0,
  REDPACK_OUTCOME_SENT = 1,
  REDPACK_OUTCOME_NOT_SENT = 2,
  REDPACK_OUTCOME_REJECTED = 3,
  REDPACK_OUTCOME_PENDING = 4,
  REDPACK_OUTCOME_UNKNOWN = 5,
} redpack_outcome;

typedef enum redpack_advice {
  REDPACK_ADVICE_NONE = 0,
  REDPACK_ADVICE_FIX_SETUP = 1,
  REDPACK_ADVICE_FIX_ORDER = 2,
  REDPACK_ADVICE_RETRY_SAME_ORDER = 3,
  REDPACK_ADVICE_QUERY_FIRST = 4,
  REDPACK_ADVICE_NEW_ORDER_ALLOWED = 5,
  REDPACK_ADVICE_ASK_OPERATOR = 6,
} redpack_advice;

typedef enum redpack_scope {
  REDPACK_SCOPE_ORDER = 0,
  REDPACK_SCOPE_RECIPIENT = 1,
  REDPACK_SCOPE_MERCHANT = 2,
} redpack_scope;

typedef enum redpack_log_level {
  REDPACK_LOG_LEVEL_OFF = 0,
  REDPACK_LOG_LEVEL_ERROR = 1,
  REDPACK_LOG_LEVEL_WARN = 2,
  REDPACK_LOG_LEVEL_INFO = 3,
  REDPACK_LOG_LEVEL_DEBUG = 4,
} redpack_log_level;

typedef enum redpack_sign_type {
  REDPACK_SIGN_TYPE_MD5 = 0,
  REDPACK_SIGN_TYPE_HMAC_SHA256 = 1,
} redpack_sign_type;

typedef enum redpack_failover {
  REDPACK_FAILOVER_OFF = 0,
  REDPACK_FAILOVER_CONNECT_PHASE = 1,
  REDPACK_FAILOVER_AFTER_SENDING = 2,
} redpack_failover;

typedef enum redpack_evidence {
  REDPACK_EVIDENCE_PAID = 0,
  REDPACK_EVIDENCE_REFUNDED = 1,
  REDPACK_EVIDENCE_NOT_PAID = 2,
} redpack_evidence;

typedef enum redpack_group {
  REDPACK_GROUP_RECEIVED = 0,
  REDPACK_GROUP_UNCLAIMED = 1,
  REDPACK_GROUP_REFUNDED = 2,
  REDPACK_GROUP_CONTRADICTING = 3,
} redpack_group;

typedef struct redpack_answer redpack_answer;

typedef struct redpack_attempts redpack_attempts;

typedef struct redpack_call redpack_call;

typedef struct redpack_check redpack_check;

typedef struct redpack_client redpack_client;

typedef struct redpack_config redpack_config;

typedef struct redpack_decisions redpack_decisions;

typedef struct redpack_error redpack_error;

typedef struct redpack_event redpack_event;

typedef struct redpack_fields redpack_fields;

typedef struct redpack_journal redpack_journal;

typedef struct redpack_order redpack_order;

typedef struct redpack_orders redpack_orders;

typedef struct redpack_query_result redpack_query_result;

typedef struct redpack_reconciled redpack_reconciled;

typedef struct redpack_recovered redpack_recovered;

typedef struct redpack_request redpack_request;

typedef struct redpack_send_result redpack_send_result;

typedef struct redpack_settlement redpack_settlement;

typedef struct redpack_text redpack_text;

typedef struct redpack_wire redpack_wire;

typedef void (*redpack_attempt_callback)(const struct redpack_event *event, void *user);

typedef void (*redpack_log_callback)(enum redpack_log_level level,
                                     const char *target,
                                     const char *message,
                                     void *user);

const char *redpack_version(void);

uint32_t redpack_abi_version(void);

const char *redpack_status_text(int32_t status);

const char *redpack_outcome_text(int32_t outcome);

const char *redpack_advice_text(int32_t advice);

const char *redpack_scope_text(int32_t scope);

void redpack_error_free(struct redpack_error *error);

enum redpack_status redpack_error_status(const struct redpack_error *error);

const char *redpack_error_kind(const struct redpack_error *error);

enum redpack_outcome redpack_error_outcome(const struct redpack_error *error);

enum redpack_outcome redpack_error_attempt_outcome(const struct redpack_error *error);

enum redpack_advice redpack_error_advice(const struct redpack_error *error);

enum redpack_scope redpack_error_scope(const struct redpack_error *error);

int64_t redpack_error_not_before(const struct redpack_error *error);

const char *redpack_error_message(const struct redpack_error *error);

const char *redpack_error_mch_billno(const struct redpack_error *error);

const char *redpack_error_err_code(const struct redpack_error *error);

const char *redpack_error_err_code_des(const struct redpack_error *error);

const char *redpack_error_credential_fault(const struct redpack_error *error);

int32_t redpack_error_http_status(const struct redpack_error *error);

uint32_t redpack_error_attempts(const struct redpack_error *error);

size_t redpack_error_problem_count(const struct redpack_error *error);

const char *redpack_error_problem_field(const struct redpack_error *error, size_t index);

const char *redpack_error_problem_rule(const struct redpack_error *error, size_t index);

size_t redpack_error_problem_length(const struct redpack_error *error, size_t index);

const struct redpack_answer *redpack_error_answer(const struct redpack_error *error);

const struct redpack_order *redpack_error_order(const struct redpack_error *error);

const uint8_t *redpack_error_body(const struct redpack_error *error, size_t *length);

enum redpack_status redpack_config_new(const char *mch_id,
                                       const char *appid,
                                       const char *api_key,
                                       struct redpack_config **config,
                                       struct redpack_error **error);

void redpack_config_free(struct redpack_config *config);

enum redpack_status redpack_config_set_pem_files(struct redpack_config *config,
                                                 const char *certificate_path,
                                                 const char *private_key_path,
                                                 struct redpack_error **error);

enum redpack_status redpack_config_set_pem(struct redpack_config *config,
                                           const uint8_t *certificate,
                                           size_t certificate_length,
                                           const uint8_t *private_key,
                                           size_t private_key_length,
                                           struct redpack_error **error);

enum redpack_status redpack_config_set_pkcs12_file(struct redpack_config *config,
                                                   const char *path,
                                                   const char *passphrase,
                                                   struct redpack_error **error);

enum redpack_status redpack_config_set_pkcs12(struct redpack_config *config,
                                              const uint8_t *pkcs12,
                                              size_t pkcs12_length,
                                              const char *passphrase,
                                              struct redpack_error **error);

enum redpack_status redpack_config_set_workwx_secret(struct redpack_config *config,
                                                     const char *secret,
                                                     struct redpack_error **error);

enum redpack_status redpack_config_set_roots_file(struct redpack_config *config,
                                                  const char *path,
                                                  struct redpack_error **error);

enum redpack_status redpack_config_set_roots_pem(struct redpack_config *config,
                                                 const uint8_t *roots,
                                                 size_t roots_length,
                                                 struct redpack_error **error);

enum redpack_status redpack_config_set_roots_system(struct redpack_config *config,
                                                    struct redpack_error **error);

enum redpack_status redpack_config_set_base_url(struct redpack_config *config,
                                                const char *base_url,
                                                struct redpack_error **error);

enum redpack_status redpack_config_set_backup_url(struct redpack_config *config,
                                                  const char *backup_url,
                                                  struct redpack_error **error);

enum redpack_status redpack_config_set_failover(struct redpack_config *config,
                                                int32_t failover,
                                                struct redpack_error **error);

enum redpack_status redpack_config_set_connect_limit_ms(struct redpack_config *config,
                                                        uint32_t connect_limit_ms,
                                                        struct redpack_error **error);

enum redpack_status redpack_config_set_attempt_limit_ms(struct redpack_config *config,
                                                        uint32_t attempt_limit_ms,
                                                        struct redpack_error **error);

enum redpack_status redpack_config_set_proxy(struct redpack_config *config,
                                             const char *proxy,
                                             struct redpack_error **error);

enum redpack_status redpack_config_set_source_address(struct redpack_config *config,
                                                      const char *source_address,
                                                      struct redpack_error **error);

enum redpack_status redpack_config_set_ipv4_only(struct redpack_config *config,
                                                 bool ipv4_only,
                                                 struct redpack_error **error);

enum redpack_status redpack_config_set_pace(struct redpack_config *config,
                                            uint32_t per_second,
                                            struct redpack_error **error);

enum redpack_status redpack_config_set_paced_sends(struct redpack_config *config,
                                                   bool paced_sends,
                                                   struct redpack_error **error);

enum redpack_status redpack_config_set_caps(struct redpack_config *config,
                                            int64_t order_fen,
                                            int64_t recipient_day_fen,
                                            int64_t merchant_day_fen,
                                            struct redpack_error **error);

enum redpack_status redpack_config_set_journal(struct redpack_config *config,
                                               const struct redpack_journal *journal,
                                               struct redpack_error **error);

enum redpack_status redpack_config_set_journal_url(struct redpack_config *config,
                                                   const char *url,
                                                   struct redpack_error **error);

enum redpack_status redpack_config_set_attempt_callback(struct redpack_config *config,
                                                        redpack_attempt_callback callback,
                                                        void *user,
                                                        struct redpack_error **error);

enum redpack_status redpack_client_new(const struct redpack_config *config,
                                       struct redpack_client **client,
                                       struct redpack_error **error);

enum redpack_status redpack_client_shared(const struct redpack_config *config,
                                          struct redpack_client **client,
                                          struct redpack_error **error);

void redpack_client_free(struct redpack_client *client);

enum redpack_status redpack_client_send(const struct redpack_client *client,
                                        const struct redpack_request *request,
                                        struct redpack_send_result **result,
                                        struct redpack_error **error);

enum redpack_status redpack_client_query(const struct redpack_client *client,
                                         const struct redpack_request *request,
                                         struct redpack_query_result **result,
                                         struct redpack_error **error);

enum redpack_status redpack_client_call(const struct redpack_client *client,
                                        const struct redpack_call *call,
                                        struct redpack_answer **answer,
                                        struct redpack_error **error);

enum redpack_status redpack_client_check(const struct redpack_client *client,
                                         struct redpack_check **check,
                                         struct redpack_error **error);

enum redpack_status redpack_client_journal(const struct redpack_client *client,
                                           struct redpack_journal **journal,
                                           struct redpack_error **error);

enum redpack_status redpack_client_replace_pem_files(const struct redpack_client *client,
                                                     const char *certificate_path,
                                                     const char *private_key_path,
                                                     struct redpack_error **error);

enum redpack_status redpack_client_replace_pem(const struct redpack_client *client,
                                               const uint8_t *certificate,
                                               size_t certificate_length,
                                               const uint8_t *private_key,
                                               size_t private_key_length,
                                               struct redpack_error **error);

enum redpack_status redpack_client_replace_pkcs12_file(const struct redpack_client *client,
                                                       const char *path,
                                                       const char *passphrase,
                                                       struct redpack_error **error);

enum redpack_status redpack_client_replace_pkcs12(const struct redpack_client *client,
                                                  const uint8_t *pkcs12,
                                                  size_t pkcs12_length,
                                                  const char *passphrase,
                                                  struct redpack_error **error);

enum redpack_status redpack_client_replace_api_key(const struct redpack_client *client,
                                                   const char *api_key,
                                                   struct redpack_error **error);

enum redpack_status redpack_request_new(const char *endpoint,
                                        struct redpack_request **request,
                                        struct redpack_error **error);

void redpack_request_free(struct redpack_request *request);

enum redpack_status redpack_request_set_text(struct redpack_request *request,
                                             const char *name,
                                             const char *value,
                                             struct redpack_error **error);

enum redpack_status redpack_request_set_fen(struct redpack_request *request,
                                            const char *name,
                                            int64_t fen,
                                            struct redpack_error **error);

enum redpack_status redpack_request_set_intent(struct redpack_request *request,
                                               const char *intent,
                                               struct redpack_error **error);

const char *redpack_request_endpoint(const struct redpack_request *request);

void redpack_send_result_free(struct redpack_send_result *send_result);

const char *redpack_send_result_mch_billno(const struct redpack_send_result *send_result);

const char *redpack_send_result_send_listid(const struct redpack_send_result *send_result);

const char *redpack_send_result_package(const struct redpack_send_result *send_result);

int64_t redpack_send_result_total_amount(const struct redpack_send_result *send_result);

int64_t redpack_send_result_send_time(const struct redpack_send_result *send_result);

bool redpack_send_result_recorded(const struct redpack_send_result *send_result);

const struct redpack_answer *redpack_send_result_answer(const struct redpack_send_result *send_result);

void redpack_query_result_free(struct redpack_query_result *query_result);

const char *redpack_query_result_mch_billno(const struct redpack_query_result *query_result);

bool redpack_query_result_found(const struct redpack_query_result *query_result);

enum redpack_outcome redpack_query_result_outcome(const struct redpack_query_result *query_result);

enum redpack_advice redpack_query_result_advice(const struct redpack_query_result *query_result);

enum redpack_scope redpack_query_result_scope(const struct redpack_query_result *query_result);

int64_t redpack_query_result_not_before(const struct redpack_query_result *query_result);

const char *redpack_query_result_status(const struct redpack_query_result *query_result);

const char *redpack_query_result_reason(const struct redpack_query_result *query_result);

const char *redpack_query_result_detail_id(const struct redpack_query_result *query_result);

int64_t redpack_query_result_total_amount(const struct redpack_query_result *query_result);

int64_t redpack_query_result_refund_amount(const struct redpack_query_result *query_result);

int64_t redpack_query_result_send_time(const struct redpack_query_result *query_result);

int64_t redpack_query_result_refund_time(const struct redpack_query_result *query_result);

size_t redpack_query_result_receiver_count(const struct redpack_query_result *query_result);

const char *redpack_query_result_receiver_openid(const struct redpack_query_result *query_result,
                                                 size_t index);

int64_t redpack_query_result_receiver_amount(const struct redpack_query_result *query_result, size_t index);

int64_t redpack_query_result_receiver_time(const struct redpack_query_result *query_result, size_t index);

const struct redpack_answer *redpack_query_result_answer(const struct redpack_query_result *query_result);

void redpack_answer_free(struct redpack_answer *answer);

const char *redpack_answer_text(const struct redpack_answer *answer, const char *name);

const char *redpack_answer_element_name(const struct redpack_answer *answer);

const char *redpack_answer_element_text(const struct redpack_answer *answer);

size_t redpack_answer_count(const struct redpack_answer *answer);

const char *redpack_answer_name(const struct redpack_answer *answer, size_t index);

const char *redpack_answer_value(const struct redpack_answer *answer, size_t index);

const char *redpack_answer_raw_value(const struct redpack_answer *answer, size_t index);

const struct redpack_answer *redpack_answer_child(const struct redpack_answer *answer, size_t index);

enum redpack_status redpack_call_new(const char *path,
                                     struct redpack_call **call,
                                     struct redpack_error **error);

void redpack_call_free(struct redpack_call *call);

enum redpack_status redpack_call_set_field(struct redpack_call *call,
                                           const char *name,
                                           const char *value,
                                           struct redpack_error **error);

enum redpack_status redpack_call_set_sign_type(struct redpack_call *call,
                                               int32_t sign_type,
                                               struct redpack_error **error);

enum redpack_status redpack_call_set_merchant_field(struct redpack_call *call,
                                                    const char *name,
                                                    struct redpack_error **error);

enum redpack_status redpack_call_set_signed_answer(struct redpack_call *call,
                                                   bool required,
                                                   struct redpack_error **error);

enum redpack_status redpack_client_settle(const struct redpack_client *client,
                                          const struct redpack_request *request,
                                          uint64_t limit_ms,
                                          struct redpack_settlement **settlement,
                                          struct redpack_error **error);

enum redpack_status redpack_client_settle_number(const struct redpack_client *client,
                                                 const char *mch_billno,
                                                 uint64_t limit_ms,
                                                 struct redpack_settlement **settlement,
                                                 struct redpack_error **error);

enum redpack_status redpack_client_amend(const struct redpack_client *client,
                                         const struct redpack_request *request,
                                         struct redpack_settlement **settlement,
                                         struct redpack_error **error);

enum redpack_status redpack_client_close(const struct redpack_client *client,
                                         const char *mch_billno,
                                         struct redpack_settlement **settlement,
                                         struct redpack_error **error);

enum redpack_status redpack_client_resolve(const struct redpack_client *client,
                                           const char *mch_billno,
                                           int32_t evidence,
                                           const char *send_listid,
                                           const char *who,
                                           const char *why,
                                           struct redpack_settlement **settlement,
                                           struct redpack_error **error);

enum redpack_status redpack_client_recover(const struct redpack_client *client,
                                           uint64_t limit_ms,
                                           struct redpack_recovered **recovered,
                                           struct redpack_error **error);

enum redpack_status redpack_client_reconcile(const struct redpack_client *client,
                                             uint64_t limit_ms,
                                             struct redpack_reconciled **reconciled,
                                             struct redpack_error **error);

void redpack_settlement_free(struct redpack_settlement *settlement);

bool redpack_settlement_settled(const struct redpack_settlement *settlement);

enum redpack_outcome redpack_settlement_outcome(const struct redpack_settlement *settlement);

enum redpack_advice redpack_settlement_advice(const struct redpack_settlement *settlement);

enum redpack_scope redpack_settlement_scope(const struct redpack_settlement *settlement);

int64_t redpack_settlement_look_again(const struct redpack_settlement *settlement);

uint32_t redpack_settlement_attempts(const struct redpack_settlement *settlement);

uint32_t redpack_settlement_queries(const struct redpack_settlement *settlement);

size_t redpack_settlement_host_count(const struct redpack_settlement *settlement);

const char *redpack_settlement_host(const struct redpack_settlement *settlement, size_t index);

const char *redpack_settlement_trouble(const struct redpack_settlement *settlement);

const struct redpack_order *redpack_settlement_order(const struct redpack_settlement *settlement);

void redpack_recovered_free(struct redpack_recovered *recovered);

size_t redpack_recovered_count(const struct redpack_recovered *recovered);

size_t redpack_recovered_open_count(const struct redpack_recovered *recovered);

uint32_t redpack_recovered_waiting(const struct redpack_recovered *recovered);

int64_t redpack_recovered_next_due(const struct redpack_recovered *recovered);

const struct redpack_settlement *redpack_recovered_settlement(const struct redpack_recovered *recovered,
                                                              size_t index);

void redpack_reconciled_free(struct redpack_reconciled *reconciled);

uint32_t redpack_reconciled_asked(const struct redpack_reconciled *reconciled);

uint32_t redpack_reconciled_failed(const struct redpack_reconciled *reconciled);

int64_t redpack_reconciled_refunded_fen(const struct redpack_reconciled *reconciled);

size_t redpack_reconciled_count(const struct redpack_reconciled *reconciled, int32_t group);

const struct redpack_order *redpack_reconciled_order(const struct redpack_reconciled *reconciled,
                                                     int32_t group,
                                                     size_t index);

enum redpack_status redpack_journal_open(const char *url,
                                         struct redpack_journal **journal,
                                         struct redpack_error **error);

void redpack_journal_free(struct redpack_journal *journal);

enum redpack_status redpack_journal_order(const struct redpack_journal *journal,
                                          const char *mch_id,
                                          const char *mch_billno,
                                          struct redpack_order **order,
                                          struct redpack_error **error);

enum redpack_status redpack_journal_order_of_intent(const struct redpack_journal *journal,
                                                    const char *mch_id,
                                                    const char *intent,
                                                    struct redpack_order **order,
                                                    struct redpack_error **error);

enum redpack_status redpack_journal_list(const struct redpack_journal *journal,
                                         const char *mch_id,
                                         const char *state,
                                         int64_t after,
                                         uint32_t limit,
                                         struct redpack_orders **orders,
                                         struct redpack_error **error);

enum redpack_status redpack_journal_attempts(const struct redpack_journal *journal,
                                             const char *mch_id,
                                             const char *mch_billno,
                                             struct redpack_attempts **attempts,
                                             struct redpack_error **error);

enum redpack_status redpack_journal_pause(const struct redpack_journal *journal,
                                          const char *mch_id,
                                          uint64_t length_ms,
                                          const char *reason,
                                          struct redpack_error **error);

enum redpack_status redpack_journal_resume(const struct redpack_journal *journal,
                                           const char *mch_id,
                                           struct redpack_error **error);

enum redpack_status redpack_journal_paused(const struct redpack_journal *journal,
                                           const char *mch_id,
                                           bool *paused,
                                           struct redpack_error **error);

enum redpack_status redpack_journal_pause_reason(const struct redpack_journal *journal,
                                                 const char *mch_id,
                                                 int64_t *until,
                                                 struct redpack_text **reason,
                                                 struct redpack_error **error);

enum redpack_status redpack_journal_spent_today(const struct redpack_journal *journal,
                                                const char *mch_id,
                                                const char *re_openid,
                                                int64_t *spent,
                                                struct redpack_error **error);

enum redpack_status redpack_journal_suspected(const struct redpack_journal *journal,
                                              bool *suspected,
                                              struct redpack_error **error);

enum redpack_status redpack_journal_suspicion(const struct redpack_journal *journal,
                                              struct redpack_text **evidence,
                                              struct redpack_error **error);

enum redpack_status redpack_journal_accept_restore(const struct redpack_journal *journal,
                                                   const char *who,
                                                   const char *why,
                                                   struct redpack_error **error);

void redpack_order_free(struct redpack_order *order);

const char *redpack_order_mch_id(const struct redpack_order *order);

const char *redpack_order_mch_billno(const struct redpack_order *order);

const char *redpack_order_intent(const struct redpack_order *order);

const char *redpack_order_state(const struct redpack_order *order);

enum redpack_outcome redpack_order_outcome(const struct redpack_order *order);

bool redpack_order_settled(const struct redpack_order *order);

bool redpack_order_ambiguous(const struct redpack_order *order);

int64_t redpack_order_total_amount(const struct redpack_order *order);

enum redpack_advice redpack_order_advice(const struct redpack_order *order);

enum redpack_scope redpack_order_scope(const struct redpack_order *order);

int64_t redpack_order_queried_at(const struct redpack_order *order);

const char *redpack_order_err_code(const struct redpack_order *order);

const char *redpack_order_send_listid(const struct redpack_order *order);

const char *redpack_order_query_status(const struct redpack_order *order);

uint32_t redpack_order_attempts(const struct redpack_order *order);

uint32_t redpack_order_queries(const struct redpack_order *order);

int64_t redpack_order_created_at(const struct redpack_order *order);

int64_t redpack_order_updated_at(const struct redpack_order *order);

int64_t redpack_order_first_attempt_at(const struct redpack_order *order);

int64_t redpack_order_not_before(const struct redpack_order *order);

int64_t redpack_order_seq(const struct redpack_order *order);

const char *redpack_order_field(const struct redpack_order *order, const char *name);

void redpack_orders_free(struct redpack_orders *orders);

size_t redpack_orders_count(const struct redpack_orders *orders);

const struct redpack_order *redpack_orders_order(const struct redpack_orders *orders, size_t index);

void redpack_attempts_free(struct redpack_attempts *attempts);

size_t redpack_attempts_count(const struct redpack_attempts *attempts);

const char *redpack_attempts_host(const struct redpack_attempts *attempts, size_t index);

const char *redpack_attempts_outcome(const struct redpack_attempts *attempts, size_t index);

const char *redpack_attempts_err_code(const struct redpack_attempts *attempts, size_t index);

const char *redpack_attempts_phase(const struct redpack_attempts *attempts, size_t index);

int64_t redpack_attempts_began_at(const struct redpack_attempts *attempts, size_t index);

int64_t redpack_attempts_elapsed_ms(const struct redpack_attempts *attempts, size_t index);

int32_t redpack_attempts_http_status(const struct redpack_attempts *attempts, size_t index);

const char *redpack_attempts_advice(const struct redpack_attempts *attempts, size_t index);

int64_t redpack_attempts_finished_at(const struct redpack_attempts *attempts, size_t index);

bool redpack_attempts_late(const struct redpack_attempts *attempts, size_t index);

enum redpack_status redpack_journal_decisions(const struct redpack_journal *journal,
                                              const char *mch_id,
                                              const char *mch_billno,
                                              struct redpack_decisions **decisions,
                                              struct redpack_error **error);

void redpack_decisions_free(struct redpack_decisions *decisions);

size_t redpack_decisions_count(const struct redpack_decisions *decisions);

const char *redpack_decisions_evidence(const struct redpack_decisions *decisions, size_t index);

const char *redpack_decisions_who(const struct redpack_decisions *decisions, size_t index);

const char *redpack_decisions_why(const struct redpack_decisions *decisions, size_t index);

const char *redpack_decisions_state_before(const struct redpack_decisions *decisions, size_t index);

int64_t redpack_decisions_at(const struct redpack_decisions *decisions, size_t index);

void redpack_check_free(struct redpack_check *check);

const char *redpack_check_mch_id(const struct redpack_check *check);

const char *redpack_check_base_url(const struct redpack_check *check);

const char *redpack_check_backup_url(const struct redpack_check *check);

const char *redpack_check_common_name(const struct redpack_check *check);

const char *redpack_check_serial_number(const struct redpack_check *check);

int64_t redpack_check_not_before(const struct redpack_check *check);

int64_t redpack_check_not_after(const struct redpack_check *check);

int64_t redpack_check_days_left(const struct redpack_check *check);

size_t redpack_check_finding_count(const struct redpack_check *check);

const char *redpack_check_finding(const struct redpack_check *check, size_t index);

const char *redpack_check_finding_text(const struct redpack_check *check, size_t index);

const char *redpack_event_path(const struct redpack_event *event);

const char *redpack_event_mch_billno(const struct redpack_event *event);

const char *redpack_event_host(const struct redpack_event *event);

const char *redpack_event_phase(const struct redpack_event *event);

const char *redpack_event_kind(const struct redpack_event *event);

const char *redpack_event_err_code(const struct redpack_event *event);

enum redpack_outcome redpack_event_outcome(const struct redpack_event *event);

uint64_t redpack_event_elapsed_us(const struct redpack_event *event);

bool redpack_event_connection_reused(const struct redpack_event *event);

int32_t redpack_event_http_status(const struct redpack_event *event);

enum redpack_status redpack_set_log_callback(int32_t level,
                                             redpack_log_callback callback,
                                             void *user,
                                             struct redpack_error **error);

enum redpack_status redpack_fields_new(struct redpack_fields **fields, struct redpack_error **error);

void redpack_fields_free(struct redpack_fields *fields);

enum redpack_status redpack_fields_add(struct redpack_fields *fields,
                                       const char *name,
                                       const char *value,
                                       struct redpack_error **error);

size_t redpack_fields_count(const struct redpack_fields *fields);

enum redpack_status redpack_sign(const struct redpack_fields *fields,
                                 const char *key,
                                 int32_t sign_type,
                                 char *signature,
                                 struct redpack_error **error);

enum redpack_status redpack_verify(const struct redpack_fields *fields,
                                   const char *key,
                                   const char *signature,
                                   bool *genuine,
                                   struct redpack_error **error);

enum redpack_status redpack_workwx_sign(const struct redpack_fields *fields,
                                        const char *secret,
                                        char *signature,
                                        struct redpack_error **error);

enum redpack_status redpack_pay_sign(const char *app_id,
                                     const char *time_stamp,
                                     const char *nonce_str,
                                     const char *package,
                                     const char *key,
                                     char *signature,
                                     struct redpack_error **error);

enum redpack_status redpack_package_encoded(const char *package,
                                            struct redpack_text **encoded,
                                            struct redpack_error **error);

enum redpack_status redpack_canonical(const struct redpack_fields *fields,
                                      struct redpack_text **canonical,
                                      struct redpack_error **error);

enum redpack_status redpack_xml_write(const struct redpack_fields *fields,
                                      struct redpack_text **xml,
                                      struct redpack_error **error);

enum redpack_status redpack_xml_read(const uint8_t *xml,
                                     size_t xml_length,
                                     struct redpack_answer **answer,
                                     struct redpack_error **error);

enum redpack_status redpack_risk_info(const char *posttime,
                                      const char *mobile,
                                      const char *deviceid,
                                      const char *clientversion,
                                      struct redpack_text **risk_info,
                                      struct redpack_error **error);

enum redpack_status redpack_mask_openid(const char *openid,
                                        struct redpack_text **masked,
                                        struct redpack_error **error);

enum redpack_status redpack_new_mch_billno(const char *mch_id,
                                           char *mch_billno,
                                           struct redpack_error **error);

bool redpack_is_mch_billno(const char *mch_billno);

enum redpack_status redpack_fen_from_yuan(const char *yuan, int64_t *fen, struct redpack_error **error);

enum redpack_status redpack_fen_to_yuan(int64_t fen, char *yuan, struct redpack_error **error);

void redpack_text_free(struct redpack_text *text);

const char *redpack_text_data(const struct redpack_text *text);

size_t redpack_text_length(const struct redpack_text *text);

enum redpack_status redpack_time_from_wire(const char *text, int64_t *time, struct redpack_error **error);

enum redpack_status redpack_time_to_wire(int64_t time, char *text, struct redpack_error **error);

enum redpack_status redpack_request_encode(const struct redpack_request *request,
                                           const struct redpack_config *config,
                                           struct redpack_wire **wire,
                                           struct redpack_error **error);

enum redpack_status redpack_call_encode(const struct redpack_call *call,
                                        const struct redpack_config *config,
                                        struct redpack_wire **wire,
                                        struct redpack_error **error);

void redpack_wire_free(struct redpack_wire *wire);

const char *redpack_wire_path(const struct redpack_wire *wire);

const char *redpack_wire_body(const struct redpack_wire *wire);

size_t redpack_wire_body_length(const struct redpack_wire *wire);

const char *redpack_wire_nonce_str(const struct redpack_wire *wire);

const char *redpack_wire_mch_billno(const struct redpack_wire *wire);

enum redpack_status redpack_wire_read_send(const struct redpack_wire *wire,
                                           const struct redpack_config *config,
                                           int32_t http_status,
                                           const uint8_t *body,
                                           size_t body_length,
                                           struct redpack_send_result **result,
                                           struct redpack_error **error);

enum redpack_status redpack_wire_read_query(const struct redpack_wire *wire,
                                            const struct redpack_config *config,
                                            int32_t http_status,
                                            const uint8_t *body,
                                            size_t body_length,
                                            int64_t now,
                                            struct redpack_query_result **result,
                                            struct redpack_error **error);

enum redpack_status redpack_wire_read_call(const struct redpack_wire *wire,
                                           const struct redpack_config *config,
                                           int32_t http_status,
                                           const uint8_t *body,
                                           size_t body_length,
                                           struct redpack_answer **answer,
                                           struct redpack_error **error);

size_t redpack_kind_count(void);

const char *redpack_kind_name(size_t index);

size_t redpack_journal_kind_count(void);

const char *redpack_journal_kind_name(size_t index);

size_t redpack_code_count(void);

const char *redpack_code_name(size_t index);

size_t redpack_query_status_count(void);

const char *redpack_query_status_name(size_t index);

size_t redpack_state_count(void);

const char *redpack_state_name(size_t index);

enum redpack_status redpack_kind_verdict(const char *kind,
                                         enum redpack_outcome *outcome,
                                         enum redpack_advice *advice,
                                         enum redpack_scope *scope,
                                         struct redpack_error **error);

enum redpack_status redpack_code_verdict(const char *err_code,
                                         enum redpack_outcome *outcome,
                                         enum redpack_advice *advice,
                                         enum redpack_scope *scope,
                                         struct redpack_error **error);

enum redpack_status redpack_communication_verdict(const char *err_code,
                                                  enum redpack_outcome *outcome,
                                                  enum redpack_advice *advice,
                                                  enum redpack_scope *scope,
                                                  struct redpack_error **error);

enum redpack_status redpack_query_status_verdict(const char *query_status,
                                                 enum redpack_outcome *outcome,
                                                 enum redpack_advice *advice,
                                                 enum redpack_scope *scope,
                                                 struct redpack_error **error);

size_t redpack_endpoint_count(void);

const char *redpack_endpoint_name(size_t index);

const char *redpack_endpoint_path(size_t index);

size_t redpack_endpoint_field_count(const char *endpoint);

const char *redpack_endpoint_field_name(const char *endpoint, size_t index);

size_t redpack_endpoint_field_max_bytes(const char *endpoint, size_t index);

bool redpack_endpoint_field_required(const char *endpoint, size_t index);
