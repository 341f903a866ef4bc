/* pieces.c - splitting text into syllables, numbers and signs; see pieces.h.
 *
 * A letter is one load from a table: its code of six bits without tone, its tone, its case.  The
 * key of a syllable is its codes in a row with the tone beside them, wherever the mark stood; the
 * closed set of Vietnamese syllables (at most seven letters) gets keys without a collision before
 * mixing, longer words wrap around.  Whether a sign belongs to the word before it is asked only
 * where a word ends at something else than a space.
 * Four words in five are short, of letters alone, and nothing joins them.  They are read at once
 * (read_plain): where they end is looked for in sixteen bytes together, their codes are packed as
 * if all letters were of ASCII, and those that are not are then put in their places.  It took half
 * of the time, because how many letters a word has, and of how many bytes each, is what a processor
 * cannot foretell.  Everything else goes letter by letter (read_word).  Also tried, and slower: a
 * table of the syllables there can be by their bytes (a megabyte; its lines are never at hand), and
 * the masks of 64 bytes kept from word to word.
 */
#include "text/pieces.h"

#include "text/syllable.h"
#include "text/token_read.h"

#include <endian.h>
#include <string.h>
#include <unicode/uchar.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

enum { WINDOW = 16 }; /* bytes that are looked at together */

/* What is read, and of the piece at hand what its look depends on. */
struct reader {
    const struct piece_letters *letters;
    const uint64_t *table;
    const char *p;
    size_t n;
    struct arena *batch;
    struct pieces pieces;
    struct token_reader *tokens; /* read by the way; or NULL */
    uint64_t key;
    uint64_t counts;
    uint32_t seen;         /* all entries of it, bits or-ed */
    uint32_t part;         /* letters and digits since the last sign in it */
    bool first_upper;      /* ... begins with a capital */
    bool other;            /* ... a sign of it is neither of a number nor of an abbreviation */
    bool stops, whole;     /* it has single letters with full stops; nothing more belongs to it */
    size_t room;           /* for pieces */
    uint8_t space;         /* before the next piece */
    size_t tail_at;        /* windows that would end behind the text are read from a copy */
    char tail[2 * WINDOW]; /* ... of what is from there on, with zeros behind it */
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

enum { PIECE_BYTES = sizeof(uint64_t) + 2 * sizeof(uint32_t) + 2 };

/* The arrays of `room` pieces, one behind the other. */
static void lay_out(struct pieces *pieces, void *bytes, size_t room)
{
    pieces->key = bytes;
    pieces->offset = (uint32_t *)(pieces->key + room);
    pieces->length = pieces->offset + room;
    pieces->look = (uint8_t *)(pieces->length + room);
    pieces->space = pieces->look + room;
}

/* A piece takes 5 or 6 bytes of text as a rule, and one at worst. */
static void make_room(struct reader *r)
{
    struct pieces *out = &r->pieces, old = *out;

    r->room = r->room ? r->room * 2 : r->n / 4 + 4;
    lay_out(out, arena_room(r->batch, r->room, PIECE_BYTES), r->room);
    if (!old.n)
        return;
    memcpy(out->key, old.key, old.n * sizeof *old.key);
    memcpy(out->offset, old.offset, old.n * sizeof *old.offset);
    memcpy(out->length, old.length, old.n * sizeof *old.length);
    memcpy(out->look, old.look, old.n * sizeof *old.look);
    memcpy(out->space, old.space, old.n * sizeof *old.space);
}

static inline uint64_t spread(uint64_t codes, uint64_t seen)
{
    uint64_t key = (codes ^ (seen >> TONE_SHIFT & 7) << 61) * SPREAD;

    return key ^ key >> 32;
}

static inline void push(struct reader *r, size_t from, size_t to, uint64_t key, uint8_t look)
{
    struct pieces *out = &r->pieces;
    uint32_t n = out->n;
    uint8_t *space;

    if (n == r->room)
        make_room(r);
    space = out->space; /* read before a store of a byte, which could be one to it */
    out->key[n] = key;
    out->offset[n] = (uint32_t)from;
    out->length[n] = (uint32_t)(to - from);
    out->look[n] = look;
    space[n] = r->space;
    out->n = n + 1;
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
        if (word.n == list[i].n && str_eq_nocase(word, list[i]))
            return true;
    return false;
}

/* Before a full stop: units of the administration, and titles. */
enum { LONGEST_ABBREVIATION = 5 }; /* bytes */
static const struct str abbreviations[] = {
    STR("tp"),   STR("p"),   STR("q"),    STR("tx"),   STR("tt"),  STR("kp"),  STR("ts"),
    STR("bs"),   STR("gs"),  STR("ks"),   STR("ls"),   STR("mr"),  STR("ms"),  STR("dr"),
    STR("mrs"),  STR("ths"), STR("pgs"),  STR("kts"),  STR("nxb"), STR("ttg"), STR("tnhh"),
    STR("ubnd"), STR("Đ"),   STR("nsưt"), STR("NSƯT"),
};

static bool is_abbreviation(struct str word)
{
    return is_one_of(word, abbreviations, sizeof abbreviations / sizeof *abbreviations);
}

/* One of 512 bits for the first n bytes at p, whatever their case; eight can be read. */
static inline uint32_t bit_of(const char *p, uint32_t n)
{
    uint64_t bytes;

    memcpy(&bytes, p, sizeof bytes);
    bytes = (le64toh(bytes) | 0x2020202020202020) << (64 - 8 * n);
    return (uint32_t)(bytes * SPREAD >> 55);
}

/* False: the word at p, of at most LONGEST_ABBREVIATION bytes, is none. */
static inline bool may_be_abbreviation(const struct piece_letters *letters, const char *p,
                                       uint32_t n)
{
    uint32_t bit = bit_of(p, n);

    return letters->abbreviations[bit / 64] >> bit % 64 & 1;
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
    push(r, start, at, spread(r->key, r->seen), look);
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

    if (r->p[at] == '[') {
        size_t whole = placeholder_at((struct str){r->p, r->n}, at);

        if (whole) {
            r->space |= PIECE_APART;
            push(r, at, at + whole, spread(n, 0), PIECE_MIXED);
            return at + whole;
        }
    }
    while (r->n - end >= n && r->p[at] == r->p[end] && memcmp(r->p + at, r->p + end, n) == 0)
        end += n;
    if (end < r->n && (unsigned char)r->p[end] >= 0x80)
        end = skip_marks(r, end);
    push(r, at, end, spread(n, 0), is_end(r->p + at, n) ? PIECE_END : PIECE_SIGN);
    return end;
}

/* The usual word, without a loop over its letters. */

enum { PLAIN_LONGEST = 10 }; /* bytes, and codes in a key before it wraps around */

/* Of each byte of a window: of a letter of ASCII or of a character beyond; of one beyond; not its
 * first; and without the bit that tells small letters of ASCII. */
struct window {
    uint32_t letters, beyond, inner, upper;
};

#ifdef __SSE2__
static inline uint32_t bits(__m128i bytes)
{
    return (uint32_t)_mm_movemask_epi8(bytes);
}

static inline struct window look_at(const char *p)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i lower = _mm_or_si128(v, _mm_set1_epi8(0x20));
    __m128i from_a = _mm_add_epi8(lower, _mm_set1_epi8(0x80 - 'a')); /* compared with signs */
    __m128i letters = _mm_cmplt_epi8(from_a, _mm_set1_epi8(26 - 0x80));

