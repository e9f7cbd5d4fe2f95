// What the calls of redpack.hpp give back: include that one. Its first lines say how this is to be read.
#ifndef REDPACK_RESULTS_HPP
#define REDPACK_RESULTS_HPP

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "../redpack.h"

namespace redpack {

// An amount; a plain number could be yuan.
struct Fen {
    std::int64_t value;
    explicit constexpr Fen(std::int64_t fen) noexcept : value(fen) {}
};

enum class Outcome {
    none = REDPACK_OUTCOME_NONE, sent = REDPACK_OUTCOME_SENT, not_sent = REDPACK_OUTCOME_NOT_SENT,
    rejected = REDPACK_OUTCOME_REJECTED, pending = REDPACK_OUTCOME_PENDING, unknown = REDPACK_OUTCOME_UNKNOWN
};
// Only new_order_allowed permits a new order; no outcome does.
enum class Advice {
    none = REDPACK_ADVICE_NONE, fix_setup = REDPACK_ADVICE_FIX_SETUP, fix_order = REDPACK_ADVICE_FIX_ORDER,
    retry_same_order = REDPACK_ADVICE_RETRY_SAME_ORDER, query_first = REDPACK_ADVICE_QUERY_FIRST,
    new_order_allowed = REDPACK_ADVICE_NEW_ORDER_ALLOWED, ask_operator = REDPACK_ADVICE_ASK_OPERATOR
};
enum class Scope {
    order = REDPACK_SCOPE_ORDER, recipient = REDPACK_SCOPE_RECIPIENT, merchant = REDPACK_SCOPE_MERCHANT
};
enum class SignType { md5 = REDPACK_SIGN_TYPE_MD5, hmac_sha256 = REDPACK_SIGN_TYPE_HMAC_SHA256 };
enum class Failover {
    off = REDPACK_FAILOVER_OFF, connect_phase = REDPACK_FAILOVER_CONNECT_PHASE,
    after_sending = REDPACK_FAILOVER_AFTER_SENDING
};
enum class Evidence {
    paid = REDPACK_EVIDENCE_PAID, refunded = REDPACK_EVIDENCE_REFUNDED, not_paid = REDPACK_EVIDENCE_NOT_PAID
};
enum class Group {
    received = REDPACK_GROUP_RECEIVED, unclaimed = REDPACK_GROUP_UNCLAIMED, refunded = REDPACK_GROUP_REFUNDED,
    contradicting = REDPACK_GROUP_CONTRADICTING
};

namespace detail {
inline std::string_view view(const char *text) noexcept { return text ? std::string_view(text) : std::string_view(); }
inline std::uint64_t ms(std::chrono::milliseconds limit) noexcept {
    return limit.count() > 0 ? static_cast<std::uint64_t>(limit.count()) : 0;
}
// A limit that doesn't fit is the longest one, not a short one.
inline std::uint32_t ms32(std::chrono::milliseconds limit) noexcept {
    return ms(limit) > UINT32_MAX ? UINT32_MAX : static_cast<std::uint32_t>(ms(limit));
}
inline const std::uint8_t *bytes(std::string_view text) noexcept {
    return reinterpret_cast<const std::uint8_t *>(text.data());
}

// C strings made of views. They may be keys, so they are wiped.
class Strings {
    std::vector<std::string> copies_;
    std::vector<const char *> pointers_;
    bool whole_ = true;

public:
    Strings(std::initializer_list<std::string_view> views) {
        copies_.reserve(views.size());  // a copy that moved would leave its text behind
        for (std::string_view text : views) {
            whole_ = whole_ && text.find('\0') == std::string_view::npos;
            copies_.emplace_back(text);
            pointers_.push_back(text.data() ? copies_.back().c_str() : nullptr);
        }
    }
    Strings(const Strings &) = delete;
    Strings &operator=(const Strings &) = delete;
    ~Strings() {
        for (std::string &copy : copies_)
            for (volatile char *at = copy.data(), *end = at + copy.size(); at != end; ++at) *at = 0;
    }
    bool whole() const noexcept { return whole_; }
    const char *operator[](std::size_t index) const noexcept { return pointers_[index]; }
};

// What objects are made of: a C handle and the function that frees it.
template <class T, void (*Free)(T *)> class Handle {
    struct Freeing { void operator()(T *raw) const noexcept { Free(raw); } };
    std::unique_ptr<T, Freeing> raw_;

public:
    using Raw = T;
    explicit Handle(T *raw) noexcept : raw_(raw) {}
    const T *raw() const noexcept { return raw_.get(); }
    T *raw() noexcept { return raw_.get(); }
};

// Stands for a callback's std::function across C. What it throws ends here: a failure to observe a payment must
// not become one of the payment.
template <class F, class... A> void call(void *user, A &&...arguments) noexcept {
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
    try { (*static_cast<F *>(user))(std::forward<A>(arguments)...); } catch (...) {}
#else
    (*static_cast<F *>(user))(std::forward<A>(arguments)...);
#endif
}
}  // namespace detail

// A text that a function made.
class Text : public detail::Handle<redpack_text, redpack_text_free> {
public:
    using Handle::Handle;
    std::string_view view() const noexcept {
        return {redpack_text_data(raw()), redpack_text_length(raw())};
    }
};

// What the service answered: fields in their order.
class AnswerRef {
    const redpack_answer *raw_;

public:
    explicit AnswerRef(const redpack_answer *raw) noexcept : raw_(raw) {}
    explicit operator bool() const noexcept { return raw_ != nullptr; }
    const redpack_answer *raw() const noexcept { return raw_; }
    std::string_view operator[](std::string_view name) const {
        detail::Strings text{name};
        return text.whole() ? detail::view(redpack_answer_text(raw_, text[0])) : std::string_view();
    }
    std::size_t size() const noexcept { return redpack_answer_count(raw_); }
    std::string_view name(std::size_t index) const noexcept { return detail::view(redpack_answer_name(raw_, index)); }
    std::string_view value(std::size_t index) const noexcept { return detail::view(redpack_answer_value(raw_, index)); }
    // Exactly as it came, blanks round it too.
    std::string_view raw_value(std::size_t index) const noexcept {
        return detail::view(redpack_answer_raw_value(raw_, index));
    }
    // Of the element whose fields these are.
    std::string_view element_name() const noexcept { return detail::view(redpack_answer_element_name(raw_)); }
    std::string_view element_text() const noexcept { return detail::view(redpack_answer_element_text(raw_)); }
    AnswerRef child(std::size_t index) const noexcept { return AnswerRef(redpack_answer_child(raw_, index)); }
};
class Answer : public detail::Handle<redpack_answer, redpack_answer_free> {
public:
    using Handle::Handle;
    AnswerRef ref() const noexcept { return AnswerRef(raw()); }
    std::string_view operator[](std::string_view name) const { return ref()[name]; }
};

// An order as the journal has it. False where there is none.
class OrderRef {
    const redpack_order *raw_;

public:
    explicit OrderRef(const redpack_order *raw) noexcept : raw_(raw) {}
    explicit operator bool() const noexcept { return raw_ != nullptr; }
    const redpack_order *raw() const noexcept { return raw_; }
    std::string_view mch_id() const noexcept { return detail::view(redpack_order_mch_id(raw_)); }
    std::string_view mch_billno() const noexcept { return detail::view(redpack_order_mch_billno(raw_)); }
    std::string_view intent() const noexcept { return detail::view(redpack_order_intent(raw_)); }
    std::string_view state() const noexcept { return detail::view(redpack_order_state(raw_)); }
    std::string_view err_code() const noexcept { return detail::view(redpack_order_err_code(raw_)); }
    std::string_view send_listid() const noexcept { return detail::view(redpack_order_send_listid(raw_)); }
    std::string_view query_status() const noexcept { return detail::view(redpack_order_query_status(raw_)); }
    std::string_view field(std::string_view name) const {
        detail::Strings text{name};
        return text.whole() ? detail::view(redpack_order_field(raw_, text[0])) : std::string_view();
    }
    Outcome outcome() const noexcept { return Outcome(redpack_order_outcome(raw_)); }
    Advice advice() const noexcept { return Advice(redpack_order_advice(raw_)); }
    Scope scope() const noexcept { return Scope(redpack_order_scope(raw_)); }
    Fen total_amount() const noexcept { return Fen(redpack_order_total_amount(raw_)); }
    bool settled() const noexcept { return redpack_order_settled(raw_); }
    bool ambiguous() const noexcept { return redpack_order_ambiguous(raw_); }
    std::uint32_t attempts() const noexcept { return redpack_order_attempts(raw_); }
    std::uint32_t queries() const noexcept { return redpack_order_queries(raw_); }
    std::int64_t created_at() const noexcept { return redpack_order_created_at(raw_); }
    std::int64_t updated_at() const noexcept { return redpack_order_updated_at(raw_); }
    std::int64_t first_attempt_at() const noexcept { return redpack_order_first_attempt_at(raw_); }
    std::int64_t not_before() const noexcept { return redpack_order_not_before(raw_); }
    std::int64_t queried_at() const noexcept { return redpack_order_queried_at(raw_); }
    std::int64_t seq() const noexcept { return redpack_order_seq(raw_); }
};
class Order : public detail::Handle<redpack_order, redpack_order_free> {
public:
    using Handle::Handle;
    OrderRef ref() const noexcept { return OrderRef(raw()); }
    explicit operator bool() const noexcept { return raw() != nullptr; }
};

// Why a call did not end well, what is known of the money, and what to do next. Copies share one C error, which
// never changes.
class Error {
    std::shared_ptr<redpack_error> raw_;
    redpack_status status_;

public:
    Error(redpack_status status, redpack_error *raw) : raw_(raw, redpack_error_free), status_(status) {}
    // The one mistake that C can't make: a text with a NUL inside. Nothing was done.
    static Error nul_inside() { return Error(REDPACK_STATUS_INVALID_ARGUMENT, nullptr); }

