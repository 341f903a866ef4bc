/* trigger.c - one pass over masks of the bytes; see trigger.h.
 *
 * Everything here asks for less than the recognisers do, and must: what no window shows is never
 * looked at again.  A block of 64 bytes becomes a mask for each class of bytes.  Words are not read
 * but where something begins that they could announce: a number, a capital behind a gap.  Numbers
 * that are written in words have at least six of them, so it is enough to ask for the first word in
 * every 16 bytes, and for every "o" that stands alone.
 * What a recogniser sees around a place is bounded (the enum below), so a window with that much
 * around it gives what the whole text would.  Where what is invisible could stretch that, or an
 * account may be, the window is the whole text.
 */
#include "intake/trigger.h"

#include "intake/block_masks.h"
#include "intake/trigger_words.h"
#include "text/fold.h"
#include "text/token.h"

#include <string.h>

enum {
    DIGITS_ALONE = 9,
    DIGITS_ANNOUNCED = 6,
    LANE = 0xFFFF,
    /* bytes */
    GAP_MOST = 32,
    CALL_LONGEST = 8,
    BIRTH_REACH = 64,
    /* characters */
    LOOKBACK = 40,
    NAME_AHEAD = 88,
    BIRTH_AHEAD = 72,
    HOUSE_AHEAD = 300,
    NUMBER_AHEAD = 360,
    ANNOUNCE_BACK = 64,
    PLATE_GAP = 3,
    PLATE_REACH = 8,
};

