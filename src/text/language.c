/* language.c - scripts, letters, small words and syllables; see language.h.
 *
 * Everything that is looked up while reading lies in one table of 16-byte slots: small words (a bit
 * for each language that has them), endings (the same, under keys of another kind), and the learned
 * weights of Vietnamese and English.  A weight is in 1/16 nat over the rate of a word that nobody
 * knows.  Weights in slots include what the word would have cost as an unknown one; the costs of
 * all words are taken off at the end, so that a word touches only the languages that know it.
 */
#include "text/language.h"

#include "base/table.h"
#include "text/fold.h"
#include "text/token.h"

#include <string.h>

enum {
    SLOT_BITS = 14,
    BITS = 64,     /* languages of shared scripts */
    LETTERS = 256, /* letters that tell languages apart; 0 is none */
    BLOCK = 16,    /* code points of one script, everywhere in Unicode 15 but for strays */
    BLOCKS = 0x10000 / BLOCK,
    SMALL_WORD = 64, /* 4 nats: one word in a hundred against one in 5,000 */
    ENDING = 22,
    UNKNOWN = 6, /* what a word costs a language that does not list it */
    UNKNOWN_ENGLISH = 6,
    UNKNOWN_VIETNAMESE = 48, /* its syllables are a closed set */
    WEIGHT_MAX = 80,
    LETTER_ALONE = 48, /* a letter of one language only */
    LETTER_SHARED = 8,
    LETTER_FOREIGN = 40, /* what a letter costs a language that lacks it */
    CERTAIN = 8,         /* letters that are Vietnamese alone: more need not be read */
    LETTER_MOST = 12,    /* occurrences of one class that count */
    ENOUGH = 40,         /* the best must have this much */
    EVEN = 24            /* ... and at a lead of this much is believed one to one */
};

enum script {
    SCRIPT_NONE,
    LATIN,
    CYRILLIC,
    ARABIC,
    HEBREW,
    DEVANAGARI,
    BENGALI,
    HAN,
    KANA,
    HANGUL,
    THAI,
    LAO,
    KHMER,
    MYANMAR,
    GREEK,
    TAMIL,
    TELUGU,
    KANNADA,
    MALAYALAM,
    GUJARATI,
    GURMUKHI,
    ORIYA,
    SINHALA,
    GEORGIAN,
    ARMENIAN,
    ETHIOPIC,
    TIBETAN,
    THAANA,
    SCRIPTS
};

/* Blocks of Unicode 15; first and last code point. */
static const struct {
    const char *name;
    uint32_t ranges[4][2];
} scripts[SCRIPTS] = {
    [SCRIPT_NONE] = {"", {{0}}},
    [LATIN] = {"latin", {{0x41, 0x7A}, {0xC0, 0x24F}, {0x1E00, 0x1EFF}}},
    [CYRILLIC] = {"cyrillic", {{0x400, 0x52F}}},
    [ARABIC] = {"arabic", {{0x600, 0x6FF}, {0x750, 0x77F}, {0xFB50, 0xFDFF}, {0xFE70, 0xFEFF}}},
    [HEBREW] = {"hebrew", {{0x590, 0x5FF}}},
    [DEVANAGARI] = {"devanagari", {{0x900, 0x97F}}},
    [BENGALI] = {"bengali", {{0x980, 0x9FF}}},
    [HAN] = {"han", {{0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xF900, 0xFAFF}}},
    [KANA] = {"kana", {{0x3040, 0x30FF}, {0x31F0, 0x31FF}}},
    [HANGUL] = {"hangul", {{0x1100, 0x11FF}, {0xAC00, 0xD7AF}}},
    [THAI] = {"thai", {{0xE00, 0xE7F}}},
    [LAO] = {"lao", {{0xE80, 0xEFF}}},
    [KHMER] = {"khmer", {{0x1780, 0x17FF}}},
    [MYANMAR] = {"myanmar", {{0x1000, 0x109F}}},
    [GREEK] = {"greek", {{0x370, 0x3FF}, {0x1F00, 0x1FFF}}},
    [TAMIL] = {"tamil", {{0xB80, 0xBFF}}},
    [TELUGU] = {"telugu", {{0xC00, 0xC7F}}},
    [KANNADA] = {"kannada", {{0xC80, 0xCFF}}},
    [MALAYALAM] = {"malayalam", {{0xD00, 0xD7F}}},
    [GUJARATI] = {"gujarati", {{0xA80, 0xAFF}}},
    [GURMUKHI] = {"gurmukhi", {{0xA00, 0xA7F}}},
    [ORIYA] = {"oriya", {{0xB00, 0xB7F}}},
    [SINHALA] = {"sinhala", {{0xD80, 0xDFF}}},
    [GEORGIAN] = {"georgian", {{0x10A0, 0x10FF}}},
    [ARMENIAN] = {"armenian", {{0x530, 0x58F}}},
    [ETHIOPIC] = {"ethiopic", {{0x1200, 0x139F}}},
    [TIBETAN] = {"tibetan", {{0xF00, 0xFFF}}},
    [THAANA] = {"thaana", {{0x780, 0x7BF}}},
};

