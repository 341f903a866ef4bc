/* locate.c - place names in text; see locate.h. */
#include "intake/locate.h"

#include "base/err.h"
#include "text/nfc.h"

#include <unicode/uchar.h>

enum {
    CITY = 1 << LEVEL_CITY,
    GROUP = 1 << LEVEL_GROUP,
    WARD = 1 << LEVEL_WARD,
    CUE_LONGEST = 3, /* syllables */
};

static const struct {
    const char *words;
    unsigned levels;
} cues[] = {
    {"phường", WARD},
    {"p", WARD},
    {"xã", WARD},
    {"x", WARD},
    {"thị trấn", WARD},
    {"tt", WARD},
    {"ấp", WARD},
    {"làng", WARD},
    {"xóm", WARD},
    {"kdc", WARD},
    {"khu dân cư", WARD},
    {"khu", WARD | GROUP},
    {"khu vực", WARD | GROUP},
    {"kv", WARD | GROUP},
    {"quận", GROUP},
    {"q", GROUP},
    {"huyện", GROUP},
    {"h", GROUP},
    {"cụm", GROUP},
    {"thành phố", CITY},
    {"tp", CITY},
};

/* One way to write a place. */
struct variant {
    struct str written; /* without its cue */
    uint32_t place;
    bool only_cued; /* counts only behind a cue */
    uint32_t next;  /* another variant that folds to the same syllables, or 0 */
};

struct locator {
    const struct gazetteer *gazetteer;
    struct lexicon names; /* value: index into variants */
    struct map cues;      /* n-gram key of a cue -> levels */
    struct variant *variants;
    uint32_t n;
};

/* The levels of the cue that ends before syllable `at`; the longest cue counts. */
static unsigned cue_before(const struct locator *locator, const struct tokens *tokens, uint32_t at)
{
    for (uint32_t n = CUE_LONGEST; n > 0; n--) {
        const uint64_t *levels =
            n <= at ? map_find(&locator->cues, token_ngram(tokens->folded + at - n, n)) : NULL;

        if (levels)
            return (unsigned)*levels;
    }
    return 0;
}

/* How many syllables at the begin are a cue, when a name is left behind it. */
static uint32_t cue_length(const struct locator *locator, const struct tokens *tokens)
{
    for (uint32_t n = CUE_LONGEST; n > 0; n--)
        if (n < tokens->n && map_find(&locator->cues, token_ngram(tokens->folded, n)))
            return n;
    return 0;
}

/* Are two spellings the same but for case and what stands between syllables? */
static bool same_spelling(struct str a, struct str b)
{
    size_t i = 0, j = 0;
    UChar32 x = 0, y = 0;

    while (x == y) {
        do
            x = i < a.n ? (UChar32)utf8_next(a, &i, NULL) : 0;
        while (x && !u_isalnum(x) && !u_getCombiningClass(x));
        do
            y = j < b.n ? (UChar32)utf8_next(b, &j, NULL) : 0;
        while (y && !u_isalnum(y) && !u_getCombiningClass(y));
        x = u_foldCase(x, U_FOLD_CASE_DEFAULT);
        y = u_foldCase(y, U_FOLD_CASE_DEFAULT);
        if (!x || !y)
            break;
    }
    return x == y;
}

static bool is_ascii(struct str s)
{
    return utf8_ascii_prefix(s) == s.n;
}

/* Joins `variant` to those that fold to the same syllables, or opens a new entry. */
static void add_variant(struct locator *locator, struct variant variant, struct arena *process)
{
    struct arena_mark mark = arena_mark(process);
    struct tokens tokens = tokens_of((struct text){variant.written.p, variant.written.n}, process);
    struct lexicon_hit hit;
    uint32_t index = locator->n, at;

    locator->variants[index] = variant;
    if (lexicon_add(&locator->names, variant.written, index, process)) {
        locator->n++;
    } else if (tokens.n && lexicon_next(&locator->names, &tokens, 0, &hit) &&
               hit.length == tokens.n) {
        for (at = hit.value; locator->variants[at].next; at = locator->variants[at].next)
            continue;
        locator->variants[at].next = index;
        locator->n++;
    }
    arena_rewind(process, mark);
}

static void add_name(struct locator *locator, uint32_t place, struct str written, bool accented,
                     struct arena *process)
{
    struct text text = nfc_text(written, process, NULL);
    struct tokens tokens = tokens_of(text, process);
    uint32_t cue = cue_length(locator, &tokens);
    struct variant variant = {.written = {text.p, text.n}, .place = place};

