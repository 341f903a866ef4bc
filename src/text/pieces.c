/* pieces.c - splitting text into syllables, numbers and signs; see pieces.h.
 *
 * A letter is one load from a table: its code of six bits without tone, its tone, its case.  The
 * key of a syllable is its codes in a row with the tone beside them, wherever the mark stood; the
 * closed set of Vietnamese syllables (at most seven letters) gets keys without a collision before
 * mixing, longer words wrap around.  Whether a sign belongs to the word before it is asked only
 * where a word ends at something else than a space.
 */
#include "text/pieces.h"

#include "text/syllable.h"
#include "text/token.h"

#include <string.h>
#include <unicode/uchar.h>

/* An entry of the table, from the lowest bit: code, tone, case, kind, whether it is not ASCII; then
 * what it adds to the counts of capitals, digits and letters, of 13 bits each.  In a piece of more
 * than 8,191 letters they run over: such a piece is no syllable whatever it looks like. */
enum { CODE = 0xFFFF, TONE_SHIFT = 16, TONES = 6, UPPER = 1 << 19, KIND_SHIFT = 20 };
enum { MARKED = 1 << 23, COUNTS_SHIFT = 24, DIGITS_SHIFT = 13, LETTERS_SHIFT = 26, COUNT = 0x1FFF };
#define SPREAD 0x9E3779B97F4A7C15u
enum kind { SIGN, SPACE, LETTER, DIGIT, MARK, ALONE };

static inline enum kind kind_of(uint64_t entry)
{
    return (enum kind)(entry >> KIND_SHIFT & 7);
}

/* What is read, and of the piece at hand what its look depends on. */
struct reader {
    const uint64_t *table;
    const char *p;
    size_t n;
    struct arena *batch;
    struct pieces pieces;
    uint64_t key;
    uint64_t counts;
    uint32_t seen;     /* all entries of it, bits or-ed */
    uint32_t part;     /* letters and digits since the last sign in it */
    bool first_upper;  /* ... begins with a capital */
    bool other;        /* ... a sign of it is neither of a number nor of an abbreviation */
    bool stops, whole; /* it has single letters with full stops; nothing more belongs to it */
    size_t room;       /* for pieces */
    uint8_t space;     /* before the next piece */
};

/* Six bits for the letters and digits that Vietnamese is written with. */
static uint32_t code_of(uint32_t cp)
{
    static const uint16_t vietnamese[] = {0x103, 0xE2, 0x111, 0xEA, 0xF4, 0x1A1, 0x1B0};

    if (cp >= 'a' && cp <= 'z')
        return cp - 'a' + 1;
    if (cp >= '0' && cp <= '9')
        return cp - '0' + 40;
    for (uint32_t i = 0; i < sizeof vietnamese / sizeof *vietnamese; i++)
        if (cp == vietnamese[i])
            return 27 + i;
    return cp & CODE;
}

static enum kind kind_of_code_point(uint32_t cp)
{
    if (cp <= ' ' || cp == 0x7F || u_isUWhiteSpace((UChar32)cp))
        return SPACE;
    /* joiners, variation selectors, tags and skin tones stay with what they change */
    if (cp == 0x200D || (cp >= 0xFE00 && cp <= 0xFE0F) || (cp >= 0x1F3FB && cp <= 0x1F3FF) ||
        (cp >= 0xE0000 && cp <= 0xE01EF) || (U_GET_GC_MASK((UChar32)cp) & U_GC_M_MASK))
        return MARK;
    if (token_stands_alone(cp))
        return ALONE;
    if (!fold_is_word(cp))
        return SIGN;
    return u_isdigit((UChar32)cp) ? DIGIT : LETTER;
}

static uint64_t make_entry(uint32_t cp, bool bare)
{
    enum kind kind = kind_of_code_point(cp);
    uint32_t lower = fold_case(cp), letter, tone = 0;
    uint64_t counts = kind == LETTER  ? (uint64_t)1 << LETTERS_SHIFT
                      : kind == DIGIT ? (uint64_t)1 << DIGITS_SHIFT
                                      : 0;

    if (kind == MARK || kind == SIGN)
        return (uint64_t)kind << KIND_SHIFT;
    letter = bare ? fold_code_point(cp) : syllable_with_tone(lower, 0);
    while (!bare && tone < TONES && syllable_with_tone(letter, (uint8_t)tone) != lower)
        tone++;
    if (tone == TONES)
        tone = 0;
    return code_of(letter) | tone << TONE_SHIFT | (uint64_t)kind << KIND_SHIFT |
           (lower != cp ? (uint64_t)UPPER : 0) | (cp >= 0x80 ? (uint64_t)MARKED : 0) |
           (counts + (lower != cp)) << COUNTS_SHIFT;
}

