/* look_numbers.c - the first look at digits and at their names; see look.h and trigger.c.
 *
 * Digits that hang together are measured once.  Six of them are of interest behind a word that
 * announces numbers, nine where a phone or the number of a paper may begin; fewer behind a word of
 * an address or of birth, or as those of a plate.  Of dates, prices and counts, with which news is
 * full, next to nothing is left.
 */
#include "intake/look.h"

#include "intake/trigger_words.h"

#include <string.h>

enum {
    DIGITS_ALONE = 9,
    DIGITS_ANNOUNCED = 6,
    CARD_FEWEST = 14,
    SERIAL_FEWEST = 4,
    DIPLOMATIC_MOST = 6,
    LETTERS_OF_TWO = 0xFFFF,
    GAP_DIGITS_MOST = 3,
    BIRTH_REACH = 64,   /* bytes */
    ANNOUNCE_BACK = 64, /* characters */
    PLATE_GAP = 3,
    ROOM_DIGITS = 3,
    HOUSE_LONGEST = 12,
    DECIMALS_FEWEST = 3,
    POSITION_GAP = 12, /* bytes */
    WORDS_TO_BUILDING = 6,
};

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

/* Digits hang together over up to so many characters that are seen, and over a comma only behind a
 * single digit. */
static bool goes_on(const struct look *l, size_t at, int *seen)
{
    if (l->p[at] >= 0x80) {
        size_t n;

        *seen += look_is_visible(look_decode(l->p + at, &n));
        return *seen <= GAP_DIGITS_MOST;
    }
    if (!(look_gaps[l->p[at]] & GAP_DIGITS) || ++*seen > GAP_DIGITS_MOST)
        return false;
    return l->p[at] != ',' || at < 2 || !look_is_digit(l->p[at - 2]);
}

static size_t digits_gap_ahead(const struct look *l, size_t i)
{
    int seen = 0;
    size_t at = i;

    while (at < l->n && at - i < GAP_MOST && (l->p[at] < 0x80 || look_letter_end(l, at) == at) &&
           goes_on(l, at, &seen))
        at = l->p[at] < 0x80 ? at + 1 : look_ahead(l, at, 1);
    return at;
}

static size_t digits_gap_back(const struct look *l, size_t i)
{
    int seen = 0;
    size_t at = i;

    while (at && i - at < GAP_MOST) {
        size_t before = at, from = look_back(l, at, 1);

        if ((l->p[at - 1] >= 0x80 && look_letter_before(l, &before) >= 0) ||
            !goes_on(l, from, &seen))
            break;
        at = from;
    }
    return at;
}

/* A byte that begins a letter beyond ASCII as Vietnamese writes it, in one code point. */
static bool is_usual(unsigned char c)
{
    return (c >= 0xC3 && c <= 0xC6) || c == 0xE1;
}

/* Does a word begin at i that is not surely none of the names of digits?  A quick look at its first
 * three letters: each has a bit for every name, and LIKE for words of letters that look like
 * digits.
 */
static bool may_name_digit(const struct look *l, size_t i)
{
    enum { LIKE = 0x800000, SECOND_IS_VOWEL = 0x7E2FFE | LIKE, THIRD_IS_VOWEL = 0x2D609 | LIKE };
    enum { TWO_LETTERS = 0x52 | LIKE };
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
    static const uint32_t third[32] = {
        ['e' & 31] = 0x4000,        ['g' & 31] = 0x200000, ['i' & 31] = 0x1008 | LIKE,
        ['l' & 31] = LIKE,          ['m' & 31] = 0x980,    ['n' & 31] = 0x400020,
        ['o' & 31] = 0x8001 | LIKE, ['r' & 31] = 0x12000,  ['t' & 31] = 0x4,
        ['u' & 31] = 0x20200,       ['v' & 31] = 0x140000, ['x' & 31] = 0x80000,
        ['y' & 31] = 0x400};
    const unsigned char *p = l->p + i;
    uint32_t names;

    if (l->n - i < 5)
        return true;
    if (p[0] >= 0x80)
        return p[0] != 0xC4 || (p[1] & 0xFE) != 0x90; /* "đ" looks like none */
    names = first[p[0] & 31];
    if (!names)
        return false;
    if (p[1] < 0x80 && !look_letters[p[1]])
        return names & LIKE;
    if (p[1] >= 0x80 && !is_usual(p[1]))
        return true;
    names &= p[1] < 0x80 ? second[p[1] & 31] : SECOND_IS_VOWEL;
    p += p[1] < 0x80 ? 2 : p[1] < 0xE0 ? 3 : 4;
    if (p[0] >= 0x80)
        return !is_usual(p[0]) || names & THIRD_IS_VOWEL;
    return names & (look_letters[p[0]] ? third[p[0] & 31] : TWO_LETTERS);
}

