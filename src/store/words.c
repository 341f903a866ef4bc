/* words.c - folded words of what may be seen, and of queries; see words.h. */
#include "store/words.h"

#include "base/buf.h"
#include "text/fold.h"
#include "text/nfc.h"
#include "text/token.h"

#include <string.h>

enum { QUERY_WORDS_MAX = 32 };

struct str words_folded(struct str raw, struct arena *arena)
{
    struct text text = nfc_text(raw, arena, NULL);
    struct tokens tokens = tokens_of(text, arena);
    size_t room = 1, n = 0;
    char *out;

    for (uint32_t i = 0; i < tokens.n; i++)
        room += fold_text((struct str){text.p + tokens.offset[i], tokens.length[i]}, arena).n + 1;
    out = arena_alloc(arena, room);
    for (uint32_t i = 0; i < tokens.n; i++) {
        struct str folded =
            fold_text((struct str){text.p + tokens.offset[i], tokens.length[i]}, arena);

        if (n)
            out[n++] = ' ';
        memcpy(out + n, folded.p, folded.n);
        n += folded.n;
    }
    return (struct str){out, n};
}

static struct str joined(const struct text *parts, size_t n, struct arena *arena)
{
    size_t room = 1, at = 0;
    char *out;

    for (size_t i = 0; i < n; i++)
        room += parts[i].n + 1;
    out = arena_alloc(arena, room);
    for (size_t i = 0; i < n; i++) {
        if (parts[i].n)
            memcpy(out + at, parts[i].p, parts[i].n);
        at += parts[i].n;
        out[at++] = '\n';
    }
    return (struct str){out, at};
}

struct str words_of_story(const struct story_row *story, struct arena *arena)
{
    struct text parts[STORY_PHRASES];

    for (uint32_t i = 0; i < story->phrase_count; i++)
        parts[i] = story->phrases[i].text;
    return words_folded(joined(parts, story->phrase_count, arena), arena);
}

struct str words_of_publication(const struct publication *publication, struct arena *arena)
{
    struct text parts[2] = {publication->title, publication->summary};

    return words_folded(joined(parts, 2, arena), arena);
}

struct str words_expression(struct str query, struct arena *arena)
{
    struct str rest = words_folded(query, arena);
    char *out = arena_alloc(arena, rest.n * 2 + 4 * (size_t)QUERY_WORDS_MAX + 2);
    size_t n = 0;

    if (!rest.n)
        return (struct str){out, 0};
    for (int i = 0; rest.p && i < QUERY_WORDS_MAX; i++) {
        struct str word = str_cut(&rest, ' ');

        out[n++] = '"';
        for (size_t at = 0; at < word.n; at++) {
            if (word.p[at] == '"')
                out[n++] = '"';
            out[n++] = word.p[at];
        }
        out[n++] = '"';
        out[n++] = ' ';
    }
    out[n - 1] = '*';
    return (struct str){out, n};
}
