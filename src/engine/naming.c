/* naming.c - candidate phrases of one story; see naming.h. */
#include "engine/naming.h"

#include "base/hash.h"
#include "text/fold.h"
#include "trend/distinct.h"

#include <stdlib.h>
#include <string.h>

enum { USES = 512, LONGEST = 4, TOKENS_READ = 160, PLACES = 2 * NAMING_CANDIDATES, AGAIN = 8 };

static const double telling_idf = 2.0; /* a phrase of everyday syllables names nothing */

struct candidate {
    uint64_t grams[LONGEST];
    uint8_t syllables, length;
    bool marked; /* `text` has diacritics */
    char text[NAMING_TEXT];
    uint32_t said; /* how often somebody was added to `people` */
    struct distinct people;
};

struct naming {
    uint64_t secret;
    uint32_t k, n;
    bool closed; /* every candidate was taken up by somebody: no place is left for another */
    uint64_t keys[NAMING_CANDIDATES];
    uint8_t places[PLACES]; /* open addressing: number + 1 of the candidate, or 0 */
    struct {
        uint32_t check;
        uint8_t uses;
    } uses[USES];
    struct candidate candidates[NAMING_CANDIDATES];
};

struct naming *naming_new(uint64_t secret, uint32_t k)
{
    struct naming *naming = calloc(1, sizeof *naming);

    if (naming) {
        naming->secret = secret;
        naming->k = k;
    }
    return naming;
}

void naming_free(struct naming *naming)
{
    if (!naming)
        return;
    for (uint32_t i = 0; i < naming->n; i++)
        distinct_free(&naming->candidates[i].people);
    free(naming);
}

/* Key of a word as written, in lower case, marks kept: "chợ" is not "cho". */
static uint64_t word_key(struct str word)
{
    uint64_t key = 1;

    for (size_t at = 0; at < word.n;)
        key = hash_pair(key, fold_case(utf8_next(word, &at, NULL)));
    return key;
}

bool naming_words(const struct table *table, struct map *out)
{
    struct err err;
    size_t column;

    map_init(out, 1 << 16);
    if (table_column(table, "words", &column, &err) != RC_OK)
        return false;
    for (size_t row = 0; row < table->rows; row++) {
        struct str rest = table_cell(table, row, column);

        while (rest.p)
            map_put(out, word_key(str_cut(&rest, '|')), NULL);
    }
    return true;
}

/* Whether the syllable at `at` names nothing by itself. */
static bool is_function_word(const struct utterance *said, uint32_t at)
{
    struct str word = {said->text.p + said->tokens->offset[at], said->tokens->length[at]};

    return map_find(said->function_words, word_key(word)) != NULL;
}

/* How often the n-gram was used in this story, this time included; an older one may be displaced.
 */
static uint32_t note_use(struct naming *naming, uint64_t key)
{
    uint32_t check = (uint32_t)(key >> 32);
    size_t slot = key % USES;

    if (naming->uses[slot].check != check) {
        if (naming->uses[slot].uses > 1) { /* decay instead of eviction: frequent ones stay */
            naming->uses[slot].uses--;
            return 0;
        }
        naming->uses[slot].check = check;
        naming->uses[slot].uses = 0;
    }
    if (naming->uses[slot].uses < UINT8_MAX)
        naming->uses[slot].uses++;
    return naming->uses[slot].uses;
}

/* Where the key's candidate is named, or would be. */
static uint8_t *place_of(struct naming *naming, uint64_t key)
{
    uint32_t at = (uint32_t)(key >> 40) % PLACES;

    while (naming->places[at] && naming->keys[naming->places[at] - 1] != key)
        at = (at + 1) % PLACES;
    return &naming->places[at];
}

static struct candidate *find_candidate(struct naming *naming, uint64_t key)
{
    uint8_t number = *place_of(naming, key);

    return number ? &naming->candidates[number - 1] : NULL;
}