void piece_letters_init(struct piece_letters *letters)
{
    for (uint32_t cp = 0; cp < FOLD_TABLE; cp++)
        for (int bare = 0; bare < 2; bare++)
            letters->entry[bare][cp] = make_entry(cp, bare);
}

/* The entry of the code point at `at` (< n), and where the next one stands. */
static inline uint64_t entry_at(const struct reader *r, size_t at, size_t *next)
{
    const unsigned char *p = (const unsigned char *)r->p + at;
    uint32_t cp = p[0];

    *next = at + 1;
    if (cp < 0x80)
        return r->table[cp];
    if (cp < 0xE0) {
        cp = (cp & 0x1Fu) << 6 | (p[1] & 0x3Fu);
        *next = at + 2;
    } else if (cp < 0xF0) {
        cp = (cp & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
        *next = at + 3;
    } else {
        cp = (cp & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
        *next = at + 4;
    }
    return cp < FOLD_TABLE ? r->table[cp] : make_entry(cp, false);
}

/* The kind of what stands at `at`; SPACE beyond the end. */
static enum kind kind_at(const struct reader *r, size_t at)
{
    size_t next;

    return at < r->n ? kind_of(entry_at(r, at, &next)) : SPACE;
}

static bool is_word(enum kind kind)
{
    return kind == LETTER || kind == DIGIT;
}

static void *moved(struct arena *batch, const void *old, size_t n, size_t room, size_t size)
{
    void *grown = arena_room(batch, room, size);

    if (n)
        memcpy(grown, old, n * size);
    return grown;
}

/* A piece takes 5 or 6 bytes of text as a rule, and one at worst. */
static void make_room(struct reader *r)
{
    struct pieces *out = &r->pieces;

    r->room = r->room ? r->room * 2 : r->n / 4 + 4;
    out->key = moved(r->batch, out->key, out->n, r->room, sizeof *out->key);
    out->offset = moved(r->batch, out->offset, out->n, r->room, sizeof *out->offset);
    out->length = moved(r->batch, out->length, out->n, r->room, sizeof *out->length);
    out->look = moved(r->batch, out->look, out->n, r->room, sizeof *out->look);
    out->space = moved(r->batch, out->space, out->n, r->room, sizeof *out->space);
}

static inline void push(struct reader *r, size_t from, size_t to, uint8_t look)
{
    struct pieces *out = &r->pieces;
    uint64_t key = (r->key ^ (uint64_t)(r->seen >> TONE_SHIFT & 7) << 61) * SPREAD;

    if (out->n == r->room)
        make_room(r);

    out->offset[out->n] = (uint32_t)from;
    out->length[out->n] = (uint32_t)(to - from);
    out->look[out->n] = look;
    out->space[out->n] = r->space;
    out->key[out->n] = key ^ key >> 32;
    out->n++;
    r->space = 0;
}

static inline uint32_t count(uint64_t counts, int shift)
{
    return (uint32_t)(counts >> shift) & COUNT;
}

static uint8_t look_of(const struct reader *r)
{
    uint32_t letters = count(r->counts, LETTERS_SHIFT), upper = count(r->counts, 0);

    if (!upper && !count(r->counts, DIGITS_SHIFT) && letters && !r->other)
        return PIECE_LOW;
    if (!letters && count(r->counts, DIGITS_SHIFT))
        return PIECE_NUMBER;
    if (r->other || !letters || count(r->counts, DIGITS_SHIFT))
        return PIECE_MIXED;
    if (upper == letters)
        return letters == 1 ? PIECE_ONE_CAPITAL : PIECE_CAPITALS;
    return r->first_upper ? PIECE_CAPITAL : PIECE_MIXED;
}

/* Letters, digits and marks from `at` on join the piece; where it stopped. */
static size_t read_letters(struct reader *r, size_t at)
{
    uint64_t key = r->key, seen = 0, counts = 0;
    size_t next;

    for (; at < r->n; at = next) {
        uint64_t entry = entry_at(r, at, &next);
        enum kind kind = kind_of(entry);

        if (!is_word(kind)) {
            if (kind == MARK)
                continue;
            break;
        }
        key = (key << 6 | key >> 58) ^ (entry & CODE);
        seen |= entry;
        counts += entry >> COUNTS_SHIFT;
    }
    r->key = key;
    r->seen |= (uint32_t)seen;
    r->part = count(counts, LETTERS_SHIFT) + count(counts, DIGITS_SHIFT);
    r->counts += counts;
    return at;
}

/* The end of an address that is known to go at least to `at`: up to a space, a quote or a sign
 * that no address has; a full stop, comma or bracket at its end is not of it. */
static size_t address_end(const struct reader *r, size_t at)
{
    size_t end = at;

    while (end < r->n && (unsigned char)r->p[end] > ' ' && !strchr("\"'<>`|", r->p[end]) &&
           (unsigned char)r->p[end] < 0xE2)
        end++;
    while (end > at && strchr(".,;:!?)]}", r->p[end - 1]))
        end--;
    return end;
}

static bool is_one_of(struct str word, const struct str *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(word, list[i]))
            return true;
    return false;
}

/* Before a full stop: units of the administration, and titles. */
static bool is_abbreviation(struct str word)
{
    static const struct str list[] = {
        STR("tp"),   STR("p"),   STR("q"),    STR("tx"),   STR("tt"),  STR("kp"),  STR("ts"),
        STR("bs"),   STR("gs"),  STR("ks"),   STR("ls"),   STR("mr"),  STR("ms"),  STR("dr"),
        STR("mrs"),  STR("ths"), STR("pgs"),  STR("kts"),  STR("nxb"), STR("ttg"), STR("tnhh"),
        STR("ubnd"), STR("Đ"),   STR("nsưt"), STR("NSƯT"),
    };

    return is_one_of(word, list, sizeof list / sizeof *list);
}

static bool is_domain_end(struct str word)
{
    static const struct str list[] = {STR("vn"),   STR("com"), STR("net"),
                                      STR("org"),  STR("gov"), STR("edu"),
                                      STR("info"), STR("io"),  STR("example")};

    return is_one_of(word, list, sizeof list / sizeof *list);
}

/* The run of ASCII letters at `at`. */
static struct str ascii_letters(const struct reader *r, size_t at)
{
    size_t end = at;

    while (end < r->n && ((r->p[end] | 0x20) >= 'a' && (r->p[end] | 0x20) <= 'z'))
        end++;
    return (struct str){r->p + at, end - at};
}

/* An address that is known to go at least to `at`. */
static size_t join_address(struct reader *r, size_t at)
{
    r->other = r->whole = true;
    return address_end(r, at);
}

/* Whether one letter alone stands at `at`. */
static bool is_initial(const struct reader *r, size_t at)
{
    size_t next;

    return kind_at(r, at) == LETTER && (entry_at(r, at, &next), !is_word(kind_at(r, next)));
}

/* Whether what follows the full stop at `at` goes on with a name or a number: the stop is then one
 * of an abbreviation. */
static bool goes_on(const struct reader *r, size_t at)
{
    uint64_t entry;
    size_t next;

    if (is_word(kind_at(r, at + 1)))
        return true;
    if (at + 2 >= r->n || r->p[at + 1] != ' ')
        return false;
    entry = entry_at(r, at + 2, &next);
    return kind_of(entry) == DIGIT || (entry & UPPER);
}

/* As join_sign, for a full stop. */
static size_t join_stop(struct reader *r, size_t start, size_t at)
{
    struct str word = {r->p + start, at - start}, next = ascii_letters(r, at + 1);
    bool has_digits = count(r->counts, DIGITS_SHIFT);

    if (next.n && str_eq_nocase(word, STR("www")))
        return join_address(r, at + 1);
    if (is_domain_end(next) && !is_word(kind_at(r, at + 1 + next.n)) && !(r->seen & MARKED))
        return join_address(r, at + 1 + next.n);
    if (next.n && at + 1 + next.n < r->n && r->p[at + 1 + next.n] == '@')
        return at + 1;
    if (r->part == 1 && !has_digits && (r->stops || is_initial(r, at + 1))) { /* v.v., U.S.A. */
        r->stops = true;
        return at + 1;
    }
    if (has_digits || !is_abbreviation(word) || !goes_on(r, at))
        return 0;
    r->whole = true;
    return at + 1;
}

/* As join_sign, for a sign with a letter or digit behind it. */
static size_t join_within(struct reader *r, size_t at, bool digit_before, bool digit_after)
{
    switch (r->p[at]) {
    case '.':
    case ',':
    case ':':
    case '/':
        return digit_before && digit_after ? at + 1 : 0;
    case '-':
        return digit_before || digit_after ? at + 1 : 0;
    case '\'':
        return at + 1;
    case '_':
        r->other = true;
        return at + 1;
    case '@':
        return join_address(r, at + 1);
    default:
        return 0;
    }
}

/* Where reading goes on in the same piece, which began at `start` and has come to the sign at `at`;
 * 0 when the sign is not of it. */
static size_t join_sign(struct reader *r, size_t start, size_t at)
{
    struct str rest = {r->p + at, r->n - at};
    enum kind after = (unsigned char)r->p[at] < 0x80 ? kind_at(r, at + 1) : SIGN;
    bool digit_before = (unsigned)(r->p[at - 1] - '0') < 10;
    size_t joined = is_word(after) ? join_within(r, at, digit_before, after == DIGIT) : 0;

    if (joined)
        return joined;
    if (r->p[at] == '.')
        return join_stop(r, start, at);
    if (r->p[at] == '%' && digit_before) {
        r->whole = true;
        return at + 1;
    }
    if (str_starts(rest, STR("://")))
        return join_address(r, at + 3);
    return str_starts(rest, STR("’")) && kind_at(r, at + 3) == LETTER ? at + 3 : 0;
}

static size_t read_word(struct reader *r, size_t start)
{
    size_t at, joined;
    uint8_t look;

    r->first_upper = entry_at(r, start, &at) & UPPER;
    r->key = r->counts = r->seen = 0;
    r->other = r->stops = r->whole = false;
    at = start;
    do {
        at = read_letters(r, at);
        if (at == r->n || r->p[at] == ' ' || kind_at(r, at) != SIGN)
            break;
        joined = join_sign(r, start, at);
        at = joined ? joined : at;
    } while (joined && !r->whole && is_word(kind_at(r, at)));
    look = look_of(r);
    if (look == PIECE_NUMBER)
        r->key = 0; /* all numbers are one */
    if (r->whole || r->stops)
        r->space |= PIECE_APART;
    r->pieces.letters += look <= PIECE_MIXED;
    r->pieces.marked += (r->seen & MARKED) != 0;
    r->pieces.capitals += look == PIECE_CAPITALS || look == PIECE_ONE_CAPITAL;
    push(r, start, at, look);
    return at;
}

/* Where a sentence may end. */
static bool is_end(const char *p, size_t n)
{
    static const struct str ends[] = {STR("…"), STR("。"), STR("！"), STR("？"), STR("।")};

    return n == 1 ? *p == '.' || *p == '!' || *p == '?'
                  : is_one_of((struct str){p, n}, ends, sizeof ends / sizeof *ends);
}

/* Marks behind `at`. */
static size_t skip_marks(const struct reader *r, size_t at)
{
    size_t next;

    while (at < r->n && kind_of(entry_at(r, at, &next)) == MARK)
        at = next;
    return at;
}

/* A sign at `at`, and the same again behind it. */
static size_t read_sign(struct reader *r, size_t at, size_t next)
{
    size_t n = next - at, end = next;

    r->key = n;
    r->seen = 0;
    if (r->p[at] == '[') {
        size_t whole = placeholder_at((struct str){r->p, r->n}, at);

        if (whole) {
            r->space |= PIECE_APART;
            push(r, at, at + whole, PIECE_MIXED);
            return at + whole;
        }
    }
    while (r->n - end >= n && memcmp(r->p + at, r->p + end, n) == 0)
        end += n;
    push(r, at, skip_marks(r, end), is_end(r->p + at, n) ? PIECE_END : PIECE_SIGN);
    return skip_marks(r, end);
}

static void read_all(struct reader *r)
{
    r->space = PIECE_SPACED | PIECE_BROKEN;
    for (size_t at = 0, next; at < r->n;) {
        switch (kind_of(entry_at(r, at, &next))) {
        case SPACE:
            r->space |= r->p[at] == '\n' ? PIECE_SPACED | PIECE_BROKEN : PIECE_SPACED;
            at = next;
            break;
        case LETTER:
        case DIGIT:
            at = read_word(r, at);
            break;
        case ALONE:
            r->space |= PIECE_APART;
            r->key = r->seen = 0;
            next = skip_marks(r, next);
            push(r, at, next, PIECE_MIXED);
            at = next;
            break;
        default:
            at = read_sign(r, at, next);
        }
    }
}

struct pieces pieces_of(const struct piece_letters *letters, struct text text, bool bare,
                        struct arena *batch)
{
    struct reader r = {.table = letters->entry[bare], .p = text.p, .n = text.n, .batch = batch};

    read_all(&r);
    return r.pieces;
}
