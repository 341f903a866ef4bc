/* addresses.c - what of an address is finer than the ward; see recognise.h and PRIVACY P7.
 *
 * An address is a chain of parts, each a word and a number: "số 5, ngách 12/4, ngõ 45".  The chain
 * goes; the name of the street stays, since it names no house: "[ĐỊA CHỈ] đường Láng".  Some words
 * (hẻm, ngõ, thôn) make an address by themselves; "số 5" needs to stand where people live ("ở số
 * 5 Lê Lợi", "nhà số 5") or before a street, because bus lines, players and decrees have numbers
 * too; so does a number without a word ("ở 12/5 Lê Lợi").  "K30/5" is short for a lane before a
 * street; a room counts beside a building.
 */
#include "intake/recognise.h"

#include "intake/names.h"

#include <string.h>

enum {
    NUMBER_LONGEST = 12,
    DIGITS_MOST = 4,
    CHAIN_MOST = 8,
    WORD_LONGEST = 12,
    BUILDING_REACH = 32, /* characters from a building to its room */
    CLASS_REACH = 12,
    ROOM_DIGITS = 3, /* of "P.305"; "P.5" is a ward */
};

/* '=': another word without marks. */
static const char *const strong[] = {
    "số nhà",     "nhà số",  "ngõ",    "ngách",  "=hẻm",    "=hẽm", "kiệt",
    "căn hộ số",  "căn hộ",  "thôn",   "xóm",    "=ấp",     "=tổ",  "tổ dân phố",
    "khu phố",    "=kp",     "hẻm số", "ngõ số", "kiệt số", "tdp",  "tổ dân phố số",
    "khu phố số", "thôn số", "=tổ số", "=ấp số", "xóm số",  NULL};
/* Of these, the words that say something else without their marks ("hem" is a playful "không"): an
 * address where another part, a street or a ward follows, or one stands before. */
static const char *const unmarked[] = {"hẻm", "ấp", "tổ", NULL};
static const char *const wards[] = {"phường", "xã", "thị trấn", "p", NULL};
/* Parts of an address only beside another part. */
static const char *const weak[] = {"số",   "=lô", "phòng", "tầng", "=tòa",     "block",
                                   "=đội", "căn", "nhà",   "p",    "chung cư", "lầu",
                                   "=toà", "dãy", "khu",   "ktx",  "tòa nhà",  NULL};
static const char *const rooms[] = {"phòng", "phòng số", "phòng trọ", "phòng trọ số", "p", NULL};
static const char *const buildings[] = {
    "=tòa",      "=toà", "chung cư", "nhà trọ", "khu trọ", "tầng",        "dãy", "block",
    "ký túc xá", "ktx",  "=lầu",     "khu nhà", "nhà tập", "khu tập thể", "cc",  NULL};
static const char *const streets[] = {"đường", "=phố", "ngõ",     "ngách",   "=hẻm", "kiệt",
                                      "thôn",  "=ấp",  "quốc lộ", "tỉnh lộ", NULL};
/* Units and things counted: "hẻm 3 m", "tổ 3 người". */
static const char *const counted[] = {
    "m",    "mét",  "met",   "người", "hộ",  "nhà", "tỷ",   "tỉ", "triệu", "tr",  "k",
    "gang", "ngày", "tháng", "năm",   "giờ", "lần", "phút", "xe", "tầng",  "con", NULL};

/* Where the word begins that ends before i (a gap may stand between); i: none does. */
static size_t word_before(const struct shadow *shadow, size_t i)
{
    size_t end = i, from;

    while (i - end < 3 && end > 0 && shadow_is_one_of(shadow_code(shadow, end - 1), " :,("))
        end--;
    for (from = end; end - from <= WORD_LONGEST && shadow_is_letter(shadow_code(shadow, from - 1));)
        from--;
    return from < end ? from : i;
}

/* A word of an address that is none: "nông thôn 2", "Lý Thường Kiệt 1". */
static bool is_within_name(const struct shadow *shadow, size_t i)
{
    size_t before = word_before(shadow, i);

    if (before == i || shadow_code(shadow, i - 1) != ' ')
        return false;
    return shadow_spells(shadow, before, "nong ") ||
           (shadow_is_upper(shadow, i) && shadow_is_upper(shadow, before));
}

/* Where the number of a house or lane that begins at i ends: "12", "12A", "12/5/7", "12-14",
 * "B12"; 0: none does. */