/* Gives a candidate's place to another key. */
static void rename_candidate(struct naming *naming, const struct candidate *candidate, uint64_t key)
{
    naming->keys[candidate - naming->candidates] = key;
    memset(naming->places, 0, sizeof naming->places);
    for (uint32_t i = 0; i < naming->n; i++)
        *place_of(naming, naming->keys[i]) = (uint8_t)(i + 1);
}

/* Mean idf of the syllables; the outer ones must tell something by themselves. */
static double telling(const struct everyday *everyday, const uint64_t *grams, uint32_t n)
{
    double sum = 0;

    for (uint32_t i = 0; i < n; i++)
        sum += everyday_idf(everyday, grams[i]);
    return sum / n;
}

static struct candidate *weakest(struct naming *naming)
{
    struct candidate *least = &naming->candidates[0];

    for (uint32_t i = 1; i < naming->n; i++)
        if (distinct_floor(&naming->candidates[i].people) < distinct_floor(&least->people))
            least = &naming->candidates[i];
    return least;
}

/* A place for a new candidate: a free one, or that of one nobody took up. */
static struct candidate *make_candidate(struct naming *naming)
{
    struct candidate *candidate;

    if (naming->n < NAMING_CANDIDATES)
        return &naming->candidates[naming->n++];
    candidate = weakest(naming);
    if (distinct_floor(&candidate->people) > 2) {
        naming->closed = true;
        return NULL;
    }
    distinct_free(&candidate->people);
    return candidate;
}

static bool has_marks(const char *p, size_t n)
{
    return utf8_ascii_prefix((struct str){p, n}) < n;
}

static void set_text(struct candidate *candidate, const char *p, size_t n)
{
    memcpy(candidate->text, p, n);
    candidate->length = (uint8_t)n;
    candidate->marked = has_marks(p, n);
}

/* At the third use, and again now and then: what told nothing may have come to. */
static bool is_due(uint32_t uses)
{
    return uses >= NAMING_USES && (uses - NAMING_USES) % AGAIN == 0;
}

/* Makes a candidate of an n-gram at its third use, if it tells anything. */
static struct candidate *new_candidate(struct naming *naming, const struct utterance *said,
                                       uint64_t key, uint32_t at, uint32_t syllables)
{
    const uint64_t *grams = said->tokens->folded + at;
    struct candidate *candidate;

    if (naming->closed || !is_due(note_use(naming, key)) ||
        telling(said->everyday, grams, syllables) < telling_idf || is_function_word(said, at) ||
        is_function_word(said, at + syllables - 1))
        return NULL;
    candidate = make_candidate(naming);
    if (!candidate)
        return NULL;
    *candidate = (struct candidate){.syllables = (uint8_t)syllables};
    rename_candidate(naming, candidate, key);
    memcpy(candidate->grams, grams, syllables * sizeof *grams);
    return candidate;
}

static void note_gram(struct naming *naming, const struct utterance *said, uint64_t key,
                      uint32_t at, uint32_t syllables)
{
    const struct tokens *tokens = said->tokens;
    uint32_t last = at + syllables - 1;
    const char *p = said->text.p + tokens->offset[at];
    size_t n = tokens->offset[last] + tokens->length[last] - tokens->offset[at];
    struct candidate *candidate = find_candidate(naming, key);

    if (n > NAMING_TEXT)
        return;
    if (!candidate)
        candidate = new_candidate(naming, said, key, at, syllables);
    if (!candidate)
        return;
    if (candidate->length == 0 || (!candidate->marked && has_marks(p, n)))
        set_text(candidate, p, n);
    if (!said->voice.known)
        return;
    distinct_add(&candidate->people, distinct_tag(said->voice, hash_pair(naming->secret, key)));
    candidate->said++;
}

