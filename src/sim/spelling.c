/* spelling.c - plain, short, slipped, decomposed and escaped spelling; see spelling.h. */
#include "sim/spelling.h"

#include "base/utf8.h"
#include "text/fold.h"

/* Lower-case letters with what they are made of (UnicodeData.txt 15, canonical decomposition, one
 * step).  An upper-case letter stands 0x20 before its lower-case one up to U+00FF, else 1. */
static const struct {
    uint16_t letter, base, mark;
} made_of[] = {
    {0x00E0, 'a', 0x300},    {0x00E1, 'a', 0x301},    {0x00E2, 'a', 0x302},
    {0x00E3, 'a', 0x303},    {0x00E8, 'e', 0x300},    {0x00E9, 'e', 0x301},
    {0x00EA, 'e', 0x302},    {0x00EC, 'i', 0x300},    {0x00ED, 'i', 0x301},
    {0x00F2, 'o', 0x300},    {0x00F3, 'o', 0x301},    {0x00F4, 'o', 0x302},
    {0x00F5, 'o', 0x303},    {0x00F9, 'u', 0x300},    {0x00FA, 'u', 0x301},
    {0x00FD, 'y', 0x301},    {0x0103, 'a', 0x306},    {0x0129, 'i', 0x303},
    {0x0169, 'u', 0x303},    {0x01A1, 'o', 0x31B},    {0x01B0, 'u', 0x31B},
    {0x1EA1, 'a', 0x323},    {0x1EA3, 'a', 0x309},    {0x1EA5, 0x00E2, 0x301},
    {0x1EA7, 0x00E2, 0x300}, {0x1EA9, 0x00E2, 0x309}, {0x1EAB, 0x00E2, 0x303},
    {0x1EAD, 0x1EA1, 0x302}, {0x1EAF, 0x0103, 0x301}, {0x1EB1, 0x0103, 0x300},
    {0x1EB3, 0x0103, 0x309}, {0x1EB5, 0x0103, 0x303}, {0x1EB7, 0x1EA1, 0x306},
    {0x1EB9, 'e', 0x323},    {0x1EBB, 'e', 0x309},    {0x1EBD, 'e', 0x303},
    {0x1EBF, 0x00EA, 0x301}, {0x1EC1, 0x00EA, 0x300}, {0x1EC3, 0x00EA, 0x309},
    {0x1EC5, 0x00EA, 0x303}, {0x1EC7, 0x1EB9, 0x302}, {0x1EC9, 'i', 0x309},
    {0x1ECB, 'i', 0x323},    {0x1ECD, 'o', 0x323},    {0x1ECF, 'o', 0x309},
    {0x1ED1, 0x00F4, 0x301}, {0x1ED3, 0x00F4, 0x300}, {0x1ED5, 0x00F4, 0x309},
    {0x1ED7, 0x00F4, 0x303}, {0x1ED9, 0x1ECD, 0x302}, {0x1EDB, 0x01A1, 0x301},
    {0x1EDD, 0x01A1, 0x300}, {0x1EDF, 0x01A1, 0x309}, {0x1EE1, 0x01A1, 0x303},
    {0x1EE3, 0x01A1, 0x323}, {0x1EE5, 'u', 0x323},    {0x1EE7, 'u', 0x309},
    {0x1EE9, 0x01B0, 0x301}, {0x1EEB, 0x01B0, 0x300}, {0x1EED, 0x01B0, 0x309},
    {0x1EEF, 0x01B0, 0x303}, {0x1EF1, 0x01B0, 0x323}, {0x1EF3, 'y', 0x300},
    {0x1EF5, 'y', 0x323},    {0x1EF7, 'y', 0x309},    {0x1EF9, 'y', 0x303},
};
enum { LETTERS = sizeof made_of / sizeof *made_of };

static uint32_t upper_of(uint32_t lower)
{
    return lower < 0x100 ? lower - 0x20 : lower - 1;
}

/* Index in made_of of a letter of either case, or LETTERS. */
static size_t find_letter(uint32_t letter, bool *upper)
{
    size_t low = 0, high = LETTERS;
    uint32_t lower = letter;

    /* Lower-case letters are odd from U+0100 on, but for U+01B0. */
    *upper =
        letter < 0x100 ? letter < 0xE0 : letter == 0x1AF || (letter % 2 == 0 && letter != 0x1B0);
    if (*upper)
        lower = letter < 0x100 ? letter + 0x20 : letter + 1;
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (made_of[middle].letter < lower)
            low = middle + 1;
        else
            high = middle;
    }
    return low < LETTERS && made_of[low].letter == lower ? low : LETTERS;
}

static void add_code_point(struct buf *out, uint32_t code_point)
{
    char bytes[4];

    buf_add(out, (struct str){bytes, utf8_put(bytes, code_point)});
}

