// What the calls of redpack.hpp give back that is a list: include that one. Its first lines say how this is to be read.
#ifndef REDPACK_LISTS_HPP
#define REDPACK_LISTS_HPP

#include "results.hpp"

namespace redpack {

class Recovered : public detail::Handle<redpack_recovered, redpack_recovered_free> {
public:
    using Handle::Handle;
    std::size_t size() const noexcept { return redpack_recovered_count(raw()); }
    std::size_t open_count() const noexcept { return redpack_recovered_open_count(raw()); }
    // Attempted and open beside them, not due yet or worked on by somebody else.
    std::uint32_t waiting() const noexcept { return redpack_recovered_waiting(raw()); }
    // When to recover again; 0 where nothing is left to do.
    std::int64_t next_due() const noexcept { return redpack_recovered_next_due(raw()); }
    SettlementRef operator[](std::size_t at) const noexcept {
        return SettlementRef(redpack_recovered_settlement(raw(), at));
    }
};

class Reconciled : public detail::Handle<redpack_reconciled, redpack_reconciled_free> {
    static std::int32_t number(Group group) noexcept { return static_cast<std::int32_t>(group); }

public:
    using Handle::Handle;
    std::uint32_t asked() const noexcept { return redpack_reconciled_asked(raw()); }
    std::uint32_t failed() const noexcept { return redpack_reconciled_failed(raw()); }
    Fen refunded() const noexcept { return Fen(redpack_reconciled_refunded_fen(raw())); }
    std::size_t size(Group group) const noexcept { return redpack_reconciled_count(raw(), number(group)); }
    OrderRef order(Group group, std::size_t at) const noexcept {
        return OrderRef(redpack_reconciled_order(raw(), number(group), at));
    }
};

class Orders : public detail::Handle<redpack_orders, redpack_orders_free> {
public:
    using Handle::Handle;
    std::size_t size() const noexcept { return redpack_orders_count(raw()); }
    OrderRef operator[](std::size_t at) const noexcept { return OrderRef(redpack_orders_order(raw(), at)); }
};

// One wire send of an order. Texts live as long as the list that they come from; those that are absent have no data.
struct Attempt {
    std::string_view host, outcome, advice, err_code, phase;
    std::int64_t began_at, finished_at, elapsed_ms;
    int http_status;
    bool late;
};
class Attempts : public detail::Handle<redpack_attempts, redpack_attempts_free> {
public:
    using Handle::Handle;
    std::size_t size() const noexcept { return redpack_attempts_count(raw()); }
    Attempt operator[](std::size_t at) const noexcept {
        return {detail::view(redpack_attempts_host(raw(), at)),
                detail::view(redpack_attempts_outcome(raw(), at)),
                detail::view(redpack_attempts_advice(raw(), at)),
                detail::view(redpack_attempts_err_code(raw(), at)),
                detail::view(redpack_attempts_phase(raw(), at)),
                redpack_attempts_began_at(raw(), at),
                redpack_attempts_finished_at(raw(), at),
                redpack_attempts_elapsed_ms(raw(), at),
                redpack_attempts_http_status(raw(), at),
                redpack_attempts_late(raw(), at)};
    }
};

// What an operator decided of an order.
struct Decision {
    std::string_view evidence, who, why, state_before;
    std::int64_t at;
};
class Decisions : public detail::Handle<redpack_decisions, redpack_decisions_free> {
public:
    using Handle::Handle;
    std::size_t size() const noexcept { return redpack_decisions_count(raw()); }
    Decision operator[](std::size_t at) const noexcept {
        return {detail::view(redpack_decisions_evidence(raw(), at)), detail::view(redpack_decisions_who(raw(), at)),
                detail::view(redpack_decisions_why(raw(), at)), detail::view(redpack_decisions_state_before(raw(), at)),
                redpack_decisions_at(raw(), at)};
    }
};

// What Client::check finds of credentials and settings, offline.
class Check : public detail::Handle<redpack_check, redpack_check_free> {
public:
    using Handle::Handle;
    std::string_view mch_id() const noexcept { return detail::view(redpack_check_mch_id(raw())); }
    std::string_view base_url() const noexcept { return detail::view(redpack_check_base_url(raw())); }
    std::string_view common_name() const noexcept { return detail::view(redpack_check_common_name(raw())); }
    std::string_view serial_number() const noexcept { return detail::view(redpack_check_serial_number(raw())); }
    std::string_view backup_url() const noexcept { return detail::view(redpack_check_backup_url(raw())); }
    std::int64_t not_before() const noexcept { return redpack_check_not_before(raw()); }
    std::int64_t not_after() const noexcept { return redpack_check_not_after(raw()); }
    std::int64_t days_left() const noexcept { return redpack_check_days_left(raw()); }
    std::size_t finding_count() const noexcept { return redpack_check_finding_count(raw()); }
    std::string_view finding(std::size_t at) const noexcept { return detail::view(redpack_check_finding(raw(), at)); }
    std::string_view finding_text(std::size_t at) const noexcept {
        return detail::view(redpack_check_finding_text(raw(), at));
    }
};

}  // namespace redpack

#endif
