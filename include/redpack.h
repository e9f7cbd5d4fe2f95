/*
 * redpack: WeChat Pay cash red packets, never paid twice, no outcome lost, no key leaked.
 *
 * CONVENTIONS. They hold for every function; what a function's own comment says comes on top.
 *
 * Money. An order is its mch_billno. A send ends in REDPACK_STATUS_OK (sent), or in an error that carries an
 * outcome and an advice. No status and no outcome permits a new order: only REDPACK_ADVICE_NEW_ORDER_ALLOWED does.
 * All else goes on under the same mch_billno. Amounts are whole fen (100 fen are 1 yuan). Use a journal: without one
 * the memory of what was sent is yours, and so is all that is said below of another process or a crash.
 *
 * From advice to call, with a journal. The same intent (or mch_billno) in every call; not before the time that
 * redpack_error_not_before or redpack_settlement_look_again tells.
 *
 *   REDPACK_ADVICE_NONE               Paid. Later redpack_client_reconcile: claimed, or the money back?
 *   REDPACK_ADVICE_RETRY_SAME_ORDER   redpack_client_settle again, with the same order.
 *   REDPACK_ADVICE_QUERY_FIRST        redpack_client_settle again: it asks first. Or redpack_client_query. Where the
 *                                     outcome is still REDPACK_OUTCOME_REJECTED after a query was answered, more
 *                                     queries tell nothing new: redpack_client_close, or redpack_client_send once more.
 *   REDPACK_ADVICE_FIX_ORDER          redpack_client_amend with the corrected field, then redpack_client_settle. To give
 *                                     up, or for another recipient or amount: redpack_client_close.
 *   REDPACK_ADVICE_FIX_SETUP          Stop. Correct the settings, then redpack_client_settle again.
 *   REDPACK_ADVICE_NEW_ORDER_ALLOWED  Not paid, and never will be. If it is still owed: redpack_client_settle with a
 *                                     new intent (redpack_request_set_intent says which).
 *   REDPACK_ADVICE_ASK_OPERATOR       A person looks into the merchant console, then redpack_client_resolve. Of kind
 *                                     "journal_suspected": redpack_journal_suspicion, redpack_journal_accept_restore.
 *
 * With REDPACK_SCOPE_MERCHANT no other order of the merchant fares better: stop. At the start and from time to time
 * redpack_client_recover, which finishes what a crash left open.
 *
 * Names and lifetimes. redpack_X_new (or a function with "redpack_X **") makes a redpack_X that is yours;
 * redpack_X_free ends it, exactly once, and takes NULL. Whatever a getter returns (text, bytes, a const handle) is
 * borrowed: never free it; it lives as long as the handle that it came from. Nothing else is ever to be freed.
 *
 * Input. Text is NUL-terminated UTF-8. Bytes are a pointer and a length; any pointer will do with length 0. Text,
 * bytes and handles that you pass need to live for the call only, unless said otherwise: what is kept is copied.
 * Numbers of an enumeration that you pass are int32_t; one that doesn't exist is an error.
 *
 * Output. Outputs come last and are written only on success (REDPACK_STATUS_OK); otherwise they are untouched, so
 * begin with NULL. "redpack_error **error" is the very last, is written only on failure, and may be NULL if the
 * status is enough; what it pointed to before is overwritten and not freed, so free an error before the next call
 * and begin with NULL again. Getters return NULL, 0 or false where there is nothing to tell, and for a NULL handle.
 *
 * Failure. NULL where something must be, text that is not UTF-8, an unknown field or number: a status from 10 to
 * 19, and nothing was done, nothing sent. A request whose fields break rules is refused when it is used, with all
 * broken fields together: REDPACK_STATUS_NOT_SENT, of a query REDPACK_STATUS_UNKNOWN. A defect of the library is
 * caught and becomes REDPACK_STATUS_PANIC. No function aborts, exits, throws or changes errno on purpose.
 *
 * Threads. A parameter "const redpack_X *" may be shared: any number of threads may use that handle at once. A
 * parameter without const wants the handle for itself, and so does redpack_X_free. The library starts no thread;
 * calls block; callbacks run on the thread that makes the call. After fork, parent and child both go on using their
 * clients and journals (fork while no other thread is in a call); the child opens connections of its own.
 *
 * Units. Times are seconds since 1970 in UTC, 0 for none; durations say their unit (_ms); lengths are bytes.
 *
 * Secrets. Keys, passphrases and what is signed appear in no error, message or log; openids are masked there, and
 * whole only in results, answers and orders. The library's copies of keys are cleared when freed; yours are yours.
 *
 * Signals. No function raises SIGPIPE or installs a handler: a connection that breaks is an error like others. In
 * callbacks and signal handlers of yours, don't call this library but where a comment permits it.
 *
 * A FIRST PROGRAM. Each step runs if those before it were good; there is one error at most, and it is freed once.
 * ffi/examples has whole programs. The journal has been made before, once, without "?create=no".
 *
 *   redpack_config *config = NULL;  redpack_client *client = NULL;  redpack_request *order = NULL;
 *   redpack_settlement *paid = NULL;  redpack_error *error = NULL;
 *   bool ok =
 *     !redpack_config_new("1900000109", "wx8888888888888888", getenv("API_KEY"), &config, &error) &&
 *     !redpack_config_set_pem_files(config, "apiclient_cert.pem", "apiclient_key.pem", &error) &&
 *     !redpack_config_set_journal_url(config, "sqlite:/var/lib/shop/payments.db?create=no", &error) &&
 *     !redpack_client_new(config, &client, &error) &&
 *     !redpack_request_new("sendredpack", &order, &error) &&
 *     !redpack_request_set_intent(order, "invoice-7", &error) &&
 *     !redpack_request_set_text(order, "re_openid", "oxTWIuGaIt6gTKsQRLau2M0yL16E", &error) &&
 *     !redpack_request_set_fen(order, "total_amount", 100, &error) &&
 *     ... send_name, act_name, wishing, remark in the same way ... &&
 *     !redpack_client_settle(client, order, 60000, &paid, &error);
 *   if (ok && redpack_settlement_outcome(paid) == REDPACK_OUTCOME_SENT)
 *     puts("paid");
 *   else
 *     switch (ok ? redpack_settlement_advice(paid) : redpack_error_advice(error)) { ... the table above ... }
 *   redpack_error_free(error);  redpack_settlement_free(paid);  redpack_request_free(order);
 *   redpack_client_free(client);  redpack_config_free(config);
 */

#ifndef REDPACK_H
#define REDPACK_H

/* Generated from ffi/src. Don't edit: BLESS=1 cargo test -p redpack-ffi --test header */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The version of this header; redpack_version() tells the library's. */
#define REDPACK_VERSION "0.1.0"
#define REDPACK_VERSION_MAJOR 0
#define REDPACK_VERSION_MINOR 1
#define REDPACK_VERSION_PATCH 0

/**
 * The number that redpack_abi_version() returns.
 */
#define REDPACK_ABI_VERSION 1

/**
 * What redpack_config_set_connect_limit_ms replaces, in milliseconds.
 */
#define REDPACK_DEFAULT_CONNECT_LIMIT_MS 5000

/**
 * What redpack_config_set_attempt_limit_ms replaces, in milliseconds.
 */
#define REDPACK_DEFAULT_ATTEMPT_LIMIT_MS 20000

/**
 * What redpack_config_set_pace replaces, in requests a second.
 */
#define REDPACK_DEFAULT_PACE 30

/**
 * A good limit for settling, recovering and reconciling, in milliseconds.
 */
#define REDPACK_DEFAULT_SETTLE_LIMIT_MS 60000

/**
 * The size of a buffer for a signature: 64 characters and a NUL.
 */
#define REDPACK_SIGNATURE_SIZE 65

/**
 * The size of a buffer for an order number: 28 characters and a NUL.
 */
#define REDPACK_MCH_BILLNO_SIZE 29

/**
 * The size of a buffer for an amount in yuan, with a NUL.
 */
#define REDPACK_YUAN_SIZE 24

/**
 * The size of a buffer for a time as the service writes it: 19 characters and a NUL.
 */
#define REDPACK_TIME_SIZE 20

/**
 * How a call went. Enough for a switch; the optional error object says the rest.
 *
 * 10 to 19: the call itself is wrong, nothing was done and nothing sent. Status, outcome and advice then speak of
 * this call only, never of an order. 20 to 29: what is known of the money. Only REDPACK_ADVICE_NEW_ORDER_ALLOWED
 * permits a new order, no status does.
 */
typedef enum redpack_status {
  /**
   * Done; outputs are written.
   */
  REDPACK_STATUS_OK = 0,
  /**
   * A pointer is NULL that must not be. Nothing was done, nothing sent.
   */
  REDPACK_STATUS_NULL_ARGUMENT = 10,
  /**
   * A text is not UTF-8. Nothing was done, nothing sent.
   */
  REDPACK_STATUS_INVALID_UTF8 = 11,
  /**
   * An argument breaks a rule that the error names. Nothing was done, nothing sent.
   */
  REDPACK_STATUS_INVALID_ARGUMENT = 12,
  /**
   * No byte of the request can have reached the service. Also a send or settlement with a field that breaks a
   * rule: kind "invalid_request", and redpack_error_problem_field names it.
   */
  REDPACK_STATUS_NOT_SENT = 20,
  /**
   * The service refused the order, and nothing says that it holds it. No permission for a new order.
   */
  REDPACK_STATUS_REJECTED = 21,
  /**
   * The service holds, or may hold, the order unpaid, and may still pay it by itself.
   */
  REDPACK_STATUS_PENDING = 22,
  /**
   * The money may have moved, or this call says nothing of the money. So of every query that failed, also of
   * one with a broken field, which never left: kind "invalid_request". And of a call that the state of its
   * order does not permit (kind "not_permitted"), where redpack_error_outcome tells that state: it may be
   * REDPACK_OUTCOME_SENT.
   */
  REDPACK_STATUS_UNKNOWN = 23,
  /**
   * Credentials or settings can't be used. Nothing was sent.
   */
  REDPACK_STATUS_SETUP = 30,
  /**
   * A function of the journal failed, or a client could not open its journal. It says nothing of any order.
   * Nothing was written, unless the kind is "journal_ambiguous": then nobody knows, and the same call may be
   * made again.
   */
  REDPACK_STATUS_JOURNAL = 40,
  /**
   * A defect of the library, caught. Of a call that sends: the outcome is unknown.
   */
  REDPACK_STATUS_PANIC = 90,
} redpack_status;

/**
 * What is known of the money. No outcome by itself permits a new order.
 */
typedef enum redpack_outcome {
  /**
   * The getter was called with NULL.
   */
  REDPACK_OUTCOME_NONE = 0,
  /**
   * The service accepted the order and took the money from the merchant. It says that the money left, not that
   * it stayed away: a packet that nobody claims comes back after 24 hours, and stays REDPACK_OUTCOME_SENT.
   * That it is back is told by the state "refunded" (redpack_order_state) and by the status REFUND of a query.
   * Whether you pay again is then your decision: under a new intent or number.
   */
  REDPACK_OUTCOME_SENT = 1,
  /**
   * No byte of the request can have reached the service.
   */
  REDPACK_OUTCOME_NOT_SENT = 2,
  /**
   * The service refused the order, and nothing says that it holds it. A journal keeps it open until it is sent
   * after all, or closed (redpack_client_amend, redpack_client_close).
   */
  REDPACK_OUTCOME_REJECTED = 3,
  /**
   * The service holds, or may hold, the order unpaid, and may still pay it by itself. So also after NOTENOUGH
   * and after limits of the service: never pay it another way.
   */
  REDPACK_OUTCOME_PENDING = 4,
  /**
   * Everything else: the money may have moved.
   */
  REDPACK_OUTCOME_UNKNOWN = 5,
} redpack_outcome;

