/* language_read.c - the model of languages from its tables; see language_model.h.
 *
 * While lists are read each slot has a set of its own; equal ones are put together at the end, so
 * that what is looked up most lies close together.
 */
#include "text/language_model.h"

#include "base/table.h"
#include "text/fold.h"

enum {
    ENTRY = 120,                 /* folded bytes of a word in the tables */
    SETS = 16384,                /* different units of words, at most */
    SMALL_WORD = 64,             /* weight of a listed word of Vietnamese or English */
    WEIGHT_MOST_VIETNAMESE = 88, /* a lone "la" is no more Vietnamese than French */
    WEIGHT_MOST_ENGLISH = 128,
    LETTER_ALONE = 4, /* units of a letter of one language only */
    LETTER_SHARED = 2
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
    [CHEROKEE] = {"cherokee", {{0x13A0, 0x13FF}, {0xAB70, 0xABBF}}},
    [CANADIAN] = {"canadian", {{0x1400, 0x167F}}},
    [YI] = {"yi", {{0xA000, 0xA4CF}}},
    [SYRIAC] = {"syriac", {{0x700, 0x74F}}},
};

/* The slot of a key, made where absent; NULL when the table is three quarters full. */
static struct slot *put_slot(struct language_model *model, uint64_t key)
{
    struct slot *slot = &model->slots[slot_of(model, key)];

    if (!slot->check) {
        if (model->used >= (3u << SLOT_BITS) / 4)
            return NULL;
        model->used++;
        slot->check = check_of(key);
    }
    return slot;
}

/* The key of a word of the tables, or of its ending. */
static uint64_t key_of_entry(struct str s, bool ending)
{
    unsigned char folded[ENTRY + 16] = {0};
    uint32_t n = 0;

    for (size_t at = 0; at < s.n && n < ENTRY;) {
        uint32_t cp = fold_code_point(utf8_next(s, &at, NULL));

        if (cp)
            n += put_folded(folded + n, cp);
    }
    return ending ? ending_key(folded, 0, n) : key_of(folded, n);
}

/* 16 ln(rate / 10), by halves and a straight line between them. */
static int32_t weight_of(uint32_t rate, int32_t unknown, int32_t most)
{
    int32_t halves = 31 - __builtin_clz(rate | 1);
    int32_t between = (int32_t)(((uint64_t)rate << 4 >> halves) & 15);
    int32_t weight = 11 * halves + 11 * between / 16 - 37;

    weight = weight > most ? most : weight;
    return weight < 1 - unknown ? 1 : weight + unknown;
}

static uint8_t greater(uint8_t a, uint8_t b)
{
    return a > b ? a : b;
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
        struct slot *slot = put_slot(model, key_of_entry(table_cell(table, row, word), false));
        int64_t v, e;

        if (!str_to_int(table_cell(table, row, vi), &v) ||
            !str_to_int(table_cell(table, row, en), &e) || v < 0 || e < 0 || v > 1000000 ||
            e > 1000000)
            return err_set(err, RC_BAD, "line %u: a rate must be 0 to 1000000", table->lines[row]);
        if (!slot)
            return err_set(err, RC_BAD, "line %u: more words than fit", table->lines[row]);
        v = v ? weight_of((uint32_t)v, UNKNOWN_VIETNAMESE, WEIGHT_MOST_VIETNAMESE) : 0;
        e = e ? weight_of((uint32_t)e, UNKNOWN, WEIGHT_MOST_ENGLISH) : 0;
        slot->vietnamese = greater(slot->vietnamese, (uint8_t)v);
        slot->english = greater(slot->english, (uint8_t)e);
    }
    return RC_OK;
}

