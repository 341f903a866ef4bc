/* mention.c - names of places in text; see mention.h.
 *
 * The index holds each name without its cue, and for numbers the glued forms ("p12", "q03").  Of a
 * name that begins with a cue ("Làng Giàng") the whole is in the index; what stands behind the cue
 * is tried first, since that is how names are written.  A group's or a province's initials count
 * behind a cue or beside another name.
 */
#include "intake/mention.h"

#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"
#include "text/fold.h"
#include "text/nfc.h"
#include "text/syllable.h"

#include <stdio.h>

enum { TONES = 6, CUE_LONGEST = 3, BITMAP_BITS = 18, INDEX_MAX = 1 << 20, SCRATCH_MAX = 1 << 24 };
enum { SHORT = 1 << 12 }; /* beside the kinds of a cue: it may well be another word */

static const struct cue {
    const char *words;
    unsigned kinds;
} cues[] = {
    {"phường", KIND_PHUONG},
    {"p", KIND_PHUONG | SHORT},
    {"f", KIND_PHUONG | SHORT},
    {"ph", KIND_PHUONG | SHORT},
    {"phg", KIND_PHUONG},
    {"ward", KIND_PHUONG | KIND_XA},
    {"xã", KIND_XA},
    {"x", KIND_XA | SHORT},
    {"thị trấn", KIND_TOWN},
    {"tt", KIND_TOWN | SHORT},
    {"đặc khu", KIND_ISLES},
    {"ấp", KINDS_WARD | SHORT},
    {"làng", KINDS_WARD | SHORT},
    {"thôn", KINDS_WARD | SHORT},
    {"xóm", KINDS_WARD | SHORT},
    {"kdc", KINDS_WARD},
    {"khu dân cư", KINDS_WARD},
    {"kđt", KINDS_WARD | SHORT},
    {"khu đô thị", KINDS_WARD | SHORT},
    {"khu", KINDS_WARD | KINDS_GROUP | SHORT},
    {"khu vực", KINDS_WARD | KINDS_GROUP},
    {"kv", KINDS_WARD | KINDS_GROUP},
    {"quận", KIND_QUAN},
    {"q", KIND_QUAN | SHORT},
    {"district", KIND_QUAN | KIND_HUYEN},
    {"huyện", KIND_HUYEN},
    {"h", KIND_HUYEN | SHORT},
    {"thị xã", KIND_THI_XA},
    {"tx", KIND_THI_XA},
    {"cụm", KIND_CLUSTER},
    {"thành phố", KIND_CITY},
    {"tp", KIND_CITY},
    {"t p", KIND_CITY},
    {"tỉnh", KIND_TINH},
};

/* Syllables before a name that make it the name of something else, and syllables of place. */
static const char *const street_words[] = {
    "đường", "đ",   "phố",  "chợ",  "trường", "cầu", "chùa", "hồ",   "sông",
    "ty",    "cty", "thpt", "thcs", "viện",   "bv",  "hẻm",  "đình", "ngõ",
    "hàng",  "sạn", "quán", "anh",  "lớp",    "sân", "giáo", "phim", "kcn"};
static const char *const at_words[] = {"ở", "tại", "khắp", "quanh", "gần", "qua", "về"};

struct mention_index {
    const struct gazetteer *gazetteer;
    struct arena *process;        /* what grows lives here */
    struct map names;             /* n-gram key -> first variant */
    struct map longest;           /* first syllable -> longest name that begins so */
    struct map cues;              /* n-gram key -> kinds, SHORT */
    struct map before;            /* syllable -> BEFORE_... */
    struct map codes;             /* hash of a code -> place */
    VEC(struct variant) variants; /* [0] ends chains */
    VEC(uint64_t) spellings;
    uint64_t old_word;
    uint32_t letters[FOLD_TABLE];
    uint64_t single[(1 << BITMAP_BITS) / 64]; /* syllables that may begin a mention by themselves */
    uint64_t pair[(1 << BITMAP_BITS) / 64];   /* pairs that begin a name */
};

enum { BEFORE_STREET = 1, BEFORE_AT };

/* Which variants will do: those that fit a cue of `kinds` (0: bare), or any. */
struct wanted {
    unsigned kinds;
    bool any;
};

static uint32_t bit_of(uint64_t key)
{
    return (uint32_t)(key * 0x9E3779B97F4A7C15u >> (64 - BITMAP_BITS));
}

