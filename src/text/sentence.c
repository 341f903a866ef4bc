/* sentence.c - where sentences end; see sentence.h. */
#include "text/sentence.h"

/* Quotes and brackets that close; a straight quote does when no space stands before it. */
static bool closes(struct text text, const struct pieces *pieces, uint32_t i)
{
    static const struct str signs[] = {STR(")"),  STR("]"),  STR("”"),  STR("’"), STR("»"),
                                       STR("」"), STR("』"), STR("\""), STR("'")};
    struct str sign = {text.p + pieces->offset[i], pieces->length[i]};

    if (pieces->look[i] != PIECE_SIGN || (pieces->space[i] & PIECE_SPACED))
        return false;
    for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
        if (str_starts(sign, signs[k]))
            return true;
    return false;
}

/* Whether a new sentence begins with piece i > 0; `ended`: the one before has a sign at its end. */
static bool begins(const struct pieces *pieces, uint32_t i, bool ended)
{
    if (pieces->space[i] & PIECE_BROKEN)
        return true;
    return ended && pieces->look[i] != PIECE_LOW && pieces->look[i] < PIECE_END;
}

struct sentences sentences_of(struct text text, const struct pieces *pieces, struct arena *batch)
{
    struct sentences out = {.offset = arena_array(batch, pieces->n, sizeof *out.offset),
                            .length = arena_array(batch, pieces->n, sizeof *out.length)};
    bool ended = false;

    for (uint32_t i = 0, start = 0; i < pieces->n; i++) {
        ended = pieces->look[i] == PIECE_END || (ended && closes(text, pieces, i));
        if (i + 1 < pieces->n &&
            !(begins(pieces, i + 1, ended) && !(ended && closes(text, pieces, i + 1))))
            continue;
        out.offset[out.n] = pieces->offset[start];
        out.length[out.n++] = pieces->offset[i] + pieces->length[i] - pieces->offset[start];
        start = i + 1;
    }
    return out;
}