struct look {
    const unsigned char *p;
    size_t n;
    bool people;       /* the scope asks for names, addresses, births, plates */
    bool whole;        /* something may be invisible, or a placeholder is there */
    size_t run_end;    /* of the last run of digits that was measured */
    size_t number_end; /* of the last that a window is for: what announces was looked for there */
    uint64_t picked;   /* words of this block that may be names of digits */
    uint64_t picked_ahead; /* ... of the next */
    size_t base;           /* ... where it begins */
    size_t domain, space;  /* behind the last dot of what may be a domain, the last space; 0 none */
    struct trigger *out;
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

/* Does this code point stay in the shadow, and may it be no disguise?  What is not known to may
 * make any stretch of bytes invisible. */
static bool is_visible(uint32_t cp)
{
    static const uint32_t ranges[][2] = {{0xA0, 0xFF},
                                         {0x2010, 0x2027},
                                         {0x202F, 0x205F},
                                         {0x20A0, 0x20CF},
                                         {0x2190, 0x2BFF},
                                         {0x3000, 0x3029},
                                         {0x3030, 0x3098},
                                         {0x309B, 0x312F},
                                         {0x3400, 0x9FFF},
                                         {0xAC00, 0xD7A3},
                                         {0xFFFD, 0xFFFD},
                                         {0x1F000, 0x1FAFF},
                                         {0xFFFFFFFF, 0xFFFFFFFF}};
    size_t i = 0;

    if (cp < FOLD_TABLE)
        return fold_table[cp] != 0;
    while (cp > ranges[i][1])
        i++;
    return cp >= ranges[i][0];
}

/* The letter that ends before *at, folded (0: a mark), *at moved before it; -1: none ends there. */
static int letter_before(const struct look *l, size_t *at)
{
    const unsigned char *p = l->p;
    size_t i = *at, n;
    uint32_t cp;

    if (!i)
        return -1;
    i--;
    if (p[i] < 0x80) {
        *at = ascii_letter[p[i]] ? i : *at;
        return ascii_letter[p[i]] ? ascii_letter[p[i]] : -1;
    }
    while (i && (p[i] & 0xC0) == 0x80)
        i--;
    cp = decode(p + i, &n);
    if (cp < 0xC0 || !is_plain_letter(cp) || fold_table[cp] == FOLD_SEPARATOR)
        return -1;
    *at = i;
    return fold_table[cp] & 0xFF;
}

/* The last eight letters of the word that ends before `end`, and where it begins; end: none. */
static size_t word_back(const struct look *l, size_t end, uint64_t *letters)
{
    size_t at = end;
    unsigned shift = 0;
    int c;

    *letters = 0;
    for (;;) {
        if (at && ascii_letter[l->p[at - 1]])
            c = ascii_letter[l->p[--at]];
        else if (!at || l->p[at - 1] < 0x80)
            break;
        else if ((c = letter_before(l, &at)) < 0)
            break;
        if (c && shift < 64) {
            *letters |= (uint64_t)c << shift;
            shift += 8;
        }
    }
    return at;
}

/* Where the letter that begins at i ends; i: none does. */
static size_t letter_end(const struct look *l, size_t i)
{
    size_t n;
    uint32_t cp;

    if (i >= l->n || l->p[i] < 0x80)
        return i + (i < l->n && ascii_letter[l->p[i]]);
    cp = decode(l->p + i, &n);
    return cp < 0xC0 || !is_plain_letter(cp) || fold_table[cp] == FOLD_SEPARATOR ? i : i + n;
}

/* Where the word that begins at i ends, and its last eight letters; i: none begins. */
static size_t word_ahead(const struct look *l, size_t i, uint64_t *letters)
{
    const unsigned char *p = l->p;

    *letters = 0;
    for (;;) {
        size_t n = 2;
        uint32_t cp;

        for (; i < l->n && ascii_letter[p[i]]; i++)
            *letters = *letters << 8 | ascii_letter[p[i]];
        if (i >= l->n || p[i] < 0xC3)
            return i;
        if (p[i] < 0xC7)
            cp = (p[i] & 0x1Fu) << 6 | (p[i + 1] & 0x3Fu);
        else if (!is_plain_letter(cp = decode(p + i, &n)))
            return i;
        if (fold_table[cp] == FOLD_SEPARATOR)
            return i;
        if (fold_table[cp])
            *letters = *letters << 8 | (fold_table[cp] & 0xFF);
        i += n;
    }
}

/* --- windows ------------------------------------------------------------------------------------
 */

static size_t back(const struct look *l, size_t i, size_t characters)
{
    while (i && characters)
        characters -= (l->p[--i] & 0xC0) != 0x80;
    return i;
}

static size_t ahead(const struct look *l, size_t i, size_t characters)
{
    for (characters++; i < l->n; i++) {
        characters -= (l->p[i] & 0xC0) != 0x80;
        if (!characters)
            break;
    }
    return i;
}

/* How far recognisers look that are asked before `end`. */
static size_t reach(const struct look *l, size_t end, unsigned asks)
{
    return ahead(l, end,
                 asks & WINDOW_NUMBERS  ? NUMBER_AHEAD
                 : asks & WINDOW_HOUSES ? HOUSE_AHEAD
                 : asks & WINDOW_NAMES  ? NAME_AHEAD
                                        : BIRTH_AHEAD);
}

/* Recognisers are to be asked at begin .. end-1.  Windows that touch become one. */
static void add_window(struct look *l, size_t begin, size_t end, unsigned asks)
{
    struct trigger *out = l->out;
    struct window w = {.begin = begin, .end = end, .asks = asks};

    w.from = back(l, begin, LOOKBACK);
    w.to = reach(l, end, asks);
    while (out->n) {
        struct window *last = &out->windows[out->n - 1];

        if (w.from > last->to && out->n < WINDOWS_MOST)
            break;
        if (last->begin <= w.begin && last->end >= w.end && (last->asks & w.asks) == w.asks)
            return;
        if (last->begin < w.begin)
            w.begin = last->begin, w.from = last->from;
        w.end = last->end > w.end ? last->end : w.end;
        if (last->end >= w.end || last->asks != w.asks)
            w.to = reach(l, w.end, w.asks |= last->asks);
        out->n--;
    }
    out->windows[out->n++] = w;
}

/* --- names --------------------------------------------------------------------------------------
 */

/* Is the word one that calls somebody, with its own marks?  (Folded, "có" and "đường" are "cô" and
 * "dượng" too.)  All in capitals it may be any. */
static bool calls(const unsigned char *word, size_t n)
{
    static const char *const marked[] = {
        "anh", "em",    "ông",   "bà",    "cô",   "chú",  "bạn",  "bác", "chị", "thím",
        "dì",  "cậu",   "mợ",    "dượng", "thầy", "cháu", "bé",   "cụ",  "tên", "gửi",
        "là",  "khoản", "mr",    "mrs",   "ms",   "is",   "am",   "chi", "ong", "ten",
        "la",  "gui",   "khoan", "sĩ",    "si",   "giáo", "giao", "bs"};
    size_t first = *word < 0x80 ? 1 : 2;

    for (size_t k = first; k < n; k++) /* "TÊN", "anH" */
        if ((word[k] & 0xC0) != 0x80 && is_capital(word + k))
            return true;
    for (size_t i = 0; i < sizeof marked / sizeof *marked; i++)
        if (strlen(marked[i]) == n && memcmp(marked[i] + first, word + first, n - first) == 0 &&
            (first == 2 || marked[i][0] == (char)(*word | 0x20)))
            return true;
    return false;
}

/* What may stand in a gap: before a name, between digits, between a word and its number. */
enum { GAP_NAME = 1, GAP_DIGITS = 2, GAP_NUMBER = 4 };

static const unsigned char gap_of[256] = {
    [' '] = GAP_NAME | GAP_DIGITS | GAP_NUMBER,
    ['\t'] = GAP_NAME | GAP_DIGITS | GAP_NUMBER,
    ['.'] = GAP_NAME | GAP_DIGITS | GAP_NUMBER,
    ['-'] = GAP_DIGITS | GAP_NUMBER,
    ['_'] = GAP_DIGITS | GAP_NUMBER,
    ['*'] = GAP_DIGITS | GAP_NUMBER,
    ['~'] = GAP_DIGITS | GAP_NUMBER,
    [','] = GAP_DIGITS | GAP_NUMBER,
    ['('] = GAP_DIGITS | GAP_NUMBER,
    [')'] = GAP_DIGITS | GAP_NUMBER,
    [':'] = GAP_NAME | GAP_NUMBER,
    ['/'] = GAP_NAME | GAP_NUMBER,
    ['['] = GAP_NUMBER,
    ['{'] = GAP_NUMBER,
    ['<'] = GAP_NUMBER,
};

/* The begin of the gap that ends before i. */
static size_t gap_back(const struct look *l, size_t i, unsigned gap)
{
    size_t at = i;

    while (at && i - at < GAP_MOST && (gap_of[l->p[at - 1]] & gap || l->p[at - 1] >= 0x80)) {
        size_t before = at;

        if (l->p[at - 1] < 0x80) {
            at--;
            continue;
        }
        if (letter_before(l, &before) >= 0)
            break;
        at = back(l, at, 1);
    }
    return at;
}

/* The begin of the word `words` words before the one that begins at i. */
static size_t words_back(const struct look *l, size_t i, int words)
{
    const struct window *last = l->out->n ? &l->out->windows[l->out->n - 1] : NULL;
    size_t asked = last && last->asks & (WINDOW_HOUSES | WINDOW_NUMBERS) ? last->end : 0;
    size_t start = asked ? last->begin : 0;

    for (; words && i; words--) {
        size_t at = i, before;
        uint64_t letters;

        while (at && i - at < GAP_MOST) {
            before = at;
            if (is_digit(l->p[at - 1]) || letter_before(l, &before) >= 0)
                break;
            at = back(l, at, 1);
        }
        for (before = at + 1; at && before > at;) {
            before = at;
            at = word_back(l, at, &letters);
            while (at && is_digit(l->p[at - 1]))
                at--;
            if (at < asked)
                return at < start ? start : at; /* the window there is joined, and looked back */
        }
        i = at;
    }
    return i;
}

/* Is what stands before i, behind a space, not surely another word than those that call?  A quick
 * look at its last and its first letter: each has a bit for every such word. */
static bool may_call(const struct look *l, size_t i)
{
    enum {
        ANH = 1,
        EM = 2,
        ONG = 4,
        BA = 8,
        CO = 0x10,
        CHU = 0x20,
        BAN = 0x40,
        BAC = 0x80,
        CHI = 0x100,
        THIM = 0x200,
        DI = 0x400,
        CAU = 0x800,
        MO = 0x1000,
        DUONG = 0x2000,
        THAY = 0x4000,
        CHAU = 0x8000,
        BE = 0x10000,
        CU = 0x20000,
        TEN = 0x40000,
        GUI = 0x80000,
        LA = 0x100000,
        KHOAN = 0x200000,
        MR = 0x400000,
        MRS = 0x800000,
        IS = 0x1000000,
        AM = 0x2000000,
        BS = 0x4000000,
        SI = 0x8000000,
        GIAO = 0x10000000,
        ANY = 0x7FFFFFFF,
        VOWEL = BA | CO | CHU | CHI | DI | CAU | MO | THAY | CHAU | BE | CU | GUI | LA | SI,
    };
    static const uint32_t first[32] = {['a' & 31] = ANH | AM,
                                       ['b' & 31] = BA | BAN | BAC | BE | BS,
                                       ['c' & 31] = CO | CHU | CHI | CAU | CHAU | CU,
                                       ['d' & 31] = DI | DUONG,
                                       ['e' & 31] = EM,
                                       ['g' & 31] = GUI | GIAO,
                                       ['i' & 31] = IS,
                                       ['k' & 31] = KHOAN,
                                       ['l' & 31] = LA,
                                       ['m' & 31] = MO | MR | MRS,
                                       ['o' & 31] = ONG,
                                       ['s' & 31] = SI,
                                       ['t' & 31] = THIM | THAY | TEN};
    static const uint32_t last[32] = {['a' & 31] = BA | LA,
                                      ['c' & 31] = BAC,
                                      ['e' & 31] = BE,
                                      ['g' & 31] = ONG | DUONG,
                                      ['h' & 31] = ANH,
                                      ['i' & 31] = CHI | DI | GUI | SI,
                                      ['m' & 31] = EM | THIM | AM,
                                      ['n' & 31] = BAN | TEN | KHOAN,
                                      ['o' & 31] = CO | MO | GIAO,
                                      ['r' & 31] = MR,
                                      ['s' & 31] = MRS | IS | BS,
                                      ['u' & 31] = CHU | CAU | CHAU | CU,
                                      ['y' & 31] = THAY};
    size_t end = i - 1, from;
    uint32_t words;
    bool marked = false;

    if (i < 2 || l->p[end] != ' ' || !(l->p[end - 1] >= 0x80 || ascii_letter[l->p[end - 1]]))
        return true;
    words = l->p[end - 1] >= 0x80 ? VOWEL : last[l->p[end - 1] & 31];
    for (from = end; from && (ascii_letter[l->p[from - 1]] || l->p[from - 1] >= 0x80); from--)
        if (l->p[from - 1] == 0xC2 || l->p[from - 1] > 0xE1)
            return true; /* what is no letter may be among it */
        else if (l->p[from - 1] >= 0x80)
            marked = true;
        else if (end - from >= CALL_LONGEST)
            return marked;
    if (end - from > CALL_LONGEST)
        return marked;
    return (l->p[from] >= 0x80 ? (uint32_t)ANY : first[l->p[from] & 31]) & words;
}

/* A capital stands at i, behind a gap: does a word before announce a name? */
static void look_for_name(struct look *l, size_t i)
{
    uint64_t letters;
    size_t end = gap_back(l, i, GAP_NAME), from = word_back(l, end, &letters), begin = from;
    unsigned says;

    if (from == end || (l->p[end] == '.' && !strchr("mb", l->p[from] | 0x20)))
        return; /* but "Mr. Hùng", "BS. Hà" */
    says = trigger_word_says(letters);
    if (!(says & (TRIGGER_SAYS_CALL | TRIGGER_SAYS_IS)) || !calls(l->p + from, end - from))
        return;
    if (!(says & TRIGGER_SAYS_CALL)) {
        begin = word_back(l, gap_back(l, from, GAP_NUMBER), &letters);
        if (!(trigger_word_says(letters) & TRIGGER_SAYS_SELF))
            return;
    }
    if (!(says & TRIGGER_SAYS_NAME) || says & TRIGGER_SAYS_SELF)
        begin = words_back(l, begin, 3);
    add_window(l, begin, i, WINDOW_NAMES);
}

/* --- numbers ------------------------------------------------------------------------------------
 */

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

/* How many digits a word is. */
static uint32_t digits_in(uint64_t letters)
{
    return trigger_word_says(letters) & TRIGGER_SAYS_DIGIT ? 1 : looks_like_digits(letters);
}

static size_t gap_ahead(const struct look *l, size_t i)
{
    size_t at = i, n;

    while (at < l->n && at - i < GAP_MOST &&
           (gap_of[l->p[at]] & GAP_DIGITS || (l->p[at] >= 0x80 && letter_end(l, at) == at))) {
        n = 1;
        if (l->p[at] >= 0x80)
            decode(l->p + at, &n);
        at += n;
    }
    return at;
}

/* Digits, as such or by name, from `from` to `end`. */
struct stretch {
    size_t from, end, digits;
};

static void go_ahead(const struct look *l, struct stretch *s)
{
    for (size_t at = s->end;;) {
        uint64_t letters;
        size_t from = at, end;
        uint32_t n;

        while (is_digit(byte_at(l, at)))
            at++;
        s->digits += at - from;
        end = word_ahead(l, at, &letters);
        n = end > at ? digits_in(letters) : 0;
        s->digits += n;
        if (n)
            at = end;
        if (at == from && !n)
            return;
        s->end = at;
        at = gap_ahead(l, at);
    }
}

static void go_back(const struct look *l, struct stretch *s)
{
    size_t at = s->from, end;

    do {
        uint64_t letters;
        size_t from;

        end = at;
        while (at && is_digit(l->p[at - 1]))
            at--;
        s->digits += end - at;
        from = word_back(l, at, &letters);
        if (from < at && digits_in(letters)) {
            s->digits += digits_in(letters);
            at = from;
        }
        if (at < end)
            s->from = at;
        else if (end < s->from)
            return;
        at = gap_back(l, at, GAP_DIGITS);
    } while (at < end);
}

/* Is a word that announces numbers near before `begin`?  Begin is moved there, and on to what
 * announces near before that. */
static bool find_announcing(const struct look *l, size_t *begin)
{
    size_t at = *begin, least = back(l, at, ANNOUNCE_BACK);
    bool found = false;

    while (at > least && at >= l->number_end) {
        uint64_t letters;
        size_t from = word_back(l, at, &letters);

        if (from == at) {
            at = back(l, at, 1);
            continue;
        }
        at = from;
        if (trigger_word_says(letters) & (TRIGGER_SAYS_NUMBER | TRIGGER_SAYS_PAPER)) {
            found = true;
            *begin = at;
            least = back(l, at, ANNOUNCE_BACK);
        }
    }
    return found || at < l->number_end;
}

/* A run of digits is around from .. end-1, which are digits by one way or another. */
static void look_for_number(struct look *l, size_t from, size_t end)
{
    struct stretch s = {.from = from, .end = end};
    size_t begin;
    bool announced;

    if (from < l->run_end)
        return;
    s.end = from;
    go_back(l, &s);
    go_ahead(l, &s);
    l->run_end = s.end > end ? s.end : end;
    if (s.digits < DIGITS_ANNOUNCED)
        return;
    begin = s.from;
    announced = find_announcing(l, &begin);
    if (s.digits < DIGITS_ALONE && !announced)
        return;
    s.from = words_back(l, s.from, 3);
    add_window(l, begin < s.from ? begin : s.from, s.end, WINDOW_ALL);
    l->number_end = s.end;
}

/* Behind what may stand between the parts of a plate at i. */
static size_t plate_gap_end(const struct look *l, size_t i)
{
    for (int k = 0; k < PLATE_GAP; k++) {
        unsigned char c = byte_at(l, i);

        if (c != '-' && c != '.' && c != ' ' && (c < 0x80 || letter_end(l, i) > i))
            break;
        i = ahead(l, i, 1);
    }
    return i;
}

/* "TM-12-34": two digits before two more. */
static bool may_be_army(const struct look *l, size_t i)
{
    size_t at = plate_gap_end(l, i + 2);

    return at > i + 2 && is_digit(byte_at(l, at)) && is_digit(byte_at(l, at + 1)) &&
           !is_digit(byte_at(l, at + 2));
}

/* "29A…", "80-NG-…": does a letter and soon another digit follow? */
static bool may_be_civil(const struct look *l, size_t i, size_t n)
{
    size_t at = plate_gap_end(l, i + n), end;
    unsigned char c = byte_at(l, at);

    if (n > 6 || (n < 2 || n > 3 ? !c || !strchr("NQCnqc", c) : letter_end(l, at) == at))
        return false;
    if (c == 'h' && is_digit(byte_at(l, at + 1)) && !is_digit(byte_at(l, at + 3)))
        return false; /* "15h30" */
    for (end = ahead(l, at, PLATE_REACH); ++at < end;)
        if (is_digit(l->p[at]))
            return true;
    return false;
}

/* "GB29 NWBK …": two capitals before two digits, and more behind. */
static bool may_be_iban(const struct look *l, size_t i)
{
    size_t at = i + 2 + (byte_at(l, i + 2) == ' ' || byte_at(l, i + 2) == '-');

    if (i < 2 || (unsigned)l->p[i - 1] - 'A' >= 26 || (unsigned)l->p[i - 2] - 'A' >= 26)
        return false;
    for (size_t k = 0; k < 4; k++)
        if (!is_digit(byte_at(l, at + k)) && !ascii_letter[byte_at(l, at + k)])
            return false;
    return true;
}

/* A word that ends before i, up to three of such between, is one of birth. */
static bool find_birth(const struct look *l, size_t i, size_t *begin)
{
    size_t at = i;

    for (int words = 0; words < 6 && i - at <= BIRTH_REACH; words++) {
        uint64_t letters;
        size_t end = gap_back(l, at, GAP_NUMBER);
        unsigned says;

        at = word_back(l, end, &letters);
        if (at == end)
            return false;
        says = trigger_word_says(letters);
        if (says & TRIGGER_SAYS_BIRTH) {
            *begin = words_back(l, at, 3);
            return true;
        }
        if (!(says & TRIGGER_SAYS_ON))
            return false;
    }
    return false;
}

/* n digits begin at i: of a house, a date of birth, a plate? */
static void look_for_people(struct look *l, size_t i, size_t n)
{
    uint64_t letters;
    size_t end = gap_back(l, i, GAP_NUMBER), from = word_back(l, end, &letters), begin;
    unsigned says = from < end ? trigger_word_says(letters) : 0;

    if (end == i && from < end && letters <= 0xFF) { /* "căn hộ B12" */
        size_t before = gap_back(l, from, GAP_NUMBER);

        if (word_back(l, before, &letters) < before)
            says |= trigger_word_says(letters) & TRIGGER_SAYS_PLACE;
    }
    if (says & TRIGGER_SAYS_PLACE)
        add_window(l, words_back(l, from, 3), i + n, WINDOW_HOUSES);
    if (says & (TRIGGER_SAYS_BIRTH | TRIGGER_SAYS_ON) && find_birth(l, i, &begin))
        add_window(l, begin, i, WINDOW_BIRTHS);
    if ((n == 2 && ((from < end && i - end <= GAP_MOST && end - from == 2 && may_be_army(l, i)) ||
                    may_be_iban(l, i))) ||
        may_be_civil(l, i, n)) {
        begin = i;
        find_announcing(l, &begin);
        from = words_back(l, i, 3);
        add_window(l, begin < from ? begin : from, i + n, WINDOW_ALL);
        l->number_end = i + n;
    }
}

static void on_digits(struct look *l, size_t i)
{
    size_t n = 0;

    while (is_digit(byte_at(l, i + n)))
        n++;
    if (l->people)
        look_for_people(l, i, n);
    look_for_number(l, i, i + n);
}

/* Does a word begin at i that is not surely none of the names of digits?  A quick look at its first
 * letters: each has a bit for every name, and LIKE for words of letters that look like digits. */
static bool may_name_digit(const unsigned char *p)
{
    enum { LIKE = 0x800000, SECOND_IS_VOWEL = 0x7E2FFE };
    static const uint32_t first[32] = {
        ['b' & 31] = 0x430,    ['c' & 31] = 0x1000,        ['e' & 31] = 0x200000,
        ['f' & 31] = 0x60000,  ['h' & 31] = 0x8,           ['i' & 31] = LIKE,
        ['k' & 31] = 0x3,      ['l' & 31] = 0x100 | LIKE,  ['m' & 31] = 0x4,
        ['n' & 31] = 0x400080, ['o' & 31] = 0x4000 | LIKE, ['s' & 31] = 0x180200,
        ['t' & 31] = 0x18840,  ['z' & 31] = 0x2000};
    static const uint32_t second[32] = {
        ['a' & 31] = 0xF98,           ['e' & 31] = 0x102000, ['h' & 31] = 0x11001,
        ['i' & 31] = 0x6C0000 | LIKE, ['l' & 31] = LIKE,     ['n' & 31] = 0x4000,
        ['o' & 31] = 0x20026 | LIKE,  ['u' & 31] = 0x40,     ['w' & 31] = 0x8000};
    uint32_t names;

    if (p[0] >= 0x80)
        return p[0] != 0xC4 || (p[1] & 0xFE) != 0x90; /* "đ" looks like none */
    if (p[1] < 0x80 && !ascii_letter[p[1]])
        return first[p[0] & 31] & LIKE;
    names = first[p[0] & 31] & (p[1] < 0x80 ? second[p[1] & 31] : SECOND_IS_VOWEL | LIKE);
    if ((p[1] | 0x20) == 'h' && p[2] < 0x80) /* "khong", "chin", "three" */
        return names && strchr("oir", p[2] | 0x20) && p[2];
    return names;
}

/* Digits begin at i, or a word that was picked out: the name of a digit? */
static void on_number(struct look *l, size_t i)
{
    uint64_t letters;
    size_t end;

    if (is_digit(l->p[i])) {
        on_digits(l, i);
        return;
    }
    if (i < l->run_end || (l->n - i > 2 && !may_name_digit(l->p + i)))
        return;
    end = word_ahead(l, i, &letters);
    if (end > i && digits_in(letters))
        look_for_number(l, i, end);
}

/* --- signs --------------------------------------------------------------------------------------
 */

/* "did:plc:…", "did:web:…" */
static bool is_did(const struct look *l, size_t colon)
{
    return l->n - colon > 5 && l->p[colon + 4] == ':' &&
           ((l->p[colon + 1] | 0x20) == 'p' || (l->p[colon + 1] | 0x20) == 'w');
}

/* A bracket, or the sign itself. */
static bool opens_sign(const struct look *l, size_t i)
{
    size_t next = i + 1 + (byte_at(l, i + 1) == ' ');
    unsigned char c = byte_at(l, next);
    unsigned char behind = byte_at(l, next + 1) | 0x20;

    return c == '@' || ((c | 0x20) == 'a' &&
                        (behind == 't' || behind == 'c' || behind == ' ' || behind == 'm'));
}

static void on_sign(struct look *l, size_t i)
{
    if (l->p[i] == '@' || (l->p[i] == ':' ? is_did(l, i) : opens_sign(l, i)))
        l->out->accounts = true;
    if (l->p[i] == '[' && placeholder_at((struct str){(const char *)l->p, l->n}, i))
        l->whole = true;
}

/* A word begins with an 'a' at i: "a còng", "acong", "at gmail"? */
static void on_a(struct look *l, size_t i)
{
    size_t end, next;
    uint64_t letters;

    if (ascii_letter[byte_at(l, i + 1)]
            ? (l->p[i + 1] | 0x20) != 'c' && ascii_letter[byte_at(l, i + 2)]
            : byte_at(l, i + 1) >= 0xC3 && byte_at(l, i + 1) < 0xE2)
        return; /* "anh", "ăn" */
    end = word_ahead(l, i, &letters);
    if (letters > 0xFFFF && !(trigger_word_says(letters) & TRIGGER_SAYS_HOST))
        return;
    if (letters <= 0xFFFF && letters != 'a' && letters != ('a' << 8 | 't'))
        return;
    if (letters <= 0xFFFF) {
        for (next = end; next < l->n && next < end + 4 && letter_end(l, next) == next;)
            next++;
        word_ahead(l, next, &letters);
        if (!(trigger_word_says(letters) & (TRIGGER_SAYS_HOST | TRIGGER_SAYS_CONG)))
            return;
    }
    l->out->accounts = true;
}

/* A letter at i begins a word behind a gap. */
static void on_capital(struct look *l, size_t i)
{
    if (l->people && is_capital(l->p + i) && may_call(l, i))
        look_for_name(l, i);
}

/* The word that begins at i (not before this block) may be the name of a digit. */
static void pick(struct look *l, size_t i)
{
    if (i < l->base + BLOCK)
        l->picked |= (uint64_t)1 << (i - l->base);
    else
        l->picked_ahead |= (uint64_t)1 << (i - l->base - BLOCK);
}

/* A character that is no usual letter is at i, or reaches there. */
static void on_odd(struct look *l, size_t i)
{
    size_t n, before;
    uint32_t cp;

    i -= (l->p[i] & 0xC0) == 0x80;
    cp = decode(l->p + i, &n);
    if (is_disguise(cp))
        l->out->accounts = true;
    else if (!is_visible(cp))
        l->whole = true;
    if (cp == 0xB7 || (cp >= 0x2010 && cp < 0x2300) || (cp >= 0x3000 && cp < 0x3100))
        l->domain = i + 1;
    before = i;
    if (letter_end(l, i) > i) {
        if (i >= l->base && letter_before(l, &before) < 0)
            pick(l, i);
    } else if (letter_end(l, i + n) > i + n) {
        on_capital(l, i + n);
        pick(l, i + n);
    }
}

/* --- blocks -------------------------------------------------------------------------------------
 */

/* The last bit of the block before, of some masks. */
struct carry {
    uint64_t letter, digit, gap, dot, lead;
};

static uint64_t shifted(uint64_t mask, uint64_t *carry)
{
    uint64_t out = mask << 1 | *carry;

    *carry = mask >> 63;
    return out;
}

/* Behind the last bit of mask below k; `other` when there is none. */
static size_t last_before(uint64_t mask, int k, size_t base, size_t other)
{
    mask &= ((uint64_t)1 << k) - 1;
    return mask ? base + 64 - (size_t)__builtin_clzll(mask) : other;
}

static void look_at_paths(struct look *l, size_t base, const struct masks *m, uint64_t dotted,
                          uint64_t slashes)
{
    for (; slashes; slashes &= slashes - 1) {
        int k = __builtin_ctzll(slashes);

        if (last_before(dotted, k, base, l->domain) > last_before(m->space, k, base, l->space))
            l->out->accounts = true;
    }
    if (dotted && l->domain < base + 64 - (size_t)__builtin_clzll(dotted))
        l->domain = base + 64 - (size_t)__builtin_clzll(dotted);
    l->space = m->space ? base + 64 - (size_t)__builtin_clzll(m->space) : l->space;
}

/* Calls `on` with the place of each bit. */
static inline void each(struct look *l, size_t base, uint64_t mask,
                        void (*on)(struct look *l, size_t i))
{
    for (; mask; mask &= mask - 1)
        on(l, base + (size_t)__builtin_ctzll(mask));
}

static void look_at_block(struct look *l, size_t base, const struct masks *m, struct carry *carry)
{
    uint64_t behind_letter = shifted(m->letter, &carry->letter);
    uint64_t behind_digit = shifted(m->digit, &carry->digit);
    uint64_t behind_gap = shifted(m->space | m->colon, &carry->gap);
    uint64_t behind_dot = shifted(m->dot, &carry->dot),
             behind_lead = shifted(m->lead, &carry->lead);
    uint64_t odd = m->odd | (behind_lead & ~m->tail), words = m->letter & ~behind_letter & ~m->odd;

    l->base = base;
    l->picked = l->picked_ahead | (words & m->o & ~(m->letter >> 1));
    l->picked_ahead = 0;
    for (int lane = 0; lane < BLOCK; lane += 16) {
        uint64_t in_lane = words & (uint64_t)LANE << lane;

        l->picked |= in_lane & (~in_lane + 1);
    }
    each(l, base, odd, on_odd);
    each(l, base, m->sign | (m->colon & behind_letter), on_sign);
    look_at_paths(l, base, m, m->letter & behind_dot, m->slash & behind_letter);
    each(l, base, words & m->a & ~behind_digit, on_a);
    each(l, base, behind_gap & m->capital & ~m->odd, on_capital);
    each(l, base, (m->digit & ~behind_digit) | l->picked, on_number);
}

static void look_at_all(struct look *l)
{
    struct carry carry = {0};
    struct masks masks;
    size_t i = 0;

    for (; l->n - i >= BLOCK && !l->out->accounts; i += BLOCK) {
        read_block(&masks, l->p + i);
        look_at_block(l, i, &masks, &carry);
    }
    if (i < l->n && !l->out->accounts) {
        unsigned char rest[BLOCK] = {0};

        memcpy(rest, l->p + i, l->n - i);
        read_block(&masks, rest);
        masks.space &= ((uint64_t)1 << (l->n - i)) - 1;
        look_at_block(l, i, &masks, &carry);
    }
}

void trigger_look(struct text text, enum redact_scope scope, struct trigger *out)
{
    struct look l = {.p = (const unsigned char *)text.p,
                     .n = text.n,
                     .people = scope == REDACT_PEOPLE,
                     .out = out};

    out->n = 0;
    out->accounts = false;
    look_at_all(&l);
    if (out->accounts || (out->n && l.whole)) {
        out->windows[0] = (struct window){0, text.n, 0, text.n, WINDOW_ALL};
        out->n = 1;
    }
}
