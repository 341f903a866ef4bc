/* trigger.c - one pass over the bytes; see trigger.h.
 *
 * Everything here asks for less than the recognisers do, and must: a text that is passed here is
 * never looked at again.  What stands before a number or a capital ("behind") is remembered as what
 * the last word said.
 */
#include "intake/trigger.h"

#include "intake/trigger_words.h"
#include "text/fold.h"

#include <string.h>

enum {
    DIGITS_ALONE = 9,
    DIGITS_ANNOUNCED = 6,
    BIRTH_REACH = 64,
};

struct look {
    const unsigned char *p;
    size_t n;
    bool accounts, people; /* something of accounts; of names, addresses, births, plates */
    unsigned behind;       /* what the last word said, while only a gap stands behind it */
    size_t behind_at, behind_end;
    uint32_t digits, most; /* in this run, in the longest */
    size_t birth_end;      /* of the last word of birth; 0 none */
    bool papers, domain;   /* a word of papers was seen; a dot is in what was read since a space */
};

/* The byte at i, 0 behind the end. */
static unsigned char byte_at(const struct look *l, size_t i)
{
    return i < l->n ? l->p[i] : 0;
}

static bool is_digit(unsigned char c)
{
    return (unsigned)c - '0' < 10;
}

static bool is_ascii_letter(unsigned char c)
{
    return (unsigned)(c | 0x20) - 'a' < 26;
}

