/* language.c - scripts, letters, small words and syllables; see language.h.
 *
 * Three passes over a copy of the beginning, each without a branch that the text decides at every
 * letter.  A glance counts, sixteen bytes at a time, the letters that are Vietnamese alone; where
 * they are as dense as only Vietnamese has them, that is the answer.  Else the text is folded,
 * edges of words are found as bits, and each word is looked up by its bytes.
 *
 * Everything that is looked up lies in one table of 8-byte slots: words, endings (under keys of
 * another kind) and the learned weights of Vietnamese and English.  Which languages have a word is
 * two sets of 128 bits, of those it gives one unit and of those it gives two (both: three); the
 * sets of all words and letters are added up bit by bit ("planes": bit i of plane k is bit k of the
 * units of language i), so that the number of languages costs nothing.
 *
 * Learned units, beside the lists alone, on messages of packages that were not learned from (14,834
 * texts of up to 20 words in the 70 languages that CLD2 tells): 88.9 to 95.7 % right, 7.5 to 3.8 %
 * wrong; CLD2 92.6 and 7.4.  A weight is in 1/16 nat over the rate of a word that nobody knows; a
 * unit is UNIT of these. Weights include what the word would have cost as an unknown one; the costs
 * of all words are taken off at the end, so that a word touches only the languages that know it.
 */
#include "text/language_model.h"

#include "text/fold.h"
#include "text/token.h"

enum {
    WIDE = 16, /* bytes of a block */
    PLANES = 8,
    LISTED = 54, /* words that are read */
    LETTER_FOREIGN =
        40,            /* what a letter costs all; LETTER_SHARED units and more make good for it */
    LETTER_MOST = 8,   /* occurrences of one class that count */
    LETTER_UNITS = 88, /* of all letters; with those of words they fill the planes */
    FIRST_READS = 112, /* bytes that are enough for most */
    LONGEST_CUT = 24,  /* a word at their end that is not longer is left out */
    STRANGE_FIRST = 112,   /* bytes beyond ASCII of these that are read */
    STRANGE_MOST = 288,    /* ... and of all */
    STRANGE_RUN = 48,      /* ... of one word */
    VIETNAMESE_PRIOR = 24, /* of more than one word */
    ENGLISH_PRIOR = 64,    /* when Vietnamese is out of the question */
    GLANCED = 96,          /* bytes in which letters of Vietnamese alone are looked for */
    DENSE = 2,             /* ... and how many of these decide, when nearly such are dense */
    RELATIVES = 2,         /* languages that stand so close in the table are relatives, */
    RELATED_UNITS = 2,     /* ... and may be behind by less than this */
    SURE = 85,             /* hundredths: no more is read */
    SURE_LONG = 96,        /* ... of a text that has more, and may begin with a quotation */
    CLEAR = 192,           /* a lead that needs no counting of the others */
    ENOUGH = 40,           /* the best must have this much */
    EVEN = 24,             /* ... and at a lead of this much is believed one to one */
    LONE = 4000,           /* the lead over nobody */
    BEHIND = 6 * WIDE,     /* zeros behind a text */
    ROOM = LANGUAGE_READS * 3 / 2 + BEHIND
};

typedef uint8_t wide __attribute__((vector_size(WIDE)));
#ifdef __SSE2__
typedef char bytes16 __attribute__((vector_size(WIDE)));
#endif

struct evidence {
    int32_t vietnamese, english;
    uint16_t words[SCRIPTS], letters[SCRIPTS];
    uint32_t strange; /* bytes beyond ASCII that were read; of a script of one language, fourfold */
    uint32_t scripts, class_count, word_count;
    uint8_t seen[LETTERS];    /* letters by class */
    uint8_t classes[LETTERS]; /* those met */
    uint16_t listed[LISTED];
};
_Static_assert(LANGUAGE_READS / 2 <= UINT8_MAX, "a letter beyond ASCII has two bytes or more");
_Static_assert(SCRIPTS <= 32, "scripts are bits");

_Static_assert(PRIOR_MOST + LISTED * LEVEL_MOST + LETTER_UNITS < 1 << PLANES, "units fit");