/**
 * What to do next. Only REDPACK_ADVICE_NEW_ORDER_ALLOWED permits a new order.
 */
typedef enum redpack_advice {
  /**
   * Nothing: the order was sent.
   */
  REDPACK_ADVICE_NONE = 0,
  /**
   * Every further call would fail in the same way: stop, and correct credentials, key, settings or product.
   * Where the outcome is unknown or pending, this order must still be settled after that.
   */
  REDPACK_ADVICE_FIX_SETUP = 1,
  /**
   * Correct a field of this order. With a journal, the fields of an order are those of its first preparation:
   * later ones are ignored, and the log says so. Give it others by redpack_client_amend. Amount and recipient
   * never change under one mch_billno: if they are wrong, close the order and make a new one under a new
   * intent. Kind "order_conflict": another payment has this number or intent (redpack_error_order).
   */
  REDPACK_ADVICE_FIX_ORDER = 2,
  /**
   * Send or settle again: the same mch_billno and the same fields, not before redpack_error_not_before.
   */
  REDPACK_ADVICE_RETRY_SAME_ORDER = 3,
  /**
   * Ask the service what became of the order, not before redpack_error_not_before, and keep the mch_billno.
   */
  REDPACK_ADVICE_QUERY_FIRST = 4,
  /**
   * This order failed for good: a new one, under a new mch_billno, can't pay twice. With a journal the old
   * intent leads to the closed order for ever: see redpack_request_set_intent.
   */
  REDPACK_ADVICE_NEW_ORDER_ALLOWED = 5,
  /**
   * No machine can settle it any more: look into the merchant console, then call redpack_client_resolve.
   */
  REDPACK_ADVICE_ASK_OPERATOR = 6,
} redpack_advice;

/**
 * Whom else an answer concerns.
 */
typedef enum redpack_scope {
  /**
   * This order only.
   */
  REDPACK_SCOPE_ORDER = 0,
  /**
   * Every order to this recipient.
   */
  REDPACK_SCOPE_RECIPIENT = 1,
  /**
   * Every order of this merchant: stop the queue. Settling and recovering do it by themselves for a time, and
   * a send does not: call redpack_journal_pause. With REDPACK_ADVICE_RETRY_SAME_ORDER, look who said so. An
   * err_code: the service. Kind "held_back": this side, by a stopped queue, a local limit or the pace. Kind
   * "journal": the journal could not be used. Kind "not_permitted": the last answer to this order
   * (redpack_order_err_code).
   */
  REDPACK_SCOPE_MERCHANT = 2,
} redpack_scope;

/**
 * How much is logged.
 */
typedef enum redpack_log_level {
  /**
   * Nothing.
   */
  REDPACK_LOG_LEVEL_OFF = 0,
  /**
   * Defects only.
   */
  REDPACK_LOG_LEVEL_ERROR = 1,
  /**
   * And what deserves a look.
   */
  REDPACK_LOG_LEVEL_WARN = 2,
  /**
   * And a line for each order.
   */
  REDPACK_LOG_LEVEL_INFO = 3,
  /**
   * And a line for each call.
   */
  REDPACK_LOG_LEVEL_DEBUG = 4,
} redpack_log_level;

/**
 * How a request is signed.
 */
typedef enum redpack_sign_type {
  /**
   * MD5: 32 characters. What the red-packet endpoints take.
   */
  REDPACK_SIGN_TYPE_MD5 = 0,
  /**
   * HMAC-SHA256: 64 characters.
   */
  REDPACK_SIGN_TYPE_HMAC_SHA256 = 1,
} redpack_sign_type;

/**
 * When the backup host takes over.
 */
typedef enum redpack_failover {
  /**
   * Never.
   */
  REDPACK_FAILOVER_OFF = 0,
  /**
   * When the primary host can't be reached, so that nothing can have left. The default.
   */
  REDPACK_FAILOVER_CONNECT_PHASE = 1,
  /**
   * Also for a later attempt of an order that may have reached the primary host; in settling only.
   */
  REDPACK_FAILOVER_AFTER_SENDING = 2,
} redpack_failover;

/**
 * What an operator found out, outside of this program.
 */
typedef enum redpack_evidence {
  /**
   * The money was paid. It is believed at any time.
   */
  REDPACK_EVIDENCE_PAID = 0,
  /**
   * It was paid, not claimed, and is back. The outcome is then REDPACK_OUTCOME_SENT, because the money left:
   * whether you pay again is your decision, under a new intent. It is believed at any time.
   */
  REDPACK_EVIDENCE_REFUNDED = 1,
  /**
   * It was not paid, and can't be any more. It closes the order, and is refused while the service may still
   * pay: in the 3 days after the first attempt, unless the order is "manual" already.
   */
  REDPACK_EVIDENCE_NOT_PAID = 2,
} redpack_evidence;

/**
 * Which orders of a reconciliation are meant.
 */
typedef enum redpack_group {
  /**
   * Those that were claimed.
   */
  REDPACK_GROUP_RECEIVED = 0,
  /**
   * Those that nobody has claimed yet.
   */
  REDPACK_GROUP_UNCLAIMED = 1,
  /**
   * Those whose money came back, or is on its way.
   */
  REDPACK_GROUP_REFUNDED = 2,
  /**
   * Those of which the service says otherwise than the journal: an operator must look.
   */
  REDPACK_GROUP_CONTRADICTING = 3,
} redpack_group;

/**
 * The fields of an answer as they came, in the order of the document. A field is text, or has fields in it.
 * May be read by several threads.
 *
 * Methods: redpack_answer_*.
 */
typedef struct redpack_answer redpack_answer;

/**
 * The attempts of one order, first to last. May be read by several threads.
 *
 * Methods: redpack_attempts_*.
 */
typedef struct redpack_attempts redpack_attempts;

/**
 * A call to any v2 endpoint. The merchant number, a nonce and the signature are added; all other fields are
 * yours, and all of them are signed. One thread fills it; then several may use it.
 *
 * Methods: redpack_call_*.
 */
typedef struct redpack_call redpack_call;

/**
 * What an inspection of credentials and settings found, without touching the network. May be read by several
 * threads.
 *
 * Methods: redpack_check_*.
 */
typedef struct redpack_check redpack_check;

/**
 * Sends red packets for one merchant and asks what became of them.
 *
 * Every call is exactly one request on the wire (settling, recovering and reconciling make several). It blocks
 * the calling thread, at most for the attempt limit, and starts no thread. One client serves any number of
 * threads at once, and connections are kept alive between calls. After fork, a child may use the client: it
 * opens connections of its own.
 *
 * Methods: redpack_client_*.
 */
typedef struct redpack_client redpack_client;

/**
 * What a client is made of. One thread fills it; redpack_client_new reads it and takes nothing from it, so
 * that several clients can be made of one. Its keys are cleared from memory when it is freed.
 *
 * Methods: redpack_config_*.
 */
typedef struct redpack_config redpack_config;

/**
 * What operators decided of an order (redpack_client_resolve), first to last. May be read by several threads.
 *
 * Methods: redpack_decisions_*.
 */
typedef struct redpack_decisions redpack_decisions;

/**
 * All that is to be said of a call that did not end well: what is known of the money, what to do next, and
 * why. It holds no secret, and its message no openid.
 *
 * Every fallible function takes "redpack_error **error" last. Pass NULL if the status is enough. It is
 * written only on failure, and then the object is yours: free it with redpack_error_free. A pointer in it is
 * overwritten, not freed. An error may be read by several threads.
 *
 * Methods: redpack_error_*.
 */
typedef struct redpack_error redpack_error;

/**
 * One call that reached for the network, told to the callback before its caller hears of it. No secrets, no
 * openids. It lives during the callback only, and there is nothing to free.
 *
 * Methods: redpack_event_*.
 */
typedef struct redpack_event redpack_event;

/**
 * Names and values, for signing and for writing XML. One thread fills it; then several may use it.
 *
 * Methods: redpack_fields_*.
 */
typedef struct redpack_fields redpack_fields;

/**
 * A journal of orders, which survives crashes: with one, no order is paid twice and no outcome is lost. It may be
 * used by any number of threads and, after fork, by the child.
 *
 * Methods: redpack_journal_*.
 */
typedef struct redpack_journal redpack_journal;

/**
 * An order as the journal has it. May be read by several threads.
 *
 * Methods: redpack_order_*.
 */
typedef struct redpack_order redpack_order;

/**
 * A page of orders. May be read by several threads.
 *
 * Methods: redpack_orders_free, redpack_orders_count, redpack_orders_order.
 */
typedef struct redpack_orders redpack_orders;

/**
 * A query that the service answered. NOT_FOUND is an answer, and not a failure of the order. May be read by
 * several threads.
 *
 * Methods: redpack_query_result_*.
 */
typedef struct redpack_query_result redpack_query_result;

/**
 * What became of orders that were sent. May be read by several threads.
 *
 * Methods: redpack_reconciled_*.
 */
typedef struct redpack_reconciled redpack_reconciled;

/**
 * Every order that was open and due, as it is now. May be read by several threads.
 *
 * Methods: redpack_recovered_*.
 */
typedef struct redpack_recovered redpack_recovered;

/**
 * A request to one endpoint: a value, or none yet, for each of its fields. One thread fills it; then several may
 * use it. Nothing is checked before it is used, so that all problems are reported together.
 *
 * Methods: redpack_request_*.
 */
typedef struct redpack_request redpack_request;

/**
 * A packet that was sent: the service took the money. Whether the user claims it, or it goes back after 24
 * hours, only a query tells. May be read by several threads.
 *
 * Methods: redpack_send_result_*.
 */
typedef struct redpack_send_result redpack_send_result;

/**
 * What a settlement came to: what is known of the order, what was done, when to look again. May be read by
 * several threads.
 *
 * Methods: redpack_settlement_*.
 */
typedef struct redpack_settlement redpack_settlement;

/**
 * A text that a function made.
 *
 * Methods: redpack_text_free, redpack_text_data, redpack_text_length.
 */
typedef struct redpack_text redpack_text;

/**
 * A request as bytes, ready to be posted. May be read by several threads.
 *
 * Methods: redpack_wire_*.
 */
typedef struct redpack_wire redpack_wire;

/**
 * Called on the thread that makes a call, after each attempt and before the caller hears of it. The event lives
 * during the callback only. The callback must not unwind (no C++ exception, no longjmp) and must not call the
 * client for the same order. "user" is the pointer that was given with the callback.
 */
typedef void (*redpack_attempt_callback)(const struct redpack_event *event, void *user);

/**
 * Called on the thread that makes a call. Texts live during the callback only; they hold no secret, and openids
 * are masked. It must not unwind (no C++ exception, no longjmp) and must not call this library. "user" is the
 * pointer that was given with the callback.
 */
typedef void (*redpack_log_callback)(enum redpack_log_level level,
                                     const char *target,
                                     const char *message,
                                     void *user);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the library that is loaded, such as "0.1.0". Never NULL; valid for ever. Any thread.
 */
const char *redpack_version(void);

/**
 * The number of the binary interface that is loaded. It changes when a program that was built against an
 * older header could no longer run; compare it with REDPACK_ABI_VERSION before all else if you load the
 * library at run time. Any thread.
 */
uint32_t redpack_abi_version(void);

/**
 * The word of a status, such as "not_sent", or NULL if there is no such status. Valid for ever. Any thread.
 */
const char *redpack_status_text(int32_t status);