struct slot {
    uint64_t languages; /* bits */
    uint32_t check;     /* 0: free */
    uint8_t vietnamese, english;
};

struct language_model {
    struct slot *slots;
    uint32_t used, shift; /* slots: 1 << (64 - shift) */
    uint32_t bits, letters;
    uint8_t letter[FOLD_TABLE];
    uint64_t letter_languages[LETTERS];
    uint8_t script[BLOCKS];
    struct str tags[SCRIPTS]; /* of a script's first language */
    struct str shared[BITS];  /* tags by bit */
    uint8_t first[SCRIPTS], count[SCRIPTS], unknown[BITS];
    uint8_t only_vietnamese;      /* class of its letters; 0 when there is none */
    uint32_t vietnamese, english; /* bits; BITS when the table has none */
};

/* The word at hand. */
struct word {
    uint64_t key, tail; /* tail: its last three letters */
    uint32_t n;
    uint32_t script;
    bool digits;
};

struct evidence {
    int32_t score[BITS + 1];
    uint32_t words[SCRIPTS], letters[SCRIPTS];
    uint32_t scripts;         /* bits of those met */
    uint8_t seen[LETTERS];    /* letters by class */
    uint8_t classes[LETTERS]; /* those met */
    uint32_t class_count;
};
_Static_assert(LANGUAGE_READS / 2 <= UINT8_MAX, "a letter beyond ASCII has two bytes or more");

static const uint64_t spread = 0x9E3779B97F4A7C15u;
static const struct word no_word = {.key = 1, .script = LATIN};

static void add_letter(struct word *word, uint32_t folded)
{
    word->key = (word->key ^ folded) * spread;
    word->tail = (word->tail << 16 | folded) & 0xFFFFFFFFFFFFu;
    word->n++;
}

static uint64_t ending_key(uint64_t tail)
{
    return (tail * spread ^ spread) * spread;
}

static struct slot *slot_of(const struct language_model *model, uint64_t key)
{
    uint32_t mask = (uint32_t)((UINT64_C(1) << (64 - model->shift)) - 1);
    uint32_t at = (uint32_t)(key >> model->shift), check = (uint32_t)key | 1;

    while (model->slots[at].check && model->slots[at].check != check)
        at = (at + 1) & mask;
    return &model->slots[at];
}

/* The slot of a key, made where absent; NULL when the table is three quarters full. */
static struct slot *put_slot(struct language_model *model, uint64_t key)
{
    struct slot *slot = slot_of(model, key);

    if (!slot->check) {
        if (model->used >= (UINT64_C(3) << (64 - model->shift)) / 4)
            return NULL;
        model->used++;
        slot->check = (uint32_t)key | 1;
    }
    return slot;
}