static const uint64_t every = 0x0101010101010101u;

/* Behind the blank or control character that ends an address. */
static size_t skip_address(struct str s, size_t at)
{
    while (at < s.n && (unsigned char)s.p[at] > ' ')
        at++;
    return at;
}

/* Behind a separator and what it begins: a handle, an address, what redaction leaves. */
static size_t skip_mark(struct str s, size_t at)
{
    size_t length = 0;

    if (s.p[at] == '@' || (s.p[at] == ':' && str_starts(str_from(s, at), STR("://"))))
        return skip_address(s, at);
    if (s.p[at] == '[')
        length = placeholder_at(s, at);
    return at + (length ? length : 1);
}

/* A code point beyond ASCII.  Two and three bytes, nearly all there are, are read here; a form that
 * is too long or a surrogate does no harm to counting. */
static inline uint32_t read_code_point(struct str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.p + *at;
    size_t left = s.n - *at;

    if (p[0] >= 0xC0 && p[0] < 0xE0 && left > 1 && p[1] >> 6 == 2) {
        *at += 2;
        return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
    }
    if (p[0] >> 4 == 0xE && left > 2 && p[1] >> 6 == 2 && p[2] >> 6 == 2) {
        *at += 3;
        return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    }
    return utf8_next(s, at, NULL);
}

/* What sixteen bytes at a time tell. */
struct glance {
    bool marked; /* perhaps letters of Vietnamese alone */
    bool marks;  /* perhaps something to skip */
    bool digits;
};

/* The same of the letters beyond ASCII. */
struct dense {
    uint32_t alone;  /* letters of Vietnamese alone */
    uint32_t nearly; /* these, đ, ă, and those that Yoruba, Igbo and Guarani have too */
    uint32_t blanks;
    bool foreign; /* another script */
};

static inline wide wide_at(const unsigned char *p)
{
    wide bytes;

    memcpy(&bytes, p, sizeof bytes);
    return bytes;
}

/* Of counts up to 16 each, 255 in all. */
static inline uint32_t sum_of(wide counts)
{
    uint64_t half[2];

    memcpy(half, &counts, sizeof half);
    return (uint32_t)((half[0] + half[1]) * every >> 56);
}

static inline bool any_byte(wide w)
{
    set s;

    memcpy(&s, &w, sizeof s);
    return any(s);
}

/* Bit i: the highest bit of byte i. */
static inline uint64_t bits_of(wide truth)
{
#ifdef __SSE2__
    return (uint64_t)__builtin_ia32_pmovmskb128((bytes16)truth);
#else
    uint64_t half[2];

    memcpy(half, &truth, sizeof half);
    half[0] = (le64toh(half[0]) & every) * 0x0102040810204080u >> 56;
    half[1] = (le64toh(half[1]) & every) * 0x0102040810204080u >> 56;
    return half[0] | half[1] << 8;
#endif
}

static inline wide marks_of(wide a)
{
    return (wide)((a == '@') | (a == '[') | (a == ':'));
}

/* Blanks out what skip_mark passes over. */
static void blank_marks(unsigned char *raw, size_t n)
{
    struct str s = {(const char *)raw, n};

    for (size_t base = 0; base < n; base += WIDE) {
        for (uint64_t met = bits_of(marks_of(wide_at(raw + base))); met; met &= met - 1) {
            size_t at = base + (size_t)__builtin_ctzll(met), end = skip_mark(s, at);

            if (end > at + 1 && raw[at] != ' ')
                memset(raw + at, ' ', end - at);
        }
    }
}

static inline struct glance glance_at(const unsigned char *raw, size_t n)
{
    wide marked = {0}, marks = {0}, digits = {0};

    for (size_t at = 0; at < n; at += WIDE) {
        wide a = wide_at(raw + at);

        marked |= (wide)((a == 0xE1) | (a == 0xC6));
        marks |= marks_of(a);
        digits |= (wide)((a - '0') <= 9);
    }
    return (struct glance){any_byte(marked), any_byte(marks), any_byte(digits)};
}