/* Digits, as such or by name, from `from` to `end`. */
struct stretch {
    size_t from, end, digits;
    bool plausible; /* a number that nothing announces may begin in it */
};

/* A group of n digits at i: may a phone or an identity number begin with it?  All begin with zero,
 * 84 or '+', or have nine digits and more in a row. */
static bool may_begin(const struct look *l, size_t i, size_t n)
{
    const unsigned char *p = l->p + i;

    if (n >= DIGITS_ALONE || (i && (p[-1] == '+' || p[-1] >= 0x80)))
        return true;
    if (p[0] == '0')
        return n != 3 || p[1] != '0' || p[2] != '0'; /* "500.000" */
    return n && p[0] == '8' && (n == 1 || p[1] == '4');
}

/* The same of a digit's name, or of letters that look like digits. */
static bool may_begin_named(uint64_t letters)
{
    uint32_t like = looks_like_digits(letters);

    if (like)
        return letters >> (8 * (like - 1)) == 'o';
    return trigger_word_says(letters) & TRIGGER_SAYS_NOUGHT;
}

static void go_ahead(const struct look *l, struct stretch *s)
{
    for (size_t at = s->end;;) {
        uint64_t letters;
        size_t from = at, end;
        uint32_t n;

        while (look_is_digit(look_byte(l, at)))
            at++;
        s->digits += at - from;
        s->plausible = s->plausible || (at > from && may_begin(l, from, at - from));
        end = at < l->n && may_name_digit(l, at) ? look_word_ahead(l, at, &letters) : at;
        n = end > at ? digits_in(letters) : 0;
        s->digits += n;
        s->plausible = s->plausible || (n && may_begin_named(letters));
        if (n)
            at = end;
        if (at == from && !n)
            return;
        s->end = at;
        at = digits_gap_ahead(l, at);
    }
}

static void go_back(const struct look *l, struct stretch *s)
{
    size_t at = s->from, end;

    do {
        uint64_t letters;
        size_t from;

        end = at;
        while (at && look_is_digit(l->p[at - 1]))
            at--;
        s->digits += end - at;
        s->plausible = s->plausible || (at < end && may_begin(l, at, end - at));
        from = at && (l->p[at - 1] >= 0x80 || look_letters[l->p[at - 1]])
                   ? look_word_back(l, at, &letters)
                   : at;
        if (from < at && digits_in(letters)) {
            s->digits += digits_in(letters);
            s->plausible = s->plausible || may_begin_named(letters);
            at = from;
        }
        if (at < end)
            s->from = at;
        else if (end < s->from)
            return;
        at = digits_gap_back(l, at);
    } while (at < end);
}

/* What the words near before `begin` announce: a number (NUMBER), a plate (VEHICLE).  Begin is
 * moved to them, and on to what announces near before that. */
static unsigned find_announcing(const struct look *l, size_t *begin)
{
    size_t at = *begin, least = look_back(l, at, ANNOUNCE_BACK);
    unsigned found = 0, behind = 0;

    while (at > least && at >= l->number_end) {
        uint64_t letters;
        size_t from = look_word_back(l, at, &letters);
        unsigned says;

        if (from == at) {
            at = look_back(l, at, 1);
            continue;
        }
        at = from;
        says = trigger_word_says(letters);
        if (says & TRIGGER_SAYS_NUMBER &&
            (!(says & TRIGGER_SAYS_FIRST) || behind & TRIGGER_SAYS_SECOND)) {
            found |= says & TRIGGER_SAYS_VEHICLE ? TRIGGER_SAYS_VEHICLE : TRIGGER_SAYS_NUMBER;
            *begin = at;
            least = look_back(l, at, ANNOUNCE_BACK);
        }
        behind = says;
    }
    return at < l->number_end ? TRIGGER_SAYS_NUMBER | TRIGGER_SAYS_VEHICLE : found;
}

/* A run of digits is around from .. end-1, which are digits by one way or another. */
static void look_for_number(struct look *l, size_t from, size_t end)
{
    struct stretch s = {.from = from, .end = end};
    size_t begin;

    if (from < l->run_end)
        return;
    s.end = from;
    go_back(l, &s);
    go_ahead(l, &s);
    l->run_end = s.end > end ? s.end : end;
    if (s.digits < DIGITS_ANNOUNCED)
        return;
    begin = s.from;
    if (!(find_announcing(l, &begin) & TRIGGER_SAYS_NUMBER) &&
        (s.digits < DIGITS_ALONE || !(s.plausible || s.digits >= CARD_FEWEST)))
        return;
    s.from = look_words_back(l, s.from, 3);
    look_window(l, begin < s.from ? begin : s.from, s.end, WINDOW_NUMBERS);
    l->number_end = s.end;
}