    return (struct window){bits(_mm_or_si128(v, letters)), bits(v),
                           bits(_mm_cmplt_epi8(v, _mm_set1_epi8(-0x40))),
                           ~bits(_mm_slli_epi16(v, 2))};
}
#else
static inline struct window look_at(const char *p)
{
    struct window w = {0};

    for (int i = 0; i < WINDOW; i++) {
        unsigned char c = (unsigned char)p[i], lower = c | 0x20;

        w.letters |= (uint32_t)(c >= 0x80 || (lower >= 'a' && lower <= 'z')) << i;
        w.beyond |= (uint32_t)(c >= 0x80) << i;
        w.inner |= (uint32_t)(c >= 0x80 && c < 0xC0) << i;
        w.upper |= (uint32_t)(c != lower) << i;
    }
    return w;
}
#endif

/* The codes of the first n <= PLAIN_LONGEST letters at p, as if all were of ASCII. */
static inline uint64_t codes_of(const char *p, uint32_t n)
{
    uint64_t eight, two;

    memcpy(&eight, p, sizeof eight);
    eight = be64toh(eight) & 0x1F1F1F1F1F1F1F1F;
    eight = (eight & 0x00FF00FF00FF00FF) | (eight & 0xFF00FF00FF00FF00) >> 2;
    eight = (eight & 0x0000FFFF0000FFFF) | (eight & 0xFFFF0000FFFF0000) >> 4;
    eight = (eight & 0x00000000FFFFFFFF) | (eight & 0xFFFFFFFF00000000) >> 8;
    two = (uint32_t)(p[8] & 0x1F) << 6 | (uint32_t)(p[9] & 0x1F);
    return (eight << 12 | two) >> 6 * (PLAIN_LONGEST - n);
}