static bool list_words(struct language_model *model, struct str list, uint32_t bit, bool endings)
{
    for (struct str rest = list; rest.n;) {
        struct slot *slot = put_slot(model, key_of_entry(str_cut(&rest, '|'), endings));

        if (!slot)
            return false;
        if (!endings && bit == model->vietnamese) {
            slot->vietnamese = greater(slot->vietnamese, SMALL_WORD + UNKNOWN_VIETNAMESE);
        } else if (!endings && bit == model->english) {
            slot->english = greater(slot->english, SMALL_WORD + UNKNOWN);
        } else {
            model->units[slot - model->slots].ones |= bit_set(bit);
            if (!endings)
                model->units[slot - model->slots].twos |= bit_set(bit);
        }
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
        model->letter_sets[model->letter[cp]] |= bit_set(bit);
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

static bool add_prior(struct language_model *model, struct str prior, uint32_t bit)
{
    int64_t units = 0;

    if (prior.n && (!str_to_int(prior, &units) || units < 0 || units > PRIOR_MOST))
        return false;
    for (uint32_t k = 0; k < 2; k++)
        if (units >> k & 1)
            model->prior[k] |= bit_set(bit);
    return true;
}

/* A language without lists has its script to itself; one with lists gets a bit. */
static bool add_language(struct language_model *model, struct str tag, enum script script,
                         const struct str lists[4])
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
    model->bits++;
    if (!add_prior(model, lists[3], bit))
        return false;
    if (str_eq(tag, STR("vi")))
        model->vietnamese = bit;
    else if (str_eq(tag, STR("en")))
        model->english = bit;
    return list_letters(model, lists[0], bit) && list_words(model, lists[1], bit, false) &&
           list_words(model, lists[2], bit, true);
}

static enum rc read_languages(struct language_model *model, const struct table *table,
                              struct err *err)
{
    static const char *const names[] = {"letters", "words", "endings", "prior"};
    size_t tag, script, columns[4];
    enum rc rc = table_column(table, "tag", &tag, err);

    if (rc == RC_OK)
        rc = table_column(table, "script", &script, err);
    for (int i = 0; rc == RC_OK && i < 4; i++)
        rc = table_column(table, names[i], &columns[i], err);
    if (rc != RC_OK)
        return rc;
    for (size_t row = 0; row < table->rows; row++) {
        enum script written = script_named(table_cell(table, row, script));
        struct str lists[4];

        for (int i = 0; i < 4; i++)
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

static bool same_set(set a, set b)
{
    return a[0] == b[0] && a[1] == b[1];
}

static void make_quick(struct language_model *model)
{
    for (uint32_t cp = 0; cp < QUICK; cp++) {
        struct quick *quick = &model->quick[cp];

        quick->n = QUICK_NOT;
        quick->class = model->letter[cp];
        if (cp >= 0x80 && fold_table[cp] != FOLD_SEPARATOR)
            quick->n = (uint8_t)(fold_table[cp] ? put_folded(quick->bytes, fold_table[cp]) : 0);
    }
}

/* What follows from the lists: letters of the same languages are one class, capitals and small
 * letters are one, and blocks have scripts. */
static void complete(struct language_model *model)
{
    uint8_t class[LETTERS] = {0};

    for (uint32_t i = 1; i <= model->letters; i++) {
        set s = model->letter_sets[i];

        while (!same_set(model->letter_sets[class[i]], s))
            class[i]++;
        model->letter_units[i] = __builtin_popcountll(s[0]) + __builtin_popcountll(s[1]) == 1
                                     ? LETTER_ALONE
                                     : LETTER_SHARED;
    }
    for (uint32_t cp = 0xC0; cp < FOLD_TABLE; cp++)
        model->letter[cp] = class[model->letter[cp]];
    for (uint32_t cp = 0xC0; cp < FOLD_TABLE; cp++) {
        uint32_t small = has_capitals(cp) ? fold_case(cp) : cp;

        if (!model->letter[cp] && small < FOLD_TABLE) /* Ⱥ has its small letter far away */
            model->letter[cp] = model->letter[small];
    }
    make_quick(model);
    model->weighed = bit_set(model->vietnamese) | bit_set(model->english);
    for (uint32_t script = LATIN; script < SCRIPTS; script++) {
        model->of_script[script] =
            range_set(model->first[script], model->first[script] + model->count[script]);
        for (int i = 0; i < 4 && scripts[script].ranges[i][1]; i++)
            memset(model->script + scripts[script].ranges[i][0] / BLOCK, (int)script,
                   scripts[script].ranges[i][1] / BLOCK - scripts[script].ranges[i][0] / BLOCK + 1);
    }
}

static bool same_units(struct units_of_word a, struct units_of_word b)
{
    return same_set(a.ones, b.ones) && same_set(a.twos, b.twos);
}

static uint32_t place_of(struct units_of_word units)
{
    const uint64_t parts[] = {units.ones[0], units.ones[1], units.twos[0], units.twos[1]};
    uint64_t mixed = 0;

    for (int i = 0; i < 4; i++)
        mixed = (mixed ^ mixed >> 32 ^ parts[i]) * language_spread;
    return (uint32_t)(mixed >> 32) % SETS;
}

/* Gives equal units one number, and keeps them in `shared` [SETS]; those by slot are not needed
 * then. */
static bool share_units(struct language_model *model, struct units_of_word *shared,
                        struct arena *scratch)
{
    uint16_t *numbers = arena_array(scratch, SETS, sizeof *numbers), last = 0;
    struct units_of_word *by_slot = model->units;

    model->units = shared;
    for (uint32_t slot = 0; slot < 1u << SLOT_BITS; slot++) {
        struct units_of_word units = by_slot[slot];
        uint32_t at;

        if (!any(units.ones | units.twos))
            continue;
        at = place_of(units);
        while (numbers[at] && !same_units(model->units[numbers[at]], units))
            at = (at + 1) % SETS;
        if (!numbers[at]) {
            if (last == SETS - 2)
                return false;
            numbers[at] = ++last;
            model->units[last] = units;
        }
        model->slots[slot].units = numbers[at];
    }
    return true;
}

static uint32_t number_at(struct str bytes, size_t at)
{
    uint32_t n;

    memcpy(&n, bytes.p + at, sizeof n);
    return le32toh(n);
}

static uint32_t bit_named(const struct language_model *model, struct str tag)
{
    uint32_t bit = 0;

    while (bit < model->bits && !str_eq(model->shared[bit], tag))
        bit++;
    return bit;
}

/* English has weights, so its words and endings go with them. */
static bool put_learned(struct language_model *model, uint32_t bit, uint32_t number)
{
    struct slot *slot = put_slot(model, (uint64_t)number << 32);
    uint32_t level = number & LEVEL_MOST;
    struct units_of_word *units;

    if (!slot || !level)
        return false;
    if (bit == model->english) {
        slot->english = greater(slot->english, (uint8_t)(level * UNIT + UNKNOWN));
        return true;
    }
    units = &model->units[slot - model->slots];
    if (level & 1)
        units->ones |= bit_set(bit);
    if (level & 2)
        units->twos |= bit_set(bit);
    return true;
}

/* Learned words and endings.  For each language: its tag in four bytes (zeros behind it), how many,
 * and each as the upper half of its key with the level, 1 to LEVEL_MOST, in the lowest bits; all
 * little-endian. */
static bool read_learned(struct language_model *model, struct str bytes)
{
    for (size_t at = 0; at < bytes.n;) {
        struct str tag = str_part(bytes, at, 4);
        uint32_t count, bit;

        if (bytes.n - at < 8)
            return false;
        tag.n = strnlen(tag.p, tag.n);
        bit = bit_named(model, tag);
        count = number_at(bytes, at + 4);
        at += 8;
        if (bit == model->bits || count > (bytes.n - at) / 4)
            return false;
        for (; count; count--, at += 4)
            if (!put_learned(model, bit, number_at(bytes, at)))
                return false;
    }
    return true;
}

enum rc language_read(struct str languages, struct str syllables, struct str words,
                      struct arena *process, const struct language_model **out, struct err *err)
{
    struct language_model *model = arena_alloc(process, sizeof *model);
    struct table known, rates;
    struct arena_mark mark;
    struct units_of_word *shared;
    enum rc rc = table_read(languages, process, &known, err);

    if (rc == RC_OK)
        rc = table_read(syllables, process, &rates, err);
    if (rc != RC_OK)
        return err_within(err, "languages");
    model->vietnamese = model->english = BITS;
    model->slots = arena_array(process, (size_t)1 << SLOT_BITS, sizeof *model->slots);
    shared = arena_array(process, SETS, sizeof *shared);
    mark = arena_mark(process); /* sets by slot lie behind it, and go */
    model->units = arena_array(process, (size_t)1 << SLOT_BITS, sizeof *model->units);
    rc = read_rates(model, &rates, err); /* first: these are found soonest */
    if (rc != RC_OK)
        err_within(err, "syllables");
    else if ((rc = read_languages(model, &known, err)) != RC_OK)
        err_within(err, "languages");
    else if (!read_learned(model, words))
        rc = err_set(
            err, RC_BAD,
            "learned words are damaged, or of a language that is not listed, or more than fit");
    else if (!share_units(model, shared, process))
        rc = err_set(err, RC_BAD, "languages: more than %d different sets", SETS - 2);
    arena_rewind(process, mark);
    if (rc != RC_OK)
        return rc;
    complete(model);
    *out = model;
    return rc;
}
