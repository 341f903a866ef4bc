/* trigger.c - one pass over masks of the bytes; see trigger.h.
 *
 * Everything here asks for less than the recognisers do, and must: what no window shows is never
 * looked at again.  A block of 64 bytes becomes a mask for each class of bytes.  Words are not read
 * but where something begins that they could announce: a number, a capital behind a gap.  Numbers
 * that are written in words have at least six of them, so it is enough to ask for the first word in
 * every 16 bytes, and for every "o" that stands alone.
 * What a recogniser sees around a place is bounded (look.c), so a window with that much
 * around it gives what the whole text would.  Where what is invisible could stretch that, or an
 * account may be, the window is the whole text.
 */
#include "intake/trigger.h"

#include "intake/block_masks.h"
#include "intake/look.h"
#include "intake/trigger_words.h"
#include "text/token.h"

#include <string.h>

enum {
    LANE = 0xFFFF,
    LETTERS_OF_TWO = 0xFFFF,
    CALL_LONGEST = 8,
    ACCOUNT_LONGEST = 64,
    FILLERS_MOST = 8
};

/* Capitals, and a few others beyond ASCII that are none.  Beyond Latin-1 a capital is even, which
 * its last byte tells. */
static bool is_capital(const unsigned char *p)
{
    if (*p < 0x80)
        return *p <= 'Z';
    if (*p == 0xC3)
        return p[1] < 0x9F;
    if (*p == 0xC6 && (p[1] == 0xAF || p[1] == 0xB0))
        return p[1] == 0xAF; /* "Ư", "ư" */
    return *p < 0xC3 || !(p[*p < 0xE0 ? 1 : *p < 0xF0 ? 2 : 3] & 1);
}

/* Is the word of bytes from..end-1 one that calls somebody, with its own marks?  (Folded, "có" and
 * "đường" are "cô" and "dượng" too.)  All in capitals, or with what is no letter in it, it may be
 * any.  Its bytes make one number, which is looked up at once: most capitals stand behind another
 * word. */
static bool calls(const struct look *l, size_t end)
{
    const unsigned char *p = l->p;
    uint64_t key = 0;
    size_t from = end, last = end - 1, capitals = 0;

    for (; from && (look_letters[p[from - 1]] || p[from - 1] >= 0x80); from--) {
        unsigned char c = p[from - 1];

        if (c >= 0x80 && (c == 0xC2 || c > 0xE1 || c == 0xCC || c == 0xCD))
            return true;
        if (end - from >= CALL_LONGEST)
            return false;
        key = key << 8 | c;
        capitals += (unsigned)c - 'A' < 26;
    }
    while (last > from && (p[last] & 0xC0) == 0x80)
        last--;
    if (capitals > ((unsigned)p[from] - 'A' < 26) || (last > from && is_capital(p + last)))
        return true;
    return trigger_calls(key | (p[from] < 0x80 ? 0x20 : 0x2000));
}

/* A capital stands at i, behind a gap: does a word before announce a name? */
static void look_for_name(struct look *l, size_t i)
{
    uint64_t letters;
    size_t end = look_gap_back(l, i, GAP_NAME), from = look_word_back(l, end, &letters),
           begin = from;
    unsigned says;

    if (from == end || (l->p[end] == '.' && !strchr("mb", l->p[from] | 0x20)))
        return; /* but "Mr. Hùng", "BS. Hà" */
    says = trigger_word_says(letters);
    if (!(says & (TRIGGER_SAYS_CALL | TRIGGER_SAYS_IS)) || !calls(l, end))
        return;
    if (!(says & TRIGGER_SAYS_CALL) || says & TRIGGER_SAYS_LAST) {
        begin = look_word_back(l, look_gap_back(l, from, GAP_NUMBER), &letters);
        if (!(trigger_word_says(letters) &
              (says & TRIGGER_SAYS_LAST ? TRIGGER_SAYS_ROLE : TRIGGER_SAYS_SELF)))
            return; /* "là" alone, "nhân" of another than "bệnh nhân" */
    }
    begin =
        look_words_back(l, begin, says & TRIGGER_SAYS_NAME && !(says & TRIGGER_SAYS_SELF) ? 1 : 3);
    look_window(l, begin, i, WINDOW_NAMES);
}