/**
 * The word of an outcome, such as "not_sent", or NULL if there is none. Valid for ever. Any thread.
 */
const char *redpack_outcome_text(int32_t outcome);

/**
 * The word of an advice, such as "query_first", or NULL if there is none. Valid for ever. Any thread.
 */
const char *redpack_advice_text(int32_t advice);

/**
 * The word of a scope, such as "merchant", or NULL if there is none. Valid for ever. Any thread.
 */
const char *redpack_scope_text(int32_t scope);

/**
 * Frees an error and all that was borrowed from it. NULL is fine.
 */
void redpack_error_free(struct redpack_error *error);

/**
 * The status that the function returned. REDPACK_STATUS_NULL_ARGUMENT for NULL.
 */
enum redpack_status redpack_error_status(const struct redpack_error *error);

/**
 * What happened, as a word: "timeout", "answer", "invalid_request", "order_conflict", "null_argument" … Of an
 * order, decide by outcome and advice. redpack_kind_name lists the kinds of a client's calls. Beside them there
 * are "null_argument", "invalid_utf8" and "invalid_argument" for the statuses 10 to 12. Those of
 * REDPACK_STATUS_JOURNAL are listed by redpack_journal_kind_name; there the kind decides, because no order is
 * spoken of. Valid until the error is freed.
 */
const char *redpack_error_kind(const struct redpack_error *error);

/**
 * What is known of the money. It speaks of the order where redpack_error_order has one and the kind is not
 * "order_conflict". Else it speaks of this call only: an earlier call for the same order may have paid.
 */
enum redpack_outcome redpack_error_outcome(const struct redpack_error *error);

/**
 * What is known of this very call; it differs from the outcome where a journal knows more of the order.
 */
enum redpack_outcome redpack_error_attempt_outcome(const struct redpack_error *error);

/**
 * What to do next. REDPACK_ADVICE_ASK_OPERATOR for NULL.
 */
enum redpack_advice redpack_error_advice(const struct redpack_error *error);

/**
 * Whom else it concerns: with REDPACK_SCOPE_MERCHANT, stop the queue (see there).
 */
enum redpack_scope redpack_error_scope(const struct redpack_error *error);

/**
 * The earliest time to follow the advice, in seconds since 1970 (UTC); 0 where none is given. To wait is your
 * part; only redpack_client_settle waits by itself. With a journal, an earlier send is refused here: nothing
 * leaves (redpack_error_attempts is 0), and outcome and advice are those of the last answer. An earlier query is
 * made.
 */
int64_t redpack_error_not_before(const struct redpack_error *error);

/**
 * One line for people, without secrets, openids masked. Never branch on it. Valid until the error is
 * freed.
 */
const char *redpack_error_message(const struct redpack_error *error);

/**
 * The order number; NULL where the call had none. Valid until the error is freed.
 */
const char *redpack_error_mch_billno(const struct redpack_error *error);

/**
 * The err_code that the service answered to this call; NULL where it gave none. Valid until the error is freed.
 */
const char *redpack_error_err_code(const struct redpack_error *error);

/**
 * The words of the service, for people; NULL where it gave none. Valid until the error is freed.
 */
const char *redpack_error_err_code_des(const struct redpack_error *error);

/**
 * What is wrong with the credentials, as a word: "missing", "unreadable_file", "no_certificate", "no_private_key",
 * "encrypted_key", "unusable_key", "key_mismatch" (certificate and key don't belong together), "not_pkcs12",
 * "wrong_passphrase", "expired", "other_merchant", "api_key" or "roots"; NULL where nothing is. Valid until the
 * error is freed.
 */
const char *redpack_error_credential_fault(const struct redpack_error *error);

/**
 * The HTTP status; 0 where there was none.
 */
int32_t redpack_error_http_status(const struct redpack_error *error);

/**
 * How many requests may have left in this call: 0 or 1.
 */
uint32_t redpack_error_attempts(const struct redpack_error *error);

/**
 * How many arguments or fields break a rule.
 */
size_t redpack_error_problem_count(const struct redpack_error *error);

/**
 * The name of a field that breaks a rule; NULL past the end. Valid until the error is freed.
 */
const char *redpack_error_problem_field(const struct redpack_error *error, size_t index);

/**
 * The rule that it breaks, as the end of a sentence that starts with its name; NULL past the end. Valid
 * until the error is freed.
 */
const char *redpack_error_problem_rule(const struct redpack_error *error, size_t index);

/**
 * The length of its value in bytes; the value itself is never kept. 0 past the end.
 */
size_t redpack_error_problem_length(const struct redpack_error *error, size_t index);

/**
 * The answer of the service, where there was one that could be read; else NULL. Borrowed: never free it,
 * and don't use it after the error is freed.
 */
const struct redpack_answer *redpack_error_answer(const struct redpack_error *error);

/**
 * The order as the journal has it after the call; NULL without a journal, and where the journal did not get so
 * far. Of kind "order_conflict" it is the order that is there under this number or intent, which is not the one
 * that you asked for. Borrowed, as the answer is.
 */
const struct redpack_order *redpack_error_order(const struct redpack_error *error);

/**
 * What the server sent, as it came, understood or not: NULL and 0 where nothing came. It may hold openids.
 * "length" may be NULL. Valid until the error is freed.
 */
const uint8_t *redpack_error_body(const struct redpack_error *error, size_t *length);

/**
 * Begins a configuration: the merchant number (in service-provider mode the provider's), the appid that
 * requests carry unless they name another, and the APIv2 key (32 visible ASCII characters). They are checked
 * by redpack_client_new. A certificate must follow (redpack_config_set_pem_files or a sibling), unless only
 * the protocol layer is used.
 *
 * On success the configuration is yours: free it with redpack_config_free.
 */
enum redpack_status redpack_config_new(const char *mch_id,
                                       const char *appid,
                                       const char *api_key,
                                       struct redpack_config **config,
                                       struct redpack_error **error);

/**
 * Frees a configuration and clears its keys from memory. NULL is fine. Clients that were made of it live on.
 */
void redpack_config_free(struct redpack_config *config);

/**
 * Takes the certificate and the private key of the merchant from files: apiclient_cert.pem and
 * apiclient_key.pem. They are read when a client is made; PKCS#8 and PKCS#1 keys will do, encrypted ones won't.
 */
enum redpack_status redpack_config_set_pem_files(struct redpack_config *config,
                                                 const char *certificate_path,
                                                 const char *private_key_path,
                                                 struct redpack_error **error);

/**
 * The same from memory, for keys that come from a vault: PEM text of so many bytes each. The bytes are copied;
 * clear your own. They are checked when a client is made.
 */
enum redpack_status redpack_config_set_pem(struct redpack_config *config,
                                           const uint8_t *certificate,
                                           size_t certificate_length,
                                           const uint8_t *private_key,
                                           size_t private_key_length,
                                           struct redpack_error **error);

/**
 * Takes certificate and private key from apiclient_cert.p12. The passphrase may be NULL: then it is the
 * merchant number, as WeChat makes these files. Read when a client is made.
 */
enum redpack_status redpack_config_set_pkcs12_file(struct redpack_config *config,
                                                   const char *path,
                                                   const char *passphrase,
                                                   struct redpack_error **error);

/**
 * The same from memory. The bytes are copied; clear your own.
 */
enum redpack_status redpack_config_set_pkcs12(struct redpack_config *config,
                                              const uint8_t *pkcs12,
                                              size_t pkcs12_length,
                                              const char *passphrase,
                                              struct redpack_error **error);

/**
 * The secret of the application 企业支付 of the WeCom admin, which WeCom red packets are signed with.
 */
enum redpack_status redpack_config_set_workwx_secret(struct redpack_config *config,
                                                     const char *secret,
                                                     struct redpack_error **error);

/**
 * Trusts the certificate authorities of a PEM file, and no others, for the certificate of the server. There is
 * no way to trust everybody.
 */
enum redpack_status redpack_config_set_roots_file(struct redpack_config *config,
                                                  const char *path,
                                                  struct redpack_error **error);

/**
 * The same from memory: PEM text of so many bytes.
 */
enum redpack_status redpack_config_set_roots_pem(struct redpack_config *config,
                                                 const uint8_t *roots,
                                                 size_t roots_length,
                                                 struct redpack_error **error);

/**
 * Trusts the certificate authorities of the operating system instead of the Mozilla set that is built in.
 */
enum redpack_status redpack_config_set_roots_system(struct redpack_config *config,
                                                    struct redpack_error **error);

/**
 * Another host than https://api.mch.weixin.qq.com, such as a sandbox: "https://HOST[:PORT][/PATH]", checked by
 * redpack_client_new. A client of another host has no backup host unless one is set.
 */
enum redpack_status redpack_config_set_base_url(struct redpack_config *config,
                                                const char *base_url,
                                                struct redpack_error **error);

/**
 * Another backup host than https://api2.mch.weixin.qq.com.
 */
enum redpack_status redpack_config_set_backup_url(struct redpack_config *config,
                                                  const char *backup_url,
                                                  struct redpack_error **error);

/**
 * When the backup host takes over: a value of redpack_failover.
 */
enum redpack_status redpack_config_set_failover(struct redpack_config *config,
                                                int32_t failover,
                                                struct redpack_error **error);

/**
 * The limit for resolving, connecting and the TLS handshake together, in milliseconds; 5,000 unless set, at most
 * 600,000.
 */
enum redpack_status redpack_config_set_connect_limit_ms(struct redpack_config *config,
                                                        uint32_t connect_limit_ms,
                                                        struct redpack_error **error);

/**
 * The limit for a whole call, in milliseconds; 20,000 unless set, at most 600,000. A send that passes it is
 * unknown, not failed.
 */
enum redpack_status redpack_config_set_attempt_limit_ms(struct redpack_config *config,
                                                        uint32_t attempt_limit_ms,
                                                        struct redpack_error **error);

/**
 * An HTTP proxy to CONNECT through: "http://HOST:PORT". None is ever taken from the environment.
 */
enum redpack_status redpack_config_set_proxy(struct redpack_config *config,
                                             const char *proxy,
                                             struct redpack_error **error);

/**
 * The local IP address to send from: the service allow-lists the addresses of merchants.
 */
enum redpack_status redpack_config_set_source_address(struct redpack_config *config,
                                                      const char *source_address,
                                                      struct redpack_error **error);

/**
 * Whether only IPv4 addresses of the host are used; false unless set.
 */
enum redpack_status redpack_config_set_ipv4_only(struct redpack_config *config,
                                                 bool ipv4_only,
                                                 struct redpack_error **error);

/**
 * How many requests a second settling, recovering and reconciling make at most, all threads, processes and (with
 * PostgreSQL) hosts together; 30 unless set, at least 1.
 */
enum redpack_status redpack_config_set_pace(struct redpack_config *config,
                                            uint32_t per_second,
                                            struct redpack_error **error);

/**
 * Whether plain sends keep to the pace too; false unless set. It needs a journal.
 */
enum redpack_status redpack_config_set_paced_sends(struct redpack_config *config,
                                                   bool paced_sends,
                                                   struct redpack_error **error);

/**
 * Local limits in fen, counted in the journal by the day in Beijing: for one order, for one recipient and day, for
 * the merchant and day. 0 is no limit; below 0 is an error. A send that would pass one is not sent.
 */
enum redpack_status redpack_config_set_caps(struct redpack_config *config,
                                            int64_t order_fen,
                                            int64_t recipient_day_fen,
                                            int64_t merchant_day_fen,
                                            struct redpack_error **error);

/**
 * The journal that the client keeps its orders in. The client shares it: free your own handle when you like.
 */
