/* token.h - a text as a run of syllables, each hashed once; every later stage works on these.
 *
 * A syllable is a maximal run of letters, marks and digits (UAX #29 would split the same in
 * Vietnamese); anything else separates.  A typed placeholder of redaction ("[SĐT]") is no syllable,
 * and neither is a URL.  `sentence` counts up at . ! ? ; : , newline and brackets, so that phrases
 * never run across them.  In scripts without spaces (Han, Kana, Thai, Lao, Khmer, Myanmar) every
 * character (with its marks) is a syllable.
 * Cost: one pass, about 8 bytes of array a byte of text at worst.  Pure.
 */
#ifndef TEXT_TOKEN_H
#define TEXT_TOKEN_H

#include "base/arena.h"
#include "base/utf8.h"

/* What redaction leaves in the place of an identifier. */
enum placeholder {
    PLACEHOLDER_PHONE,     /* [SĐT] */
    PLACEHOLDER_EMAIL,     /* [EMAIL] */
    PLACEHOLDER_HANDLE,    /* [TÀI KHOẢN] */
    PLACEHOLDER_ID,        /* [CCCD] */
    PLACEHOLDER_TAX,       /* [MST] */
    PLACEHOLDER_INSURANCE, /* [BHXH] */
    PLACEHOLDER_PASSPORT,  /* [HỘ CHIẾU] */
    PLACEHOLDER_LICENCE,   /* [GPLX] */
    PLACEHOLDER_PLATE,     /* [BIỂN SỐ] */
    PLACEHOLDER_ACCOUNT,   /* [STK] */
    PLACEHOLDER_CARD,      /* [THẺ] */
    PLACEHOLDER_ADDRESS,   /* [ĐỊA CHỈ] */
    PLACEHOLDER_BIRTH,     /* [NGÀY SINH] */
    PLACEHOLDER_NAME,      /* [TÊN] */
    PLACEHOLDERS
};
extern const struct str placeholders[PLACEHOLDERS];
/* Length of the placeholder that stands at `at`; 0 when there is none. */
size_t placeholder_at(struct str s, size_t at);

struct tokens {
    uint32_t n;
    uint64_t *folded;   /* [n] hash of the folded syllable: the matching key; never 0 */
    uint32_t *offset;   /* [n] where the syllable stands in the text, bytes */
    uint16_t *length;   /* [n] bytes, at most 65,535 (longer runs are cut there) */
    uint16_t *sentence; /* [n] number of the sentence part; saturates */
    bool *inside;       /* [n] it goes on the word of the one before; NULL: nobody looked */
    uint64_t doubled;   /* bit i % 64: syllable i may have a letter twice in a row, whatever its
                           marks; else it has none of the letters that Vietnamese is written with */
};

/* Arrays live in `batch`. */
struct tokens tokens_of(struct text text, struct arena *batch);
/* How many a text has at most: each of a syllable and a separator, or of three bytes of Han. */
static inline size_t tokens_most(struct text text)
{
    return text.n / 2 + 1;
}
/* The same tokens with their arrays one behind the other, TOKEN_BYTES a token, from `room` on;
 * where they stood may be there, or behind it in the order of the struct. */
enum { TOKEN_BYTES = sizeof(uint64_t) + sizeof(uint32_t) + 2 * sizeof(uint16_t) + sizeof(bool) };
struct tokens tokens_together(const struct tokens *tokens, void *room);
/* Whether the code point is of a script that writes no spaces between words. */
bool token_stands_alone(uint32_t cp);
/* Key of one folded syllable given as written, for tables: the same hash that tokens_of gives; 0
 * when it is no syllable. */
uint64_t token_key(struct str syllable, struct arena *scratch);
/* Key of the n-gram made of n > 0 keys.  One key is its own; key(1..n) = hash_pair(key(1..n-1), n),
 * so that growing runs are cheap. */
uint64_t token_ngram(const uint64_t *keys, uint32_t n);

#endif
