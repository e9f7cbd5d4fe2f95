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