    const redpack_error *raw() const noexcept { return raw_.get(); }
    redpack_status status() const noexcept { return status_; }
    Outcome outcome() const noexcept { return raw_ ? Outcome(redpack_error_outcome(raw())) : Outcome::not_sent; }
    Outcome attempt_outcome() const noexcept {
        return raw_ ? Outcome(redpack_error_attempt_outcome(raw())) : Outcome::not_sent;
    }
    Advice advice() const noexcept { return raw_ ? Advice(redpack_error_advice(raw())) : Advice::fix_order; }
    Scope scope() const noexcept { return Scope(redpack_error_scope(raw())); }
    std::int64_t not_before() const noexcept { return redpack_error_not_before(raw()); }
    std::string_view kind() const noexcept { return raw_ ? text(redpack_error_kind) : "invalid_argument"; }
    std::string_view message() const noexcept { return raw_ ? text(redpack_error_message) : "a text has a NUL inside"; }
    std::string_view mch_billno() const noexcept { return text(redpack_error_mch_billno); }
    std::string_view err_code() const noexcept { return text(redpack_error_err_code); }
    std::string_view err_code_des() const noexcept { return text(redpack_error_err_code_des); }
    std::string_view credential_fault() const noexcept { return text(redpack_error_credential_fault); }
    int http_status() const noexcept { return redpack_error_http_status(raw()); }
    std::uint32_t attempts() const noexcept { return redpack_error_attempts(raw()); }
    std::size_t problem_count() const noexcept { return redpack_error_problem_count(raw()); }
    std::string_view problem_field(std::size_t at) const noexcept {
        return detail::view(redpack_error_problem_field(raw(), at));
    }
    std::string_view problem_rule(std::size_t at) const noexcept {
        return detail::view(redpack_error_problem_rule(raw(), at));
    }
    std::size_t problem_length(std::size_t at) const noexcept { return redpack_error_problem_length(raw(), at); }
    AnswerRef answer() const noexcept { return AnswerRef(redpack_error_answer(raw())); }
    // What the server sent, understood or not. It may hold openids, and any byte.
    std::string_view body() const noexcept {
        std::size_t length = 0;
        const std::uint8_t *bytes = redpack_error_body(raw(), &length);
        return bytes ? std::string_view(reinterpret_cast<const char *>(bytes), length) : std::string_view();
    }
    OrderRef order() const noexcept { return OrderRef(redpack_error_order(raw())); }

private:
    std::string_view text(const char *(*getter)(const redpack_error *)) const noexcept {
        return detail::view(getter(raw()));
    }
};

// A T, or the Error. To use the one that is not there is a mistake of the program and ends it.
template <class T> class [[nodiscard]] Result {
    std::variant<T, Error> content_;
    template <class V> static V &there(V *value) noexcept {
        if (!value) std::abort();
        return *value;
    }

public:
    Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}
    explicit operator bool() const noexcept { return content_.index() == 0; }
    T &operator*() & noexcept { return there(std::get_if<0>(&content_)); }
    const T &operator*() const & noexcept { return there(std::get_if<0>(&content_)); }
    T operator*() && noexcept { return std::move(there(std::get_if<0>(&content_))); }
    T *operator->() noexcept { return &there(std::get_if<0>(&content_)); }
    const T *operator->() const noexcept { return &there(std::get_if<0>(&content_)); }
    const Error &error() const noexcept { return there(std::get_if<1>(&content_)); }
};
template <> class [[nodiscard]] Result<void> {
    std::optional<Error> error_;

public:
    Result() noexcept = default;
    Result(Error error) : error_(std::move(error)) {}
    explicit operator bool() const noexcept { return !error_; }
    const Error &error() const noexcept {
        if (!error_) std::abort();
        return *error_;
    }
};