static struct word word_of(struct str s)
{
    struct word word = no_word;

    for (size_t at = 0; at < s.n;) {
        uint32_t folded = fold_code_point(utf8_next(s, &at, NULL));

        if (folded)
            add_letter(&word, folded);
    }
    return word;
}

/* 16 ln(rate / 10), by halves and a straight line between them. */
static int32_t weight_of(uint32_t rate, int32_t unknown)
{
    int32_t halves = 31 - __builtin_clz(rate | 1);
    int32_t between = (int32_t)(((uint64_t)rate << 4 >> halves) & 15);
    int32_t weight = 11 * halves + 11 * between / 16 - 37;

    weight = weight > WEIGHT_MAX ? WEIGHT_MAX : weight;
    return weight < 1 - unknown ? 1 : weight + unknown;
}

static enum rc read_rates(struct language_model *model, const struct table *table, struct err *err)
{
    size_t word, vi, en;
    enum rc rc = table_column(table, "word", &word, err);

    if (rc == RC_OK)
        rc = table_column(table, "vi", &vi, err);
    if (rc == RC_OK)
        rc = table_column(table, "en", &en, err);
    if (rc != RC_OK)
        return rc;
    for (size_t row = 0; row < table->rows; row++) {
        struct slot *slot = put_slot(model, word_of(table_cell(table, row, word)).key);
        int64_t v, e;

        if (!str_to_int(table_cell(table, row, vi), &v) ||
            !str_to_int(table_cell(table, row, en), &e) || v < 0 || e < 0 || v > 1000000 ||
            e > 1000000)
            return err_set(err, RC_BAD, "line %u: a rate must be 0 to 1000000", table->lines[row]);
        if (!slot)
            return err_set(err, RC_BAD, "line %u: more words than fit", table->lines[row]);
        v = v ? weight_of((uint32_t)v, UNKNOWN_VIETNAMESE) : 0;
        e = e ? weight_of((uint32_t)e, UNKNOWN_ENGLISH) : 0;
        slot->vietnamese = v > slot->vietnamese ? (uint8_t)v : slot->vietnamese;
        slot->english = e > slot->english ? (uint8_t)e : slot->english;
    }
    return RC_OK;
}

static bool list_words(struct language_model *model, struct str list, uint32_t bit, bool endings)
{
    for (struct str rest = list; rest.n;) {
        struct word word = word_of(str_cut(&rest, '|'));
        struct slot *slot = put_slot(model, endings ? ending_key(word.tail) : word.key);

        if (!slot)
            return false;
        if (!endings && bit == model->vietnamese)
            slot->vietnamese = SMALL_WORD + UNKNOWN_VIETNAMESE;
        else if (!endings && bit == model->english)
            slot->english = SMALL_WORD + UNKNOWN_ENGLISH;
        else
            slot->languages |= UINT64_C(1) << bit;
    }
    return true;
}

static bool list_letters(struct language_model *model, struct str letters, uint32_t bit)
{
    for (size_t at = 0; at < letters.n;) {
        uint32_t cp = utf8_next(letters, &at, NULL);

        if (cp < 0x80 || cp >= FOLD_TABLE)
            continue;
        if (!model->letter[cp]) {
            if (model->letters + 1 == LETTERS)
                return false;
            model->letter[cp] = (uint8_t)++model->letters;
        }
        model->letter_languages[model->letter[cp]] |= UINT64_C(1) << bit;
    }
    return true;
}

static enum script script_named(struct str name)
{
    enum script script = LATIN;

    while (script < SCRIPTS && !str_eq(name, str_of(scripts[script].name)))
        script++;
    return script;
}