/* Of two syllables: cheaper than the key of the pair, and enough to screen. */
static uint32_t pair_bit(uint64_t first, uint64_t second)
{
    return bit_of(first ^ (second << 7 | second >> 57));
}

static bool has_bit(const uint64_t *bits, uint32_t at)
{
    return bits[at / 64] >> at % 64 & 1;
}

static void set_bit(uint64_t *bits, uint32_t at)
{
    bits[at / 64] |= (uint64_t)1 << at % 64;
}

static struct str word_at(struct text text, const struct tokens *tokens, uint32_t at)
{
    return (struct str){text.p + tokens->offset[at], tokens->length[at]};
}

static bool is_ascii(struct str s)
{
    return utf8_ascii_prefix(s) == s.n;
}

/* What a syllable says beyond its folded form; where its tone mark stands does not matter. */
static uint64_t spelling_of(const struct mention_index *index, struct str word)
{
    uint64_t h = 1, tone = 0;

    for (size_t at = 0; at < word.n;) {
        uint32_t letter = utf8_next(word, &at, NULL);

        if (letter < FOLD_TABLE) {
            tone += index->letters[letter] % TONES;
            letter = index->letters[letter] / TONES;
        }
        h = (h ^ letter) * 0x9E3779B97F4A7C15u;
    }
    return h + tone;
}

/* Lower case without its tone, times TONES, plus its tone. */
static void fill_letters(struct mention_index *index)
{
    for (uint32_t cp = 0; cp < FOLD_TABLE; cp++) {
        uint32_t lower = fold_case(cp), plain = syllable_with_tone(lower, 0);
        uint8_t tone = 0;

        while (tone < TONES && syllable_with_tone(plain, tone) != lower)
            tone++;
        index->letters[cp] = tone < TONES ? plain * TONES + tone : lower * TONES;
    }
}

/* The cue of up to three syllables that begins at `at`, its length in *n; NULL for none. */
static const struct cue *cue_at(const struct mention_index *index, const struct tokens *tokens,
                                uint32_t at, uint32_t *n)
{
    for (*n = CUE_LONGEST; *n > 0; --*n) {
        const uint64_t *found = at + *n <= tokens->n
                                    ? map_find(&index->cues, token_ngram(tokens->folded + at, *n))
                                    : NULL;

        if (found)
            return &cues[*found];
    }
    return NULL;
}

/* Is the cue meant that folds to what stands at `at`: "quận", "quan", but not "quần"? */
static bool is_cue(const struct mention_index *index, struct text text, const struct tokens *tokens,
                   uint32_t at, const struct cue *cue)
{
    struct str words = str_of(cue->words);

    for (; words.p; at++) {
        struct str wanted = str_cut(&words, ' '), word = word_at(text, tokens, at);

        if (!is_ascii(word) && spelling_of(index, word) != spelling_of(index, wanted))
            return false;
    }
    return true;
}

/* The variant is written as the syllables of `written`, which is in NFC. */
static void add_variant(struct mention_index *index, struct variant variant, struct text written,
                        const struct tokens *tokens)
{
    uint32_t n = tokens->n < NAME_LONGEST ? tokens->n : NAME_LONGEST;
    const uint64_t *keys = tokens->folded;
    uint64_t *slot;

    variant.syllables = (uint8_t)n;
    variant.spelling = (uint32_t)index->spellings.n;
    for (uint32_t i = 0; i < n; i++)
        *vec_push(&index->spellings, index->process) =
            spelling_of(index, word_at(written, tokens, i));
    slot = map_put(&index->names, token_ngram(keys, n), NULL);
    MUST(slot);
    variant.next = (uint32_t)*slot;
    *slot = index->variants.n;
    *vec_push(&index->variants, index->process) = variant;
    slot = map_put(&index->longest, keys[0], NULL);
    MUST(slot);
    *slot = *slot < n ? n : *slot;
    if (n > 1)
        set_bit(index->pair, pair_bit(keys[0], keys[1]));
    else if (!variant.only_cued)
        set_bit(index->single, bit_of(keys[0]));
}

static void add_written(struct mention_index *index, struct variant variant, struct str written,
                        struct arena *scratch)
{
    struct text text = nfc_text(written, scratch, NULL);
    struct tokens tokens = tokens_of(text, scratch);

    if (tokens.n)
        add_variant(index, variant, text, &tokens);
}

/* "12" of a ward as "p12", "f12", of a district as "q12"; below ten with a nought as well. */
static void add_number(struct mention_index *index, struct variant variant, struct str number,
                       struct arena *scratch)
{
    static const char *const letters[] = {"", "p", "f", "", "q"};
    bool district = variant.kinds & KIND_QUAN;

