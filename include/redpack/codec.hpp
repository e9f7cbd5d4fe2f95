// Encoding, and judging what came back, without a client: include redpack.hpp. Its first lines say how this is to be
// read.
#ifndef REDPACK_CODEC_HPP
#define REDPACK_CODEC_HPP

#include "inputs.hpp"

namespace redpack {

// A request as bytes, to be posted by your own means; then read_send, read_query or read_call judges what came back.
// Of the configuration, numbers and keys are used.
class Wire : public detail::Handle<redpack_wire, redpack_wire_free> {
    using S = const detail::Strings &;
    using E = redpack_error **;

public:
    using Handle::Handle;
    static Result<Wire> encode(const Request &request, const Config &config) {
        return made(request, config, [&](auto out, E e) {
            return redpack_request_encode(request.raw(), config.raw(), out, e);
        });
    }
    static Result<Wire> encode(const Call &call, const Config &config) {
        return made(call, config, [&](auto out, E e) { return redpack_call_encode(call.raw(), config.raw(), out, e); });
    }
    std::string_view path() const noexcept { return detail::view(redpack_wire_path(raw())); }
    std::string_view body() const noexcept { return {redpack_wire_body(raw()), redpack_wire_body_length(raw())}; }
    std::string_view nonce_str() const noexcept { return detail::view(redpack_wire_nonce_str(raw())); }
    std::string_view mch_billno() const noexcept { return detail::view(redpack_wire_mch_billno(raw())); }

    Result<SendResult> read_send(const Config &config, int http_status, std::string_view body) const {
        return read<SendResult>(config, [&](auto out, E e) {
            return redpack_wire_read_send(raw(), config.raw(), http_status, detail::bytes(body), body.size(), out, e);
        });
    }
    // `now`: when the answer came; 0 for the clock of this machine.
    Result<QueryResult> read_query(const Config &config, int http_status, std::string_view body,
                                   std::int64_t now = 0) const {
        return read<QueryResult>(config, [&](auto out, E e) {
            return redpack_wire_read_query(raw(), config.raw(), http_status, detail::bytes(body), body.size(), now, out,
                                           e);
        });
    }
    Result<Answer> read_call(const Config &config, int http_status, std::string_view body) const {
        return read<Answer>(config, [&](auto out, E e) {
            return redpack_wire_read_call(raw(), config.raw(), http_status, detail::bytes(body), body.size(), out, e);
        });
    }

private:
    template <class T, class C> static Result<T> read(const Config &config, C call) {
        if (config.error()) return *config.error();
        return detail::made<T>({}, [&](S, auto out, E e) { return call(out, e); });
    }
    template <class Input, class C> static Result<Wire> made(const Input &input, const Config &config, C call) {
        if (input.error()) return *input.error();
        return read<Wire>(config, call);
    }
};

}  // namespace redpack

#endif