/* A language without lists has its script to itself; one with lists gets a bit. */
static bool add_language(struct language_model *model, struct str tag, enum script script,
                         const struct str lists[3])
{
    uint32_t bit = model->bits, count = model->count[script];
    bool alone = !lists[0].n && !lists[1].n;

    if (model->tags[script].n && (alone || !count || model->first[script] + count != bit))
        return false;
    if (!model->tags[script].n)
        model->tags[script] = tag;
    if (alone)
        return true;
    if (bit == BITS)
        return false;
    if (!model->count[script]++)
        model->first[script] = (uint8_t)bit;
    model->shared[bit] = tag;
    model->unknown[bit] = UNKNOWN;
    model->bits++;
    if (str_eq(tag, STR("vi"))) {
        model->vietnamese = bit;
        model->unknown[bit] = UNKNOWN_VIETNAMESE;
    } else if (str_eq(tag, STR("en"))) {
        model->english = bit;
        model->unknown[bit] = UNKNOWN_ENGLISH;
    }
    return list_letters(model, lists[0], bit) && list_words(model, lists[1], bit, false) &&
           list_words(model, lists[2], bit, true);
}

static enum rc read_languages(struct language_model *model, const struct table *table,
                              struct err *err)
{
    static const char *const names[] = {"letters", "words", "endings"};
    size_t tag, script, columns[3];
    enum rc rc = table_column(table, "tag", &tag, err);

    if (rc == RC_OK)
        rc = table_column(table, "script", &script, err);
    for (int i = 0; rc == RC_OK && i < 3; i++)
        rc = table_column(table, names[i], &columns[i], err);
    if (rc != RC_OK)
        return rc;
    for (size_t row = 0; row < table->rows; row++) {
        enum script written = script_named(table_cell(table, row, script));
        struct str lists[3];

        for (int i = 0; i < 3; i++)
            lists[i] = table_cell(table, row, columns[i]);
        if (written == SCRIPTS)
            return err_set(err, RC_BAD, "line %u: a script that is not known", table->lines[row]);
        if (!add_language(model, table_cell(table, row, tag), written, lists))
            return err_set(err, RC_BAD,
                           "line %u: languages of one script must stand together, each with "
                           "letters or words, and fit (%d languages, %d letters)",
                           table->lines[row], BITS, LETTERS - 1);
    }
    return RC_OK;
}

static bool has_capitals(uint32_t cp)
{
    return (cp >= 0xC0 && cp < 0x250) || (cp >= 0x400 && cp < 0x530) ||
           (cp >= 0x1E00 && cp < 0x1F00);
}

/* What follows from the lists: letters of the same languages are one class, capitals and small
 * letters are one, and blocks have scripts. */
static void complete(struct language_model *model)
{
    uint8_t class[LETTERS] = {0};

    for (uint32_t i = 1; i <= model->letters; i++)
        while (model->letter_languages[class[i]] != model->letter_languages[i])
            class[i]++;
    for (uint32_t cp = 0xC0; cp < FOLD_TABLE; cp++)
        model->letter[cp] = class[model->letter[cp]];
    for (uint32_t i = 1; i <= model->letters && model->vietnamese < BITS; i++)
        if (model->letter_languages[i] == UINT64_C(1) << model->vietnamese)
            model->only_vietnamese = class[i];
    for (uint32_t cp = 0xC0; cp < FOLD_TABLE; cp++) {
        uint32_t small = has_capitals(cp) ? fold_case(cp) : cp;

        if (!model->letter[cp] && small < FOLD_TABLE) /* Ⱥ has its small letter far away */
            model->letter[cp] = model->letter[small];
    }
    for (int script = LATIN; script < SCRIPTS; script++)
        for (int i = 0; i < 4 && scripts[script].ranges[i][1]; i++)
            memset(model->script + scripts[script].ranges[i][0] / BLOCK, script,
                   scripts[script].ranges[i][1] / BLOCK - scripts[script].ranges[i][0] / BLOCK + 1);
}

