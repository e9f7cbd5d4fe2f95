// The tables of words and outcomes: include redpack.hpp. Its first lines say how this is to be read.
#ifndef REDPACK_CATALOGUE_HPP
#define REDPACK_CATALOGUE_HPP

#include "inputs.hpp"

namespace redpack {

// The words for logs: "not_sent", "query_first", "merchant" …
inline std::string_view text(Outcome outcome) noexcept {
    return detail::view(redpack_outcome_text(static_cast<int>(outcome)));
}
inline std::string_view text(Advice advice) noexcept {
    return detail::view(redpack_advice_text(static_cast<int>(advice)));
}
inline std::string_view text(Scope scope) noexcept { return detail::view(redpack_scope_text(static_cast<int>(scope))); }
inline std::string_view text(redpack_status status) noexcept {
    return detail::view(redpack_status_text(static_cast<int>(status)));
}

// What is said of a send by a kind of error, a code or a status: the rows of the library's own table.
struct Verdict {
    Outcome outcome;
    Advice advice;
    Scope scope;
};

// A list of words that lives for ever.
class Names {
    std::size_t (*count_)();
    const char *(*name_)(std::size_t);

public:
    constexpr Names(std::size_t (*count)(), const char *(*name)(std::size_t)) noexcept : count_(count), name_(name) {}
    std::size_t size() const noexcept { return count_(); }
    std::string_view operator[](std::size_t at) const noexcept { return detail::view(name_(at)); }
};

inline Names kinds() noexcept { return {redpack_kind_count, redpack_kind_name}; }
// Of REDPACK_STATUS_JOURNAL.
inline Names journal_kinds() noexcept { return {redpack_journal_kind_count, redpack_journal_kind_name}; }
inline Names codes() noexcept { return {redpack_code_count, redpack_code_name}; }
inline Names query_statuses() noexcept { return {redpack_query_status_count, redpack_query_status_name}; }
inline Names states() noexcept { return {redpack_state_count, redpack_state_name}; }
inline Names endpoints() noexcept { return {redpack_endpoint_count, redpack_endpoint_name}; }
inline Names endpoint_paths() noexcept { return {redpack_endpoint_count, redpack_endpoint_path}; }

namespace detail {
template <class F> Result<Verdict> verdict(std::string_view word, F function) {
    return value({word}, Verdict{Outcome::unknown, Advice::query_first, Scope::order},
                 [&](const Strings &s, Verdict *out, redpack_error **e) {
                     redpack_outcome outcome;
                     redpack_advice advice;
                     redpack_scope scope;
                     redpack_status status = function(s[0], &outcome, &advice, &scope, e);
                     if (status == REDPACK_STATUS_OK) *out = {Outcome(outcome), Advice(advice), Scope(scope)};
                     return status;
                 });
}
}  // namespace detail

inline Result<Verdict> kind_verdict(std::string_view kind) { return detail::verdict(kind, redpack_kind_verdict); }
// Of result_code FAIL, and of return_code FAIL.
inline Result<Verdict> code_verdict(std::string_view err_code) { return detail::verdict(err_code, redpack_code_verdict); }
inline Result<Verdict> communication_verdict(std::string_view err_code) {
    return detail::verdict(err_code, redpack_communication_verdict);
}
inline Result<Verdict> query_status_verdict(std::string_view status) {
    return detail::verdict(status, redpack_query_status_verdict);
}

// The fields of an endpoint's requests.
struct EndpointField {
    std::string_view name;
    std::size_t max_bytes;
    bool required;
};
inline std::vector<EndpointField> endpoint_fields(std::string_view endpoint) {
    detail::Strings strings{endpoint};
    std::vector<EndpointField> fields;
    for (std::size_t at = 0; strings.whole() && at < redpack_endpoint_field_count(strings[0]); at++)
        fields.push_back({detail::view(redpack_endpoint_field_name(strings[0], at)),
                          redpack_endpoint_field_max_bytes(strings[0], at),
                          redpack_endpoint_field_required(strings[0], at)});
    return fields;
}

}  // namespace redpack

#endif
