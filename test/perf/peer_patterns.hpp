/* peer_patterns.hpp - what somebody would write with PCRE2 for identifiers of people: for the peers.
 */
#ifndef PERF_PEER_PATTERNS_HPP
#define PERF_PEER_PATTERNS_HPP

static const char *const patterns[] = {
    R"([\w.+-]+@[\w-]+(?:\.[\w-]+)+)",
    R"((?<![\w@])@[A-Za-z0-9_.]{3,30})",
    R"((?:https?://)?(?:www\.|m\.)?(?:facebook\.com|fb\.com|zalo\.me|t\.me|tiktok\.com)/\S+)",
    R"((?<!\d)(?:\+?84|0)[ .-]?(?:3\d|5[25689]|7[06-9]|8[1-9]|9\d)(?:[ .-]?\d){7}(?!\d))",
    R"((?<!\d)0\d{11}(?!\d))",
    R"((?<!\d)\d{9}(?!\d))",
    R"((?<!\d)\d{2}[A-Z]\d?[- ]?\d{3}\.?\d{2}(?!\d))",
    R"((?i)(?:stk|số tài khoản)\W{0,3}\d{6,19})",
};

#endif