/* True bytes of a comparison are 255: taking them off counts. */
static struct dense dense_at(const unsigned char *raw, size_t n)
{
    wide alone = {0}, nearly = {0}, blanks = {0}, foreign = {0};

    for (size_t at = 0; at < n; at += WIDE) {
        wide a = wide_at(raw + at), b = wide_at(raw + at + 1), c = wide_at(raw + at + 2) | 1;
        wide marked = (wide)((a == 0xE1) & ((b | 1) == 0xBB));
        wide horn = (wide)((a == 0xC6) & (((b | 1) == 0xA1) | ((b - 0xAF) <= 1)));
        wide stroke = (wide)((a == 0xC4) & (((b | 1) == 0x91) | ((b | 1) == 0x83)));
        wide first = (wide)((b == 0xBA) & (c >= 0xA1) & (c != 0xB9) & (c != 0xBD));
        wide second = (wide)((b == 0xBB) & (c <= 0xB1) & (c != 0x8B) & (c != 0x8D) & (c != 0xA5));

        alone -= (marked & (first | second)) | horn;
        nearly -= marked | horn | stroke;
        blanks -= (wide)(a == ' ');
        foreign |= (wide)(((a - 0xCE) <= 0xE0 - 0xCE) | ((a - 0xE3) <= 0xEE - 0xE3) |
                          ((a == 0xE1) & (b < 0xB8)));
    }
    return (struct dense){sum_of(alone), sum_of(nearly), sum_of(blanks), any_byte(foreign)};
}

static inline uint64_t small_letters(uint64_t bytes)
{
    uint64_t low = bytes & 0x7F * every;
    uint64_t capital = (low + (0x80 - 'A') * every) & ~(low + (0x7F - 'Z') * every) & ~bytes;

    return bytes | (capital & 0x80 * every) >> 2;
}

/* A code point that is no letter, or of a script whose words are not looked up. */
static void count_strange(const struct language_model *model, uint32_t cp,
                          struct evidence *evidence)
{
    uint32_t script = cp < 0x10000 ? model->script[cp / BLOCK] : SCRIPT_NONE;

    evidence->letters[script]++;
    evidence->scripts |= 1u << script;
}

static inline void see_letter(struct evidence *evidence, uint8_t class)
{
    if (class) {
        evidence->classes[evidence->class_count] = class;
        evidence->class_count += !evidence->seen[class]++;
    }
}

/* Folds a code point that is no pair; returns how many bytes were written.  A mark vanishes. */
static uint32_t fold_other(const struct language_model *model, uint32_t cp, unsigned char *out,
                           struct evidence *evidence)
{
    uint32_t folded = cp < FOLD_TABLE ? fold_table[cp] : FOLD_SEPARATOR;

    if (folded == FOLD_SEPARATOR) {
        count_strange(model, cp, evidence);
        *out = ' ';
        return 1;
    }
    see_letter(evidence, model->letter[cp]);
    return folded ? put_folded(out, folded) : 0;
}

/* A code point that may be folded by a table, with its length; 0 for others. */
static inline uint32_t quick_at(const unsigned char *p, uint32_t *length)
{
    uint32_t first = p[0], second = p[1] ^ 0x80u, third = p[2] ^ 0x80u;

    if (first - 0xC0 < 0x20 && second < 0x40) {
        *length = 2;
        return (first & 0x1F) << 6 | second;
    }
    if (first == 0xE0 && (second | third) < 0x40) {
        *length = 3;
        return second << 6 | third;
    }
    return 0;
}

/* Folds the letters beyond ASCII from *from on; returns how many bytes were written. */
static uint32_t fold_letters(const struct language_model *model, struct str raw, size_t *from,
                             unsigned char *out, struct evidence *evidence)
{
    const unsigned char *p = (const unsigned char *)raw.p;
    size_t at = *from, end = at + STRANGE_RUN;
    uint32_t n = 0, cp = 0, alone;

    do {
        uint32_t length = 0, code_point = quick_at(p + at, &length);
        const struct quick *quick = &model->quick[code_point];

        if (quick->n <= length) {
            cp = code_point;
            memcpy(out + n, quick->bytes, 4);
            n += quick->n;
            at += length;
            see_letter(evidence, quick->class);
        } else {
            cp = read_code_point(raw, &at);
            n += fold_other(model, cp, out + n, evidence);
        }
    } while (p[at] >= 0x80 && at < end);
    alone = cp < 0x10000 && !model->count[model->script[cp / BLOCK]];
    evidence->strange += (uint32_t)(at - *from) << 2 * alone;
    *from = at;
    return n;
}

