// Includes the header a second time in one program: a function that isn't inline would not link.
#include <redpack.hpp>

std::string_view version_seen_elsewhere();
std::string_view version_seen_elsewhere() { return redpack::version(); }
