/* lexicon.c - phrases of a fixed list by n-gram keys; see lexicon.h. */
#include "text/lexicon.h"

#include "text/nfc.h"

void lexicon_init(struct lexicon *lexicon, size_t max_phrases)
{
    map_init(&lexicon->phrases, max_phrases);
    map_init(&lexicon->starts, max_phrases);
}

void lexicon_free(struct lexicon *lexicon)
{
    map_free(&lexicon->phrases);
    map_free(&lexicon->starts);
}

static bool add_keys(struct lexicon *lexicon, const uint64_t *keys, uint32_t n, uint32_t value)
{
    bool fresh;
    uint64_t *slot = map_put(&lexicon->phrases, token_ngram(keys, n), &fresh);

    if (!slot || !fresh)
        return false;
    *slot = value;
    slot = map_put(&lexicon->starts, keys[0], NULL);
    if (!slot) {
        map_remove(&lexicon->phrases, token_ngram(keys, n));
        return false;
    }
    if (*slot < n)
        *slot = n;
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

/* The longest phrase that starts at syllable `at`; `longest` bounds its length. */
static bool longest_at(const struct lexicon *lexicon, const struct tokens *tokens, uint32_t at,
                       uint32_t longest, struct lexicon_hit *hit)
{
    uint64_t keys[LEXICON_LONGEST], *value;
    uint32_t n = 0;

    for (; n < longest && at + n < tokens->n && tokens->sentence[at + n] == tokens->sentence[at];
         n++)
        keys[n] = n ? token_ngram((uint64_t[]){keys[n - 1], tokens->folded[at + n]}, 2)
                    : tokens->folded[at];
    for (; n > 0; n--) {
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
    const uint64_t *longest;

    for (uint32_t at = from; at < tokens->n; at++) {
        longest = map_find(&lexicon->starts, tokens->folded[at]);
        if (longest && longest_at(lexicon, tokens, at, (uint32_t)*longest, hit))
            return true;
    }
    return false;
}