enum redpack_status redpack_config_set_journal(struct redpack_config *config,
                                               const struct redpack_journal *journal,
                                               struct redpack_error **error);

/**
 * The same by its URL (see redpack_journal_open): opened when a client is made. redpack_client_journal gives it.
 */
enum redpack_status redpack_config_set_journal_url(struct redpack_config *config,
                                                   const char *url,
                                                   struct redpack_error **error);

/**
 * Calls back after each attempt; NULL for no callback. Unlike the callback of the log, which is one for the
 * process, it belongs to the handles of clients that are made of this configuration, also to handles of a shared
 * client: each calls back its own, and none but its own. The callback and what "user" points to must stay usable
 * until those handles are freed, and from every thread that uses one.
 */
enum redpack_status redpack_config_set_attempt_callback(struct redpack_config *config,
                                                        redpack_attempt_callback callback,
                                                        void *user,
                                                        struct redpack_error **error);

/**
 * Makes a client: reads the credentials and checks everything, without a call to the service. Status
 * REDPACK_STATUS_SETUP says that something can't be used, and redpack_error_credential_fault what. With
 * redpack_config_set_journal_url it also opens the journal, which may wait 10 seconds or more for one that is
 * busy or far away; REDPACK_STATUS_JOURNAL says that it could not.
 *
 * On success the client is yours: free it with redpack_client_free. The configuration stays yours.
 */
enum redpack_status redpack_client_new(const struct redpack_config *config,
                                       struct redpack_client **client,
                                       struct redpack_error **error);

/**
 * A client that this process shares: the same settings give the same client, whose connections stay open when
 * its handles are freed. For hosts whose objects die with each request. Files are looked at anew, so that a
 * renewed certificate gives a new client. At most 64 clients are kept. The settings must have been set in the
 * same order to be the same. An attempt callback is no setting: it belongs to the handle, not to the client.
 *
 * On success the handle is yours: free it with redpack_client_free.
 */
enum redpack_status redpack_client_shared(const struct redpack_config *config,
                                          struct redpack_client **client,
                                          struct redpack_error **error);

/**
 * Frees a client. NULL is fine. No call may be under way in it. Its connections are closed unless it is shared.
 */
void redpack_client_free(struct redpack_client *client);

/**
 * Sends a red packet: exactly one request of the endpoints sendredpack, sendminiprogramhb or sendworkwxredpack.
 *
 * REDPACK_STATUS_OK means sent. Any other status: read outcome and advice of the error. Only
 * REDPACK_ADVICE_NEW_ORDER_ALLOWED permits a new order, and a send says so only of an order that the journal has
 * as closed; keep the mch_billno.
 *
 * With a journal, an order that was sent before gives its record (redpack_send_result_recorded), and nothing is
 * sent; one that somebody works on is waited for, at most for the attempt limit; one whose state permits no
 * attempt is refused with what is known of it, kind "not_permitted". The fields go out as the order was first
 * prepared (redpack_client_amend). A send never stops the merchant's queue: see REDPACK_SCOPE_MERCHANT.
 *
 * On success the result is yours: free it with redpack_send_result_free. The request stays yours.
 */
enum redpack_status redpack_client_send(const struct redpack_client *client,
                                        const struct redpack_request *request,
                                        struct redpack_send_result **result,
                                        struct redpack_error **error);

/**
 * Asks what became of an order, at most 30 days after it was sent: a request of the endpoints gethbinfo or
 * queryworkwxredpack. REDPACK_STATUS_OK means that the service answered, not that the money was paid: read
 * outcome and advice of the result.
 *
 * A query that fails says nothing of the order: its outcome is unknown and its advice
 * REDPACK_ADVICE_QUERY_FIRST, also of an order that was sent or is closed, and also after SIGN_ERROR. Only where
 * request or set-up must be corrected first, the advice says that.
 *
 * With a journal, what is told is written down, outcome and advice of the result are those of the order, and an
 * order that the service says FAILED of is closed. Of an order that the journal doesn't have, FAILED gives
 * REDPACK_ADVICE_ASK_OPERATOR: nobody knows who else sends it. While somebody else works on the order the query
 * is refused without a request, and the error tells the order's state (kind "not_permitted").
 *
 * On success the result is yours: free it with redpack_query_result_free. The request stays yours.
 */
enum redpack_status redpack_client_query(const struct redpack_client *client,
                                         const struct redpack_request *request,
                                         struct redpack_query_result **result,
                                         struct redpack_error **error);

/**
 * Calls any other v2 endpoint, under the rules of a send, and gives its fields as they came.
 *
 * On success the answer is yours: free it with redpack_answer_free. The call stays yours.
 */
enum redpack_status redpack_client_call(const struct redpack_client *client,
                                        const struct redpack_call *call,
                                        struct redpack_answer **answer,
                                        struct redpack_error **error);

/**
 * Inspects credentials and settings without touching the network: when the certificate expires, and what
 * deserves a look.
 *
 * On success the check is yours: free it with redpack_check_free.
 */
enum redpack_status redpack_client_check(const struct redpack_client *client,
                                         struct redpack_check **check,
                                         struct redpack_error **error);

/**
 * The journal of the client; "*journal" is NULL, and the status OK, where it has none.
 *
 * The handle is yours: free it with redpack_journal_free. The client keeps the journal itself.
 */
enum redpack_status redpack_client_journal(const struct redpack_client *client,
                                           struct redpack_journal **journal,
                                           struct redpack_error **error);

/**
 * Replaces certificate and private key by those of PEM files. Calls under way finish with the old ones. If the
 * new ones can't be used, nothing changes. Any thread. A shared client changes for everybody who shares it.
 */
enum redpack_status redpack_client_replace_pem_files(const struct redpack_client *client,
                                                     const char *certificate_path,
                                                     const char *private_key_path,
                                                     struct redpack_error **error);

/**
 * The same from memory: PEM text of so many bytes each.
 */
enum redpack_status redpack_client_replace_pem(const struct redpack_client *client,
                                               const uint8_t *certificate,
                                               size_t certificate_length,
                                               const uint8_t *private_key,
                                               size_t private_key_length,
                                               struct redpack_error **error);

/**
 * The same from a PKCS#12 file; a passphrase of NULL is the merchant number.
 */
enum redpack_status redpack_client_replace_pkcs12_file(const struct redpack_client *client,
                                                       const char *path,
                                                       const char *passphrase,
                                                       struct redpack_error **error);

/**
 * The same from PKCS#12 in memory; a passphrase of NULL is the merchant number.
 */
enum redpack_status redpack_client_replace_pkcs12(const struct redpack_client *client,
                                                  const uint8_t *pkcs12,
                                                  size_t pkcs12_length,
                                                  const char *passphrase,
                                                  struct redpack_error **error);

/**
 * Replaces the APIv2 key (32 visible ASCII characters). Any thread.
 */
enum redpack_status redpack_client_replace_api_key(const struct redpack_client *client,
                                                   const char *api_key,
                                                   struct redpack_error **error);

/**
 * Begins a request. The endpoint is "sendredpack" (普通红包), "sendminiprogramhb" (小程序红包), "sendworkwxredpack"
 * (企业红包), "gethbinfo" (query of the first two) or "queryworkwxredpack" (query of the third).
 *
 * A send needs mch_billno, re_openid, total_amount, send_name (not WeCom's), act_name, wishing and remark; a
 * query needs mch_billno. Of the others total_num is 1, client_ip 127.0.0.1 (sendredpack), wxappid or appid the
 * configuration's, nonce_str and the signatures are made, and the rest is left out unless you set it.
 * redpack_endpoint_field_name lists every field.
 *
 * On success the request is yours: free it with redpack_request_free.
 */
enum redpack_status redpack_request_new(const char *endpoint,
                                        struct redpack_request **request,
                                        struct redpack_error **error);

/**
 * Frees a request. NULL is fine.
 */
void redpack_request_free(struct redpack_request *request);

/**
 * Gives a field its value, by its name on the wire: "act_name", "re_openid", "client_ip" … An empty value is as
 * good as none. An error if the endpoint has no such field. The lengths of values (bytes of UTF-8: mch_billno 28,
 * send_name, act_name and re_openid 32, wishing 128, remark 256) are checked when the request is used.
 */
enum redpack_status redpack_request_set_text(struct redpack_request *request,
                                             const char *name,
                                             const char *value,
                                             struct redpack_error **error);

/**
 * Gives "total_amount" its value: fen, above 0, or it is refused at once, by that name. 100 fen are 1 yuan. An
 * amount that is text can be given by redpack_request_set_text, and is checked with the other fields when the
 * request is used.
 */
enum redpack_status redpack_request_set_fen(struct redpack_request *request,
                                            const char *name,
                                            int64_t fen,
                                            struct redpack_error **error);

/**
 * Your own name of the payment, such as an invoice number: 1 to 255 bytes. It is no field of the wire: with a
 * journal it leads to its order for ever, so that mch_billno may be left out, and the same payment asked for
 * twice is made once. Refused at once if it is empty or too long, and for a query, which goes by mch_billno.
 *
 * After REDPACK_ADVICE_NEW_ORDER_ALLOWED the old intent still leads to the closed order: take a new one, and
 * derive it so that every program and person derives the same: "invoice-7/2" after "invoice-7". Never use a
 * random one: two programs would make two payments.
 */
enum redpack_status redpack_request_set_intent(struct redpack_request *request,
                                               const char *intent,
                                               struct redpack_error **error);

/**
 * The endpoint of the request. Valid until the request is freed. NULL for NULL.
 */
const char *redpack_request_endpoint(const struct redpack_request *request);

/**
 * Frees a result and all that was borrowed from it. NULL is fine.
 */
void redpack_send_result_free(struct redpack_send_result *send_result);

/**
 * The order number. Valid until the result is freed.
 */
const char *redpack_send_result_mch_billno(const struct redpack_send_result *send_result);

/**
 * The number that the service gave the packet (微信单号); NULL where it gave none. Valid until the result is
 * freed.
 */
const char *redpack_send_result_send_listid(const struct redpack_send_result *send_result);

/**
 * Of a mini program packet: the raw package that redpack_pay_sign wants; else NULL. Valid until the result
 * is freed.
 */
const char *redpack_send_result_package(const struct redpack_send_result *send_result);

/**
 * The amount in fen as echoed; 0 where it was not.
 */
int64_t redpack_send_result_total_amount(const struct redpack_send_result *send_result);

/**
 * When it was sent, in seconds since 1970 (UTC); 0 where the service doesn't say.
 */
int64_t redpack_send_result_send_time(const struct redpack_send_result *send_result);

/**
 * Whether this is the record of an earlier send in the journal, and nothing was sent now.
 */
bool redpack_send_result_recorded(const struct redpack_send_result *send_result);

/**
 * Every field as it came; without fields where the journal answers. Borrowed: never free it. NULL for
 * NULL.
 */
const struct redpack_answer *redpack_send_result_answer(const struct redpack_send_result *send_result);

/**
 * Frees a result and all that was borrowed from it. NULL is fine.
 */
void redpack_query_result_free(struct redpack_query_result *query_result);

/**
 * The order number that was asked about. Valid until the result is freed.
 */
const char *redpack_query_result_mch_billno(const struct redpack_query_result *query_result);

/**
 * Whether the service knows the order. false does not mean that it failed: it may be on its way, or older
 * than 30 days. With a journal, the outcome beside it is the order's, and may be REDPACK_OUTCOME_SENT.
 */
bool redpack_query_result_found(const struct redpack_query_result *query_result);

/**
 * What is known of the money of the order: with a journal also from earlier answers.
 */