enum rc language_read(struct str languages, struct str syllables, struct arena *process,
                      const struct language_model **out, struct err *err)
{
    struct language_model *model = arena_alloc(process, sizeof *model);
    struct table known, rates;
    enum rc rc = table_read(languages, process, &known, err);

    if (rc == RC_OK)
        rc = table_read(syllables, process, &rates, err);
    if (rc != RC_OK)
        return err_within(err, "languages");
    model->shift = 64 - SLOT_BITS;
    model->vietnamese = model->english = BITS;
    model->slots = arena_array(process, (size_t)1 << SLOT_BITS, sizeof *model->slots);
    rc = read_languages(model, &known, err);
    if (rc != RC_OK)
        return err_within(err, "languages");
    complete(model);
    rc = read_rates(model, &rates, err);
    if (rc != RC_OK)
        return err_within(err, "syllables");
    *out = model;
    return RC_OK;
}

static void add_bits(struct evidence *evidence, uint64_t languages, int32_t weight)
{
    for (; languages; languages &= languages - 1)
        evidence->score[__builtin_ctzll(languages)] += weight;
}

/* A letter that is no small word tells nothing. */
static void weigh_word(const struct language_model *model, const struct word *word,
                       struct evidence *evidence)
{
    const struct slot *slot = slot_of(model, word->key);

    if (slot->check) {
        evidence->words[word->script]++;
        evidence->score[model->vietnamese] += slot->vietnamese;
        evidence->score[model->english] += slot->english;
        add_bits(evidence, slot->languages, SMALL_WORD + UNKNOWN);
    } else if (word->n > 1) {
        evidence->words[word->script]++;
        if (word->n > 4)
            add_bits(evidence, slot_of(model, ending_key(word->tail))->languages, ENDING);
    }
}

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

static inline void see_letter(const struct language_model *model, uint32_t cp,
                              struct evidence *evidence)
{
    uint8_t class = model->letter[cp];

    evidence->classes[evidence->class_count] = class;
    evidence->class_count += !evidence->seen[class]++;
}

static inline void count_letters(struct evidence *evidence, uint32_t script, uint32_t n)
{
    evidence->letters[script] += n;
    evidence->scripts |= 1u << script;
}

/* Reads letters and digits from *from on into the word, in registers; where it stops there is no
 * letter that folds to one (or a letter of a script whose words are not looked up). */
static struct word read_word(const struct language_model *model, struct str s, size_t *from,
                             struct evidence *evidence)
{
    struct word word = no_word;
    size_t at = *from;

    while (at < s.n) {
        unsigned char c = (unsigned char)s.p[at];
        size_t next = at;
        uint32_t cp, folded;

        if (c < 0x80) {
            folded = fold_table[c];
            if (folded == FOLD_SEPARATOR)
                break;
            word.digits |= c <= '9';
            add_letter(&word, folded);
            at++;
            continue;
        }
        cp = read_code_point(s, &next);
        folded = cp < FOLD_TABLE ? fold_table[cp] : FOLD_SEPARATOR;
        if (folded == FOLD_SEPARATOR)
            break;
        see_letter(model, cp, evidence);
        if (folded) { /* a mark vanishes */
            word.script = model->script[cp / BLOCK];
            add_letter(&word, folded);
        }
        at = next;
    }
    *from = at;
    return word;
}

static void read_words(const struct language_model *model, struct str s, struct evidence *evidence)
{
    for (size_t at = 0; at < s.n;) {
        struct word word = read_word(model, s, &at, evidence);

        if (word.n && !word.digits) {
            count_letters(evidence, word.script, word.n);
            weigh_word(model, &word, evidence);
        }
        if (evidence->seen[model->only_vietnamese] >= CERTAIN && model->only_vietnamese)
            break;
        if (at == s.n)
            break;
        if ((unsigned char)s.p[at] < 0x80) {
            at = skip_mark(s, at);
        } else {
            uint32_t cp = read_code_point(s, &at);

            count_letters(evidence, cp < 0x10000 ? model->script[cp / BLOCK] : SCRIPT_NONE, 1);
        }
    }
    evidence->scripts &= ~1u; /* SCRIPT_NONE */
    evidence->letters[SCRIPT_NONE] = 0;
}