    if (!tokens.n)
        return;
    if (cue)
        variant.written = str_from(variant.written, tokens.offset[cue]);
    variant.only_cued = cue > 0 || tokens.n < 2 || (accented && is_ascii(variant.written));
    add_variant(locator, variant, process);
}

static void add_place(struct locator *locator, uint32_t place, struct arena *process)
{
    const struct place *p = &locator->gazetteer->places[place];
    struct str aliases = p->aliases;
    bool accented = !is_ascii(p->name);

    add_name(locator, place, p->name, accented, process);
    while (aliases.p)
        add_name(locator, place, str_cut(&aliases, '|'), accented, process);
}

static size_t count_names(const struct gazetteer *gazetteer)
{
    size_t n = 1;

    for (uint32_t i = 1; i < gazetteer->n; i++) {
        struct str aliases = gazetteer->places[i].aliases;

        for (n++; aliases.p; n++)
            str_cut(&aliases, '|');
    }
    return n;
}

struct locator *locator_new(const struct gazetteer *gazetteer, struct arena *process)
{
    struct locator *locator = arena_alloc(process, sizeof *locator);
    size_t names = count_names(gazetteer);

    locator->gazetteer = gazetteer;
    locator->variants = arena_array(process, names + 1, sizeof *locator->variants);
    locator->n = 1; /* 0 ends a chain */
    lexicon_init(&locator->names, names + 1);
    map_init(&locator->cues, sizeof cues / sizeof *cues);
    for (size_t i = 0; i < sizeof cues / sizeof *cues; i++) {
        struct str words = str_of(cues[i].words);
        struct tokens tokens = tokens_of((struct text){words.p, words.n}, process);
        uint64_t *levels = map_put(&locator->cues, token_ngram(tokens.folded, tokens.n), NULL);

        MUST(levels);
        *levels = cues[i].levels;
    }
    for (uint32_t i = 1; i < gazetteer->n; i++)
        add_place(locator, i, process);
    return locator;
}

void locator_free(struct locator *locator)
{
    lexicon_free(&locator->names);
    map_free(&locator->cues);
}

/* The place a hit stands for; 0 when it does not count or may be two places.  `levels` are those
 * of the cue before it; `any`: it counts without one. */
static uint32_t place_of_hit(const struct locator *locator, const struct lexicon_hit *hit,
                             struct str spelling, unsigned levels, bool any)
{
    const struct gazetteer *g = locator->gazetteer;
    uint32_t found = 0;
    bool two = false;

    for (uint32_t i = hit->value; i; i = locator->variants[i].next) {
        const struct variant *v = &locator->variants[i];
        bool exact = same_spelling(v->written, spelling);
        bool cued = levels & 1u << g->places[v->place].level;
        uint32_t place = place_current(g, v->place);

        if (!cued && !any && (v->only_cued || !exact))
            continue;
        if (exact && (cued || !levels) && (!v->only_cued || cued))
            return place;
        two = two || (found && found != place);
        found = place;
    }
    return two ? 0 : found;
}

/* The finer of two places one of which contains the other; UINT32_MAX when they differ. */
static uint32_t finer(const struct gazetteer *g, uint32_t a, uint32_t b)
{
    if (!a || !b)
        return a ? a : b;
    if (place_at(g, a, g->places[b].level) == b)
        return a;
    return place_at(g, b, g->places[a].level) == a ? b : UINT32_MAX;
}

static uint32_t locate(const struct locator *locator, struct text text, const struct tokens *tokens,
                       bool any)
{
    struct lexicon_hit hit;
    uint32_t found = 0;

    for (uint32_t from = 0; lexicon_next(&locator->names, tokens, from, &hit);) {
        uint32_t last = hit.token + hit.length - 1;
        size_t begin = tokens->offset[hit.token];
        size_t end = (size_t)tokens->offset[last] + tokens->length[last];
        uint32_t place = place_of_hit(locator, &hit, (struct str){text.p + begin, end - begin},
                                      cue_before(locator, tokens, hit.token), any);

        found = finer(locator->gazetteer, found, place);
        if (found == UINT32_MAX)
            return 0;
        from = last + 1;
    }
    return found;
}

uint32_t locate_field(const struct locator *locator, struct text field, struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    struct str code = str_trim((struct str){field.p, field.n});
    uint32_t place = gazetteer_find(locator->gazetteer, code);
    struct tokens tokens;

    if (place)
        return place_current(locator->gazetteer, place);
    tokens = tokens_of(field, scratch);
    place = locate(locator, field, &tokens, true);
    arena_rewind(scratch, mark);
    return place;
}

uint32_t locate_text(const struct locator *locator, struct text text, const struct tokens *tokens)
{
    return locate(locator, text, tokens, false);
}