    if (!(variant.kinds & (KIND_QUAN | KIND_PHUONG)) || number.n > 2)
        return;
    for (int letter = district ? 3 : 0; letter < (district ? 5 : 3); letter++)
        for (int nought = 0; nought < (number.n == 1 ? 2 : 1); nought++) {
            char glued[8];

            if (!*letters[letter] && !nought)
                continue;
            snprintf(glued, sizeof glued, "%s%s%.*s", letters[letter], nought ? "0" : "",
                     STR_ARG(number));
            variant.only_cued = !*letters[letter];
            variant.glued = *letters[letter] != 0;
            add_written(index, variant, str_of(glued), scratch);
        }
}

static bool is_number(struct str s)
{
    size_t digits = 0;

    while (digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9')
        digits++;
    return s.n && digits == s.n;
}

/* The first letters of a district's name ("pn"), which stand for it beside another name; not when
 * they make a word ("da"). */
static void add_initials(struct mention_index *index, struct variant variant, struct text name,
                         uint32_t from, struct arena *scratch)
{
    struct str rest = str_from((struct str){name.p, name.n}, from);
    struct tokens tokens = tokens_of((struct text){rest.p, rest.n}, scratch);
    struct syllable syllable;
    char letters[NAME_LONGEST];
    size_t n = 0;

    for (; n < tokens.n && n < NAME_LONGEST; n++) {
        size_t first = tokens.offset[n];
        uint32_t letter = fold_code_point(utf8_next(rest, &first, NULL));

        if (letter < 'a' || letter > 'z')
            return;
        letters[n] = (char)letter;
    }
    variant.initials = true;
    variant.only_cued = false;
    if (n > 1 && !syllable_read((struct str){letters, n}, &syllable))
        add_written(index, variant, (struct str){letters, n}, scratch);
}

static unsigned kinds_of_level(enum place_level level)
{
    return level == LEVEL_WARD ? KINDS_WARD : level == LEVEL_GROUP ? KINDS_GROUP : KINDS_PROVINCE;
}

/* What kind of unit a name's own cue says it is: 1 a ward, 2 a group, 3 a province. */
static uint8_t rank_of(const struct place *place, unsigned kinds)
{
    if (place->level == LEVEL_WARD)
        return 1;
    if (place->level == LEVEL_CITY || kinds & KIND_TINH)
        return 3;
    return kinds == KIND_CITY && !place->within ? 3 : 2;
}

/* One way to write the place `like`; an alias with a cue of its own counts behind that alone. */
static void add_name(struct mention_index *index, struct variant like, struct str written,
                     bool alias, struct arena *scratch)
{
    struct text text = nfc_text(written, scratch, NULL);
    struct tokens tokens = tokens_of(text, scratch);
    uint32_t n;
    const struct cue *cue = cue_at(index, &tokens, 0, &n);
    struct variant variant = like;
    struct str name;

    if (!tokens.n)
        return;
    if (!cue || n == tokens.n) {
        cue = NULL;
        n = 0;
    }
    if (cue)
        variant.kinds = (uint16_t)(cue->kinds & (SHORT - 1));
    name = str_from((struct str){text.p, text.n}, tokens.offset[n]);
    variant.plain = alias && is_ascii(name) && like.plain;
    variant.initials = alias && variant.rank == 3 && tokens.n == 1 && name.n < 3;
    variant.only_cued = (cue && (alias || cue->kinds & KIND_CLUSTER)) ||
                        (tokens.n - n < 2 ? variant.rank < 3 : variant.plain);
    add_written(index, variant, name, scratch);
    if (is_number(name))
        add_number(index, variant, name, scratch);
    if (!alias && variant.rank > 1)
        add_initials(index, variant, text, tokens.offset[n], scratch);
}

static void add_place(struct mention_index *index, uint32_t at, struct arena *scratch)
{
    const struct place *place = &index->gazetteer->places[at];
    struct text name = nfc_text(place->name, scratch, NULL);
    struct tokens tokens = tokens_of(name, scratch);
    struct str aliases = place->aliases;
    uint64_t *slot = map_put(&index->codes, hash_bytes(place->code, 0), NULL);
    uint32_t n;
    const struct cue *cue = cue_at(index, &tokens, 0, &n);
    struct variant like = {.place = at, .plain = !is_ascii(place->name)};

    MUST(slot);
    *slot = at;
    if (index->gazetteer->country && place->level == LEVEL_CITY)
        return;
    like.kinds = (uint16_t)(cue ? cue->kinds & (SHORT - 1) : kinds_of_level(place->level));
    like.rank = rank_of(place, like.kinds);
    add_name(index, like, place->name, false, scratch);
    while (aliases.p)
        add_name(index, like, str_cut(&aliases, '|'), true, scratch);
}

static void add_words(struct map *map, const char *words, uint64_t value, struct arena *scratch)
{
    struct tokens tokens = tokens_of((struct text){words, str_of(words).n}, scratch);
    uint64_t *slot = map_put(map, token_ngram(tokens.folded, tokens.n), NULL);

    MUST(slot);
    *slot = value;
}

static void add_lists(struct mention_index *index, struct arena *scratch)
{
    for (size_t i = 0; i < sizeof cues / sizeof *cues; i++) {
        struct str words = str_of(cues[i].words);
        struct tokens tokens = tokens_of((struct text){words.p, words.n}, scratch);

        add_words(&index->cues, cues[i].words, i, scratch);
        set_bit(index->single, bit_of(tokens.folded[0]));
    }
    for (size_t i = 0; i < sizeof street_words / sizeof *street_words; i++)
        add_words(&index->before, street_words[i], BEFORE_STREET, scratch);
    for (size_t i = 0; i < sizeof at_words / sizeof *at_words; i++)
        add_words(&index->before, at_words[i], BEFORE_AT, scratch);
    index->old_word = token_key(STR("cũ"), scratch);
}

struct mention_index *mention_index_new(const struct gazetteer *gazetteer, struct arena *process)
{
    struct mention_index *index = arena_alloc(process, sizeof *index);
    struct arena scratch;

    index->gazetteer = gazetteer;
    index->process = process;
    map_init(&index->names, INDEX_MAX);
    map_init(&index->longest, INDEX_MAX);
    map_init(&index->cues, INDEX_MAX);
    map_init(&index->before, INDEX_MAX);
    map_init(&index->codes, gazetteer->named);
    arena_init(&scratch, "scratch", SCRATCH_MAX);
    (void)vec_push(&index->variants, process);
    fill_letters(index);
    add_lists(index, &scratch);
    for (uint32_t at = 1; at < gazetteer->named; at++) {
        arena_reset(&scratch);
        add_place(index, at, &scratch);
    }
    arena_free(&scratch);
    return index;
}

void mention_index_free(struct mention_index *index)
{
    map_free(&index->names);
    map_free(&index->longest);
    map_free(&index->cues);
    map_free(&index->before);
    map_free(&index->codes);
}

const struct variant *mention_variant(const struct mention_index *index, uint32_t variant)
{
    return &index->variants.v[variant];
}

uint32_t mention_code(const struct mention_index *index, struct str code)
{
    const uint64_t *found = code.n ? map_find(&index->codes, hash_bytes(code, 0)) : NULL;

    return found && str_eq(index->gazetteer->places[*found].code, code) ? (uint32_t)*found : 0;
}

/* May this variant stand behind a cue of `kinds` (0: bare)? */
static bool fits(const struct variant *variant, unsigned kinds)
{
    static const unsigned of_rank[] = {0, KINDS_WARD, KINDS_GROUP, KINDS_PROVINCE};

    return kinds ? (kinds & of_rank[variant->rank]) != 0 : !variant->only_cued;
}

/* The longest name at syllable `at` of which a variant fits; its first variant, or 0. */
static uint32_t name_at(const struct mention_index *index, const struct tokens *tokens, uint32_t at,
                        struct wanted wanted, uint32_t *n)
{
    uint64_t keys[NAME_LONGEST];
    const uint64_t *longest = at < tokens->n ? map_find(&index->longest, tokens->folded[at]) : NULL;
    uint32_t most = 0;

    for (; longest && most < *longest && at + most < tokens->n &&
           tokens->sentence[at + most] == tokens->sentence[at];
         most++)
        keys[most] = most ? token_ngram((uint64_t[]){keys[most - 1], tokens->folded[at + most]}, 2)
                          : tokens->folded[at];
    for (*n = most; *n > 0; --*n) {
        const uint64_t *found = map_find(&index->names, keys[*n - 1]);

        for (uint32_t v = found ? (uint32_t)*found : 0; v; v = index->variants.v[v].next)
            if (wanted.any || fits(&index->variants.v[v], wanted.kinds))
                return (uint32_t)*found;
    }
    return 0;
}

/* Only spaces and full stops stand between a cue and its name. */
static bool is_joined(struct text text, const struct tokens *tokens, uint32_t name)
{
    size_t from = (size_t)tokens->offset[name - 1] + tokens->length[name - 1];

    if (tokens->offset[name] - from > 3)
        return false;
    for (; from < tokens->offset[name]; from++)
        if (text.p[from] != ' ' && text.p[from] != '.')
            return false;
    return true;
}

static bool is_upper(struct str word, size_t at)
{
    uint32_t letter = at < word.n ? utf8_next(word, &at, NULL) : 0;

    return letter && fold_case(letter) != letter;
}

/* "Nguyễn" right before a bare name, not at the beginning of a sentence. */
static bool is_part_of_name(struct text text, const struct tokens *tokens, uint32_t at)
{
    struct str word;
    size_t second = 0;

    if (at < 2 || tokens->sentence[at - 2] != tokens->sentence[at] ||
        (size_t)tokens->offset[at - 1] + tokens->length[at - 1] + 1 != tokens->offset[at])
        return false;
    word = word_at(text, tokens, at - 1);
    utf8_next(word, &second, NULL);
    return is_upper(word, 0) && second < word.n && !is_upper(word, second);
}

/* What stands around the name at [name, end). */
static void look_around(const struct mention_index *index, struct text text,
                        const struct tokens *tokens, uint32_t name, struct mention *out)
{
    const uint64_t *before =
        out->begin ? map_find(&index->before, tokens->folded[out->begin - 1]) : NULL;

    out->capital = true;
    for (uint32_t i = name; i < out->end; i++) {
        struct str word = word_at(text, tokens, i);

        out->capital &= is_upper(word, 0);
        out->marked |= !is_ascii(word);
        out->spelling[i - name] = spelling_of(index, word);
    }
    out->after_street = before && *before == BEFORE_STREET;
    out->after_at = before && *before == BEFORE_AT;
    out->after_name = !out->kinds && is_part_of_name(text, tokens, out->begin);
    out->former = out->end < tokens->n && tokens->folded[out->end] == index->old_word &&
                  is_joined(text, tokens, out->end);
}

static bool mention_at(const struct mention_index *index, struct text text,
                       const struct tokens *tokens, struct wanted wanted, struct mention *out)
{
    uint32_t at = out->begin, length = 0, n = 0;
    const struct cue *cue = has_bit(index->single, bit_of(tokens->folded[at]))
                                ? cue_at(index, tokens, at, &length)
                                : NULL;

    if (cue && at + length < tokens->n && is_joined(text, tokens, at + length)) {
        out->kinds = cue->kinds & (SHORT - 1);
        out->short_cue = cue->kinds & SHORT;
        out->variant =
            name_at(index, tokens, at + length, (struct wanted){.kinds = out->kinds}, &n);
    }
    if (n && !is_cue(index, text, tokens, at, cue))
        n = 0;
    if (!n) {
        length = 0;
        out->kinds = 0;
        out->variant = name_at(index, tokens, at, wanted, &n);
    }
    if (!n)
        return false;
    out->end = at + length + n;
    look_around(index, text, tokens, at + length, out);
    return true;
}

bool mention_next(const struct mention_index *index, struct text text, const struct tokens *tokens,
                  uint32_t *from, bool field, struct mention *out)
{
    struct wanted wanted = {.any = field};

    for (uint32_t at = *from; at < tokens->n; at++) {
        uint64_t next = at + 1 < tokens->n ? tokens->folded[at + 1] : 0;

        if (!field && !has_bit(index->single, bit_of(tokens->folded[at])) &&
            !has_bit(index->pair, pair_bit(tokens->folded[at], next)))
            continue;
        *out = (struct mention){.begin = at};
        if (mention_at(index, text, tokens, wanted, out)) {
            *from = out->end;
            return true;
        }
    }
    return false;
}

enum spelling mention_spelling(const struct mention_index *index, const struct mention *mention,
                               const struct variant *variant)
{
    const uint64_t *spelling = index->spellings.v + variant->spelling;
    enum spelling worst = variant->plain ? SPELLING_PLAIN : SPELLING_EXACT;

    for (uint32_t i = 0; i < variant->syllables; i++) {
        if (spelling[i] == mention->spelling[i] || (variant->plain && !variant->initials))
            continue;
        if (mention->marked)
            return SPELLING_OTHER;
        worst = SPELLING_PLAIN;
    }
    return worst;
}