class SendResult : public detail::Handle<redpack_send_result, redpack_send_result_free> {
public:
    using Handle::Handle;
    std::string_view mch_billno() const noexcept { return detail::view(redpack_send_result_mch_billno(raw())); }
    std::string_view send_listid() const noexcept { return detail::view(redpack_send_result_send_listid(raw())); }
    // What a mini program needs for wx.sendBizRedPacket.
    std::string_view package() const noexcept { return detail::view(redpack_send_result_package(raw())); }
    Fen total_amount() const noexcept { return Fen(redpack_send_result_total_amount(raw())); }
    std::int64_t send_time() const noexcept { return redpack_send_result_send_time(raw()); }
    bool recorded() const noexcept { return redpack_send_result_recorded(raw()); }
    AnswerRef answer() const noexcept { return AnswerRef(redpack_send_result_answer(raw())); }
};

struct Receiver {
    std::string_view openid;
    Fen amount;
    std::int64_t time;
};
class QueryResult : public detail::Handle<redpack_query_result, redpack_query_result_free> {
public:
    using Handle::Handle;
    bool found() const noexcept { return redpack_query_result_found(raw()); }
    std::string_view mch_billno() const noexcept { return detail::view(redpack_query_result_mch_billno(raw())); }
    std::string_view status() const noexcept { return detail::view(redpack_query_result_status(raw())); }
    std::string_view reason() const noexcept { return detail::view(redpack_query_result_reason(raw())); }
    std::string_view detail_id() const noexcept { return detail::view(redpack_query_result_detail_id(raw())); }
    Outcome outcome() const noexcept { return Outcome(redpack_query_result_outcome(raw())); }
    Advice advice() const noexcept { return Advice(redpack_query_result_advice(raw())); }
    Scope scope() const noexcept { return Scope(redpack_query_result_scope(raw())); }
    std::int64_t not_before() const noexcept { return redpack_query_result_not_before(raw()); }
    Fen total_amount() const noexcept { return Fen(redpack_query_result_total_amount(raw())); }
    Fen refund_amount() const noexcept { return Fen(redpack_query_result_refund_amount(raw())); }
    std::int64_t send_time() const noexcept { return redpack_query_result_send_time(raw()); }
    std::int64_t refund_time() const noexcept { return redpack_query_result_refund_time(raw()); }
    std::size_t receiver_count() const noexcept { return redpack_query_result_receiver_count(raw()); }
    Receiver receiver(std::size_t at) const noexcept {
        return {detail::view(redpack_query_result_receiver_openid(raw(), at)),
                Fen(redpack_query_result_receiver_amount(raw(), at)), redpack_query_result_receiver_time(raw(), at)};
    }
    AnswerRef answer() const noexcept { return AnswerRef(redpack_query_result_answer(raw())); }
};