static size_t number_end(const struct shadow *shadow, size_t i)
{
    size_t at = i, digits = 0;

    at += shadow_is_letter(shadow_code(shadow, at)) && shadow_code(shadow, at) > SHADOW_TAKEN &&
          shadow_is_digit(shadow_code(shadow, at + 1));
    while (digits <= DIGITS_MOST && shadow_is_digit(shadow_code(shadow, at + digits)))
        digits++;
    if (!digits || digits > DIGITS_MOST)
        return 0;
    at += digits;
    if (shadow_is_letter(shadow_code(shadow, at)) && shadow_code(shadow, at) != 'm' &&
        !shadow_is_alnum(shadow_code(shadow, at + 1)))
        at++;
    while (at < i + NUMBER_LONGEST && shadow_is_one_of(shadow_code(shadow, at), "/-.") &&
           shadow_is_alnum(shadow_code(shadow, at + 1)) &&
           (shadow_is_digit(shadow_code(shadow, at + 1)) ||
            shadow_is_digit(shadow_code(shadow, at + 2))))
        for (at++; shadow_is_alnum(shadow_code(shadow, at)) && at < i + NUMBER_LONGEST;)
            at++;
    if (shadow_is_alnum(shadow_code(shadow, at)) || shadow_code(shadow, at) == '%')
        return 0;
    return at;
}

/* "tổ 3 lớp 5A", "lớp 5A, tổ 3": a group of a school or of a workshop from i to `end`. */
static bool is_group(const struct shadow *shadow, size_t i, size_t end)
{
    static const char *const wholes[] = {"lớp", "của lớp", "khối", "phân xưởng", "xưởng", NULL};
    size_t at = end;

    while (at < end + 3 && shadow_is_one_of(shadow_code(shadow, at), " ,"))
        at++;
    if (at > end && shadow_any_cue(shadow, at, wholes))
        return true;
    for (size_t k = 1; k <= CLASS_REACH && k <= i; k++) {
        if (shadow_is_one_of(shadow_code(shadow, i - k), ".;\n"))
            break;
        if (!shadow_is_letter(shadow_code(shadow, i - k - 1)) &&
            shadow_any_cue(shadow, i - k, wholes))
            return true;
    }
    return false;
}

/* A building's word stands at i. */
static bool is_building(const struct shadow *shadow, size_t i)
{
    return shadow_any_cue(shadow, i, buildings) > 0;
}

static bool is_counting(const struct shadow *shadow, size_t at)
{
    return shadow_code(shadow, at) == ' ' && shadow_any_cue(shadow, at + 1, counted);
}

/* Where the part that begins at i with one of `words` ends; 0: none does. */
static size_t part_end(const struct shadow *shadow, size_t i, const char *const *words)
{
    bool room = words == rooms;

    for (; *words; words++) {
        size_t n = shadow_cue(shadow, i, *words), gap, end;

        if (!n)
            continue;
        n += room && shadow_code(shadow, i + n) == '.'; /* "P.305" */
        gap = shadow_skip_gap(shadow, i + n);
        end = gap > i + n || room || *words == weak[0] ? number_end(shadow, gap) : 0;
        if (end && (!is_counting(shadow, end) || (room && is_building(shadow, end + 1))) &&
            !(shadow_spells(shadow, i, "to ") && is_group(shadow, i, end)))
            return end;
    }
    return 0;
}

/* The chain of parts that goes on behind `end`. */
static size_t chain_end(const struct shadow *shadow, size_t end)
{
    for (int parts = 0; parts < CHAIN_MOST; parts++) {
        size_t at = end, next;

        while (at < end + 3 && (shadow_code(shadow, at) == ' ' || shadow_code(shadow, at) == ',' ||
                                shadow_code(shadow, at) == '-'))
            at++;
        next = at > end ? part_end(shadow, at, strong) : 0;
        next = at > end && !next ? part_end(shadow, at, weak) : next;
        next = at > end && !next ? part_end(shadow, at, unmarked) : next;
        if (!next)
            break;
        end = next;
    }
    return end;
}

static size_t skip_comma(const struct shadow *shadow, size_t i)
{
    size_t at = i;

    while (at < i + 3 && shadow_is_one_of(shadow_code(shadow, at), " ,"))
        at++;
    return at;
}

static bool is_street_word(const struct shadow *shadow, size_t i)
{
    size_t at = skip_comma(shadow, i);

    return at > i && (shadow_any_cue(shadow, at, streets) || part_end(shadow, at, unmarked));
}

/* Does a street stand at i, by its word or by a capital name? */
static bool is_street(const struct shadow *shadow, size_t i)
{
    size_t at = skip_comma(shadow, i);

    return at > i && (is_street_word(shadow, i) || names_is_syllable(shadow, at));
}

/* "ở số 5 Lê Lợi", "số 5 đường Láng", "ở 12/5 Lê Lợi": a number that some words around make an
 * address; `digits` is where the number begins, i where its word does. */
static size_t placed_end(const struct shadow *shadow, size_t i, size_t digits)
{
    static const char *const living[] = {"nhà", "ngụ", "trú", "địa chỉ", NULL};
    static const char *const at[] = {"ở", "tại", "đc", "c", "chỉ", NULL}; /* "đ/c", "địa chỉ" */
    static const char *const near[] = {"trước", "gần", "=đến", "=tới", "=vào", "cạnh", NULL};
    size_t end = number_end(shadow, digits), before = word_before(shadow, i);
    bool slash, named = i < digits, street;

    if (!end || is_counting(shadow, end))
        return 0;
    slash = memchr(shadow->c + digits, '/', end - digits) != NULL;
    street = is_street(shadow, end);
    if (before < i && shadow_any_cue(shadow, before, living))
        return named || slash || street ? end : 0;
    if (before < i &&
        (shadow_any_cue(shadow, before, at) || (named && shadow_any_cue(shadow, before, near))))
        return street ? end : 0;
    return named && (is_street_word(shadow, end) || is_street_word(shadow, chain_end(shadow, end)))
               ? end
               : 0;
}