/* The text folded to small letters; returns its length.  Behind both texts there is room. */
static uint32_t fold_beginning(const struct language_model *model, struct str raw,
                               unsigned char *restrict out, struct evidence *evidence)
{
    uint32_t n = 0, most = raw.n > FIRST_READS ? STRANGE_MOST : STRANGE_FIRST;

    for (size_t at = 0; at < raw.n && evidence->strange < most;) {
        uint64_t next = load((const unsigned char *)raw.p + at), high = next & 0x80 * every;
        uint64_t small = htole64(small_letters(next));
        uint32_t run = high ? (uint32_t)__builtin_ctzll(high) >> 3 : 8;

        memcpy(out + n, &small, sizeof small);
        n += run;
        at += run;
        if (high)
            n += fold_letters(model, raw, &at, out + n, evidence);
    }
    return n;
}

/* Where words begin and end, in turn; words with digits in them are left out.  Returns how many
 * words. */
static uint32_t edges_of(const unsigned char *text, uint32_t n, uint16_t *edges)
{
    uint64_t before = 0;
    uint32_t count = 0;

    for (uint32_t base = 0; base <= n; base += 64) {
        uint64_t inside = 0;

        for (uint32_t part = 0; part < 64; part += WIDE) {
            wide a = wide_at(text + base + part); /* beyond ASCII the highest bit is set */

            inside |= bits_of((wide)((a - 'a' <= 'z' - 'a') | (a - '0' <= 9)) | a) << part;
        }
        for (uint64_t turns = inside ^ (inside << 1 | before); turns; turns &= turns - 1)
            edges[count++] = (uint16_t)(base + (uint32_t)__builtin_ctzll(turns));
        before = inside >> 63;
    }
    return count / 2;
}

/* Eight bytes at a time; of what stands in words only digits have neither of the two highest bits.
 */
static bool has_digit(const unsigned char *text, uint32_t from, uint32_t end)
{
    uint64_t met = 0;

    for (uint32_t at = from; at < end; at += 8) {
        uint64_t bytes = load(text + at), plain = ~(bytes | bytes << 1) & 0x80 * every;

        met |= keep(plain, end - at);
    }
    return met != 0;
}

/* Letters of one word that begins beyond ASCII, by its first; its script. */
static uint32_t letters_of(const struct language_model *model, const unsigned char *word,
                           uint32_t n, uint32_t *script)
{
    if (word[0] < 0xE0) {
        *script = model->script[((word[0] & 0x1Fu) << 6 | (word[1] & 0x3Fu)) / BLOCK];
        return *script == LATIN ? n - 1 : (n + 1) / 2;
    }
    *script = model->script[((word[0] & 0x0Fu) << 12 | (word[1] & 0x3Fu) << 6 | (word[2] & 0x3Fu)) /
                            BLOCK];
    return (n + 2) / 3;
}

static void count_word(struct evidence *evidence, uint32_t script, uint32_t letters, bool counts)
{
    evidence->letters[script] = (uint16_t)(evidence->letters[script] + letters);
    evidence->words[script] = (uint16_t)(evidence->words[script] + counts);
    evidence->scripts |= 1u << script;
}

