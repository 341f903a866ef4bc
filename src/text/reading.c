/* reading.c - from readings to suggestions, and to a text; see reading.h. */
#include "text/reading.h"

#include "text/fold.h"

#include <string.h>
#include <unicode/uchar.h>

enum { HANDLE_MAX = 32 }; /* bytes that are looked at */

/* Part of a handle or an address: a letter, a digit, or what stands among them there. */
static bool is_joint(char c)
{
    return (unsigned char)c >= 0x80 || c == '.' || c == '_' || c == '-' || (c >= '0' && c <= '9') ||
           ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

bool reading_is_bound(struct text text, uint32_t offset, uint32_t length)
{
    size_t from = offset, to = (size_t)offset + length;

    while (from > 0 && offset - from < HANDLE_MAX && is_joint(text.p[from - 1]))
        from--;
    while (to < text.n && to - offset - length < HANDLE_MAX && is_joint(text.p[to]))
        to++;
    return (from > 0 && (text.p[from - 1] == '@' || text.p[from - 1] == '#')) ||
           (to < text.n && text.p[to] == '@') || (offset > 0 && text.p[offset - 1] == '_') ||
           ((size_t)offset + length < text.n && text.p[offset + length] == '_');
}

struct str reading_in_case(struct str word, struct str as, struct arena *batch)
{
    uint32_t letters = 0, capitals = 0, cp;
    bool first = false;
    size_t n = 0;
    char *out;

    for (size_t at = 0; at < as.n; letters++) {
        cp = utf8_next(as, &at, NULL);
        capitals += fold_case(cp) != cp;
        first = first || (capitals && !letters);
    }
    if (!first)
        return word;
    out = arena_alloc(batch, 2 * word.n + 1); /* no letter of ours grows beyond that */
    for (size_t at = 0; at < word.n;) {
        cp = utf8_next(word, &at, NULL);
        if (!n || (capitals == letters && letters > 1))
            cp = (uint32_t)u_toupper((UChar32)cp);
        n += utf8_put(out + n, cp);
    }
    return (struct str){out, n};
}

struct suggestions reading_suggest(const struct readings *readings, struct arena *batch)
{
    const struct tokens *tokens = &readings->tokens;
    struct suggestions suggestions = {.v =
                                          arena_array(batch, tokens->n, sizeof(struct suggestion))};

    for (uint32_t i = 0; i < tokens->n; i++)
        if (readings->of[i].text.n)
            suggestions.v[suggestions.n++] =
                (struct suggestion){tokens->offset[i], tokens->length[i], readings->of[i].text};
    return suggestions;
}

struct text reading_apply(struct text text, const struct suggestions *suggestions,
                          struct arena *batch)
{
    size_t room = text.n + 1, n = 0, done = 0;
    char *out;

    for (uint32_t i = 0; i < suggestions->n; i++)
        room += suggestions->v[i].text.n;
    out = arena_alloc(batch, room);
    for (uint32_t i = 0; i < suggestions->n; i++) {
        const struct suggestion *suggestion = &suggestions->v[i];

        memcpy(out + n, text.p + done, suggestion->offset - done);
        n += suggestion->offset - done;
        memcpy(out + n, suggestion->text.p, suggestion->text.n);
        n += suggestion->text.n;
        done = suggestion->offset + suggestion->length;
    }
    if (done < text.n)
        memcpy(out + n, text.p + done, text.n - done);
    return (struct text){out, n + text.n - done};
}