void naming_note(struct naming *naming, const struct utterance *said)
{
    const struct tokens *tokens = said->tokens;
    uint32_t n = tokens->n < TOKENS_READ ? tokens->n : TOKENS_READ;

    for (uint32_t at = 0; at < n; at++) {
        uint64_t key = tokens->folded[at]; /* grows as token_ngram() would */

        if (tokens->inside && tokens->inside[at])
            continue;
        for (uint32_t syllables = 2; syllables <= LONGEST && at + syllables <= n; syllables++) {
            uint32_t last = at + syllables - 1;

            if (tokens->sentence[last] != tokens->sentence[at])
                break;
            key = hash_pair(key, tokens->folded[last]);
            if (tokens->inside && last + 1 < tokens->n && tokens->inside[last + 1])
                continue;
            note_gram(naming, said, key, at, syllables);
        }
    }
}

static void carry_candidate(struct candidate *candidate, struct carrier *carrier)
{
    for (int i = 0; i < LONGEST; i++)
        carry_u64(carrier, &candidate->grams[i]);
    carry_u8(carrier, &candidate->syllables);
    carry_u8(carrier, &candidate->length);
    carry_flag(carrier, &candidate->marked);
    carry_bytes(carrier, (unsigned char *)candidate->text, NAMING_TEXT);
    carry_u32(carrier, &candidate->said);
    if (candidate->syllables > LONGEST || candidate->length > NAMING_TEXT)
        carrier->bad = true;
    carry_distinct(carrier, &candidate->people, candidate->said);
}

void naming_carry(struct naming *naming, struct carrier *carrier)
{
    uint32_t n = naming->n;

    carry_u32(carrier, &n);
    carry_flag(carrier, &naming->closed);
    for (int i = 0; i < USES; i++) {
        carry_u32(carrier, &naming->uses[i].check);
        carry_u8(carrier, &naming->uses[i].uses);
    }
    if (n > NAMING_CANDIDATES)
        carrier->bad = true;
    for (uint32_t i = 0; i < n && !carrier->bad; i++) {
        carry_u64(carrier, &naming->keys[i]);
        carry_candidate(&naming->candidates[i], carrier);
        if (!carrier->reading)
            continue;
        *place_of(naming, naming->keys[i]) = (uint8_t)(i + 1);
        naming->n = i + 1;
    }
}

/* Whether all syllables of `inner` stand in a row in `outer`. */
static bool contained(const struct candidate *inner, const struct candidate *outer)
{
    for (uint32_t from = 0; from + inner->syllables <= outer->syllables; from++)
        if (memcmp(inner->grams, outer->grams + from, inner->syllables * sizeof *inner->grams) == 0)
            return true;
    return false;
}

static double worth(const struct candidate *candidate, const struct everyday *everyday)
{
    return distinct_floor(&candidate->people) *
           telling(everyday, candidate->grams, candidate->syllables) *
           (1 + 0.25 * (candidate->syllables - 2));
}

static bool overlaps_better(const struct candidate *candidate, const struct candidate **taken,
                            uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (contained(candidate, taken[i]) || contained(taken[i], candidate))
            return true;
    return false;
}

uint32_t naming_best(const struct naming *naming, const struct everyday *everyday,
                     struct story_phrase out[STORY_PHRASES], struct arena *batch)
{
    const struct candidate *taken[STORY_PHRASES];
    uint32_t n = 0;

    while (n < STORY_PHRASES) {
        const struct candidate *best = NULL;

        for (uint32_t i = 0; i < naming->n; i++) {
            const struct candidate *candidate = &naming->candidates[i];

            if (distinct_floor(&candidate->people) < naming->k ||
                overlaps_better(candidate, taken, n))
                continue;
            if (!best || worth(candidate, everyday) > worth(best, everyday))
                best = candidate;
        }
        if (!best)
            break;
        taken[n] = best;
        out[n].text = (struct text){arena_copy(batch, best->text, best->length), best->length};
        out[n].voices = distinct_floor(&best->people) / naming->k * naming->k;
        out[n].published = false;
        n++;
    }
    return n;
}