enum redpack_outcome redpack_query_result_outcome(const struct redpack_query_result *query_result);

/**
 * What to do next; REDPACK_ADVICE_NEW_ORDER_ALLOWED only where the service says FAILED, or the journal has the
 * order as closed. REDPACK_ADVICE_ASK_OPERATOR for NULL.
 */
enum redpack_advice redpack_query_result_advice(const struct redpack_query_result *query_result);

/**
 * Whom else it concerns. An answer to a query concerns its order; with a journal, the last answer to an attempt
 * may concern more.
 */
enum redpack_scope redpack_query_result_scope(const struct redpack_query_result *query_result);

/**
 * The earliest time to follow the advice, in seconds since 1970 (UTC); 0 where none is given.
 */
int64_t redpack_query_result_not_before(const struct redpack_query_result *query_result);

/**
 * SENDING, SENT, FAILED, RECEIVED, RFUND_ING, REFUND, or one that nobody has seen; NULL where the order
 * was not found. Valid until the result is freed.
 */
const char *redpack_query_result_status(const struct redpack_query_result *query_result);

/**
 * Why it failed or is stuck, for people; mostly NULL. Valid until the result is freed.
 */
const char *redpack_query_result_reason(const struct redpack_query_result *query_result);

/**
 * The number that the service gave the packet (微信单号); NULL where it was not told. Valid until the result
 * is freed.
 */
const char *redpack_query_result_detail_id(const struct redpack_query_result *query_result);

/**
 * The amount in fen; 0 where it was not told.
 */
int64_t redpack_query_result_total_amount(const struct redpack_query_result *query_result);

/**
 * The amount that went back, in fen; 0 where none did.
 */
int64_t redpack_query_result_refund_amount(const struct redpack_query_result *query_result);

/**
 * When it was sent, in seconds since 1970 (UTC); 0 where it was not told.
 */
int64_t redpack_query_result_send_time(const struct redpack_query_result *query_result);

/**
 * When the money went back, in seconds since 1970 (UTC); 0 where it did not.
 */
int64_t redpack_query_result_refund_time(const struct redpack_query_result *query_result);

/**
 * How many people claimed it.
 */
size_t redpack_query_result_receiver_count(const struct redpack_query_result *query_result);

/**
 * The openid of a person who claimed it; NULL where it was not told, and past the end. Valid until the
 * result is freed.
 */
const char *redpack_query_result_receiver_openid(const struct redpack_query_result *query_result,
                                                 size_t index);

/**
 * What this person got, in fen; 0 past the end.
 */
int64_t redpack_query_result_receiver_amount(const struct redpack_query_result *query_result, size_t index);

/**
 * When this person claimed it, in seconds since 1970 (UTC); 0 past the end.
 */
int64_t redpack_query_result_receiver_time(const struct redpack_query_result *query_result, size_t index);

/**
 * Every field as it came. Borrowed: never free it. NULL for NULL.
 */
const struct redpack_answer *redpack_query_result_answer(const struct redpack_query_result *query_result);

/**
 * Frees an answer. Only one that a function gave you: never one that a getter lent. NULL is fine.
 */
void redpack_answer_free(struct redpack_answer *answer);

/**
 * The text of the first field of that name, without the blanks round it; NULL where it is missing or empty.
 * Valid until the answer is freed.
 */
const char *redpack_answer_text(const struct redpack_answer *answer, const char *name);

/**
 * The name of the element whose fields these are: "xml" of a whole answer, "hblist" of that child. Valid until
 * the answer is freed.
 */
const char *redpack_answer_element_name(const struct redpack_answer *answer);

/**
 * The text of that element itself, exact: of one that has fields, the blanks between them. NULL for NULL. Valid
 * until the answer is freed.
 */
const char *redpack_answer_element_text(const struct redpack_answer *answer);

/**
 * How many fields it has. 0 for NULL.
 */
size_t redpack_answer_count(const struct redpack_answer *answer);

/**
 * The name of a field; NULL past the end. Valid until the answer is freed.
 */
const char *redpack_answer_name(const struct redpack_answer *answer, size_t index);

/**
 * The text of a field without the blanks round it, which may be empty; NULL past the end. Valid until the
 * answer is freed.
 */
const char *redpack_answer_value(const struct redpack_answer *answer, size_t index);

/**
 * The text of a field exactly as it came, blanks and line breaks round it too; NULL past the end. Valid until the
 * answer is freed.
 */
const char *redpack_answer_raw_value(const struct redpack_answer *answer,
                                     size_t index);

/**
 * A field that has fields in it, such as hblist; NULL for text and past the end. Borrowed: never free it.
 */
const struct redpack_answer *redpack_answer_child(const struct redpack_answer *answer, size_t index);

/**
 * Begins a call to a path, such as "/mmpaymkttransfers/sendgroupredpack".
 *
 * On success the call is yours: free it with redpack_call_free.
 */
enum redpack_status redpack_call_new(const char *path,
                                     struct redpack_call **call,
                                     struct redpack_error **error);

/**
 * Frees a call. NULL is fine.
 */
void redpack_call_free(struct redpack_call *call);

/**
 * Adds a field. An empty value is neither signed nor sent.
 */
enum redpack_status redpack_call_set_field(struct redpack_call *call,
                                           const char *name,
                                           const char *value,
                                           struct redpack_error **error);

/**
 * How it is signed: a value of redpack_sign_type; MD5 unless set.
 */
enum redpack_status redpack_call_set_sign_type(struct redpack_call *call,
                                               int32_t sign_type,
                                               struct redpack_error **error);

/**
 * The name under which the merchant number goes, where it is not "mch_id" (transfers call it "mchid").
 */
enum redpack_status redpack_call_set_merchant_field(struct redpack_call *call,
                                                    const char *name,
                                                    struct redpack_error **error);

/**
 * Whether a successful answer must be signed; false unless set: then a signature is verified where there is one.
 */
enum redpack_status redpack_call_set_signed_answer(struct redpack_call *call,
                                                   bool required,
                                                   struct redpack_error **error);

/**
 * Pays an order: writes it into the journal, makes the first attempt, and then attempts and queries until it is
 * known whether the order was paid (it is sent, or closed), or the time is over. No send is needed before. Call
 * it again with the same order at any time, from any process. It needs a journal.
 *
 * It never makes a second order, makes no attempt where the advice is REDPACK_ADVICE_QUERY_FIRST before a query
 * was answered, and none later than 3 days after the first one. The request may have an intent
 * (redpack_request_set_intent) instead of a number. It blocks for about "limit_ms" milliseconds at most, and an
 * attempt under way may finish; 60,000 is usual. It returns at once where the next step is not due within the
 * limit (then redpack_settlement_look_again says when), and where you must do something first: see the advice.
 * After NOTENOUGH and its like it stops the merchant's queue for a minute (redpack_journal_pause).
 *
 * REDPACK_STATUS_OK means that the settlement can be read, not that the money was paid: read its outcome and
 * advice. It is yours: free it with redpack_settlement_free.
 */
enum redpack_status redpack_client_settle(const struct redpack_client *client,
                                          const struct redpack_request *request,
                                          uint64_t limit_ms,
                                          struct redpack_settlement **settlement,
                                          struct redpack_error **error);

/**
 * The same for an order that is in the journal, by its number.
 */
enum redpack_status redpack_client_settle_number(const struct redpack_client *client,
                                                 const char *mch_billno,
                                                 uint64_t limit_ms,
                                                 struct redpack_settlement **settlement,
                                                 struct redpack_error **error);

/**
 * Gives an order that is in the journal the other fields of this request: wishing, remark, scene_id and so on.
 * That is how REDPACK_ADVICE_FIX_ORDER is followed with a journal; then send or settle the order again. It is
 * found by the number or the intent of the request, and prepared if it isn't there yet. Nothing is sent. It
 * needs a journal.
 *
 * Refused with kind "order_conflict" where a field differs that never changes: endpoint, re_openid,
 * total_amount, wxappid, sub_mch_id, consume_mch_id. Then close the order, and make a new one under a new
 * intent. Refused with kind "not_permitted" where the order was sent or closed, somebody works on it, or the
 * service may hold it as it was.
 *
 * On success the settlement is yours: free it with redpack_settlement_free.
 */
enum redpack_status redpack_client_amend(const struct redpack_client *client,
                                         const struct redpack_request *request,
                                         struct redpack_settlement **settlement,
                                         struct redpack_error **error);

/**
 * Promises in the journal that the order is never attempted again, by anyone: then its settlement advises
 * REDPACK_ADVICE_NEW_ORDER_ALLOWED. An order that was rejected or not sent stays open until it is sent, or
 * closed by this; it may be closed at once, redpack_error_not_before doesn't matter. An order that is closed
 * already is OK.
 *
 * Refused with kind "not_permitted", and status REDPACK_STATUS_PENDING or REDPACK_STATUS_UNKNOWN, while the
 * order may still be paid: it was sent, is under way, is pending, or an attempt of it may have moved money.
 * Redpack closes an order by itself when a query answers FAILED.
 *
 * On success the settlement is yours: free it with redpack_settlement_free.
 */
enum redpack_status redpack_client_close(const struct redpack_client *client,
                                         const char *mch_billno,
                                         struct redpack_settlement **settlement,
                                         struct redpack_error **error);

/**
 * Records what an operator found out in the merchant console about an order: the evidence (a value of
 * redpack_evidence), the number of the packet if it was paid and is known (else NULL), who decided, and why;
 * neither may be empty.
 *
 * It is for orders in the states "manual", "unknown" and "pending". One that is "rejected" can be resolved as
 * paid or refunded only: redpack_client_close closes it. Orders in other states are refused, and one that
 * somebody works on, with kind "not_permitted".
 *
 * On success the settlement is yours: free it with redpack_settlement_free.
 */
enum redpack_status redpack_client_resolve(const struct redpack_client *client,
                                           const char *mch_billno,
                                           int32_t evidence,
                                           const char *send_listid,
                                           const char *who,
                                           const char *why,
                                           struct redpack_settlement **settlement,
                                           struct redpack_error **error);

/**
 * Settles, or explains, the orders that were attempted, are open, and are due now: at the start of a program and
 * from time to time. redpack_recovered_waiting and redpack_recovered_next_due tell what is left. Several
 * processes may do it at once; each order is worked on by one. It takes about "limit_ms" milliseconds at most.
 *
 * It leaves alone what nobody attempted (state "prepared": settle it again, or close it) and what was refused
 * and waits for you (state "rejected"). redpack_journal_list lists them; "sending", "pending", "unknown" and
 * "manual" are the other states of open orders.
 *
 * On success the recovery is yours: free it with redpack_recovered_free.
 */
enum redpack_status redpack_client_recover(const struct redpack_client *client,
                                           uint64_t limit_ms,
                                           struct redpack_recovered **recovered,
                                           struct redpack_error **error);

/**
 * Asks what became of orders that were sent and are due for a look: claimed, or the money back? Once a day is
 * enough: an order is first looked at a day after it was sent. It takes about "limit_ms" milliseconds at most.
 *
 * On success the reconciliation is yours: free it with redpack_reconciled_free.
 */
enum redpack_status redpack_client_reconcile(const struct redpack_client *client,
                                             uint64_t limit_ms,
                                             struct redpack_reconciled **reconciled,
                                             struct redpack_error **error);

/**
 * Frees a settlement and all that was borrowed from it. Only one that a function gave you: never one that
 * a getter lent. NULL is fine.
 */
void redpack_settlement_free(struct redpack_settlement *settlement);

/**
 * Whether it is known for good whether the order was paid: it was sent, or it is closed.
 */
