/* spans.c - syllables whose places hold in the bytes that came; see spans.h.
 *
 * Repairs move bytes, places may not.  So what is ill-formed is overwritten by spaces, which keeps
 * every place, and syllables are found in that.  Folding drops what composing joins, so the keys
 * are right already for all Latin text, composed or not.  What is left are Hangul in parts,
 * characters without width and look-alikes: a piece of text that holds any is repaired and read a
 * second time, and the keys of the second reading take the places of the first.
 */
#include "text/spans.h"

#include "text/fold.h"
#include "text/nfc.h"
#include "text/normalise.h"
#include "text/skeleton.h"
#include "text/token.h"

#include <string.h>

/* Whether tokens_of would jump over something: a URL, or what redaction left. */
static bool holds_jumps(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (c == '[' || (c == ':' && i + 1 < s.n && s.p[i + 1] == '/') ||
            (c == '.' && i > 0 && (s.p[i - 1] | 0x20) == 'w'))
            return true;
    }
    return false;
}

/* The same length, with spaces for ill-formed bytes and for what makes tokens_of jump. */
static struct str same_length(struct str s, struct arena *batch)
{
    char *out = arena_copy(batch, s.p, s.n);

    for (size_t at = 0, start = 0; at < s.n; start = at) {
        bool sound = true;
        uint32_t cp = utf8_next(s, &at, &sound);

        if (!sound || cp == '[' || cp == ':' || cp == '.')
            memset(out + start, ' ', at - start);
    }
    return (struct str){out, s.n};
}

static bool is_piece(unsigned char c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* The next piece at or behind *at that is not all ASCII; moves *at behind it.  False at the end. */
static bool next_piece(struct str s, size_t *at, struct str *piece)
{
    while (*at < s.n) {
        size_t start = *at;
        bool ascii = true;

        for (; *at < s.n && is_piece((unsigned char)s.p[*at]); ++*at)
            ascii = ascii && (unsigned char)s.p[*at] < 0x80;
        if (!ascii) {
            *piece = str_part(s, start, *at - start);
            return true;
        }
        ++*at;
    }
    return false;
}

/* The piece as it shows: composed, without what has no width, in the letters it looks like. */
static struct text as_shown(struct str piece, struct arena *batch)
{
    struct skeleton_counts counts = {0};
    struct text composed = nfc_text(piece, batch, NULL);

    return nfc_text(skeleton_text((struct str){composed.p, composed.n}, batch, &counts), batch,
                    NULL);
}

/* The syllables of valid `text`, folded into memory of `batch`. */
static struct spans read_syllables(struct text text, struct arena *batch)
{
    struct tokens tokens = tokens_of(text, batch);
    struct span *spans = arena_array(batch, tokens.n, sizeof *spans);
    char *folded = arena_alloc(batch, 2 * text.n + tokens.n); /* twice as long, and a NUL each */

    for (uint32_t i = 0; i < tokens.n; i++) {
        struct str syllable = {text.p + tokens.offset[i], tokens.length[i]};
        size_t n = fold_into(syllable, folded);

        spans[i] = (struct span){tokens.offset[i], tokens.length[i], tokens.folded[i], {folded, n}};
        folded += n + 1;
    }
    return (struct spans){spans, tokens.n};
}

/* spans[from..n) are those of `piece` as it was written; reads it as it shows.  Returns the new n:
 * a word that was cut in parts by characters without width becomes one. */
static size_t read_again(struct str piece, struct span *spans, size_t from, size_t n,
                         struct arena *batch)
{
    struct text shown = as_shown(piece, batch);
    struct spans again;

    if (str_eq(piece, (struct str){shown.p, shown.n}))
        return n;
    again = read_syllables(shown, batch);
    if (again.n == 1 && n - from > 1) {
        spans[from].length = spans[n - 1].offset + spans[n - 1].length - spans[from].offset;
        n = from + 1;
    }
    if (again.n != n - from)
        return n; /* which belongs to which cannot be told: what was written stays */
    for (size_t i = 0; i < again.n; i++) {
        spans[from + i].key = again.at[i].key;
        spans[from + i].folded = again.at[i].folded;
    }
    return n;
}

/* Reads every piece again that may show something else than it holds. */
static void read_pieces(struct str s, struct spans *spans, struct arena *batch)
{
    struct str piece;
    size_t kept = 0, next = 0;

    for (size_t at = 0; next_piece(s, &at, &piece);) {
        size_t from, start = (size_t)(piece.p - s.p);

        while (next < spans->n && spans->at[next].offset < start)
            spans->at[kept++] = spans->at[next++];
        from = kept;
        while (next < spans->n && spans->at[next].offset < at)
            spans->at[kept++] = spans->at[next++];
        if (kept > from)
            kept = read_again(piece, spans->at, from, kept, batch);
    }
    while (next < spans->n)
        spans->at[kept++] = spans->at[next++];
    spans->n = kept;
}

struct spans spans_of(struct str bytes, struct arena *batch)
{
    struct normalise_counts counts = {{0}};
    struct text normal = normalise_text(bytes, batch, &counts);
    bool as_meant = normal.p == bytes.p && normal.n == bytes.n; /* a view: nothing changed */
    struct str s = bytes;
    struct spans spans;

    if ((!as_meant && !utf8_valid(bytes)) || holds_jumps(bytes))
        s = same_length(bytes, batch);
    /* Valid it is; where it is not composed it folds as if it were. */
    spans = read_syllables((struct text){s.p, s.n}, batch);
    if (!as_meant)
        read_pieces(s, &spans, batch);
    return spans;
}
