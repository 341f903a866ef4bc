/* token.c - splitting text into hashed syllables; see token.h.
 *
 * The key of a syllable is built while it is read: its folded code points are packed seven bytes to
 * a word and the words are mixed by hash_pair, so that the usual syllable costs one mixing.
 */
#include "text/token_read.h"

#include "base/hash.h"
#include "text/fold.h"
#include "text/nfc.h"

#include <endian.h>
#include <string.h>
#include <unicode/uchar.h>

const struct str placeholders[PLACEHOLDERS] = {
    [PLACEHOLDER_PHONE] = {"[SĐT]", sizeof "[SĐT]" - 1},
    [PLACEHOLDER_EMAIL] = {"[EMAIL]", sizeof "[EMAIL]" - 1},
    [PLACEHOLDER_HANDLE] = {"[TÀI KHOẢN]", sizeof "[TÀI KHOẢN]" - 1},
    [PLACEHOLDER_ID] = {"[CCCD]", sizeof "[CCCD]" - 1},
    [PLACEHOLDER_TAX] = {"[MST]", sizeof "[MST]" - 1},
    [PLACEHOLDER_INSURANCE] = {"[BHXH]", sizeof "[BHXH]" - 1},
    [PLACEHOLDER_PASSPORT] = {"[HỘ CHIẾU]", sizeof "[HỘ CHIẾU]" - 1},
    [PLACEHOLDER_LICENCE] = {"[GPLX]", sizeof "[GPLX]" - 1},
    [PLACEHOLDER_PLATE] = {"[BIỂN SỐ]", sizeof "[BIỂN SỐ]" - 1},
    [PLACEHOLDER_ACCOUNT] = {"[STK]", sizeof "[STK]" - 1},
    [PLACEHOLDER_CARD] = {"[THẺ]", sizeof "[THẺ]" - 1},
    [PLACEHOLDER_ADDRESS] = {"[ĐỊA CHỈ]", sizeof "[ĐỊA CHỈ]" - 1},
    [PLACEHOLDER_BIRTH] = {"[NGÀY SINH]", sizeof "[NGÀY SINH]" - 1},
    [PLACEHOLDER_NAME] = {"[TÊN]", sizeof "[TÊN]" - 1},
};

enum { LONGEST = UINT16_MAX - 4 }; /* leaves room for one more code point */

size_t placeholder_at(struct str s, size_t at)
{
    for (int i = 0; i < PLACEHOLDERS; i++)
        if (str_starts(str_from(s, at), placeholders[i]))
            return placeholders[i].n;
    return 0;
}