bool redpack_settlement_settled(const struct redpack_settlement *settlement);

/**
 * What is known of the money of the order. REDPACK_OUTCOME_SENT says that the money left, also where it came back
 * since: redpack_order_state then is "refunded".
 */
enum redpack_outcome redpack_settlement_outcome(const struct redpack_settlement *settlement);

/**
 * What to do next. REDPACK_ADVICE_ASK_OPERATOR for NULL.
 */
enum redpack_advice redpack_settlement_advice(const struct redpack_settlement *settlement);

/**
 * Whom else it concerns.
 */
enum redpack_scope redpack_settlement_scope(const struct redpack_settlement *settlement);

/**
 * When to settle it again, in seconds since 1970 (UTC); 0 where that would change nothing: it is settled, or an
 * operator's.
 */
int64_t redpack_settlement_look_again(const struct redpack_settlement *settlement);

/**
 * How many attempts this settlement made.
 */
uint32_t redpack_settlement_attempts(const struct redpack_settlement *settlement);

/**
 * How many queries it made.
 */
uint32_t redpack_settlement_queries(const struct redpack_settlement *settlement);

/**
 * How many hosts its attempts went to.
 */
size_t redpack_settlement_host_count(const struct redpack_settlement *settlement);

/**
 * One of those hosts; NULL past the end. Valid until the settlement is freed.
 */
const char *redpack_settlement_host(const struct redpack_settlement *settlement, size_t index);

/**
 * The last trouble on the way, for people; NULL where there was none. Valid until the settlement is freed.
 */
const char *redpack_settlement_trouble(const struct redpack_settlement *settlement);

/**
 * The order as the journal has it now. Borrowed: never free it. NULL for NULL.
 */
const struct redpack_order *redpack_settlement_order(const struct redpack_settlement *settlement);

/**
 * Frees a recovery and all that was borrowed from it. NULL is fine.
 */
void redpack_recovered_free(struct redpack_recovered *recovered);

/**
 * How many orders were open and due.
 */
size_t redpack_recovered_count(const struct redpack_recovered *recovered);

/**
 * How many of them are still open: not sent, and not closed.
 */
size_t redpack_recovered_open_count(const struct redpack_recovered *recovered);

/**
 * How many orders beside them were attempted and are open: not due yet, or worked on by somebody else. Call
 * redpack_client_recover again. Orders that were refused and wait for you are not counted.
 */
uint32_t redpack_recovered_waiting(const struct redpack_recovered *recovered);

/**
 * When to call redpack_client_recover again, because the first of all those orders is due, in seconds since 1970
 * (UTC); it may be now. 0 where a recovery has nothing left to do.
 */
int64_t redpack_recovered_next_due(const struct redpack_recovered *recovered);

/**
 * What became of one of them; NULL past the end. Borrowed: never free it.
 */
const struct redpack_settlement *redpack_recovered_settlement(const struct redpack_recovered *recovered,
                                                              size_t index);

/**
 * Frees a reconciliation and all that was borrowed from it. NULL is fine.
 */
void redpack_reconciled_free(struct redpack_reconciled *reconciled);

/**
 * How many orders were asked about.
 */
uint32_t redpack_reconciled_asked(const struct redpack_reconciled *reconciled);

/**
 * How many queries failed; their orders stay due.
 */
uint32_t redpack_reconciled_failed(const struct redpack_reconciled *reconciled);

/**
 * The money that came back, or is on its way, in fen.
 */
int64_t redpack_reconciled_refunded_fen(const struct redpack_reconciled *reconciled);

/**
 * How many orders are in a group (redpack_group); 0 where there is no such group.
 */
size_t redpack_reconciled_count(const struct redpack_reconciled *reconciled, int32_t group);

/**
 * An order of a group (redpack_group); NULL past the end, and where there is no such group. Borrowed:
 * never free it.
 */
const struct redpack_order *redpack_reconciled_order(const struct redpack_reconciled *reconciled,
                                                     int32_t group,
                                                     size_t index);

/**
 * Opens a journal by its URL, and makes or migrates it where needed: "sqlite:PATH" for the processes of one
 * host, or "postgresql://USER:PASSWORD@HOST/DATABASE", one database for several hosts. No error shows the URL.
 * It may wait 10 seconds or more for a journal that is busy or far away.
 *
 * With SQLite, the journal is PATH and all files beside it whose names begin with PATH. PATH alone is no copy of
 * it: the newest orders may be in another file. To back it up, stop all programs that use it and copy all these
 * files together, or make a copy with "sqlite3 PATH '.backup COPY'". A copy that is put back knows nothing of
 * later payments: redpack_journal_suspected.
 *
 * A PATH where nothing is gives an EMPTY journal, which would pay everything again. Give an absolute path, make
 * the journal once, and open it with "sqlite:PATH?create=no" from then on: then a path without a journal is an
 * error. A folder is never made.
 *
 * On success the journal is yours: free it with redpack_journal_free.
 */
enum redpack_status redpack_journal_open(const char *url,
                                         struct redpack_journal **journal,
                                         struct redpack_error **error);

/**
 * Frees a handle of a journal. NULL is fine. Clients that share the journal keep it.
 */
void redpack_journal_free(struct redpack_journal *journal);

/**
 * An order by its number; "*order" is NULL, and the status OK, where there is none.
 *
 * An order is yours: free it with redpack_order_free.
 */
enum redpack_status redpack_journal_order(const struct redpack_journal *journal,
                                          const char *mch_id,
                                          const char *mch_billno,
                                          struct redpack_order **order,
                                          struct redpack_error **error);

/**
 * An order by your own name of the payment; "*order" is NULL, and the status OK, where there is none.
 *
 * An order is yours: free it with redpack_order_free.
 */
enum redpack_status redpack_journal_order_of_intent(const struct redpack_journal *journal,
                                                    const char *mch_id,
                                                    const char *intent,
                                                    struct redpack_order **order,
                                                    struct redpack_error **error);

/**
 * A page of orders in the order of their preparation: of one merchant (NULL: all), in one state (NULL: all; see
 * redpack_order_state), after the one with that redpack_order_seq (0: from the first), at most "limit" of them.
 *
 * On success the page is yours: free it with redpack_orders_free.
 */
enum redpack_status redpack_journal_list(const struct redpack_journal *journal,
                                         const char *mch_id,
                                         const char *state,
                                         int64_t after,
                                         uint32_t limit,
                                         struct redpack_orders **orders,
                                         struct redpack_error **error);

/**
 * The attempts of an order, first to last; none where there is no such order.
 *
 * On success the list is yours: free it with redpack_attempts_free.
 */
enum redpack_status redpack_journal_attempts(const struct redpack_journal *journal,
                                             const char *mch_id,
                                             const char *mch_billno,
                                             struct redpack_attempts **attempts,
                                             struct redpack_error **error);

/**
 * Stops the queue of a merchant: for so many milliseconds, or (0) until it is resumed, nobody who shares the
 * journal begins an attempt. A send is then refused with kind "held_back" and the end of the stop as its
 * not-before; a settlement ends. Queries, closing and resolving go on, and an attempt under way finishes.
 * Settling and recovering stop the queue by themselves, for a minute (after FREQ_LIMIT for 2 seconds), where an
 * answer concerns every order of the merchant; a send does not.
 */
enum redpack_status redpack_journal_pause(const struct redpack_journal *journal,
                                          const char *mch_id,
                                          uint64_t length_ms,
                                          const char *reason,
                                          struct redpack_error **error);

/**
 * Lets the queue of a merchant go on.
 */
enum redpack_status redpack_journal_resume(const struct redpack_journal *journal,
                                           const char *mch_id,
                                           struct redpack_error **error);

/**
 * Whether the queue of a merchant is stopped now.
 */
enum redpack_status redpack_journal_paused(const struct redpack_journal *journal,
                                           const char *mch_id,
                                           bool *paused,
                                           struct redpack_error **error);

/**
 * Why the queue of a merchant is stopped, and until when: "*reason" is NULL, and the status OK, where it is not.
 * "*until" is in seconds since 1970 (UTC), 0 for until it is resumed; "until" may be NULL.
 *
 * A reason is yours: free it with redpack_text_free.
 */
enum redpack_status redpack_journal_pause_reason(const struct redpack_journal *journal,
                                                 const char *mch_id,
                                                 int64_t *until,
                                                 struct redpack_text **reason,
                                                 struct redpack_error **error);

/**
 * The fen that are counted today for a merchant, or for one recipient of it (NULL: all). Only attempts of clients
 * with caps count.
 */
enum redpack_status redpack_journal_spent_today(const struct redpack_journal *journal,
                                                const char *mch_id,
                                                const char *re_openid,
                                                int64_t *spent,
                                                struct redpack_error **error);

/**
 * Whether the journal may be an old copy (a restored backup): then orders that were in it are queried before
 * anything else, and new payments by intent wait for redpack_journal_accept_restore.
 */
enum redpack_status redpack_journal_suspected(const struct redpack_journal *journal,
                                              bool *suspected,
                                              struct redpack_error **error);

/**
 * What gave an old copy away, for people; "*evidence" is NULL, and the status OK, where nothing did.
 *
 * A text is yours: free it with redpack_text_free.
 */
enum redpack_status redpack_journal_suspicion(const struct redpack_journal *journal,
                                              struct redpack_text **evidence,
                                              struct redpack_error **error);

/**
 * The word of an operator (who, and why) that what the old copy lost has been dealt with.
 */
enum redpack_status redpack_journal_accept_restore(const struct redpack_journal *journal,
                                                   const char *who,
                                                   const char *why,
                                                   struct redpack_error **error);

/**
 * Frees an order and all that was borrowed from it. Only one that a function gave you: never one that a
 * getter lent. NULL is fine.
 */
void redpack_order_free(struct redpack_order *order);

/**
 * The merchant number. Valid until the order is freed.
 */
const char *redpack_order_mch_id(const struct redpack_order *order);

/**
 * The order number. Valid until the order is freed.
 */
const char *redpack_order_mch_billno(const struct redpack_order *order);

/**
 * Your own name of the payment; NULL where you gave none. Valid until the order is freed.
 */
const char *redpack_order_intent(const struct redpack_order *order);

/**
 * Where it stands, as a word. Open: "prepared" (nothing of it can have left), "sending" (an attempt is under
 * way, or its program died), "rejected", "pending", "unknown", "manual" (29 days have passed, or answers
 * contradict each other: an operator must look). Sent: "sent" (not seen claimed), "received" (claimed),
 * "refunding" and "refunded" (the money goes back, or is back). Failed for good: "closed". Valid until the order
 * is freed.
 */
const char *redpack_order_state(const struct redpack_order *order);

/**
 * What is known of its money.
 */
enum redpack_outcome redpack_order_outcome(const struct redpack_order *order);

/**
 * Whether it is known for good whether the order was paid: it was sent, or it is closed.
 */
bool redpack_order_settled(const struct redpack_order *order);

/**
 * Whether an attempt may have moved money and no query has said otherwise.
 */
bool redpack_order_ambiguous(const struct redpack_order *order);

/**
 * The amount in fen.
 */
int64_t redpack_order_total_amount(const struct redpack_order *order);

/**
 * What to do next with it, as a settlement of it would say. REDPACK_ADVICE_ASK_OPERATOR for NULL.
 */
enum redpack_advice redpack_order_advice(const struct redpack_order *order);

/**
 * Whom else that concerns.
 */
enum redpack_scope redpack_order_scope(const struct redpack_order *order);

/**
 * When a query was last answered, in seconds since 1970 (UTC); 0 where none was.
 */
int64_t redpack_order_queried_at(const struct redpack_order *order);