/* The entry of a letter at p, of three (1) bytes or of two (0): what can be foretold as little as
 * how long a word is.  0 when it is none that Vietnamese is written with. */
static inline uint64_t letter_beyond(const struct reader *r, const char *p, uint32_t three)
{
    const unsigned char *c = (const unsigned char *)p;
    uint32_t two = (c[0] & 0x1Fu) << 6 | (c[1] & 0x3Fu);
    uint32_t cp = two << 6 * three | (c[2] & 0x3Fu * three); /* four make it too large */
    uint64_t entry = r->table[cp < FOLD_TABLE ? cp : 0];

    return kind_of(entry) == LETTER && (entry & CODE) < 64 ? entry : 0;
}

/* Whether nothing joins the n bytes of letters at p: behind them stands a space, or a sign with a
 * space behind it, unless that may be the full stop of an abbreviation. */
static inline bool stands_off(const struct piece_letters *letters, const char *p, uint32_t n)
{
    unsigned char next = (unsigned char)p[n];

    if (next <= ' ')
        return true;
    if ((unsigned char)p[n + 1] > ' ')
        return false;
    if (next == '.')
        return n > LONGEST_ABBREVIATION || !may_be_abbreviation(letters, p, n);
    return (unsigned)(next - '0') >= 10;
}

/* By a bit for each capital and for each letter, where the first byte of it stands. */
static inline uint8_t look_of_letters(uint32_t upper, uint32_t letters)
{
    static const uint8_t looks[] = {PIECE_LOW,     PIECE_MIXED,    PIECE_LOW,
                                    PIECE_CAPITAL, PIECE_LOW,      PIECE_MIXED,
                                    PIECE_LOW,     PIECE_CAPITALS, [15] = PIECE_ONE_CAPITAL};
    uint32_t all = upper == letters, one = letters == 1;

    return looks[one << 3 | all << 2 | (upper & 1) << 1 | (upper != 0)];
}

/* The folded letters of a word by its codes, a byte each; `folds` tells how codes differ from them.
 */
static inline uint64_t packed_of(uint64_t codes, uint64_t folds, uint32_t n)
{
    uint64_t end = (uint64_t)1 << 8 * n;

    codes = (codes & 0x0000000000FFFFFF) | (codes & 0x0000FFFFFF000000) << 8;
    codes = (codes & 0x00000FFF00000FFF) | (codes & 0x00FFF00000FFF000) << 4;
    codes = (codes & 0x003F003F003F003F) | (codes & 0x0FC00FC00FC00FC0) << 2;
    return end | ((codes ^ folds) + (0x6060606060606060 & (end - 1)));
}

/* Such a word is a syllable of its own, too, unless what is before it goes on (a mark stood there),
 * or over it (an address). */
static inline void push_token(struct token_reader *tokens, size_t from, size_t to, uint64_t packed)
{
    if (tokens->at < from)
        token_read_to(tokens, from);
    if (tokens->at == from && !tokens->open)
        token_push_packed(tokens, to, packed);
}

/* How the codes of ă â đ ê ô ơ ư differ from those of the letters that they fold to. */
static const uint8_t fold_of_code[64] = {
    [27] = 27 ^ 1,  [28] = 28 ^ 1,  [29] = 29 ^ 4,  [30] = 30 ^ 5,
    [31] = 31 ^ 15, [32] = 32 ^ 15, [33] = 33 ^ 21,
};

/* A word of at most PLAIN_LONGEST bytes of letters at *at, when nothing joins it; moves *at behind
 * it. */
