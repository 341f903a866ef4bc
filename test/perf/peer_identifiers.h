/* peer_identifiers.h - the recognisers of intake as PCRE2 patterns, one a kind as one would write
 * them; plain forms alone (no disguises).  Without case; redact_peer.c has their recall.
 */
#ifndef PERF_PEER_IDENTIFIERS_H
#define PERF_PEER_IDENTIFIERS_H

#define NAME "\\p{Lu}\\p{Ll}{1,6}(?: \\p{Lu}\\p{Ll}{0,6}){0,4}"
#define EDGE "(?<![\\w@./-])"

static const char *const identifiers[] = {
    EDGE "(?:\\+?84|0084|0)[ .-]?(?:\\(0\\))?(?:[35789]|2\\d)(?:[ .-]{0,3}\\d){8}(?!\\d)",
    "[\\w.+%-]{1,64}@[\\w-]+(?:\\.[\\w-]+)*\\.[a-z]{2,}",
    "(?<!\\w)@[\\w.]{2,}|(?:https?://"
    ")?(?:www\\.|m\\.)?(?:facebook\\.com|fb\\.com|fb\\.me|zalo\\.me|"
    "t\\.me|instagram\\.com|tiktok\\.com|twitter\\.com|x\\.com|threads\\.net|youtube\\.com|bsky\\."
    "app)"
    "/[^\\s\"'<>]+|https?://[\\w.-]+/@[^\\s]+|did:(?:plc|web):[\\w.%-]+",
    EDGE "(?:\\d{12}|\\d{9})(?![\\w%])",
    "(?:mst|mã số thuế|tax code)\\W{0,3}\\d{10}(?:-?\\d{3})?|" EDGE "\\d{10}(?:-\\d{3})?(?!\\w)",
    "(?:bhxh|bhyt|bảo hiểm)\\D{0,20}(?:[a-z]{2})?\\d{10}(?:\\d{3})?",
    "(?:hộ chiếu|passport)\\D{0,12}[a-z]\\d{7,8}(?!\\d)",
    "(?:gplx|blx|bằng lái|giấy phép lái)\\D{0,20}\\d{12}(?!\\d)",
    EDGE "\\d{2}[a-z]{1,2}\\d?[ .-]{0,3}\\d{3}[. ]?\\d{1,2}(?!\\w)|" EDGE
         "[A-Z]{2}-\\d{2}-\\d{2}(?!\\w)|" EDGE
         "\\d{2}-(?:\\d{3}-)?(?:NG|QT|NN|CV)-\\d{2,3}(?:-\\d{2})?",
    "(?:stk|số tk|tk|tài khoản|account|vcb|bidv|techcombank|agribank)\\D{0,30}\\d{6,19}(?!\\d)",
    EDGE "\\d{4}(?:[ .-]?\\d{4}){3}(?!\\d)",
    "(?:số nhà|nhà số|ngõ|ngách|hẻm|kiệt|căn hộ|thôn|xóm|ấp|tổ|tổ dân phố|khu phố)(?: số)? "
    "\\w{0,2}\\d{1,4}\\w?(?:[/-]\\w{1,5})*|(?:ở|tại|địa chỉ|nhà|ngụ|trú):? (?:số "
    ")?\\d{1,4}\\w?(?:/\\w{1,5})*"
    "(?=,? (?:đường|phố|ngõ|(?-i:\\p{Lu})))",
    "(?:ngày sinh|năm sinh|sinh ngày|sinh năm|sinh nhật|sinh|sn|born|dob)\\W{0,3}(?:\\d{1,2}(?:[ "
    "./-]+|"
    "tháng )\\d{1,2}(?:[ ./-]+|năm )\\d{2,4}|\\d{4}|\\d{2})(?!\\d)",
    "\\b(?:anh|chị|ông|bà|cô|chú|bạn|em|bác|thím|dì|cậu|thầy|cháu|bé|cụ|mr|mrs|ms|tên là|tên|tôi "
    "là|"
    "mình là|em là|họ tên|họ và tên):? (?-i:" NAME ")",
};

#endif