// Where the order stands after settle, close, resolve or recover.
class SettlementRef {
    const redpack_settlement *raw_;

public:
    explicit SettlementRef(const redpack_settlement *raw) noexcept : raw_(raw) {}
    const redpack_settlement *raw() const noexcept { return raw_; }
    bool settled() const noexcept { return redpack_settlement_settled(raw_); }
    Outcome outcome() const noexcept { return Outcome(redpack_settlement_outcome(raw_)); }
    Advice advice() const noexcept { return Advice(redpack_settlement_advice(raw_)); }
    Scope scope() const noexcept { return Scope(redpack_settlement_scope(raw_)); }
    std::int64_t look_again() const noexcept { return redpack_settlement_look_again(raw_); }
    std::uint32_t attempts() const noexcept { return redpack_settlement_attempts(raw_); }
    std::uint32_t queries() const noexcept { return redpack_settlement_queries(raw_); }
    std::string_view trouble() const noexcept { return detail::view(redpack_settlement_trouble(raw_)); }
    // The hosts that its attempts went to.
    std::size_t host_count() const noexcept { return redpack_settlement_host_count(raw_); }
    std::string_view host(std::size_t at) const noexcept { return detail::view(redpack_settlement_host(raw_, at)); }
    OrderRef order() const noexcept { return OrderRef(redpack_settlement_order(raw_)); }
};
class Settlement : public detail::Handle<redpack_settlement, redpack_settlement_free> {
public:
    using Handle::Handle;
    SettlementRef ref() const noexcept { return SettlementRef(raw()); }
    bool settled() const noexcept { return ref().settled(); }
    Outcome outcome() const noexcept { return ref().outcome(); }
    Advice advice() const noexcept { return ref().advice(); }
    Scope scope() const noexcept { return ref().scope(); }
    std::int64_t look_again() const noexcept { return ref().look_again(); }
    std::string_view trouble() const noexcept { return ref().trouble(); }
    OrderRef order() const noexcept { return ref().order(); }
};

// One call that reached for the network, as the attempt callback sees it, during the callback only.
class Event {
    const redpack_event *raw_;

public:
    explicit Event(const redpack_event *raw) noexcept : raw_(raw) {}
    std::string_view path() const noexcept { return detail::view(redpack_event_path(raw_)); }
    std::string_view mch_billno() const noexcept { return detail::view(redpack_event_mch_billno(raw_)); }
    std::string_view host() const noexcept { return detail::view(redpack_event_host(raw_)); }
    std::string_view phase() const noexcept { return detail::view(redpack_event_phase(raw_)); }
    std::string_view kind() const noexcept { return detail::view(redpack_event_kind(raw_)); }
    std::string_view err_code() const noexcept { return detail::view(redpack_event_err_code(raw_)); }
    Outcome outcome() const noexcept { return Outcome(redpack_event_outcome(raw_)); }
    std::chrono::microseconds elapsed() const noexcept {
        return std::chrono::microseconds(static_cast<std::int64_t>(redpack_event_elapsed_us(raw_)));
    }
    bool connection_reused() const noexcept { return redpack_event_connection_reused(raw_); }
    int http_status() const noexcept { return redpack_event_http_status(raw_); }
};

}  // namespace redpack

#endif