/* A letter that is no small word tells nothing. */
static void weigh_words(const struct language_model *model, const unsigned char *text, uint32_t n,
                        bool digits, struct evidence *evidence)
{
    uint16_t edges[2 * ROOM];
    uint32_t met = edges_of(text, n, edges), words = met < LISTED ? met : LISTED, listed = 0,
             latin = 0, counted = 0;
    int32_t vietnamese = 0, english = 0;

    for (uint32_t i = 0; i < words; i++) {
        uint32_t from = edges[2 * i], end = edges[2 * i + 1], script = LATIN;
        uint32_t letters = end - from;
        const struct slot *slot = &model->slots[slot_of(model, key_of(text + from, end - from))];

        if (digits && has_digit(text, from, end))
            continue;
        if (text[from] >= 0x80)
            letters = letters_of(model, text + from, end - from, &script);
        if (script == LATIN) {
            latin += letters;
            counted += slot->check || letters > 1;
        } else {
            count_word(evidence, script, letters, slot->check || letters > 1);
        }
        if (slot->check) {
            vietnamese += slot->vietnamese;
            english += slot->english;
            evidence->listed[listed] = slot->units;
            listed += slot->units != 0;
        } else if (letters > 4) {
            slot = &model->slots[slot_of(model, ending_key(text, from, end))];
            english += slot->english;
            evidence->listed[listed] = slot->units;
            listed += evidence->listed[listed] != 0;
        }
    }
    evidence->vietnamese = vietnamese;
    evidence->english = english;
    evidence->word_count = listed;
    if (latin) {
        evidence->letters[LATIN] = (uint16_t)(evidence->letters[LATIN] + latin);
        evidence->words[LATIN] = (uint16_t)counted;
        evidence->scripts |= 1u << LATIN;
    }
}

/* Letters count by their bytes: between Latin names and terms those of another script tell more,
 * and a Han character or a Hangul syllable stands for about three letters. */
static uint32_t share_of(const struct evidence *evidence, uint32_t script)
{
    return evidence->letters[script] * (script == LATIN ? 1u : script < DEVANAGARI ? 2u : 3u);
}

/* The script of most letters, and its share in hundredths; kana makes Han Japanese. */
static uint32_t main_script(struct evidence *evidence, uint32_t *share)
{
    uint32_t best = SCRIPT_NONE, sum = 0;

    evidence->scripts &= ~1u; /* SCRIPT_NONE */
    evidence->letters[SCRIPT_NONE] = 0;
    if (evidence->letters[KANA] * 10 >= evidence->letters[HAN]) {
        evidence->letters[KANA] = (uint16_t)(evidence->letters[KANA] + evidence->letters[HAN]);
        evidence->letters[HAN] = 0;
    }
    for (uint32_t met = evidence->scripts; met; met &= met - 1) {
        uint32_t script = (uint32_t)__builtin_ctz(met);

        sum += share_of(evidence, script);
        if (share_of(evidence, script) > share_of(evidence, best))
            best = script;
    }
    *share = sum ? share_of(evidence, best) * 100 / sum : 0;
    return best;
}

/* Adds one unit of 1 << from to each language of the set. */
static inline void add_units(set planes[PLANES], set languages, int from)
{
#pragma GCC unroll 8
    for (int k = 0; k < PLANES; k++) {
        set carry;

        if (k < from)
            continue;
        carry = planes[k] & languages;
        planes[k] ^= languages;
        languages = carry;
    }
}

/* Units of all languages, bit by bit. */
struct units {
    set planes[PLANES];
    int planes_used;
};

static void add_words(const struct language_model *model, const struct evidence *evidence,
                      struct units *all)
{
    set planes[PLANES] = {model->prior[0], model->prior[1]};

    for (uint32_t i = 0; i < evidence->word_count; i++) {
        struct units_of_word units = model->units[evidence->listed[i]];
        set carry = planes[0] & units.ones;
        set turned = planes[1] ^ units.twos, both = planes[1] & units.twos;

        planes[0] ^= units.ones;
        planes[1] = turned ^ carry;
        add_units(planes, both | (turned & carry), 2);
    }
    memcpy(all->planes, planes, sizeof planes);
}