/* Behind what may stand between the parts of a plate at i. */
static size_t plate_gap_end(const struct look *l, size_t i)
{
    for (int k = 0; k < PLATE_GAP; k++) {
        unsigned char c = look_byte(l, i);

        if (c != '-' && c != '.' && c != ' ' && (c < 0x80 || look_letter_end(l, i) > i))
            break;
        i = look_ahead(l, i, 1);
    }
    return i;
}

/* "TM-12-34": two digits before two more. */
static bool may_be_army(const struct look *l, size_t i)
{
    size_t at = plate_gap_end(l, i + 2);

    return at > i + 2 && look_is_digit(look_byte(l, at)) && look_is_digit(look_byte(l, at + 1)) &&
           !look_is_digit(look_byte(l, at + 2));
}

/* "29A…", "80-NG-…": n digits at i, one or two letters, digits. */
static bool may_be_civil(const struct look *l, size_t i, size_t n)
{
    static const char kinds[] = "ngqtnncv";
    size_t at = plate_gap_end(l, i + n), end;
    struct stretch serial = {.from = at};
    uint64_t letters;
    bool diplomatic = false;

    if (n > DIPLOMATIC_MOST || look_letter_end(l, at) == at)
        return false;
    end = look_word_ahead(l, at, &letters);
    if (!letters || letters > LETTERS_OF_TWO)
        return false;
    for (int k = 0; k < 8; k += 2)
        diplomatic = diplomatic || letters == (uint64_t)(kinds[k] << 8 | kinds[k + 1]);
    if (!diplomatic && (n != 2 || (letters == 'h' && look_is_digit(look_byte(l, end)) &&
                                   !look_is_digit(look_byte(l, end + 2)))))
        return false; /* "15h30" */
    serial.end = plate_gap_end(l, end);
    go_ahead(l, &serial);
    return serial.digits >= (diplomatic ? 2 : SERIAL_FEWEST);
}

/* "GB29 NWBK …": two capitals before two digits, and more behind. */
static bool may_be_iban(const struct look *l, size_t i)
{
    size_t at = i + 2 + (look_byte(l, i + 2) == ' ' || look_byte(l, i + 2) == '-');

    if (i < 2 || (unsigned)l->p[i - 1] - 'A' >= 26 || (unsigned)l->p[i - 2] - 'A' >= 26)
        return false;
    for (size_t k = 0; k < 4; k++)
        if (!look_is_digit(look_byte(l, at + k)) && !look_letters[look_byte(l, at + k)])
            return false;
    return true;
}

/* A word that ends before i, up to three of such between, is one of birth. */
static bool find_birth(const struct look *l, size_t i, size_t *begin)
{
    size_t at = i;

    for (int words = 0; words < 6 && i - at <= BIRTH_REACH; words++) {
        uint64_t letters;
        size_t end = look_gap_back(l, at, GAP_NUMBER);
        unsigned says;

        at = look_word_back(l, end, &letters);
        if (at == end)
            return false;
        says = trigger_word_says(letters);
        if (says & TRIGGER_SAYS_BIRTH) {
            *begin = look_words_back(l, at, 3);
            return true;
        }
        if (!(says & TRIGGER_SAYS_ON))
            return false;
    }
    return false;
}

/* "K30/5", "h 12/4", "P.305": does the letter before the number of n digits at i stand for a lane
 * or a room? */
static bool is_short_for_place(const struct look *l, size_t i, size_t n, uint64_t letters)
{
    if (letters == 'p')
        return n >= ROOM_DIGITS;
    if (letters != 'k' && letters != 'h')
        return false;
    for (size_t at = i + n; at < i + HOUSE_LONGEST; at++) {
        unsigned char c = look_byte(l, at);

        if (c == '/' || c >= 0x80)
            return true;
        if (!look_is_digit(c) && !look_letters[c] && c != '-' && c != '.')
            return false;
    }
    return false;
}

/* The number of n digits at i, if it may be one of a latitude or longitude here, else 0. */
static int degrees_at(const struct look *l, size_t i, size_t n)
{
    int value = 0;

    if (n > 3)
        return 0;
    for (size_t k = 0; k < n; k++)
        value = value * 10 + (l->p[i + k] - '0');
    return (value >= 8 && value <= 23) || (value >= 102 && value <= 117) ? value : 0;
}

