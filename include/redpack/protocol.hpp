// The pure functions of redpack.hpp: include that one. Its first lines say how this is to be read.
#ifndef REDPACK_PROTOCOL_HPP
#define REDPACK_PROTOCOL_HPP

#include "inputs.hpp"

namespace redpack {

namespace detail {
// For a function that gives a redpack_text.
template <class C> Result<std::string> owned(std::initializer_list<std::string_view> texts, C call) {
    Result<Text> text = made<Text>(texts, call);
    if (!text) return text.error();
    return std::string(text->view());
}
}  // namespace detail

// Of the library that is loaded; REDPACK_VERSION and REDPACK_ABI_VERSION are those of the header.
inline std::string_view version() noexcept { return detail::view(redpack_version()); }
inline std::uint32_t abi_version() noexcept { return redpack_abi_version(); }

// A new number. Store it before you send: whatever happens then, happens under it.
inline Result<std::string> new_mch_billno(std::string_view mch_id) {
    return detail::text<REDPACK_MCH_BILLNO_SIZE>({mch_id}, [](const detail::Strings &s, char *out, redpack_error **e) {
        return redpack_new_mch_billno(s[0], out, e);
    });
}
// "1.23" is Fen(123). Exact, or an error.
inline Result<Fen> fen_from_yuan(std::string_view yuan) {
    return detail::value({yuan}, Fen(0), [](const detail::Strings &s, Fen *out, redpack_error **e) {
        return redpack_fen_from_yuan(s[0], &out->value, e);
    });
}
inline Result<std::string> fen_to_yuan(Fen fen) {
    return detail::text<REDPACK_YUAN_SIZE>({}, [&](const detail::Strings &, char *out, redpack_error **e) {
        return redpack_fen_to_yuan(fen.value, out, e);
    });
}
inline Result<std::string> sign(const Fields &fields, std::string_view key, SignType type = SignType::md5) {
    if (fields.error()) return *fields.error();
    return detail::text<REDPACK_SIGNATURE_SIZE>({key}, [&](const detail::Strings &s, char *out, redpack_error **e) {
        return redpack_sign(fields.raw(), s[0], static_cast<int>(type), out, e);
    });
}
// Whether the signature is that of the fields.
inline Result<bool> verify(const Fields &fields, std::string_view key, std::string_view signature) {
    if (fields.error()) return *fields.error();
    return detail::value({key, signature}, false, [&](const detail::Strings &s, bool *out, redpack_error **e) {
        return redpack_verify(fields.raw(), s[0], s[1], out, e);
    });
}
inline Result<std::string> workwx_sign(const Fields &fields, std::string_view secret) {
    if (fields.error()) return *fields.error();
    return detail::text<REDPACK_SIGNATURE_SIZE>({secret}, [&](const detail::Strings &s, char *out, redpack_error **e) {
        return redpack_workwx_sign(fields.raw(), s[0], out, e);
    });
}
// What wx.sendBizRedPacket wants as paySign.
inline Result<std::string> pay_sign(std::string_view app_id, std::string_view time_stamp, std::string_view nonce_str,
                                    std::string_view package, std::string_view key) {
    return detail::text<REDPACK_SIGNATURE_SIZE>(
        {app_id, time_stamp, nonce_str, package, key}, [](const detail::Strings &s, char *out, redpack_error **e) {
            return redpack_pay_sign(s[0], s[1], s[2], s[3], s[4], out, e);
        });
}
// The package as wx.sendBizRedPacket wants it: URL-encoded. pay_sign takes the raw one.
inline Result<std::string> package_encoded(std::string_view package) {
    return detail::owned({package}, [](const detail::Strings &s, auto out, redpack_error **e) {
        return redpack_package_encoded(s[0], out, e);
    });
}
// What is signed, without the key.
inline Result<std::string> canonical(const Fields &fields) {
    if (fields.error()) return *fields.error();
    return detail::owned({}, [&](const detail::Strings &, auto out, redpack_error **e) {
        return redpack_canonical(fields.raw(), out, e);
    });
}
inline Result<std::string> xml_write(const Fields &fields) {
    if (fields.error()) return *fields.error();
    return detail::owned({}, [&](const detail::Strings &, auto out, redpack_error **e) {
        return redpack_xml_write(fields.raw(), out, e);
    });
}
inline Result<Answer> xml_read(std::string_view xml) {
    return detail::made<Answer>({}, [&](const detail::Strings &, auto out, redpack_error **e) {
        return redpack_xml_read(detail::bytes(xml), xml.size(), out, e);
    });
}
// The field risk_info; what is not known is left out.
inline Result<std::string> risk_info(std::string_view posttime, std::string_view mobile, std::string_view deviceid,
                                     std::string_view clientversion) {
    return detail::owned({posttime, mobile, deviceid, clientversion},
                         [](const detail::Strings &s, auto out, redpack_error **e) {
                             return redpack_risk_info(s[0], s[1], s[2], s[3], out, e);
                         });
}
inline Result<std::string> mask_openid(std::string_view openid) {
    return detail::owned({openid}, [](const detail::Strings &s, auto out, redpack_error **e) {
        return redpack_mask_openid(s[0], out, e);
    });
}
inline bool is_mch_billno(std::string_view text) {
    detail::Strings strings{text};
    return strings.whole() && redpack_is_mch_billno(strings[0]);
}
// Times as the service writes them, of Beijing: "2026-11-24 12:00:00".
inline Result<std::int64_t> time_from_wire(std::string_view text) {
    return detail::value({text}, std::int64_t(0), [](const detail::Strings &s, std::int64_t *out, redpack_error **e) {
        return redpack_time_from_wire(s[0], out, e);
    });
}
inline Result<std::string> time_to_wire(std::int64_t time) {
    return detail::text<REDPACK_TIME_SIZE>({}, [&](const detail::Strings &, char *out, redpack_error **e) {
        return redpack_time_to_wire(time, out, e);
    });
}

}  // namespace redpack

#endif