/* Valid UTF-8 at p[*at], decoded without a second look. */
static inline uint32_t decode(const char *text, size_t *at)
{
    const unsigned char *p = (const unsigned char *)text + *at;

    if (p[0] < 0xE0) {
        *at += 2;
        return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
    }
    if (p[0] < 0xF0) {
        *at += 3;
        return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    }
    *at += 4;
    return (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
}

static void pack(struct token_reader *r, uint64_t byte)
{
    if (r->packed >> 56) {
        token_note_double(r, true); /* nobody looked */
        r->chain = hash_pair(r->chain, r->packed);
        r->packed = 1;
    }
    r->packed = r->packed << 8 | byte;
}

/* A folded code point joins the syllable. */
static void add(struct token_reader *r, uint32_t folded)
{
    if (folded >= 0x80) {
        pack(r, 0x80 | folded >> 16);
        pack(r, folded >> 8 & 0xFF);
    }
    pack(r, folded & 0xFF);
}

static void open_syllable(struct token_reader *r, size_t at)
{
    r->open = true;
    r->start = (uint32_t)at;
    r->packed = 1;
    r->chain = 0;
}

/* Ends the syllable at hand, if there is one, before the byte `at`. */
static inline void close_syllable(struct token_reader *r, size_t at)
{
    if (!r->open)
        return;
    r->open = false;
    if (r->packed != 1 || r->chain != 0) /* more than marks */
        token_push(r, r->start, at, hash_pair(r->chain, r->packed));
}

/* Thai and Lao, Myanmar, Khmer, Han, Kana. */
bool token_stands_alone(uint32_t cp)
{
    static const uint32_t ranges[][2] = {{0x0E00, 0x0EFF}, {0x1000, 0x109F},  {0x1780, 0x17FF},
                                         {0x19E0, 0x19FF}, {0x2E80, 0x30FF},  {0x31F0, 0x9FFF},
                                         {0xA9E0, 0xA9FF}, {0xAA60, 0xAA7F},  {0xF900, 0xFAFF},
                                         {0xFF66, 0xFF9D}, {0x20000, 0x3FFFF}};
    size_t i = 0;

    while (i < sizeof ranges / sizeof *ranges && cp > ranges[i][1])
        i++;
    return i < sizeof ranges / sizeof *ranges && cp >= ranges[i][0];
}

static bool ends_sentence(uint32_t cp)
{
    switch (cp) {
    case '.':
    case '!':
    case '?':
    case ';':
    case ':':
    case ',':
    case '\n':
    case '(':
    case ')':
    case '[':
    case ']':
    case '{':
    case '}':
    case 0x2026:
    case 0x3001:
    case 0x3002:
    case 0xFF01:
    case 0xFF0C:
    case 0xFF1A:
    case 0xFF1B:
    case 0xFF1F:
    case 0x300C:
    case 0x300D:
    case 0x300E:
    case 0x300F:
    case 0x3010:
    case 0x3011:
    case 0x0964:
    case 0x060C:
    case 0x061B:
    case 0x061F:
        return true;
    default:
        return false;
    }
}

/* Where a URL ends that is known to go at least to `at`. */
static size_t url_end(const struct token_reader *r, size_t at)
{
    while (at < r->n && (unsigned char)r->p[at] > ' ' && !strchr("\"'<>`|", r->p[at]) &&
           (unsigned char)r->p[at] < 0xE2)
        at++;
    return at;
}

/* The end of the URL of which a separator stands at `at` with the syllable before it just closed;
 * 0 when it is none.  The syllable (the scheme, "www") is taken back. */
static size_t skip_url(struct token_reader *r, size_t at)
{
    struct tokens *t = &r->tokens;
    uint32_t last = t->n - 1;

    if (!t->n || t->offset[last] + t->length[last] != at)
        return 0;
    if (r->p[at] == ':') {
        if (r->n - at < 3 || r->p[at + 1] != '/' || r->p[at + 2] != '/')
            return 0;
    } else if (!str_eq_nocase((struct str){r->p + t->offset[last], t->length[last]}, STR("www"))) {
        return 0;
    }
    t->n--;
    return url_end(r, at);
}

/* What separates, at `at`; returns where reading goes on. */
static size_t separator(struct token_reader *r, uint32_t cp, size_t at, size_t next)
{
    size_t skip = 0;

    close_syllable(r, at);
    if (cp == ' ')
        return next;
    if (cp == '[')
        skip = placeholder_at((struct str){r->p, r->n}, at);
    else if (cp == ':' || cp == '.')
        skip = skip_url(r, at);
    if (cp != '[' && skip)
        return skip;
    r->broken = r->broken || ends_sentence(cp);
    return skip ? at + skip : next;
}

/* A letter, mark or digit at `at`. */
static void join(struct token_reader *r, uint32_t cp, uint32_t folded, size_t at)
{
    bool alone = token_stands_alone(cp);

    if (alone ? !(U_GET_GC_MASK((UChar32)cp) & U_GC_M_MASK) : r->alone && folded)
        close_syllable(r, at);
    if (!r->open) {
        open_syllable(r, at);
        r->alone = alone;
    }
    if (folded) {
        add(r, folded);
        token_note_double(r, token_has_double(r->packed));
    }
}

/* Of eight bytes, the first lowest: in each whether it is an ASCII letter or digit (0x80). */
static inline uint64_t plain_letters(uint64_t bytes)
{
    const uint64_t each = UINT64_MAX / 0xFF;
    uint64_t low = bytes & 0x7F * each, lower = low | 0x20 * each;
    uint64_t letters = (lower + (0x80 - 'a') * each) & ~(lower + (0x7F - 'z') * each);
    uint64_t digits = (low + (0x80 - '0') * each) & ~(low + (0x7F - '9') * each);

    return (letters | digits) & ~bytes & 0x80 * each;
}

/* The ASCII letters and digits at p (eight bytes can be read) join what is packed; how many there
 * are, or 8 when they do not fit. */
static inline uint32_t pack_run(const char *p, uint64_t *packed)
{
    uint64_t bytes, others;
    uint32_t bits;

    memcpy(&bytes, p, sizeof bytes);
    bytes = le64toh(bytes);
    others = plain_letters(bytes) ^ 0x80 * (UINT64_MAX / 0xFF);
    if (!others)
        return 8;
    bits = (uint32_t)__builtin_ctzll(others) & ~7u;
    if (*packed << bits >> bits != *packed)
        return 8;
    bytes |= 0x20 * (UINT64_MAX / 0xFF);
    *packed = *packed << bits | __builtin_bswap64(bytes) >> 1 >> (63 - bits);
    return bits / 8;
}

/* A letter of two or three bytes at *at joins what is packed; false: it is for join(). */
static inline bool pack_letter(const struct token_reader *r, size_t *at, uint64_t *packed)
{
    const unsigned char *p = (const unsigned char *)r->p + *at;
    bool three = p[0] >= 0xE0;
    uint32_t two = (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
    uint32_t cp = three ? (two << 6 | (p[2] & 0x3Fu)) & 0xFFFF : two, folded;

    if (p[0] >= 0xF0 || cp >= FOLD_TABLE || (cp >= 0x0E00 && cp < 0x1E00))
        return false;
    folded = fold_table[cp];
    if (folded >= 0x80 || *packed >> 56)
        return false;
    *packed = folded ? *packed << 8 | folded : *packed;
    *at += 2 + three;
    return true;
}

/* The usual case, in registers: reads letters of the table that are not of scripts without spaces
 * from `at` on into a new syllable; returns where it stopped. */
static inline size_t read_word(struct token_reader *r, size_t at)
{
    size_t limit = r->n - at > LONGEST ? at + LONGEST : r->n;
    uint64_t packed = 1;

    open_syllable(r, at);
    r->alone = false;
    while (at + 8 <= limit) {
        uint32_t run = pack_run(r->p + at, &packed);

        if (run == 8)
            break;
        at += run;
        if ((unsigned char)r->p[at] < 0x80 || !pack_letter(r, &at, &packed))
            break;
    }
    while (at < limit) {
        uint32_t cp = (unsigned char)r->p[at];

        if (cp < 0x80 && (fold_table[cp] == FOLD_SEPARATOR || packed >> 56))
            break;
        if (cp < 0x80)
            packed = packed << 8 | fold_table[(unsigned char)r->p[at++]];
        else if (!pack_letter(r, &at, &packed))
            break;
    }
    r->packed = packed;
    token_note_double(r, token_has_double(packed));
    r->open = at > r->start;
    return at;
}

void token_read_to(struct token_reader *r, size_t to)
{
    size_t at = r->at, next;

    for (; at < to; at = next) {
        uint32_t cp, folded;

        if (!r->open) {
            at = next = read_word(r, at);
            if (at == r->n)
                break;
            if (r->p[at] == ' ') {
                close_syllable(r, at);
                next++;
                continue;
            }
        }
        cp = (unsigned char)r->p[at];
        next = at + 1;
        if (cp >= 0x80) {
            next = at;
            cp = decode(r->p, &next);
        }
        if (r->open && next - r->start > LONGEST)
            close_syllable(r, at);
        if (cp < FOLD_TABLE)
            folded = fold_table[cp];
        else
            folded = fold_is_word(cp) ? fold_code_point(cp) : FOLD_SEPARATOR;
        if (folded == FOLD_SEPARATOR)
            next = separator(r, cp, at, next);
        else
            join(r, cp, folded, at);
    }
    r->at = at;
    if (at == r->n)
        close_syllable(r, at);
}

/* The arrays of `room` tokens, one behind the other. */
static void lay_out(struct tokens *tokens, void *bytes, size_t room)
{
    tokens->folded = bytes;
    tokens->offset = (uint32_t *)(tokens->folded + room);
    tokens->length = (uint16_t *)(tokens->offset + room);
    tokens->sentence = tokens->length + room;
}

struct token_reader token_reader_of(struct text text, struct arena *batch)
{
    struct token_reader r = {.p = text.p, .n = text.n};
    size_t room = tokens_most(text);

    lay_out(&r.tokens, arena_room(batch, room, TOKEN_BYTES), room);
    return r;
}

struct tokens tokens_together(const struct tokens *from, void *room)
{
    struct tokens to = *from;

    lay_out(&to, room, from->n);
    memmove(to.folded, from->folded, from->n * sizeof *to.folded);
    memmove(to.offset, from->offset, from->n * sizeof *to.offset);
    memmove(to.length, from->length, from->n * sizeof *to.length);
    memmove(to.sentence, from->sentence, from->n * sizeof *to.sentence);
    if (from->inside)
        to.inside = memmove(to.sentence + from->n, from->inside, from->n * sizeof *to.inside);
    return to;
}

struct tokens tokens_of(struct text text, struct arena *batch)
{
    struct token_reader r = token_reader_of(text, batch);
    void *room = r.tokens.folded;
    struct tokens tokens;

    token_read_to(&r, text.n);
    tokens = tokens_together(&r.tokens, room);
    arena_trim(batch, room, tokens.n * (size_t)TOKEN_BYTES);
    return tokens;
}

/* lint: exports: how a table of keys is written by hand */
uint64_t token_key(struct str syllable, struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    struct tokens tokens = tokens_of(nfc_text(syllable, scratch, NULL), scratch);
    uint64_t key = tokens.n ? tokens.folded[0] : 0;

    arena_rewind(scratch, mark);
    return key;
}

uint64_t token_ngram(const uint64_t *keys, uint32_t n)
{
    uint64_t key = keys[0];

    for (uint32_t i = 1; i < n; i++)
        key = hash_pair(key, keys[i]);
    return key;
}