/* Valid UTF-8 beyond ASCII at p. */
static uint32_t decode(const unsigned char *p, size_t *n)
{
    if (p[0] < 0xE0) {
        *n = 2;
        return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
    }
    if (p[0] < 0xF0) {
        *n = 3;
        return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    }
    *n = 4;
    return (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
}

/* What is neither Latin, Greek, Cyrillic, Vietnamese, punctuation, Han nor an emoji may hide a
 * digit, a sign or nothing at all. */
static bool is_disguise(uint32_t cp)
{
    static const uint32_t ranges[][2] = {
        {0xAD, 0xAD},      {0xB2, 0xB3},       {0xB9, 0xB9},     {0x34F, 0x34F},   {0x580, 0x1DFF},
        {0x200B, 0x200F},  {0x202A, 0x202E},   {0x2060, 0x208F}, {0x20E3, 0x20E3}, {0x2100, 0x214F},
        {0x2460, 0x24FF},  {0x2776, 0x2793},   {0xA000, 0xABFF}, {0xFB00, 0xFE0E}, {0xFE10, 0xFFFC},
        {0xFFFE, 0x1EFFF}, {0x20000, 0x10FFFF}};
    size_t i = 0;

    while (cp > ranges[i][1])
        i++;
    return cp >= ranges[i][0];
}

static bool is_plain_letter(uint32_t cp)
{
    return cp < FOLD_TABLE && !is_disguise(cp);
}

/* Capitals, and a few others beyond ASCII that are none. */
static bool is_capital(const unsigned char *p)
{
    size_t n;
    uint32_t cp;

    if (*p < 0x80)
        return *p <= 'Z';
    cp = decode(p, &n);
    if (cp < 0x100)
        return cp < 0xDF;
    return cp == 0x1AF || (cp != 0x1B0 && !(cp & 1));
}

/* Is the word that stood last one that calls somebody, with its own marks?  (Folded, "có" and
 * "đường" are "cô" and "dượng" too.)  All in capitals it may be any. */
static bool calls(const struct look *l)
{
    static const char *const marked[] = {
        "anh", "em",    "ông",   "bà",    "cô",   "chú",  "bạn",  "bác", "chị", "thím",
        "dì",  "cậu",   "mợ",    "dượng", "thầy", "cháu", "bé",   "cụ",  "tên", "gửi",
        "là",  "khoản", "mr",    "mrs",   "ms",   "is",   "am",   "chi", "ong", "ten",
        "la",  "gui",   "khoan", "sĩ",    "si",   "giáo", "giao", "bs"};
    const unsigned char *word = l->p + l->behind_at;
    size_t n = l->behind_end - l->behind_at, first = *word < 0x80 ? 1 : 2;

    if (n > first && word[first] >= 'A' && word[first] <= 'Z')
        return true;
    for (size_t i = 0; i < sizeof marked / sizeof *marked; i++)
        if (strlen(marked[i]) == n && memcmp(marked[i] + first, word + first, n - first) == 0 &&
            (first == 2 || marked[i][0] == (char)(*word | 0x20)))
            return true;
    return n == 3 && word[1] == 0xC3 && word[2] < 0xA0; /* "BÀ" */
}

/* "O9l2": how many letters in a row look like digits; 0 when one does not. */
static uint32_t looks_like_digits(uint64_t letters)
{
    uint32_t n = 0;

    for (; letters; letters >>= 8, n++) {
        unsigned char c = letters & 0xFF;

        if (c != 'o' && c != 'l' && c != 'i')
            return 0;
    }
    return n;
}

static void add_digits(struct look *l, uint32_t n)
{
    l->digits += n;
    l->most = l->digits > l->most ? l->digits : l->most;
}

/* A word has been read: `letters` as the table knows it. */
static void take_word(struct look *l, size_t from, size_t end, uint64_t letters)
{
    unsigned says = trigger_word_says(letters);

    if (l->behind & TRIGGER_SAYS_CALL && is_capital(l->p + from) && calls(l))
        l->people = true;
    if (says & TRIGGER_SAYS_DIGIT)
        add_digits(l, 1);
    else if (looks_like_digits(letters))
        add_digits(l, looks_like_digits(letters));
    else
        l->digits = 0;
    if (letters <= 0xFF && is_digit(byte_at(l, end)))
        says |= l->behind & TRIGGER_SAYS_PLACE; /* "căn hộ B12" */
    if (says) {
        if (says & TRIGGER_SAYS_BIRTH)
            l->birth_end = end;
        else if (!(says & TRIGGER_SAYS_ON))
            l->birth_end = 0;
        if (says & TRIGGER_SAYS_HOST || (says & TRIGGER_SAYS_CONG && l->behind & TRIGGER_SAYS_A))
            l->accounts = true;
        if (says & TRIGGER_SAYS_IS && l->behind & TRIGGER_SAYS_SELF)
            says |= TRIGGER_SAYS_CALL;
        l->papers = l->papers || says & TRIGGER_SAYS_PAPER;
    } else {
        l->birth_end = 0;
    }
    l->behind = says;
    l->behind_at = from;
    l->behind_end = end;
}

/* Letters of ASCII, folded; 0: none. */
static const unsigned char ascii_letter[256] = {
    ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e', ['F'] = 'f', ['G'] = 'g',
    ['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k', ['L'] = 'l', ['M'] = 'm', ['N'] = 'n',
    ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r', ['S'] = 's', ['T'] = 't', ['U'] = 'u',
    ['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y', ['Z'] = 'z', ['a'] = 'a', ['b'] = 'b',
    ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f', ['g'] = 'g', ['h'] = 'h', ['i'] = 'i',
    ['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm', ['n'] = 'n', ['o'] = 'o', ['p'] = 'p',
    ['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't', ['u'] = 'u', ['v'] = 'v', ['w'] = 'w',
    ['x'] = 'x', ['y'] = 'y', ['z'] = 'z',
};

/* Reads the word that begins at i; returns where it ends, i when none begins there.  The usual
 * letters, those of Vietnamese, are decoded by hand. */
static size_t read_word(struct look *l, size_t i)
{
    const unsigned char *p = l->p;
    size_t from = i, n = l->n;
    uint64_t letters = 0;

    while (i < n) {
        unsigned char c = p[i];
        uint32_t cp;
        size_t length = 2;

        if (ascii_letter[c]) {
            letters = letters << 8 | ascii_letter[c];
            i++;
            continue;
        }
        if (c < 0xC3)
            break;
        if (c < 0xC7)
            cp = (c & 0x1Fu) << 6 | (p[i + 1] & 0x3Fu);
        else if (c == 0xE1 && p[i + 1] >= 0xB8 && p[i + 1] < 0xBC)
            cp = 0x1000u | (p[i + 1] & 0x3Fu) << 6 | (p[i + 2] & 0x3Fu), length = 3;
        else if (!is_plain_letter(cp = decode(p + i, &length)))
            break;
        if (fold_table[cp] == FOLD_SEPARATOR)
            break;
        if (fold_table[cp])
            letters = letters << 8 | (fold_table[cp] & 0xFF);
        i += length;
    }
    if (i > from)
        take_word(l, from, i, letters);
    return i;
}

static bool is_plate_gap(unsigned char c)
{
    return c == '-' || c == '.' || c == ' ';
}

/* "TM-12-34": two digits behind two letters, before two more. */
static bool may_be_army(const struct look *l, size_t i)
{
    return is_plate_gap(byte_at(l, i + 2)) && is_digit(byte_at(l, i + 3)) &&
           is_digit(byte_at(l, i + 4)) && !is_digit(byte_at(l, i + 5)) && l->behind_end &&
           i - l->behind_end <= 3 && l->behind_end - l->behind_at == 2;
}

/* "29A…", "80-NG-…": does a letter and soon another digit follow at `at`? */
static bool may_be_civil(const struct look *l, size_t at)
{
    unsigned char c = byte_at(l, at);

    for (int k = 0; k < 3 && is_plate_gap(c); k++)
        c = byte_at(l, ++at);
    if (!is_ascii_letter(c) && c != 0xC4)
        return false;
    if (c == 'h' && is_digit(byte_at(l, at + 1)) && !is_digit(byte_at(l, at + 3)))
        return false; /* "15h30" */
    for (size_t k = 1; k <= 5 && byte_at(l, at + k) != '\n'; k++)
        if (is_digit(byte_at(l, at + k)))
            return true;
    return false;
}

/* Does the number of n digits at i look like the begin of a plate? */
static bool may_be_plate(const struct look *l, size_t i, size_t n)
{
    return (n == 2 && may_be_army(l, i)) || ((n == 2 || n == 3) && may_be_civil(l, i + n));
}

static size_t read_digits(struct look *l, size_t i)
{
    size_t n = 1;

    while (is_digit(byte_at(l, i + n)))
        n++;
    add_digits(l, (uint32_t)n);
    if (l->behind & TRIGGER_SAYS_PLACE || (l->birth_end && i - l->birth_end <= BIRTH_REACH) ||
        may_be_plate(l, i, n))
        l->people = true;
    l->behind = 0;
    l->behind_end = 0;
    return i + n;
}

/* "did:plc:…", "did:web:…" */
static bool is_did(const struct look *l, size_t colon)
{
    return l->n - colon > 5 && l->p[colon + 4] == ':' &&
           ((l->p[colon + 1] | 0x20) == 'p' || (l->p[colon + 1] | 0x20) == 'w');
}

static bool opens_sign(const struct look *l, size_t i)
{
    size_t next = i + 1 + (byte_at(l, i + 1) == ' ');
    unsigned char c = byte_at(l, next);

    unsigned char behind = byte_at(l, next + 1) | 0x20;

    return c == '@' || ((c | 0x20) == 'a' &&
                        (behind == 't' || behind == 'c' || behind == ' ' || behind == 'm'));
}

static void take_gap(struct look *l, size_t i)
{
    unsigned char c = l->p[i];

    switch (c) {
    case '\t':
        l->domain = false;
        return;
    case '-':
    case '_':
    case '*':
    case '~':
    case ',':
    case ')':
        l->behind &= ~(unsigned)TRIGGER_SAYS_CALL;
        return;
    case '.':
        if (!strchr("mb", byte_at(l, l->behind_at) | 0x20)) /* "Mr. Hùng", "BS. Hà" */
            l->behind &= ~(unsigned)TRIGGER_SAYS_CALL;
        l->domain = l->domain || is_ascii_letter(byte_at(l, i + 1));
        return;
    case '(':
    case '[':
    case '{':
    case '<':
        if (opens_sign(l, i))
            l->accounts = true;
        l->behind &= ~(unsigned)TRIGGER_SAYS_CALL;
        return;
    case '@':
        l->accounts = true;
        break;
    case ':':
        if (is_did(l, i))
            l->accounts = true;
        l->digits = 0;
        return;
    case '/':
        if (l->domain && i && is_ascii_letter(l->p[i - 1]))
            l->accounts = true;
        l->digits = 0;
        return;
    default:
        l->domain = l->domain && c > ' ';
        l->digits = 0;
        break;
    }
    l->behind = 0;
}

/* A character beyond ASCII that belongs to no word; returns where it ends. */
static size_t take_symbol(struct look *l, size_t i)
{
    size_t n;
    uint32_t cp = decode(l->p + i, &n);

    if (is_disguise(cp))
        l->accounts = true;
    if (cp == 0xB7 || (cp >= 0x2010 && cp < 0x2300) || (cp >= 0x3000 && cp < 0x3100))
        l->domain = true;
    if (cp >= FOLD_TABLE && fold_is_word(cp) && fold_code_point(cp))
        l->digits = 0;
    return i + n;
}

enum trigger trigger_look(struct text text, enum redact_scope scope)
{
    struct look l = {.p = (const unsigned char *)text.p, .n = text.n};
    size_t i = 0, next;

    while (i < l.n) {
        unsigned char c = l.p[i];

        if (c == ' ') {
            l.domain = false;
            i++;
        } else if (is_digit(c)) {
            i = read_digits(&l, i);
        } else if (ascii_letter[c] || c >= 0x80) {
            next = read_word(&l, i);
            i = next > i ? next : take_symbol(&l, i);
        } else {
            take_gap(&l, i++);
        }
    }
    if (l.accounts)
        return TRIGGER_ACCOUNTS;
    return (l.people && scope == REDACT_PEOPLE) ||
                   l.most >= (l.papers ? DIGITS_ANNOUNCED : DIGITS_ALONE)
               ? TRIGGER_WORDS
               : TRIGGER_NOTHING;
}