/**
 * The err_code of the last attempt or of a query that was refused; NULL where there was none. Valid until the
 * order is freed.
 */
const char *redpack_order_err_code(const struct redpack_order *order);

/**
 * The number that the service gave the packet (微信单号); NULL while it is not known. Valid until the order is
 * freed.
 */
const char *redpack_order_send_listid(const struct redpack_order *order);

/**
 * The last status that a query told; NULL where none did. Valid until the order is freed.
 */
const char *redpack_order_query_status(const struct redpack_order *order);

/**
 * How many attempts were begun.
 */
uint32_t redpack_order_attempts(const struct redpack_order *order);

/**
 * How many queries were answered.
 */
uint32_t redpack_order_queries(const struct redpack_order *order);

/**
 * When it was prepared, in seconds since 1970 (UTC).
 */
int64_t redpack_order_created_at(const struct redpack_order *order);

/**
 * When it changed last, in seconds since 1970 (UTC).
 */
int64_t redpack_order_updated_at(const struct redpack_order *order);

/**
 * When the first attempt began that may have reached the service, in seconds since 1970 (UTC); 0 where
 * none did.
 */
int64_t redpack_order_first_attempt_at(const struct redpack_order *order);

/**
 * No attempt or query before this, in seconds since 1970 (UTC); 0 for at once.
 */
int64_t redpack_order_not_before(const struct redpack_order *order);

/**
 * Its place in the order of preparation: the cursor of redpack_journal_list.
 */
int64_t redpack_order_seq(const struct redpack_order *order);

/**
 * A field of the order by its wire name (re_openid, wishing, act_name …; "kind" is the endpoint); NULL where it
 * has none. Valid until the order is freed.
 */
const char *redpack_order_field(const struct redpack_order *order,
                                const char *name);

/**
 * Frees a page of orders and all that was borrowed from it. NULL is fine.
 */
void redpack_orders_free(struct redpack_orders *orders);

/**
 * How many orders there are.
 */
size_t redpack_orders_count(const struct redpack_orders *orders);

/**
 * One of them; NULL past the end. Borrowed: never free it.
 */
const struct redpack_order *redpack_orders_order(const struct redpack_orders *orders, size_t index);

/**
 * Frees a list of attempts and all that was borrowed from it. NULL is fine.
 */
void redpack_attempts_free(struct redpack_attempts *attempts);

/**
 * How many attempts there are.
 */
size_t redpack_attempts_count(const struct redpack_attempts *attempts);

/**
 * The host that it was to go to. NULL past the end. Valid until the list is freed.
 */
const char *redpack_attempts_host(const struct redpack_attempts *attempts, size_t index);

/**
 * Its outcome as a word; NULL where it was never written: then it is unknown. NULL past the end. Valid
 * until the list is freed.
 */
const char *redpack_attempts_outcome(const struct redpack_attempts *attempts, size_t index);

/**
 * The err_code of the service; NULL where there was none. NULL past the end. Valid until the list is
 * freed.
 */
const char *redpack_attempts_err_code(const struct redpack_attempts *attempts, size_t index);

/**
 * How far it came, as a word of redpack_event_phase. NULL past the end. Valid until the list is freed.
 */
const char *redpack_attempts_phase(const struct redpack_attempts *attempts, size_t index);

/**
 * When it began, in seconds since 1970 (UTC). 0 past the end.
 */
int64_t redpack_attempts_began_at(const struct redpack_attempts *attempts, size_t index);

/**
 * How long it took, in milliseconds. 0 past the end.
 */
int64_t redpack_attempts_elapsed_ms(const struct redpack_attempts *attempts, size_t index);

/**
 * The HTTP status; 0 where there was none. 0 past the end.
 */
int32_t redpack_attempts_http_status(const struct redpack_attempts *attempts, size_t index);

/**
 * Its advice as a word; NULL where it was never written. NULL past the end. Valid until the list is freed.
 */
const char *redpack_attempts_advice(const struct redpack_attempts *attempts, size_t index);

/**
 * When its outcome was written, in seconds since 1970 (UTC); 0 where it never was, so that it is unknown. 0 past
 * the end.
 */
int64_t redpack_attempts_finished_at(const struct redpack_attempts *attempts,
                                     size_t index);

/**
 * Whether its outcome came so late that the order had been given to somebody else. false past the end.
 */
bool redpack_attempts_late(const struct redpack_attempts *attempts, size_t index);

/**
 * What operators decided of an order; nothing where there is no such order.
 *
 * On success the list is yours: free it with redpack_decisions_free.
 */
enum redpack_status redpack_journal_decisions(const struct redpack_journal *journal,
                                              const char *mch_id,
                                              const char *mch_billno,
                                              struct redpack_decisions **decisions,
                                              struct redpack_error **error);

/**
 * Frees a list of decisions and all that was borrowed from it. NULL is fine.
 */
void redpack_decisions_free(struct redpack_decisions *decisions);

/**
 * How many decisions there are.
 */
size_t redpack_decisions_count(const struct redpack_decisions *decisions);

/**
 * What was decided: "paid", "refunded" or "not_paid". NULL past the end. Valid until the list is freed.
 */
const char *redpack_decisions_evidence(const struct redpack_decisions *decisions, size_t index);

/**
 * Who decided. NULL past the end. Valid until the list is freed.
 */
const char *redpack_decisions_who(const struct redpack_decisions *decisions, size_t index);

/**
 * Why. NULL past the end. Valid until the list is freed.
 */
const char *redpack_decisions_why(const struct redpack_decisions *decisions, size_t index);

/**
 * The state of the order before; see redpack_order_state. NULL past the end. Valid until the list is freed.
 */
const char *redpack_decisions_state_before(const struct redpack_decisions *decisions, size_t index);

/**
 * When, in seconds since 1970 (UTC). 0 past the end.
 */
int64_t redpack_decisions_at(const struct redpack_decisions *decisions, size_t index);

/**
 * Frees a check and all that was borrowed from it. NULL is fine.
 */
void redpack_check_free(struct redpack_check *check);

/**
 * The merchant number. Valid until the check is freed.
 */
const char *redpack_check_mch_id(const struct redpack_check *check);

/**
 * Where requests go. Valid until the check is freed.
 */
const char *redpack_check_base_url(const struct redpack_check *check);

/**
 * Where they go when that host can't be reached; NULL for nowhere. Valid until the check is freed.
 */
const char *redpack_check_backup_url(const struct redpack_check *check);

/**
 * The name in the certificate, which is the merchant number in those of WeChat; NULL where it has none.
 * Valid until the check is freed.
 */
const char *redpack_check_common_name(const struct redpack_check *check);

/**
 * The serial number of the certificate in upper-case hex, as the merchant platform shows it. Valid until
 * the check is freed.
 */
const char *redpack_check_serial_number(const struct redpack_check *check);

/**
 * When the certificate begins to be valid, in seconds since 1970 (UTC).
 */
int64_t redpack_check_not_before(const struct redpack_check *check);

/**
 * When it expires, in seconds since 1970 (UTC).
 */
int64_t redpack_check_not_after(const struct redpack_check *check);

/**
 * Whole days until then.
 */
int64_t redpack_check_days_left(const struct redpack_check *check);

/**
 * How many things deserve a look.
 */
size_t redpack_check_finding_count(const struct redpack_check *check);

/**
 * One of them as a word: "expires_soon", "not_yet_valid", "unusual_name", "unusual_host", "unusual_appid";
 * NULL past the end. Valid until the check is freed.
 */
const char *redpack_check_finding(const struct redpack_check *check, size_t index);

/**
 * The same as a sentence for people; NULL past the end. Valid until the check is freed.
 */
const char *redpack_check_finding_text(const struct redpack_check *check, size_t index);

/**
 * The path below the host. Valid during the callback only.
 */
const char *redpack_event_path(const struct redpack_event *event);

/**
 * The order number; NULL where the call had none. Valid during the callback only.
 */
const char *redpack_event_mch_billno(const struct redpack_event *event);

/**
 * The host that was to be reached, with its port where that is not 443. Valid during the callback only.
 */
const char *redpack_event_host(const struct redpack_event *event);

/**
 * How far the call came, as a word: "start", "resolve", "connect", "handshake", "ready" (till here nothing of the
 * request has left), "send" or "answer". Valid during the callback only.
 */
const char *redpack_event_phase(const struct redpack_event *event);

/**
 * What went wrong, as a word of redpack_error_kind; NULL where nothing did. Valid during the callback
 * only.
 */
const char *redpack_event_kind(const struct redpack_event *event);

/**
 * The err_code of the service; NULL where there was none. Valid during the callback only.
 */
const char *redpack_event_err_code(const struct redpack_event *event);

/**
 * What is known of the money; of an answered query, of the order.
 */
enum redpack_outcome redpack_event_outcome(const struct redpack_event *event);

/**
 * How long it took, in microseconds.
 */
uint64_t redpack_event_elapsed_us(const struct redpack_event *event);

/**
 * Whether a kept-alive connection served it.
 */
bool redpack_event_connection_reused(const struct redpack_event *event);

/**
 * The HTTP status; 0 where there was none.
 */
int32_t redpack_event_http_status(const struct redpack_event *event);

/**
 * Hands the log of the library to a callback: one for the whole process, whatever the client. (A client's
 * attempts go to the callback of its handle: redpack_config_set_attempt_callback.) Lines up to "level" (a value
 * of redpack_log_level). NULL for no callback. The callback and what "user" points to must stay usable until
 * another callback is set and every call that was under way then has returned. Any thread.
 */
enum redpack_status redpack_set_log_callback(int32_t level,
                                             redpack_log_callback callback,
                                             void *user,
                                             struct redpack_error **error);

/**
 * Begins an empty list of fields. It is yours: free it with redpack_fields_free.
 */
enum redpack_status redpack_fields_new(struct redpack_fields **fields, struct redpack_error **error);

/**
 * Frees a list of fields. NULL is fine.
 */
void redpack_fields_free(struct redpack_fields *fields);

/**
 * Adds a field. Name and value are copied.
 */
enum redpack_status redpack_fields_add(struct redpack_fields *fields,
                                       const char *name,
                                       const char *value,
                                       struct redpack_error **error);

/**
 * How many fields there are. 0 for NULL.
 */
size_t redpack_fields_count(const struct redpack_fields *fields);

/**
 * Signs fields: empty values and a field "sign" left out, the rest sorted, the key appended. "signature" is a
 * buffer of REDPACK_SIGNATURE_SIZE characters; upper-case hex and a NUL are written to it. Any thread.
 */
enum redpack_status redpack_sign(const struct redpack_fields *fields,
                                 const char *key,
                                 int32_t sign_type,
                                 char *signature,
                                 struct redpack_error **error);

/**
 * Verifies a signature of fields, MD5 or HMAC-SHA256 by its length, in constant time. "*genuine" says whether it
 * is right; the status says only whether it could be looked at. Any thread.
 */
enum redpack_status redpack_verify(const struct redpack_fields *fields,
                                   const char *key,
                                   const char *signature,
                                   bool *genuine,
                                   struct redpack_error **error);

/**
 * The workwx_sign of a WeCom red packet, over the fields that it covers. "signature" is a buffer of
 * REDPACK_SIGNATURE_SIZE characters. Clients add it by themselves.
 */
enum redpack_status redpack_workwx_sign(const struct redpack_fields *fields,
                                        const char *secret,
                                        char *signature,
                                        struct redpack_error **error);

/**
 * The paySign that a mini program hands to wx.sendBizRedPacket. "package" is the raw one of
 * redpack_send_result_package; the mini program is given that of redpack_package_encoded. "signature" is a buffer of
 * REDPACK_SIGNATURE_SIZE characters.
 */