/* "16.0544, 108…", "16°03…": n digits at i, of a position? */
static bool may_be_position(const struct look *l, size_t i, size_t n)
{
    size_t at = i + n, digits = 0;
    unsigned char c = look_byte(l, at);

    if (!degrees_at(l, i, n))
        return false;
    if (c != '.' && c != ',') {
        if ((c | 0x20) != 'o' && (c < 0x80 || look_letter_end(l, at) > at))
            return false;
        at = look_ahead(l, at, 1);
        return look_is_digit(look_byte(l, at + (look_byte(l, at) == ' ')));
    }
    for (at++; look_is_digit(look_byte(l, at)); at++)
        digits++;
    if (digits < DECIMALS_FEWEST)
        return false;
    for (size_t end = at + POSITION_GAP; at < end && !look_is_digit(look_byte(l, at));)
        at++;
    for (digits = 0; look_is_digit(look_byte(l, at + digits));)
        digits++;
    return digits && degrees_at(l, at, digits);
}

/* n digits begin at i, behind a word from..end-1: of a plate, or an IBAN? */
static void look_for_plate(struct look *l, size_t i, size_t n, size_t from, size_t end)
{
    size_t begin = i;

    if (!may_be_civil(l, i, n) &&
        (n != 2 || (!(from < end && i - end <= GAP_MOST && end - from == 2 && may_be_army(l, i)) &&
                    !may_be_iban(l, i))))
        return;
    find_announcing(l, &begin);
    from = look_words_back(l, i, 3);
    look_window(l, begin < from ? begin : from, i + n, WINDOW_NUMBERS);
    l->number_end = i + n;
}

/* What the words before n digits at i say, the last of which is from..end-1. */
static unsigned words_say(const struct look *l, size_t i, size_t n, size_t from, size_t end,
                          uint64_t letters)
{
    unsigned says = from < end ? trigger_word_says(letters) : 0;

    if (from == end || letters > 0xFF)
        return says;
    if (is_short_for_place(l, i, n, letters))
        says |= TRIGGER_SAYS_PLACE | TRIGGER_SAYS_ROOM;
    if (end == i) { /* "căn hộ B12" */
        size_t before = look_gap_back(l, from, GAP_NUMBER);

        if (look_word_back(l, before, &letters) < before)
            says |= trigger_word_says(letters) & (TRIGGER_SAYS_PLACE | TRIGGER_SAYS_ROOM);
    }
    return says;
}

/* n digits begin at i: of a house, a position, a date of birth, a plate? */
static void look_for_people(struct look *l, size_t i, size_t n)
{
    uint64_t letters;
    size_t end = look_gap_back(l, i, GAP_NUMBER), from = look_word_back(l, end, &letters), begin;
    unsigned says = words_say(l, i, n, from, end, letters);

    if (says & TRIGGER_SAYS_PLACE)
        look_window(l, look_words_back(l, from, says & TRIGGER_SAYS_ROOM ? WORDS_TO_BUILDING : 3),
                    i + n, WINDOW_HOUSES);
    if (may_be_position(l, i, n))
        look_window(l, look_words_back(l, i, 3), i + n, WINDOW_HOUSES);
    if (says & (TRIGGER_SAYS_BIRTH | TRIGGER_SAYS_ON) && find_birth(l, i, &begin))
        look_window(l, begin, i, WINDOW_BIRTHS);
    look_for_plate(l, i, n, from, end);
}

/* "hoa92", "hoa.92": no word has a digit behind letters. */
static bool is_behind_letters(const struct look *l, size_t i)
{
    unsigned char before = i ? l->p[i - 1] : ' ';

    if (i > 1 && (before == '.' || before == '_' || before == '-'))
        before = l->p[i - 2];
    return look_letters[before];
}

static void on_digits(struct look *l, size_t i)
{
    size_t n = 0;

    while (look_is_digit(look_byte(l, i + n)))
        n++;
    if (l->people)
        look_for_people(l, i, n);
    if (is_behind_letters(l, i))
        look_at_account(l, i);
    look_for_number(l, i, i + n);
}

void look_at_number(struct look *l, size_t i)
{
    uint64_t letters;
    size_t end;

    if (look_is_digit(l->p[i])) {
        on_digits(l, i);
        return;
    }
    if (i < l->run_end || !may_name_digit(l, i))
        return;
    end = look_word_ahead(l, i, &letters);
    if (end > i && digits_in(letters))
        look_for_number(l, i, end);
}
