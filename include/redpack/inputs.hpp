// What the calls of redpack.hpp take: include that one. Its first lines say how this is to be read.
#ifndef REDPACK_INPUTS_HPP
#define REDPACK_INPUTS_HPP

#include "lists.hpp"

namespace redpack {

namespace detail {
// Makes a T of the handle that a C function writes: call(strings, place, error).
template <class T, class C> Result<T> made(std::initializer_list<std::string_view> texts, C call) {
    Strings strings(texts);
    if (!strings.whole()) return Error::nul_inside();
    typename T::Raw *raw = nullptr;
    redpack_error *error = nullptr;
    redpack_status status = call(strings, &raw, &error);
    if (status != REDPACK_STATUS_OK) return Error(status, error);
    return T(raw);
}
// The same for a function that gives nothing back: call(strings, error).
template <class C> Result<void> done(std::initializer_list<std::string_view> texts, C call) {
    Strings strings(texts);
    if (!strings.whole()) return Error::nul_inside();
    redpack_error *error = nullptr;
    redpack_status status = call(strings, &error);
    if (status != REDPACK_STATUS_OK) return Error(status, error);
    return {};
}
// And for one that writes a plain value: call(strings, place, error).
template <class V, class C> Result<V> value(std::initializer_list<std::string_view> texts, V value, C call) {
    Result<void> result =
        done(texts, [&](const Strings &strings, redpack_error **error) { return call(strings, &value, error); });
    if (!result) return result.error();
    return value;
}
// And for one that writes text into a buffer.
template <std::size_t Size, class C> Result<std::string> text(std::initializer_list<std::string_view> texts, C call) {
    char buffer[Size] = "";
    Result<void> result =
        done(texts, [&](const Strings &strings, redpack_error **error) { return call(strings, buffer, error); });
    if (!result) return result.error();
    return std::string(buffer);
}

// A C object that setters fill, with the first error of them.
template <class T, void (*Free)(T *)> class Filled {
    std::optional<Handle<T, Free>> handle_;
    std::optional<Error> error_;

protected:
    using Raw = T;
    template <class C> Filled(std::initializer_list<std::string_view> texts, C call) {
        struct Made : Handle<T, Free> { using Handle<T, Free>::Handle; };
        Result<Made> result = made<Made>(texts, call);
        if (result) handle_.emplace(std::move(*result));
        else error_ = result.error();
    }
    template <class C> void set(std::initializer_list<std::string_view> texts, C call) {
        if (error_) return;
        Result<void> result = done(
            texts, [&](const Strings &strings, redpack_error **error) { return call(handle_->raw(), strings, error); });
        if (!result) error_ = result.error();
    }

public:
    // nullptr where there is an error.
    const T *raw() const noexcept { return error_ ? nullptr : handle_->raw(); }
    const std::optional<Error> &error() const noexcept { return error_; }
};
}  // namespace detail

// The memory of payments. Share one among the clients of a process.
class Journal : public detail::Handle<redpack_journal, redpack_journal_free> {
    using S = const detail::Strings &;
    using E = redpack_error **;

public:
    using Handle::Handle;
    static Result<Journal> open(std::string_view url) {
        return detail::made<Journal>({url}, [](S s, auto out, E e) { return redpack_journal_open(s[0], out, e); });
    }
    // The order, or one that is false where there is none.
    Result<Order> order(std::string_view mch_id, std::string_view mch_billno) const {
        return detail::made<Order>({mch_id, mch_billno}, [&](S s, auto out, E e) {
            return redpack_journal_order(raw(), s[0], s[1], out, e);
        });
    }
    Result<Order> order_of_intent(std::string_view mch_id, std::string_view intent) const {
        return detail::made<Order>({mch_id, intent}, [&](S s, auto out, E e) {
            return redpack_journal_order_of_intent(raw(), s[0], s[1], out, e);
        });
    }
    // At most `limit` orders after the one with the number `after`, of a merchant and in a state where given.
    Result<Orders> list(std::int64_t after, std::uint32_t limit, std::string_view mch_id = {},
                        std::string_view state = {}) const {
        return detail::made<Orders>({mch_id, state}, [&](S s, auto out, E e) {
            return redpack_journal_list(raw(), s[0], s[1], after, limit, out, e);
        });
    }
    Result<Attempts> attempts(std::string_view mch_id, std::string_view mch_billno) const {
        return detail::made<Attempts>({mch_id, mch_billno}, [&](S s, auto out, E e) {
            return redpack_journal_attempts(raw(), s[0], s[1], out, e);
        });
    }
    Result<Decisions> decisions(std::string_view mch_id, std::string_view mch_billno) const {
        return detail::made<Decisions>({mch_id, mch_billno}, [&](S s, auto out, E e) {
            return redpack_journal_decisions(raw(), s[0], s[1], out, e);
        });
    }
    // Whether it looks like an old copy of itself, and an operator must accept it: who, and why.
    Result<bool> suspected() const {
        return detail::value({}, false, [&](S, bool *out, E e) { return redpack_journal_suspected(raw(), out, e); });
    }
    // What gave it away; without data where nothing did.
    Result<Text> suspicion() const {
        return detail::made<Text>({}, [&](S, auto out, E e) { return redpack_journal_suspicion(raw(), out, e); });
    }
    Result<void> accept_restore(std::string_view who, std::string_view why) const {
        return detail::done({who, why},
                            [&](S s, E e) { return redpack_journal_accept_restore(raw(), s[0], s[1], e); });
    }
    // Zero: until resumed.
    Result<void> pause(std::string_view mch_id, std::chrono::milliseconds length, std::string_view reason) const {
        return detail::done({mch_id, reason}, [&](S s, E e) {
            return redpack_journal_pause(raw(), s[0], detail::ms(length), s[1], e);
        });
    }
    Result<void> resume(std::string_view mch_id) const {
        return detail::done({mch_id}, [&](S s, E e) { return redpack_journal_resume(raw(), s[0], e); });
    }
    Result<bool> paused(std::string_view mch_id) const {
        return detail::value({mch_id}, false, [&](S s, bool *out, E e) {
            return redpack_journal_paused(raw(), s[0], out, e);
        });
    }
    // Why; without data where it is not paused. `until`: 0 for until resumed.
    Result<Text> pause_reason(std::string_view mch_id, std::int64_t *until = nullptr) const {
        return detail::made<Text>({mch_id}, [&](S s, auto out, E e) {
            return redpack_journal_pause_reason(raw(), s[0], until, out, e);
        });
    }
    // Of one recipient where given. Only what clients with caps paid is counted.
    Result<Fen> spent_today(std::string_view mch_id, std::string_view re_openid = {}) const {
        return detail::value({mch_id, re_openid}, Fen(0), [&](S s, Fen *out, E e) {
            return redpack_journal_spent_today(raw(), s[0], s[1], &out->value, e);
        });
    }
};

// Settings of a client. The first error of a setter is kept, and Client::create returns it.
class Config : public detail::Filled<redpack_config, redpack_config_free> {
    using S = const detail::Strings &;
    using E = redpack_error **;
    template <class C> Config &with(std::initializer_list<std::string_view> texts, C call) {
        set(texts, call);
        return *this;
    }

public:
    using AttemptCallback = std::function<void(const Event &)>;

