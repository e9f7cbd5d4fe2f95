// redpack for C++17: a thin, header-only wrapper of redpack.h. What a function does, and what may be done after
// which outcome, is said there; here is only what C++ adds:
//
//  - Handles are owned by move-only objects; `raw()` gives the C handle, for what has no method here.
//  - Text goes in as std::string_view and is copied. One with a NUL inside is an error and nothing is done; one
//    without data (a default-constructed string_view) is C's NULL: "absent".
//  - Text that comes out is a std::string_view into the object that it comes from, NUL-terminated; `data()` is
//    nullptr where the text is absent. References (OrderRef, AnswerRef …) live as long as that object, too.
//  - What can fail returns Result<T>: a T, or the Error. Nothing here throws, save std::bad_alloc.
//  - Config and Request keep the first error of their setters; the call that takes them returns it, and sends nothing.
//  - A const object may be shared between threads. Amounts are Fen, times seconds since 1970 (UTC), 0 for none.
#ifndef REDPACK_HPP
#define REDPACK_HPP

#include "redpack/catalogue.hpp"
#include "redpack/codec.hpp"
#include "redpack/log.hpp"
#include "redpack/protocol.hpp"

namespace redpack {

// Talks to the service. It blocks, starts no thread, may be shared between threads, and is safe after a fork.
class Client : public detail::Handle<redpack_client, redpack_client_free> {
    using S = const detail::Strings &;
    using E = redpack_error **;
    using Limit = std::chrono::milliseconds;

public:
    using Handle::Handle;
    static Result<Client> create(const Config &config) { return make(config, redpack_client_new); }
    // The process-wide client of these settings: its connections stay when this object ends.
    static Result<Client> shared(const Config &config) { return make(config, redpack_client_shared); }

    // One wire send. Every failure is an Error that says what is known of the money.
    Result<SendResult> send(const Request &request) const {
        return with<SendResult>(request, [&](auto out, E e) {
            return redpack_client_send(raw(), request.raw(), out, e);
        });
    }
    Result<QueryResult> query(const Request &request) const {
        return with<QueryResult>(request, [&](auto out, E e) {
            return redpack_client_query(raw(), request.raw(), out, e);
        });
    }
    Result<Answer> call(const Call &call) const {
        return with<Answer>(call, [&](auto out, E e) { return redpack_client_call(raw(), call.raw(), out, e); });
    }
    Result<Check> check() const {
        return detail::made<Check>({}, [&](S, auto out, E e) { return redpack_client_check(raw(), out, e); });
    }

    // The rest needs a journal. Sends and asks until it is known whether the order was paid, or the time is over. No
    // send is needed before.
    Result<Settlement> settle(const Request &request, Limit limit) const {
        return with<Settlement>(request, [&](auto out, E e) {
            return redpack_client_settle(raw(), request.raw(), detail::ms(limit), out, e);
        });
    }
    Result<Settlement> settle_number(std::string_view mch_billno, Limit limit) const {
        return detail::made<Settlement>({mch_billno}, [&](S s, auto out, E e) {
            return redpack_client_settle_number(raw(), s[0], detail::ms(limit), out, e);
        });
    }
    // The corrected fields of an order, for Advice::fix_order; then settle it again.
    Result<Settlement> amend(const Request &request) const {
        return with<Settlement>(request, [&](auto out, E e) {
            return redpack_client_amend(raw(), request.raw(), out, e);
        });
    }
    // Never to be attempted again: then a new order is allowed. Refused while it may still be paid.
    Result<Settlement> close(std::string_view mch_billno) const {
        return detail::made<Settlement>({mch_billno}, [&](S s, auto out, E e) {
            return redpack_client_close(raw(), s[0], out, e);
        });
    }
    // What a person found out: who it was, and why they are sure.
    Result<Settlement> resolve(std::string_view mch_billno, Evidence evidence, std::string_view who,
                               std::string_view why, std::string_view send_listid = {}) const {
        return detail::made<Settlement>({mch_billno, send_listid, who, why}, [&](S s, auto out, E e) {
            return redpack_client_resolve(raw(), s[0], static_cast<int>(evidence), s[1], s[2], s[3], out, e);
        });
    }
    // What a crash left open. Call it when the program starts.
    Result<Recovered> recover(Limit limit) const {
        return detail::made<Recovered>({}, [&](S, auto out, E e) {
            return redpack_client_recover(raw(), detail::ms(limit), out, e);
        });
    }
    Result<Reconciled> reconcile(Limit limit) const {
        return detail::made<Reconciled>({}, [&](S, auto out, E e) {
            return redpack_client_reconcile(raw(), detail::ms(limit), out, e);
        });
    }
    Result<Journal> journal() const {
        return detail::made<Journal>({}, [&](S, auto out, E e) { return redpack_client_journal(raw(), out, e); });
    }

    // New credentials for the calls that begin from now on.
    Result<void> replace_pem_files(std::string_view certificate, std::string_view private_key) const {
        return detail::done({certificate, private_key}, [&](S s, E e) {
            return redpack_client_replace_pem_files(raw(), s[0], s[1], e);
        });
    }
    Result<void> replace_pem(std::string_view certificate, std::string_view key) const {
        return detail::done({}, [&](S, E e) {
            return redpack_client_replace_pem(raw(), detail::bytes(certificate), certificate.size(),
                                              detail::bytes(key), key.size(), e);
        });
    }
    Result<void> replace_pkcs12_file(std::string_view path, std::string_view passphrase = {}) const {
        return detail::done({path, passphrase}, [&](S s, E e) {
            return redpack_client_replace_pkcs12_file(raw(), s[0], s[1], e);
        });
    }
    Result<void> replace_pkcs12(std::string_view bytes, std::string_view passphrase = {}) const {
        return detail::done({passphrase}, [&](S s, E e) {
            return redpack_client_replace_pkcs12(raw(), detail::bytes(bytes), bytes.size(), s[0], e);
        });
    }
    Result<void> replace_api_key(std::string_view key) const {
        return detail::done({key}, [&](S s, E e) { return redpack_client_replace_api_key(raw(), s[0], e); });
    }

private:
    std::shared_ptr<Config::AttemptCallback> on_attempt_;

    template <class T, class Input, class C> static Result<T> with(const Input &input, C call) {
        if (input.error()) return *input.error();
        return detail::made<T>({}, [&](S, auto out, E e) { return call(out, e); });
    }
    template <class F> static Result<Client> make(const Config &config, F create) {
        auto client = with<Client>(config, [&](auto out, E e) { return create(config.raw(), out, e); });
        if (client) client->on_attempt_ = config.on_attempt_;
        return client;
    }
};

}  // namespace redpack

#endif
