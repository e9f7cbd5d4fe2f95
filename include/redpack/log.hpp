// The library's log for C++: include redpack.hpp. Its first lines say how this is to be read.
#ifndef REDPACK_LOG_HPP
#define REDPACK_LOG_HPP

#include "inputs.hpp"

namespace redpack {

enum class LogLevel {
    off = REDPACK_LOG_LEVEL_OFF, error = REDPACK_LOG_LEVEL_ERROR, warn = REDPACK_LOG_LEVEL_WARN,
    info = REDPACK_LOG_LEVEL_INFO, debug = REDPACK_LOG_LEVEL_DEBUG
};

// Hands the log of the library to a function, while this object lives. There is one for the whole process: make no
// second one before the first has ended, and end it when no call is under way. It is called on the threads that make
// calls, several at once, and must not call the library.
class Log {
    using Callback = std::function<void(LogLevel, std::string_view target, std::string_view message)>;
    std::unique_ptr<Callback> callback_;
    explicit Log(std::unique_ptr<Callback> callback) noexcept : callback_(std::move(callback)) {}

public:
    static Result<Log> to(LogLevel level, Callback callback) {
        auto kept = std::make_unique<Callback>(std::move(callback));
        auto call = [](redpack_log_level line, const char *target, const char *message, void *user) noexcept {
            detail::call<Callback>(user, LogLevel(line), detail::view(target), detail::view(message));
        };
        Result<void> set = detail::done({}, [&](const detail::Strings &, redpack_error **e) {
            return redpack_set_log_callback(static_cast<int>(level), *kept ? +call : nullptr, kept.get(), e);
        });
        if (!set) return set.error();
        return Log(std::move(kept));
    }
    Log(Log &&) noexcept = default;
    Log &operator=(Log &&) = delete;
    ~Log() {
        if (callback_) redpack_set_log_callback(REDPACK_LOG_LEVEL_OFF, nullptr, nullptr, nullptr);
    }
};

}  // namespace redpack

#endif