static inline bool read_plain(struct reader *r, size_t *at)
{
    const char *p = *at + WINDOW <= r->n ? r->p + *at : r->tail + (*at - r->tail_at);
    struct window w = look_at(p);
    uint32_t n = (uint32_t)__builtin_ctz(~w.letters), end = n, letters;
    uint64_t codes, seen = 0, folds = 0;

    if (n - 1 >= PLAIN_LONGEST || !stands_off(r->letters, p, n))
        return false;
    letters = ((1u << n) - 1) & ~w.inner;
    codes = codes_of(p, n);
    w.upper &= letters & ~w.beyond;
    for (uint32_t beyond = letters & w.beyond; beyond;) { /* from the last one on */
        uint32_t i = 31 - (uint32_t)__builtin_clz(beyond), three = w.inner >> (i + 2) & 1;
        uint64_t entry = letter_beyond(r, p + i, three);
        uint32_t letters_behind = end - i - 2 - three, behind = 6 * letters_behind;

        if (!entry)
            return false;
        folds |= (uint64_t)fold_of_code[entry & CODE] << 8 * letters_behind % 64;
        codes = (codes >> behind >> (12 + 6 * three) << 6 | (entry & CODE)) << behind |
                (codes & (((uint64_t)1 << behind) - 1));
        end -= 1 + three;
        seen |= entry;
        w.upper |= (entry & UPPER ? 1u : 0) << i;
        beyond ^= 1u << i;
    }
    r->pieces.letters++;
    r->pieces.marked += (seen & MARKED) != 0;
    r->pieces.capitals += w.upper == letters;
    push(r, *at, *at + n, spread(codes, seen), look_of_letters(w.upper, letters));
    if (r->tokens && end <= TOKEN_PACKED)
        push_token(r->tokens, *at, *at + n, packed_of(codes, folds, end));
    *at += n;
    return true;
}

static void read_all(struct reader *r)
{
    r->space = PIECE_SPACED | PIECE_BROKEN;
    for (size_t at = 0, next; at < r->n;) {
        if (((unsigned char)r->p[at] | 0x20) >= 'a' && read_plain(r, &at)) {
            if (at < r->n && r->p[at] == ' ') {
                r->space = PIECE_SPACED;
                at++;
            }
            continue;
        }
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
            next = skip_marks(r, next);
            push(r, at, next, 0, PIECE_MIXED);
            at = next;
            break;
        default:
            at = read_sign(r, at, next);
        }
    }
}

static struct pieces read_text(struct reader *r, const struct piece_letters *letters,
                               struct text text, struct arena *batch)
{
    r->letters = letters;
    r->p = text.p;
    r->n = text.n;
    r->batch = batch;
    r->tail_at = text.n > WINDOW ? text.n - WINDOW : 0;
    if (text.n)
        memcpy(r->tail, text.p + r->tail_at, text.n - r->tail_at);
    read_all(r);
    return r->pieces;
}

struct pieces pieces_of(const struct piece_letters *letters, struct text text, bool bare,
                        struct arena *batch)
{
    struct reader r = {.table = letters->entry[bare]};

    return read_text(&r, letters, text, batch);
}

struct pieces pieces_and_tokens(const struct piece_letters *letters, struct text text,
                                struct tokens *tokens, struct arena *batch)
{
    struct token_reader token_reader = token_reader_of(text, batch);
    struct reader r = {.table = letters->entry[false], .tokens = &token_reader};
    struct pieces pieces = read_text(&r, letters, text, batch);

    token_read_to(&token_reader, text.n);
    *tokens = token_reader.tokens;
    return pieces;
}

void piece_letters_init(struct piece_letters *letters)
{
    for (uint32_t cp = 0; cp < FOLD_TABLE; cp++)
        for (int bare = 0; bare < 2; bare++)
            letters->entry[bare][cp] = make_entry(cp, bare);
    memset(letters->abbreviations, 0, sizeof letters->abbreviations);
    for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++) {
        char bytes[sizeof(uint64_t)] = {0};
        uint32_t bit;

        memcpy(bytes, abbreviations[i].p, abbreviations[i].n);
        bit = bit_of(bytes, (uint32_t)abbreviations[i].n);
        letters->abbreviations[bit / 64] |= (uint64_t)1 << bit % 64;
    }
}