    Config(std::string_view mch_id, std::string_view appid, std::string_view api_key)
        : Filled({mch_id, appid, api_key},
                 [](S s, auto out, E e) { return redpack_config_new(s[0], s[1], s[2], out, e); }) {}

    Config &pem_files(std::string_view certificate, std::string_view private_key) {
        return with({certificate, private_key},
                    [](Raw *c, S s, E e) { return redpack_config_set_pem_files(c, s[0], s[1], e); });
    }
    Config &pem(std::string_view certificate, std::string_view key) {
        return with({}, [&](Raw *c, S, E e) {
            return redpack_config_set_pem(c, detail::bytes(certificate), certificate.size(), detail::bytes(key),
                                          key.size(), e);
        });
    }
    // Without a passphrase, it is the mch_id.
    Config &pkcs12_file(std::string_view path, std::string_view passphrase = {}) {
        return with({path, passphrase},
                    [](Raw *c, S s, E e) { return redpack_config_set_pkcs12_file(c, s[0], s[1], e); });
    }
    Config &pkcs12(std::string_view bytes, std::string_view passphrase = {}) {
        return with({passphrase}, [&](Raw *c, S s, E e) {
            return redpack_config_set_pkcs12(c, detail::bytes(bytes), bytes.size(), s[0], e);
        });
    }
    Config &workwx_secret(std::string_view secret) {
        return with({secret}, [](Raw *c, S s, E e) { return redpack_config_set_workwx_secret(c, s[0], e); });
    }
    Config &roots_file(std::string_view path) {
        return with({path}, [](Raw *c, S s, E e) { return redpack_config_set_roots_file(c, s[0], e); });
    }
    Config &roots_pem(std::string_view roots) {
        return with({}, [&](Raw *c, S, E e) {
            return redpack_config_set_roots_pem(c, detail::bytes(roots), roots.size(), e);
        });
    }
    Config &roots_system() {
        return with({}, [](Raw *c, S, E e) { return redpack_config_set_roots_system(c, e); });
    }
    Config &base_url(std::string_view url) {
        return with({url}, [](Raw *c, S s, E e) { return redpack_config_set_base_url(c, s[0], e); });
    }
    Config &backup_url(std::string_view url) {
        return with({url}, [](Raw *c, S s, E e) { return redpack_config_set_backup_url(c, s[0], e); });
    }
    Config &proxy(std::string_view url) {
        return with({url}, [](Raw *c, S s, E e) { return redpack_config_set_proxy(c, s[0], e); });
    }
    Config &source_address(std::string_view address) {
        return with({address}, [](Raw *c, S s, E e) { return redpack_config_set_source_address(c, s[0], e); });
    }
    Config &ipv4_only(bool only) {
        return with({}, [&](Raw *c, S, E e) { return redpack_config_set_ipv4_only(c, only, e); });
    }
    Config &failover(Failover to) {
        return with({}, [&](Raw *c, S, E e) { return redpack_config_set_failover(c, static_cast<int>(to), e); });
    }
    Config &connect_limit(std::chrono::milliseconds limit) {
        return with({}, [&](Raw *c, S, E e) {
            return redpack_config_set_connect_limit_ms(c, detail::ms32(limit), e);
        });
    }
    Config &attempt_limit(std::chrono::milliseconds limit) {
        return with({}, [&](Raw *c, S, E e) {
            return redpack_config_set_attempt_limit_ms(c, detail::ms32(limit), e);
        });
    }
    Config &pace(std::uint32_t per_second) {
        return with({}, [&](Raw *c, S, E e) { return redpack_config_set_pace(c, per_second, e); });
    }
    Config &paced_sends(bool paced) {
        return with({}, [&](Raw *c, S, E e) { return redpack_config_set_paced_sends(c, paced, e); });
    }
    // Fen(0): no limit.
    Config &caps(Fen order, Fen recipient_day, Fen merchant_day) {
        return with({}, [&](Raw *c, S, E e) {
            return redpack_config_set_caps(c, order.value, recipient_day.value, merchant_day.value, e);
        });
    }
    // The client holds the journal by itself: `journal` may end before it.
    Config &journal(const Journal &journal) {
        return with({}, [&](Raw *c, S, E e) { return redpack_config_set_journal(c, journal.raw(), e); });
    }
    // The same by its URL: opened when a client is made. Client::journal gives it.
    Config &journal_url(std::string_view url) {
        return with({url}, [](Raw *c, S s, E e) { return redpack_config_set_journal_url(c, s[0], e); });
    }
    // Called on the thread that makes a call, by several threads at once if they share the client. Config and
    // clients made of it keep it alive; a client that is shared calls it for calls of this object only.
    Config &on_attempt(AttemptCallback callback) {
        on_attempt_ = std::make_shared<AttemptCallback>(std::move(callback));
        return with({}, [&](Raw *c, S, E e) {
            auto call = [](const redpack_event *event, void *user) noexcept {
                detail::call<AttemptCallback>(user, Event(event));
            };
            return redpack_config_set_attempt_callback(c, *on_attempt_ ? +call : nullptr, on_attempt_.get(), e);
        });
    }

private:
    friend class Client;
    std::shared_ptr<AttemptCallback> on_attempt_;
};

// One order, or one query. Setters take the wire's names; of those that have none here, `text` sets them by name.
class Request : public detail::Filled<redpack_request, redpack_request_free> {
    using S = const detail::Strings &;
    using E = redpack_error **;

public:
    explicit Request(std::string_view endpoint)
        : Filled({endpoint}, [](S s, auto out, E e) { return redpack_request_new(s[0], out, e); }) {}

