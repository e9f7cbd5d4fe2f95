/*
 * redpack: WeChat Pay cash red packets, never paid twice, no outcome lost, no key leaked.
 *
 * CONVENTIONS. They hold for every function; what a function's own comment says comes on top.
 *
 * Money. An order is its mch_billno. A send ends in REDPACK_STATUS_OK (sent), or in an error that carries an
 * outcome and an advice. No status and no outcome permits a new order: only REDPACK_ADVICE_NEW_ORDER_ALLOWED does.
 * All else is retried, queried or mended under the same mch_billno. Amounts are whole fen (100 fen are 1 yuan).
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
 * 19, and nothing was done, nothing sent. A defect of the library is caught and becomes REDPACK_STATUS_PANIC. No
 * function aborts, exits, throws or changes errno on purpose.
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
 * A FIRST PROGRAM, each status to be checked (ffi/examples has whole ones):
 *
 *   redpack_config *config = NULL;  redpack_client *client = NULL;  redpack_request *order = NULL;
 *   redpack_send_result *sent = NULL;  redpack_error *error = NULL;
 *   redpack_config_new("1900000109", "wx8888888888888888", getenv("API_KEY"), &config, &error);
 *   redpack_config_set_pem_files(config, "apiclient_cert.pem", "apiclient_key.pem", &error);
 *   redpack_client_new(config, &client, &error);
 *   redpack_request_new("sendredpack", &order, &error);
 *   redpack_request_set_text(order, "mch_billno", number_that_you_have_stored, &error);
 *   redpack_request_set_text(order, "re_openid", "oxTWIuGaIt6gTKsQRLau2M0yL16E", &error);
 *   redpack_request_set_fen(order, "total_amount", 100, &error);
 *   ... send_name, act_name, wishing, remark ...
 *   if (redpack_client_send(client, order, &sent, &error) == REDPACK_STATUS_OK)
 *     printf("sent: %s\n", redpack_send_result_send_listid(sent));
 *   else
 *     switch (redpack_error_advice(error)) { ... }
 */