/* A Han character, a kana and a Hangul syllable stand for about three letters. */
static uint32_t share_of(const struct evidence *evidence, uint32_t script)
{
    return evidence->letters[script] * (script >= HAN && script <= HANGUL ? 3 : 1);
}

/* The script of most letters, and its share in hundredths; kana makes Han Japanese. */
static uint32_t main_script(struct evidence *evidence, uint32_t *share)
{
    uint32_t best = SCRIPT_NONE, sum = 0;

    if (evidence->letters[KANA] * 10 >= evidence->letters[HAN]) {
        evidence->letters[KANA] += evidence->letters[HAN];
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

/* Adds what the letters tell to the scores of the languages first..end-1. */
static void judge_letters(const struct language_model *model, struct evidence *evidence,
                          uint32_t first, uint32_t end)
{
    uint64_t here = (end < BITS ? UINT64_C(1) << end : 0) - (UINT64_C(1) << first);
    int32_t cost = 0;

    for (uint32_t i = 0; i < evidence->class_count; i++) {
        uint64_t languages = model->letter_languages[evidence->classes[i]];
        int32_t n = evidence->seen[evidence->classes[i]];

        if (!(languages & here))
            continue;
        n = n < LETTER_MOST ? n : LETTER_MOST;
        cost += n * LETTER_FOREIGN;
        add_bits(
            evidence, languages,
            n * (LETTER_FOREIGN + (languages & (languages - 1) ? LETTER_SHARED : LETTER_ALONE)));
    }
    for (uint32_t bit = first; bit < end; bit++)
        evidence->score[bit] -= cost;
}

/* The best of a shared script, and how far it is ahead of the others, in 1/16 nat; a relative need
 * not be beaten by far.  Every language that is written in a script other than Latin is related to
 * the others of it, and the script itself speaks for it.  0: nobody knows. */
static int32_t judge(const struct language_model *model, struct evidence *evidence, uint32_t script,
                     struct str *tag)
{
    uint32_t first = model->first[script], end = first + model->count[script], best;
    int32_t ranked, top = INT32_MIN, lead, words = (int32_t)evidence->words[script],
                    *score = evidence->score;

    judge_letters(model, evidence, first, end);
    for (uint32_t bit = first; bit < end; bit++) {
        score[bit] += (script == LATIN ? 0 : ENOUGH) - model->unknown[bit] * words;
        ranked = score[bit] * BITS - (int32_t)bit;
        top = ranked > top ? ranked : top; /* no branch to guess wrong */
    }
    best = (uint32_t)-top % BITS;
    lead = score[best];
    for (uint32_t bit = first; bit < end; bit++) {
        int32_t relative = (script != LATIN) | (bit + 1 == best) | (bit == best + 1);
        int32_t ahead = score[best] - score[bit] + relative * 2 * EVEN;

        ahead = bit == best ? INT32_MAX : ahead;
        lead = ahead < lead ? ahead : lead;
    }
    *tag = model->shared[best];
    return score[best] < ENOUGH ? 0 : lead;
}

struct language_guess language_of(const struct language_model *model, struct str text)
{
    struct evidence evidence = {.class_count = 0};
    struct language_guess guess = {STR("und"), 0};
    struct str tag = {NULL, 0};
    uint32_t script, share;
    int32_t lead, hundredths;

    read_words(model, str_part(text, 0, LANGUAGE_READS), &evidence);
    script = main_script(&evidence, &share);
    if (model->count[script]) {
        lead = judge(model, &evidence, script, &tag);
    } else {
        tag = model->tags[script];
        lead = !tag.n ? 0 : EVEN * (int32_t)share_of(&evidence, script) / 2;
    }
    hundredths = lead > 0 ? 100 * lead / (lead + EVEN) * (int32_t)share / 100 : 0;
    if (hundredths >= 50) {
        guess.tag = tag;
        guess.confidence = hundredths / 100.0;
    }
    return guess;
}