void spell_plain(struct str s, struct buf *out)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t letter = utf8_next(s, &at, NULL), plain = letter;
        bool upper;

        if (letter == 0x110 || letter == 0x111) { /* D and d with stroke do not decompose */
            plain = letter == 0x110 ? 'D' : 'd';
        } else if (letter >= 0x80 && find_letter(letter, &upper) < LETTERS) {
            plain = fold_table[letter];
            plain = upper ? plain - 0x20 : plain;
        }
        add_code_point(out, plain);
    }
}

static void add_decomposed(struct buf *out, uint32_t letter)
{
    bool upper, inner_upper;
    size_t i = letter < 0x80 ? LETTERS : find_letter(letter, &upper), inner;
    uint32_t base;

    if (i == LETTERS) {
        add_code_point(out, letter);
        return;
    }
    base = made_of[i].base;
    inner = base < 0x80 ? LETTERS : find_letter(base, &inner_upper);
    if (inner < LETTERS)
        base = made_of[inner].base;
    add_code_point(out, upper ? upper_of(base) : base);
    if (inner < LETTERS)
        add_code_point(out, made_of[inner].mark);
    add_code_point(out, made_of[i].mark);
}

void spell_decomposed(struct str s, struct buf *out)
{
    for (size_t at = 0; at < s.n;)
        add_decomposed(out, utf8_next(s, &at, NULL));
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

static struct str shortened(struct str word)
{
    static const struct {
        struct str word, brief;
    } table[] = {
        {STR("không"), STR("ko")},   {STR("được"), STR("dc")},   {STR("vậy"), STR("v")},
        {STR("rồi"), STR("r")},      {STR("người"), STR("ng")},  {STR("gì"), STR("j")},
        {STR("với"), STR("vs")},     {STR("đường"), STR("đg")},  {STR("biết"), STR("bít")},
        {STR("mọi"), STR("m")},      {STR("cũng"), STR("cg")},   {STR("này"), STR("nì")},
        {STR("nhiều"), STR("nhìu")}, {STR("trời"), STR("trùi")}, {STR("quá"), STR("wá")},
        {STR("phường"), STR("p")},   {STR("bây"), STR("b")},     {STR("giờ"), STR("h")},
        {STR("mình"), STR("mk")},    {STR("luôn"), STR("lun")},  {STR("nước"), STR("nc")},
        {STR("phòng"), STR("phg")},  {STR("thôi"), STR("thui")}, {STR("chưa"), STR("ch")},
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (str_eq(word, table[i].word))
            return table[i].brief;
    return word;
}

void spell_short(struct str s, struct buf *out)
{
    for (size_t at = 0; at < s.n;) {
        size_t end = at;

        while (end < s.n && is_word_byte(s.p[end]))
            end++;
        if (end == at)
            buf_add_byte(out, s.p[end++]);
        else
            buf_add(out, shortened(str_part(s, at, end - at)));
        at = end;
    }
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* The next place from `at` on with two plain letters side by side, or s.n. */
static size_t find_pair(struct str s, size_t at)
{
    while (at + 1 < s.n && !(is_lower(s.p[at]) && is_lower(s.p[at + 1])))
        at++;
    return at + 1 < s.n ? at : s.n;
}

void spell_slipped(struct str s, struct rng *rng, struct buf *out)
{
    size_t at = 0;

    for (uint64_t slips = 1 + rng_below(rng, 2); slips; slips--) {
        size_t pair = find_pair(s, at + rng_below(rng, (s.n - at) / 2 + 1));

        buf_add(out, str_part(s, at, pair - at));
        at = pair;
        if (at == s.n)
            break;
        switch (rng_below(rng, 3)) {
        case 0: /* the two swapped */
            buf_add_byte(out, s.p[at + 1]);
            buf_add_byte(out, s.p[at]);
            at += 2;
            break;
        case 1: /* the first doubled */
            buf_add_byte(out, s.p[at]);
            break;
        default: /* the first left out */
            at++;
            break;
        }
    }
    buf_add(out, str_from(s, at));
}

void spell_escaped_json(struct str s, struct buf *out)
{
    static const char hex[] = "0123456789abcdef";

    buf_add_byte(out, '"');
    for (size_t at = 0; at < s.n;) {
        uint32_t letter = utf8_next(s, &at, NULL);
        uint32_t units[2] = {letter, 0};

        if (letter >= 0x20 && letter < 0x7F && letter != '"' && letter != '\\') {
            buf_add_byte(out, (char)letter);
            continue;
        }
        if (letter > 0xFFFF) {
            units[0] = 0xD800 + ((letter - 0x10000) >> 10);
            units[1] = 0xDC00 + ((letter - 0x10000) & 0x3FF);
        }
        for (int i = 0; i < 2 && (i == 0 || units[i]); i++) {
            const char escape[6] = {'\\',
                                    'u',
                                    hex[units[i] >> 12],
                                    hex[units[i] >> 8 & 15],
                                    hex[units[i] >> 4 & 15],
                                    hex[units[i] & 15]};

            buf_add(out, (struct str){escape, sizeof escape});
        }
    }
    buf_add_byte(out, '"');
}