    static Request send_red_pack(std::string_view mch_billno, std::string_view re_openid, Fen total_amount) {
        return order("sendredpack", mch_billno, re_openid, total_amount);
    }
    static Request send_mini_program(std::string_view mch_billno, std::string_view re_openid, Fen total_amount) {
        return order("sendminiprogramhb", mch_billno, re_openid, total_amount);
    }
    static Request send_workwx(std::string_view mch_billno, std::string_view re_openid, Fen total_amount) {
        return order("sendworkwxredpack", mch_billno, re_openid, total_amount);
    }
    static Request query(std::string_view mch_billno) {
        Request request("gethbinfo");
        request.text("mch_billno", mch_billno);
        return request;
    }
    static Request query_workwx(std::string_view mch_billno) {
        Request request("queryworkwxredpack");
        request.text("mch_billno", mch_billno);
        return request;
    }

    std::string_view endpoint() const noexcept { return detail::view(redpack_request_endpoint(raw())); }
    Request &text(std::string_view name, std::string_view value) {
        set({name, value}, [](Raw *r, S s, E e) { return redpack_request_set_text(r, s[0], s[1], e); });
        return *this;
    }
    Request &fen(std::string_view name, Fen amount) {
        set({name}, [&](Raw *r, S s, E e) { return redpack_request_set_fen(r, s[0], amount.value, e); });
        return *this;
    }
    // The caller's own name of the payment; with a journal, one intent is one order for ever. A new order that is
    // allowed gets a new one that everybody derives in the same way: "invoice-7/2".
    Request &intent(std::string_view intent) {
        set({intent}, [](Raw *r, S s, E e) { return redpack_request_set_intent(r, s[0], e); });
        return *this;
    }
    Request &send_name(std::string_view value) { return text("send_name", value); }
    Request &act_name(std::string_view value) { return text("act_name", value); }
    Request &wishing(std::string_view value) { return text("wishing", value); }
    Request &remark(std::string_view value) { return text("remark", value); }
    Request &client_ip(std::string_view value) { return text("client_ip", value); }
    Request &scene_id(std::string_view value) { return text("scene_id", value); }

private:
    static Request order(std::string_view endpoint, std::string_view mch_billno, std::string_view re_openid,
                         Fen total_amount) {
        Request request(endpoint);
        request.text("mch_billno", mch_billno).text("re_openid", re_openid).fen("total_amount", total_amount);
        return request;
    }
};

// Names and values, for the protocol functions.
class Fields : public detail::Filled<redpack_fields, redpack_fields_free> {
    using S = const detail::Strings &;
    using E = redpack_error **;

public:
    Fields() : Filled({}, [](S, auto out, E e) { return redpack_fields_new(out, e); }) {}
    Fields &add(std::string_view name, std::string_view value) {
        set({name, value}, [](Raw *f, S s, E e) { return redpack_fields_add(f, s[0], s[1], e); });
        return *this;
    }
    std::size_t size() const noexcept { return redpack_fields_count(raw()); }
};

// A call of an endpoint that has no request type of its own.
class Call : public detail::Filled<redpack_call, redpack_call_free> {
    using S = const detail::Strings &;
    using E = redpack_error **;

public:
    explicit Call(std::string_view path)
        : Filled({path}, [](S s, auto out, E e) { return redpack_call_new(s[0], out, e); }) {}
    Call &field(std::string_view name, std::string_view value) {
        set({name, value}, [](Raw *c, S s, E e) { return redpack_call_set_field(c, s[0], s[1], e); });
        return *this;
    }
    Call &sign_type(SignType type) {
        set({}, [&](Raw *c, S, E e) { return redpack_call_set_sign_type(c, static_cast<int>(type), e); });
        return *this;
    }
    Call &merchant_field(std::string_view name) {
        set({name}, [](Raw *c, S s, E e) { return redpack_call_set_merchant_field(c, s[0], e); });
        return *this;
    }
    Call &signed_answer(bool required) {
        set({}, [&](Raw *c, S, E e) { return redpack_call_set_signed_answer(c, required, e); });
        return *this;
    }
};

}  // namespace redpack

#endif