/* --- signs --------------------------------------------------------------------------------------
 */

/* "did:plc:…", "did:web:…" */
static bool is_did(const struct look *l, size_t colon)
{
    return l->n - colon > 5 && l->p[colon + 4] == ':' &&
           ((l->p[colon + 1] | 0x20) == 'p' || (l->p[colon + 1] | 0x20) == 'w');
}

/* Does "a", "at", "acong" or a mail host from i on stand for the sign, or for what follows it? */
static bool reads_as_sign(const struct look *l, size_t i)
{
    uint64_t letters;
    size_t end = look_word_ahead(l, i, &letters), next;

    if (letters > LETTERS_OF_TWO)
        return trigger_word_says(letters) & TRIGGER_SAYS_HOST;
    if (letters != 'a' && letters != ('a' << 8 | 't'))
        return false;
    for (next = end; next < l->n && next < end + 4 && look_letter_end(l, next) == next;)
        next++;
    if (look_byte(l, next + 1) == 0xC3 && (look_byte(l, next + 2) | 0x20) == 0xB4)
        return false; /* "A Công" */
    look_word_ahead(l, next, &letters);
    return trigger_word_says(letters) & (TRIGGER_SAYS_HOST | TRIGGER_SAYS_CONG);
}

/* A bracket: "(@)", "(at)", "(a còng)". */
static bool opens_sign(const struct look *l, size_t i)
{
    size_t next = i + 1 + (look_byte(l, i + 1) == ' ');
    unsigned char c = look_byte(l, next);

    if (c == '@' || (c | 0x20) != 'a')
        return c == '@';
    return ((look_byte(l, next + 1) | 0x20) == 't' && !look_letters[look_byte(l, next + 2)]) ||
           reads_as_sign(l, next);
}

/* Is there something behind the sign at i, behind a space or a bracket? */
static bool is_sign_of_some(const struct look *l, size_t i)
{
    size_t at = i + 1;
    unsigned char c;

    while (at < i + 4 && look_byte(l, at) && strchr(" )]}>", look_byte(l, at)))
        at++;
    c = look_byte(l, at);
    return c >= 0x80 || look_letters[c] || look_is_digit(c) || (c && strchr("@_.-", c));
}

/* A network is named before i, with no more than a few words between. */
static void look_for_account(struct look *l, size_t i, size_t end)
{
    size_t at = i;

    for (int words = 0; words < FILLERS_MOST; words++) {
        size_t gap = look_gap_back(l, at, GAP_NUMBER);
        uint64_t letters;
        unsigned says;

        at = look_word_back(l, gap, &letters);
        if (at == gap)
            return;
        says = trigger_word_says(letters);
        if (says & TRIGGER_SAYS_PLATFORM)
            look_window(l, at, end, WINDOW_HANDLES);
        if (!(says & TRIGGER_SAYS_FILLER))
            return;
    }
}

/* A byte of which the names of accounts are made. */
static bool is_of_account(unsigned char c)
{
    return look_letters[c] || look_is_digit(c) || c == '.' || c == '_' || c == '-';
}

void look_at_account(struct look *l, size_t i)
{
    size_t from = i;

    while (from && i - from < ACCOUNT_LONGEST && is_of_account(l->p[from - 1]))
        from--;
    look_for_account(l, from, i);
}

/* A letter behind a dot is at i: "hoa.nguyen". */
static void on_dotted(struct look *l, size_t i)
{
    if (i > 1 && look_letters[l->p[i]] && look_letters[l->p[i - 2]])
        look_at_account(l, i);
}