/* Adds what the letters tell to those of `here`; returns what they cost all. */
static int32_t add_letters(const struct language_model *model, const struct evidence *evidence,
                           set here, struct units *all)
{
    uint32_t units = PRIOR_MOST + LEVEL_MOST * evidence->word_count;
    uint32_t left = LETTER_UNITS;
    int32_t cost = 0;

    for (uint32_t i = 0; i < evidence->class_count; i++) {
        uint32_t class = evidence->classes[i], n = evidence->seen[class];
        set languages = model->letter_sets[class] & here;

        n = n < LETTER_MOST ? n : LETTER_MOST;
        n = n * model->letter_units[class] < left ? n : left / 4;
        if (!any(languages) || !n)
            continue;
        cost += (int32_t)n * LETTER_FOREIGN;
        n *= model->letter_units[class];
        left -= n;
        for (; n; n &= n - 1)
            add_units(all->planes, languages, __builtin_ctz(n));
    }
    units += LETTER_UNITS - left;
    all->planes_used = 32 - __builtin_clz(units | 1);
    return cost;
}

static inline uint32_t lowest(set s)
{
    return s[0] ? (uint32_t)__builtin_ctzll(s[0]) : 64 + (uint32_t)__builtin_ctzll(s[1]);
}

/* The most units that a language of the set has; *bit is the first that has them. */
static inline int32_t most_units(const struct units *all, set languages, uint32_t *bit)
{
    const set *planes = all->planes;
    uint32_t units = 0;

    for (int k = all->planes_used - 1; k >= 0; k--) {
        set those = languages & planes[k];
        uint64_t met = any(those); /* no branch to guess wrong */

        languages = those | (languages & (set){met - 1, met - 1});
        units |= (uint32_t)met << k;
    }
    *bit = lowest(languages);
    return (int32_t)units;
}

/* A language at the head of others, and by how much. */
struct leader {
    uint32_t bit;
    int32_t score, lead;
};

/* The best of those that only units speak for, and how far it is ahead of the others; a relative
 * need not be beaten by far: it stands within RELATIVES in the table, or shares a script other than
 * Latin. */
static struct leader lead_of(const struct units *all, set languages, bool all_related)
{
    struct leader leader = {BITS, -LONE, 0};
    set near = languages;
    int32_t units, related, next = -LONE / UNIT;
    uint32_t bit;

    if (!any(languages))
        return leader;
    units = most_units(all, languages, &leader.bit);
    if (!all_related)
        near &= range_set(leader.bit < RELATIVES ? 0 : leader.bit - RELATIVES,
                          leader.bit + RELATIVES + 1);
    languages &= ~near;
    near &= ~bit_set(leader.bit);
    if (any(languages))
        next = most_units(all, languages, &bit);
    if (any(near)) {
        related = most_units(all, near, &bit) - RELATED_UNITS;
        next = related > next ? related : next;
    }
    leader.score = units * UNIT;
    leader.lead = (units - next) * UNIT;
    return leader;
}

static int32_t units_of(const struct units *all, uint32_t bit)
{
    int32_t units = 0;

    for (int k = 0; k < all->planes_used; k++)
        units |= (int32_t)(all->planes[k][bit / 64] >> bit % 64 & 1) << k;
    return units;
}

/* A language with weights of its own against the leader. */
static void challenge(struct leader *leader, uint32_t bit, int32_t score)
{
    int32_t ahead = score - leader->score;

    if (bit == BITS)
        return;
    if (ahead > 0)
        *leader = (struct leader){bit, score, ahead};
    else if (-ahead < leader->lead)
        leader->lead = -ahead;
}

/* The best of a shared script, and how far it is ahead of the others, in 1/16 nat.  A script other
 * than Latin speaks for its languages itself.  Where all words together could not lift another
 * language near to Vietnamese or English, the others are not counted one by one.  0: nobody knows.
 */
