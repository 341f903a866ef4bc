/* lexicon.h - finds phrases of a fixed list in a text, whatever the case and the diacritics.
 *
 * Method: every phrase is the hash of its folded syllables (token.h); at each syllable of a text
 * the n-grams from the longest downwards are looked up; the longest hit wins and is jumped over. A
 * phrase may be listed with several values; the first stays.  Cost: usually two bits a syllable
 * (a screen tells which pairs may begin a phrase), at most LEXICON_LONGEST look-ups.  Pure.
 */
#ifndef TEXT_LEXICON_H
#define TEXT_LEXICON_H

#include "base/map.h"
#include "text/token.h"

enum { LEXICON_LONGEST = 8 };      /* syllables in a phrase; longer ones are cut */
enum { LEXICON_SCREEN = 1 << 15 }; /* bits: they stay in a first-level cache */

struct lexicon {
    struct map phrases;                   /* n-gram key -> value */
    uint64_t screen[LEXICON_SCREEN / 64]; /* see lexicon.c */
};

void lexicon_init(struct lexicon *lexicon, size_t max_phrases);
void lexicon_free(struct lexicon *lexicon);
/* value > 0.  False when the phrase has no syllable, is listed already, or the lexicon is full. */
bool lexicon_add(struct lexicon *lexicon, struct str phrase, uint32_t value, struct arena *scratch);

struct lexicon_hit {
    uint32_t value, token, length; /* first syllable of the hit, and how many */
};
/* The first hit at or after syllable `from`; false when there is none.  Exact-diacritics matching
 * is the caller's business (it has the offsets). */
bool lexicon_next(const struct lexicon *lexicon, const struct tokens *tokens, uint32_t from,
                  struct lexicon_hit *hit);

#endif