static void on_sign(struct look *l, size_t i)
{
    if (l->p[i] == '_')
        look_at_account(l, i);
    else if (l->p[i] == ':')
        look_for_account(l, i, i + 1);
    if ((l->p[i] == '@' && is_sign_of_some(l, i)) ||
        (l->p[i] == ':' ? is_did(l, i) : l->p[i] != '@' && opens_sign(l, i)))
        l->out->accounts = true;
    if (l->p[i] == '[' && placeholder_at((struct str){(const char *)l->p, l->n}, i))
        l->whole = true;
}

/* A word begins with an 'a' at i: "a còng", "acong", "at gmail"? */
static void on_a(struct look *l, size_t i)
{
    if (look_letters[look_byte(l, i + 1)]
            ? (l->p[i + 1] | 0x20) != 'c' && look_letters[look_byte(l, i + 2)]
            : look_byte(l, i + 1) >= 0xC3 && look_byte(l, i + 1) < 0xE2)
        return; /* "anh", "ăn" */
    if (reads_as_sign(l, i))
        l->out->accounts = true;
}

/* May a name that a word announces begin behind the gap that ends before i?  Most capitals stand
 * behind another word, or behind what ends a sentence. */
static bool may_be_announced(const struct look *l, size_t i)
{
    size_t end = i - (i > 0);
    unsigned char before = end ? l->p[end - 1] : ' ';

    if (!end || l->p[end] != ' ')
        return true;
    if (before >= 0x80 || look_letters[before])
        return calls(l, end);
    if (before == '.' && end > 1 && l->p[end - 2] < 0x80) /* "Mr. Hùng", "BS. Hà" */
        return !look_letters[l->p[end - 2]] || strchr("rs", l->p[end - 2] | 0x20);
    return look_gaps[before] & GAP_NAME;
}

/* A letter at i begins a word behind a gap. */
static void on_capital(struct look *l, size_t i)
{
    if (l->people && is_capital(l->p + i) && may_be_announced(l, i))
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
    cp = look_decode(l->p + i, &n);
    if (look_is_disguise(cp))
        l->out->accounts = true;
    else if (!look_is_visible(cp))
        l->whole = true;
    if (cp == 0xB7 || (cp >= 0x2010 && cp < 0x2300) || (cp >= 0x3000 && cp < 0x3100))
        l->domain = i + 1;
    before = i;
    if (look_letter_end(l, i) > i) {
        if (i >= l->base && look_letter_before(l, &before) < 0)
            pick(l, i);
    } else if (look_letter_end(l, i + n) > i + n) {
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

/* Does a path of profiles begin with the slash at i: "/@hoa", or behind the host of a network? */
static bool is_path_of_profiles(const struct look *l, size_t i)
{
    uint64_t letters;
    size_t at = look_word_back(l, i, &letters);

    if (look_byte(l, i + 1) == '@' || !at || l->p[at - 1] >= 0x80)
        return true;
    if (l->p[at - 1] != '.')
        return false;
    look_word_back(l, at - 1, &letters);
    return (trigger_word_says(letters) & TRIGGER_SAYS_NETWORK) || (at > 1 && l->p[at - 2] >= 0x80);
}

static void look_at_paths(struct look *l, size_t base, const struct masks *m, uint64_t dotted,
                          uint64_t slashes)
{
    for (; slashes; slashes &= slashes - 1) {
        int k = __builtin_ctzll(slashes);

        if (last_before(dotted, k, base, l->domain) > last_before(m->space, k, base, l->space) &&
            is_path_of_profiles(l, base + (size_t)k))
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
    each(l, base, m->letter & behind_dot, on_dotted);
    look_at_paths(l, base, m, m->letter & behind_dot, m->slash & behind_letter);
    each(l, base, words & m->a & ~behind_digit, on_a);
    each(l, base, behind_gap & m->capital & ~m->odd, on_capital);
    each(l, base, (m->digit & ~behind_digit) | l->picked, look_at_number);
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