enum redpack_status redpack_pay_sign(const char *app_id,
                                     const char *time_stamp,
                                     const char *nonce_str,
                                     const char *package,
                                     const char *key,
                                     char *signature,
                                     struct redpack_error **error);

/**
 * The package that a mini program hands to wx.sendBizRedPacket: the raw one of redpack_send_result_package,
 * URL-encoded as JavaScript's encodeURIComponent would. Any thread.
 *
 * On success the text is yours: free it with redpack_text_free.
 */
enum redpack_status redpack_package_encoded(const char *package,
                                            struct redpack_text **encoded,
                                            struct redpack_error **error);

/**
 * The string that is signed, without the key: for comparing with another implementation.
 *
 * On success the text is yours: free it with redpack_text_free.
 */
enum redpack_status redpack_canonical(const struct redpack_fields *fields,
                                      struct redpack_text **canonical,
                                      struct redpack_error **error);

/**
 * Writes fields as the XML that the service reads.
 *
 * On success the text is yours: free it with redpack_text_free.
 */
enum redpack_status redpack_xml_write(const struct redpack_fields *fields,
                                      struct redpack_text **xml,
                                      struct redpack_error **error);

/**
 * Reads an XML answer under limits: no DOCTYPE, no entities but the five, at most 1 MiB.
 *
 * On success the answer is yours: free it with redpack_answer_free.
 */
enum redpack_status redpack_xml_read(const uint8_t *xml,
                                     size_t xml_length,
                                     struct redpack_answer **answer,
                                     struct redpack_error **error);

/**
 * The value of the field risk_info, URL-encoded as the service wants it. Each part may be NULL: when the user
 * acted (seconds since 1970), mobile (country code, "-", number), device id, version of the app.
 *
 * On success the text is yours: free it with redpack_text_free.
 */
enum redpack_status redpack_risk_info(const char *posttime,
                                      const char *mobile,
                                      const char *deviceid,
                                      const char *clientversion,
                                      struct redpack_text **risk_info,
                                      struct redpack_error **error);

/**
 * An openid as logs may show it: the first four and the last two characters.
 *
 * On success the text is yours: free it with redpack_text_free.
 */
enum redpack_status redpack_mask_openid(const char *openid,
                                        struct redpack_text **masked,
                                        struct redpack_error **error);

/**
 * Makes an order number: the merchant number, the day in Beijing, then random characters. Store it before the
 * order is sent. "mch_billno" is a buffer of REDPACK_MCH_BILLNO_SIZE characters. Any thread, also after fork.
 */
enum redpack_status redpack_new_mch_billno(const char *mch_id,
                                           char *mch_billno,
                                           struct redpack_error **error);

/**
 * Whether a text is a legal order number: 1 to 28 letters and digits of ASCII. false for NULL. Any thread.
 */
bool redpack_is_mch_billno(const char *mch_billno);

/**
 * Reads yuan text exactly: "1.23" is 123 fen. Anything that is not a whole number of fen is an error.
 */
enum redpack_status redpack_fen_from_yuan(const char *yuan, int64_t *fen, struct redpack_error **error);

/**
 * Fen as yuan text: 123 is "1.23". "yuan" is a buffer of REDPACK_YUAN_SIZE characters.
 */
enum redpack_status redpack_fen_to_yuan(int64_t fen, char *yuan, struct redpack_error **error);

/**
 * Frees a text. NULL is fine.
 */
void redpack_text_free(struct redpack_text *text);

/**
 * The text itself, NUL-terminated UTF-8, valid until the text is freed. NULL for NULL.
 */
const char *redpack_text_data(const struct redpack_text *text);

/**
 * Its length in bytes, without the NUL. 0 for NULL.
 */
size_t redpack_text_length(const struct redpack_text *text);

/**
 * Reads a time as the service writes it, "2026-11-24 12:00:00" of Beijing, such as a field of an answer. "*time" is
 * in seconds since 1970 (UTC). Any thread.
 */
enum redpack_status redpack_time_from_wire(const char *text,
                                           int64_t *time,
                                           struct redpack_error **error);

/**
 * The other way round: what is beyond the years 1 to 9999 becomes the nearest time within. "text" is a buffer of
 * REDPACK_TIME_SIZE characters. Any thread.
 */
enum redpack_status redpack_time_to_wire(int64_t time,
                                         char *text,
                                         struct redpack_error **error);

/**
 * Completes, checks and signs a request, and writes its XML, without sending it. Of the configuration, the numbers
 * and keys are used; it needs no certificate. A send encoded twice gives the same bytes.
 *
 * On success it is yours: free it with redpack_wire_free.
 */
enum redpack_status redpack_request_encode(const struct redpack_request *request,
                                           const struct redpack_config *config,
                                           struct redpack_wire **wire,
                                           struct redpack_error **error);

/**
 * The same for a generic call.
 *
 * On success it is yours: free it with redpack_wire_free.
 */
enum redpack_status redpack_call_encode(const struct redpack_call *call,
                                        const struct redpack_config *config,
                                        struct redpack_wire **wire,
                                        struct redpack_error **error);

/**
 * Frees a request as bytes. NULL is fine.
 */
void redpack_wire_free(struct redpack_wire *wire);

/**
 * The path below the host that it is to be posted to. Valid until it is freed.
 */
const char *redpack_wire_path(const struct redpack_wire *wire);

/**
 * The XML document, NUL-terminated UTF-8. It holds the signature and the openid. Valid until it is freed.
 */
const char *redpack_wire_body(const struct redpack_wire *wire);

/**
 * The length of the document in bytes, without the NUL.
 */
size_t redpack_wire_body_length(const struct redpack_wire *wire);

/**
 * The nonce in it. Valid until it is freed.
 */
const char *redpack_wire_nonce_str(const struct redpack_wire *wire);

/**
 * The order number in it; NULL where it has none. Valid until it is freed.
 */
const char *redpack_wire_mch_billno(const struct redpack_wire *wire);

/**
 * Judges the answer to a send that you posted: as redpack_client_send would, from the HTTP status and the
 * body as it came. Pure: nothing is sent.
 *
 * On success the result is yours: free it with redpack_send_result_free.
 */
enum redpack_status redpack_wire_read_send(const struct redpack_wire *wire,
                                           const struct redpack_config *config,
                                           int32_t http_status,
                                           const uint8_t *body,
                                           size_t body_length,
                                           struct redpack_send_result **result,
                                           struct redpack_error **error);

/**
 * Judges the answer to a query that you posted, as redpack_client_query would. Pure: nothing is sent. What it means
 * depends on the age of the order: "now" is the time when the answer came, in seconds since 1970 (UTC); 0 for the
 * clock of this machine.
 *
 * On success the result is yours: free it with redpack_query_result_free.
 */
enum redpack_status redpack_wire_read_query(const struct redpack_wire *wire,
                                            const struct redpack_config *config,
                                            int32_t http_status,
                                            const uint8_t *body,
                                            size_t body_length,
                                            int64_t now,
                                            struct redpack_query_result **result,
                                            struct redpack_error **error);

/**
 * Judges the answer to a generic call that you posted, as redpack_client_call would. Pure: nothing is
 * sent.
 *
 * On success the answer is yours: free it with redpack_answer_free.
 */
enum redpack_status redpack_wire_read_call(const struct redpack_wire *wire,
                                           const struct redpack_config *config,
                                           int32_t http_status,
                                           const uint8_t *body,
                                           size_t body_length,
                                           struct redpack_answer **answer,
                                           struct redpack_error **error);

/**
 * How many kinds of errors a call of the client can end in. Any thread.
 */
size_t redpack_kind_count(void);

/**
 * One of those kinds, as redpack_error_kind gives it; NULL past the end. Valid for ever. Any thread.
 */
const char *redpack_kind_name(size_t index);

/**
 * How many kinds of errors end in REDPACK_STATUS_JOURNAL. Any thread.
 */
size_t redpack_journal_kind_count(void);

/**
 * One of those kinds, as redpack_error_kind gives it; NULL past the end. Valid for ever. Any thread.
 */
const char *redpack_journal_kind_name(size_t index);

/**
 * How many codes (err_code) the tables know. Any thread.
 */
size_t redpack_code_count(void);

/**
 * One of those codes; NULL past the end. Valid for ever. Any thread.
 */
const char *redpack_code_name(size_t index);

/**
 * How many statuses a query may tell, as far as the tables know. Any thread.
 */
size_t redpack_query_status_count(void);

/**
 * One of those statuses, as redpack_query_result_status gives it; NULL past the end. Valid for ever. Any thread.
 */
const char *redpack_query_status_name(size_t index);

/**
 * How many states an order of a journal may have. Any thread.
 */
size_t redpack_state_count(void);

/**
 * One of those states, as redpack_order_state gives it and redpack_journal_list takes it; NULL past the end. Valid
 * for ever. Any thread.
 */
const char *redpack_state_name(size_t index);

/**
 * What a kind of error says of a send. An error of kind "not_permitted" says more: what is known of its order. Any
 * thread.
 */
enum redpack_status redpack_kind_verdict(const char *kind,
                                         enum redpack_outcome *outcome,
                                         enum redpack_advice *advice,
                                         enum redpack_scope *scope,
                                         struct redpack_error **error);

/**
 * What a code (err_code) says of a send that was answered with result_code FAIL; one that nobody knows is unknown,
 * and so is NULL. Any thread.
 */
enum redpack_status redpack_code_verdict(const char *err_code,
                                         enum redpack_outcome *outcome,
                                         enum redpack_advice *advice,
                                         enum redpack_scope *scope,
                                         struct redpack_error **error);

/**
 * What a code (err_code) says of a send that was answered with return_code FAIL: there the service speaks of the
 * communication, and the money may have moved. NULL for an answer without a code. Any thread.
 */
enum redpack_status redpack_communication_verdict(const char *err_code,
                                                  enum redpack_outcome *outcome,
                                                  enum redpack_advice *advice,
                                                  enum redpack_scope *scope,
                                                  struct redpack_error **error);

/**
 * What a status that a query told says of the order, the reason and the age of SENDING left aside; one that nobody
 * knows says nothing, and so does NULL (NOT_FOUND). Any thread.
 */
enum redpack_status redpack_query_status_verdict(const char *query_status,
                                                 enum redpack_outcome *outcome,
                                                 enum redpack_advice *advice,
                                                 enum redpack_scope *scope,
                                                 struct redpack_error **error);

/**
 * How many endpoints redpack_request_new takes. Any thread.
 */
size_t redpack_endpoint_count(void);

/**
 * The name of one of them; NULL past the end. Valid for ever. Any thread.
 */
const char *redpack_endpoint_name(size_t index);

/**
 * Its path below the host; NULL past the end. Valid for ever. Any thread.
 */
const char *redpack_endpoint_path(size_t index);

/**
 * How many fields the requests of an endpoint have; 0 where there is no endpoint of that name. Any thread.
 */
size_t redpack_endpoint_field_count(const char *endpoint);

/**
 * The name of one of those fields, in the order of their bytes; NULL past the end. Valid for ever. Any thread.
 */
const char *redpack_endpoint_field_name(const char *endpoint,
                                        size_t index);

/**
 * The most bytes of UTF-8 that its value may have; 0 past the end. Any thread.
 */
size_t redpack_endpoint_field_max_bytes(const char *endpoint, size_t index);

/**
 * Whether you must give it a value: all others are added, have defaults or may be left out. false past the end.
 * Any thread.
 */
bool redpack_endpoint_field_required(const char *endpoint,
                                     size_t index);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* REDPACK_H */