/* Does a ward stand at i: its word and a number or a capital? */
static bool is_ward(const struct shadow *shadow, size_t i)
{
    size_t at = skip_comma(shadow, i), n = shadow_any_cue(shadow, at, wards);

    if (!n)
        return false;
    for (at += n; shadow_is_one_of(shadow_code(shadow, at), " .") && at - i < WORD_LONGEST;)
        at++;
    return shadow_is_digit(shadow_code(shadow, at)) ||
           (shadow_is_letter(shadow_code(shadow, at)) && shadow_is_upper(shadow, at));
}

/* "hem 14 duong Giong", "to 5 khu pho 3", "ap 2 xa Gieng". */
static size_t unmarked_end(const struct shadow *shadow, size_t i)
{
    size_t end = part_end(shadow, i, unmarked);

    if (!end || chain_end(shadow, end) > end || is_street(shadow, end) || is_ward(shadow, end))
        return end;
    return 0;
}

/* "K30/5 Lê Độ", "ở h12/4": a lane, short, and the house in it. */
static size_t lane_end(const struct shadow *shadow, size_t i)
{
    static const char *const living[] = {"nhà", "ngụ", "trú", "ở", "tại", "đc", "chỉ", NULL};
    size_t digits =
        i + 1 + (shadow_code(shadow, i + 1) == ' ' || shadow_code(shadow, i + 1) == '.');
    size_t end, before = word_before(shadow, i);

    if (!shadow_is_one_of(shadow_code(shadow, i), "kh") ||
        !shadow_is_digit(shadow_code(shadow, digits)))
        return 0;
    end = number_end(shadow, digits);
    if (!end || !memchr(shadow->c + digits, '/', end - digits))
        return 0;
    return is_street(shadow, end) || (before < i && shadow_any_cue(shadow, before, living)) ? end
                                                                                            : 0;
}

/* A building's word, not far before i in the same clause. */
static bool is_building_before(const struct shadow *shadow, size_t i)
{
    for (size_t k = 1; k <= BUILDING_REACH && k <= i; k++) {
        unsigned char c = shadow_code(shadow, i - k);

        if (c == SHADOW_TAKEN || shadow_is_one_of(c, ".;!?\n"))
            return false;
        if (shadow_is_letter(c) && !shadow_is_letter(shadow_code(shadow, i - k - 1)) &&
            is_building(shadow, i - k))
            return true;
    }
    return false;
}

/* "P.305": the digits stand behind no other letter. */
static bool is_short_room(const struct shadow *shadow, size_t i)
{
    size_t at = i + 1, digits = 0;

    while (at < i + CHAIN_MOST && shadow_is_one_of(shadow_code(shadow, at), " .:"))
        at++;
    while (digits < ROOM_DIGITS && shadow_is_digit(shadow_code(shadow, at + digits)))
        digits++;
    return digits == ROOM_DIGITS;
}

/* "phòng 305 tòa B", "chung cư Sông Xanh, tầng 3 phòng 305": a room beside its building. */
static size_t room_end(const struct shadow *shadow, size_t i)
{
    size_t end = part_end(shadow, i, rooms), at = end, before = word_before(shadow, i);

    if (!end || (!shadow_spells(shadow, i, "phong") && !is_short_room(shadow, i)))
        return 0;
    while (at < end + 3 && shadow_is_one_of(shadow_code(shadow, at), " ,-"))
        at++;
    return (at > end && is_building(shadow, at)) || is_building_before(shadow, i) ||
                   (before < i && shadow_cue(shadow, before, "trọ"))
               ? end
               : 0;
}

bool addresses_take(struct shadow *shadow, size_t i)
{
    size_t end, digits = i, n;

    if (run_joined(shadow, i) != JOINED_FREE)
        return false;
    if (shadow_is_digit(shadow_code(shadow, i))) {
        end = placed_end(shadow, i, i);
    } else {
        end = is_within_name(shadow, i) ? 0 : part_end(shadow, i, strong);
        end = end ? end : unmarked_end(shadow, i);
        end = end ? end : lane_end(shadow, i);
        end = end ? end : room_end(shadow, i);
        n = end ? 0 : shadow_cue(shadow, i, "số");
        digits = n ? shadow_skip_gap(shadow, i + n) : i;
        if (digits > i)
            end = placed_end(shadow, i, digits);
    }
    if (!end)
        return false;
    end = chain_end(shadow, end);
    shadow_take(shadow, i, end, REDACTION_ADDRESS);
    return true;
}
