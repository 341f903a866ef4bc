/* look.c - letters, words and gaps around a place, and the windows that are named; see look.h. */
#include "intake/look.h"

#include "text/fold.h"

enum {
    /* characters */
    LOOKBACK = 24,
    NAME_AHEAD = 56,
    BIRTH_AHEAD = 72,
    HOUSE_AHEAD = 48,
    HANDLE_AHEAD = 80,
    NUMBER_AHEAD = 128,
    PART_LONGEST = 36,
    PARTS_MOST = 8,
};

bool look_is_disguise(uint32_t cp)
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
    return cp < FOLD_TABLE && !look_is_disguise(cp);
}

const unsigned char look_letters[256] = {
    ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e', ['F'] = 'f', ['G'] = 'g',
    ['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k', ['L'] = 'l', ['M'] = 'm', ['N'] = 'n',
    ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r', ['S'] = 's', ['T'] = 't', ['U'] = 'u',
    ['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y', ['Z'] = 'z', ['a'] = 'a', ['b'] = 'b',
    ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f', ['g'] = 'g', ['h'] = 'h', ['i'] = 'i',
    ['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm', ['n'] = 'n', ['o'] = 'o', ['p'] = 'p',
    ['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't', ['u'] = 'u', ['v'] = 'v', ['w'] = 'w',
    ['x'] = 'x', ['y'] = 'y', ['z'] = 'z',
};

bool look_is_visible(uint32_t cp)
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

int look_letter_before(const struct look *l, size_t *at)
{
    const unsigned char *p = l->p;
    size_t i = *at, n;
    uint32_t cp;

    if (!i)
        return -1;
    i--;
    if (p[i] < 0x80) {
        *at = look_letters[p[i]] ? i : *at;
        return look_letters[p[i]] ? look_letters[p[i]] : -1;
    }
    while (i && (p[i] & 0xC0) == 0x80)
        i--;
    cp = look_decode(p + i, &n);
    if (cp < 0xC0 || !is_plain_letter(cp) || fold_table[cp] == FOLD_SEPARATOR)
        return -1;
    *at = i;
    return fold_table[cp] & 0xFF;
}

size_t look_word_back(const struct look *l, size_t end, uint64_t *letters)
{
    size_t at = end;
    unsigned shift = 0;
    int c;

    *letters = 0;
    for (;;) {
        if (at && look_letters[l->p[at - 1]])
            c = look_letters[l->p[--at]];
        else if (!at || l->p[at - 1] < 0x80)
            break;
        else if ((c = look_letter_before(l, &at)) < 0)
            break;
        if (c && shift < 64) {
            *letters |= (uint64_t)c << shift;
            shift += 8;
        }
    }
    return at;
}

size_t look_letter_end(const struct look *l, size_t i)
{
    size_t n;
    uint32_t cp;

    if (i >= l->n || l->p[i] < 0x80)
        return i + (i < l->n && look_letters[l->p[i]]);
    if (l->p[i] < 0xC0) /* who looks byte by byte stands within a character */
        return i;
    cp = look_decode(l->p + i, &n);
    return cp < 0xC0 || !is_plain_letter(cp) || fold_table[cp] == FOLD_SEPARATOR ? i : i + n;
}

size_t look_word_ahead(const struct look *l, size_t i, uint64_t *letters)
{
    const unsigned char *p = l->p;

    *letters = 0;
    for (;;) {
        size_t n = 2;
        uint32_t cp;

        for (; i < l->n && look_letters[p[i]]; i++)
            *letters = *letters << 8 | look_letters[p[i]];
        if (i >= l->n || p[i] < 0xC3)
            return i;
        if (p[i] < 0xC7)
            cp = (p[i] & 0x1Fu) << 6 | (p[i + 1] & 0x3Fu);
        else if (!is_plain_letter(cp = look_decode(p + i, &n)))
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

size_t look_back(const struct look *l, size_t i, size_t characters)
{
    while (i && characters)
        characters -= (l->p[--i] & 0xC0) != 0x80;
    return i;
}

size_t look_ahead(const struct look *l, size_t i, size_t characters)
{
    for (characters++; i < l->n; i++) {
        characters -= (l->p[i] & 0xC0) != 0x80;
        if (!characters)
            break;
    }
    return i;
}

/* Where the chain of an address may end that goes on behind `end`: each part of it brings a number
 * near behind the last. */
static size_t parts_end(const struct look *l, size_t end)
{
    for (int parts = 0; parts < PARTS_MOST; parts++) {
        size_t at = end, limit = look_ahead(l, end, PART_LONGEST);

        while (at < limit && !look_is_digit(l->p[at]))
            at++;
        if (at == limit)
            break;
        for (end = at; look_is_digit(look_byte(l, end));)
            end++;
    }
    return end;
}

/* How far recognisers look that are asked before `end`. */
static size_t reach(const struct look *l, size_t end, unsigned asks)
{
    size_t houses = asks & WINDOW_HOUSES ? look_ahead(l, parts_end(l, end), HOUSE_AHEAD) : end;
    size_t others = look_ahead(l, end,
                               asks & WINDOW_NUMBERS   ? NUMBER_AHEAD
                               : asks & WINDOW_HANDLES ? HANDLE_AHEAD
                               : asks & WINDOW_BIRTHS  ? BIRTH_AHEAD
                                                       : NAME_AHEAD);

    return houses > others ? houses : others;
}

void look_window(struct look *l, size_t begin, size_t end, unsigned asks)
{
    struct trigger *out = l->out;
    struct window w = {.begin = begin, .end = end, .asks = asks};

    w.from = look_back(l, begin, LOOKBACK);
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

/* --- gaps ---------------------------------------------------------------------------------------
 */

const unsigned char look_gaps[256] = {
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
    ['='] = GAP_NUMBER,
    ['['] = GAP_NUMBER,
    ['{'] = GAP_NUMBER,
    ['<'] = GAP_NUMBER,
};

size_t look_gap_back(const struct look *l, size_t i, unsigned gap)
{
    size_t at = i;

    while (at && i - at < GAP_MOST && (look_gaps[l->p[at - 1]] & gap || l->p[at - 1] >= 0x80)) {
        size_t before = at;

        if (l->p[at - 1] < 0x80) {
            at--;
            continue;
        }
        if (look_letter_before(l, &before) >= 0)
            break;
        at = look_back(l, at, 1);
    }
    return at;
}

size_t look_words_back(const struct look *l, size_t i, int words)
{
    const struct window *last = l->out->n ? &l->out->windows[l->out->n - 1] : NULL;
    size_t asked = last && last->asks & (WINDOW_HOUSES | WINDOW_NUMBERS) ? last->end : 0;
    size_t start = asked ? last->begin : 0;

    for (; words && i; words--) {
        size_t at = i, before;
        uint64_t letters;

        while (at && i - at < GAP_MOST) {
            before = at;
            if (look_is_digit(l->p[at - 1]) || look_letter_before(l, &before) >= 0)
                break;
            at = look_back(l, at, 1);
        }
        for (before = at + 1; at && before > at;) {
            before = at;
            at = look_word_back(l, at, &letters);
            while (at && look_is_digit(l->p[at - 1]))
                at--;
            if (at < asked)
                return at < start ? start : at; /* the window there is joined, and looked back */
        }
        i = at;
    }
    return i;
}