static int32_t judge(const struct language_model *model, const struct evidence *evidence,
                     uint32_t script, struct str *tag)
{
    set here = model->of_script[script];
    int32_t words = evidence->words[script], vietnamese, english, cost = UNKNOWN * words;
    int32_t bound = (int32_t)(LEVEL_MOST * evidence->word_count) * UNIT;
    struct leader leader = {BITS, bound - cost, LONE};
    struct units all;

    vietnamese = evidence->vietnamese - UNKNOWN_VIETNAMESE * words;
    english = evidence->english - cost;
    if (vietnamese < -UNKNOWN_VIETNAMESE && evidence->english) /* where nothing is known: und */
        english += ENGLISH_PRIOR;
    vietnamese += words > 1 ? VIETNAMESE_PRIOR : 0;
    if (script != LATIN || evidence->class_count ||
        (vietnamese > english ? vietnamese : english) < leader.score + CLEAR) {
        add_words(model, evidence, &all);
        cost += add_letters(model, evidence, here, &all);
        leader = lead_of(&all, here & ~model->weighed, script != LATIN);
        leader.score -= cost + PRIOR_MOST * UNIT - (script == LATIN ? 0 : ENOUGH);
        vietnamese += units_of(&all, model->vietnamese) * UNIT + UNKNOWN * words - cost;
        english += units_of(&all, model->english) * UNIT + UNKNOWN * words - cost;
    }
    if (script == LATIN) {
        challenge(&leader, model->vietnamese, vietnamese);
        challenge(&leader, model->english, english);
    }
    *tag = model->shared[leader.bit % BITS];
    return leader.score < ENOUGH ? 0 : leader.lead;
}

/* The answer from a lead in 1/16 nat and the script's share of the text. */
static struct language_guess answer(struct str tag, int32_t lead, uint32_t share)
{
    int32_t hundredths = lead > 0 ? 100 * lead / (lead + EVEN) * (int32_t)share / 100 : 0;

    if (hundredths < 50)
        return (struct language_guess){STR("und"), 0};
    return (struct language_guess){tag, hundredths / 100.0};
}

static struct language_guess read_text(const struct language_model *model, struct str raw,
                                       bool digits)
{
    unsigned char folded[ROOM];
    struct evidence evidence;
    struct str tag = {NULL, 0};
    uint32_t script, share, n;
    int32_t lead;

    memset(&evidence, 0, offsetof(struct evidence, classes));
    n = fold_beginning(model, raw, folded, &evidence);
    memset(folded + n, 0, BEHIND);
    weigh_words(model, folded, n, digits, &evidence);
    script = main_script(&evidence, &share);
    if (model->count[script]) {
        lead = judge(model, &evidence, script, &tag);
    } else {
        tag = model->tags[script];
        lead = !tag.n ? 0 : EVEN * (int32_t)share_of(&evidence, script) / 2;
    }
    return answer(tag, lead, share);
}

/* Whether the first GLANCED bytes have letters of Vietnamese alone, and such as it nearly has alone
 * in more than every third word. */
static bool is_dense(const unsigned char *raw, size_t n, int32_t *lead)
{
    struct dense dense = dense_at(raw, n < GLANCED / 2 ? n : GLANCED / 2);

    if (!dense.alone)
        return false;
    if (n > GLANCED / 2)
        dense = dense_at(raw, n < GLANCED ? n : GLANCED);
    *lead = (int32_t)(dense.alone + dense.nearly) * 2 * UNIT;
    return !dense.foreign && dense.alone >= DENSE && 3 * dense.nearly > dense.blanks;
}

static struct language_guess guess_from(const struct language_model *model, struct str text)
{
    unsigned char raw[LANGUAGE_READS + BEHIND];
    struct glance glance;
    int32_t lead;

    if (text.n)
        memcpy(raw, text.p, text.n);
    memset(raw + text.n, 0, BEHIND);
    glance = glance_at(raw, text.n);
    if (glance.marks)
        blank_marks(raw, text.n);
    if (glance.marked && model->vietnamese < BITS && is_dense(raw, text.n, &lead))
        return answer(model->shared[model->vietnamese], lead, 100);
    return read_text(model, (struct str){(const char *)raw, text.n}, glance.digits);
}

struct language_guess language_of(const struct language_model *model, struct str text)
{
    size_t first = FIRST_READS;
    struct language_guess guess;

    if (text.n <= FIRST_READS)
        return guess_from(model, text);
    while (first > FIRST_READS - LONGEST_CUT && (unsigned char)text.p[first - 1] > ' ')
        first--;
    guess = guess_from(model, str_part(text, 0, first));
    if (guess.confidence < (text.n < LANGUAGE_READS ? SURE : SURE_LONG) / 100.0)
        guess = guess_from(model, str_part(text, 0, LANGUAGE_READS));
    return guess;
}
