/* lexicon.c - phrases of a fixed list by n-gram keys; see lexicon.h.
 *
 * The screen has a bit for each phrase of one syllable, for the first pair of each longer one, and
 * for each run of two or more that one begins with.  Without marks two syllables in five begin some
 * phrase of the services, and few pairs do: looking every first syllable up in a map took 31 ns a
 * syllable of a text, and asking for pairs takes 6.
 */
#include "text/lexicon.h"

#include "base/hash.h"
#include "text/nfc.h"

void lexicon_init(struct lexicon *lexicon, size_t max_phrases)
{
    *lexicon = (struct lexicon){0};
    map_init(&lexicon->phrases, max_phrases);
}

void lexicon_free(struct lexicon *lexicon)
{
    map_free(&lexicon->phrases);
}

static inline uint32_t bit_of_run(uint64_t key)
{
    return (uint32_t)(key >> 32) % LEXICON_SCREEN;
}

/* Cheaper than the key of the pair: this is asked of every two syllables. */
static inline uint32_t bit_of_pair(uint64_t first, uint64_t second)
{
    return (uint32_t)(first >> 32 ^ second) % LEXICON_SCREEN;
}

static inline bool is_set(const struct lexicon *lexicon, uint32_t bit)
{
    return lexicon->screen[bit / 64] >> bit % 64 & 1;
}

static void set(struct lexicon *lexicon, uint32_t bit)
{
    lexicon->screen[bit / 64] |= (uint64_t)1 << bit % 64;
}

static bool add_keys(struct lexicon *lexicon, const uint64_t *keys, uint32_t n, uint32_t value)
{
    bool fresh;
    uint64_t *slot = map_put(&lexicon->phrases, token_ngram(keys, n), &fresh);

    if (!slot || !fresh)
        return false;
    *slot = value;
    if (n == 1)
        set(lexicon, bit_of_run(keys[0]));
    else
        set(lexicon, bit_of_pair(keys[0], keys[1]));
    for (uint32_t i = 2; i <= n; i++)
        set(lexicon, bit_of_run(token_ngram(keys, i)));
    return true;
}

bool lexicon_add(struct lexicon *lexicon, struct str phrase, uint32_t value, struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    struct tokens tokens = tokens_of(nfc_text(phrase, scratch, NULL), scratch);
    uint32_t n = tokens.n < LEXICON_LONGEST ? tokens.n : LEXICON_LONGEST;
    bool added = n && add_keys(lexicon, tokens.folded, n, value);

    arena_rewind(scratch, mark);
    return added;
}

/* The longest phrase that starts at syllable `at`. */
static bool longest_at(const struct lexicon *lexicon, const struct tokens *tokens, uint32_t at,
                       struct lexicon_hit *hit)
{
    uint64_t keys[LEXICON_LONGEST], key = tokens->folded[at]; /* grows as token_ngram() would */
    uint32_t n = 0;

    do {
        keys[n++] = key;
        if (n == LEXICON_LONGEST || at + n == tokens->n ||
            tokens->sentence[at + n] != tokens->sentence[at])
            break;
        key = hash_pair(key, tokens->folded[at + n]);
    } while (is_set(lexicon, bit_of_run(key)));
    for (; n > 0; n--) {
        const uint64_t *value = NULL;

        if (is_set(lexicon, bit_of_run(keys[n - 1])))
            value = map_find(&lexicon->phrases, keys[n - 1]);
        if (value) {
            *hit = (struct lexicon_hit){(uint32_t)*value, at, n};
            return true;
        }
    }
    return false;
}

bool lexicon_next(const struct lexicon *lexicon, const struct tokens *tokens, uint32_t from,
                  struct lexicon_hit *hit)
{
    const uint64_t *folded = tokens->folded;

    for (uint32_t at = from; at < tokens->n; at++) {
        uint64_t second = at + 1 < tokens->n ? folded[at + 1] : 0;
        uint32_t may = (uint32_t)is_set(lexicon, bit_of_run(folded[at])) |
                       (uint32_t)is_set(lexicon, bit_of_pair(folded[at], second));

        if (may && longest_at(lexicon, tokens, at, hit))
            return true;
    }
    return false;
}
