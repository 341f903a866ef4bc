/* tone.c - moving tone marks; see tone.h. */
#include "text/tone.h"

#include "text/fold.h"
#include "text/syllable.h"

#include "base/utf8.h"

#include <string.h>

enum { ONSET_BYTES = 3 }; /* ASCII, or đ and no more */

/* Where the word begins that holds the letter at `at`; SIZE_MAX when that is too far for a
 * syllable. */
static size_t word_start(struct str s, size_t at)
{
    size_t start = at;

    while (start > 0) {
        size_t before = start - 1, next;

        while (before > 0 && start - before < 4 && ((unsigned char)s.p[before] & 0xC0) == 0x80)
            before--;
        next = before;
        if (!fold_is_word(utf8_next(s, &next, NULL)))
            return start;
        if (at - before > ONSET_BYTES)
            return SIZE_MAX;
        start = before;
    }
    return start;
}

/* The syllable around the o or u at `at` when its mark has to move from its last letter to that
 * one; *start and *end are its bounds. */
static bool find_move(struct str s, size_t at, struct syllable *syllable, size_t *start,
                      size_t *end)
{
    size_t next = at + 1, after;

    if (next == s.n || (unsigned char)s.p[next] < 0x80)
        return false;
    utf8_next(s, &next, NULL);
    after = next;
    if (after < s.n && fold_is_word(utf8_next(s, &after, NULL)))
        return false;
    *end = next;
    *start = word_start(s, at);
    if (*start == SIZE_MAX || !syllable_read(str_part(s, *start, next - *start), syllable))
        return false;
    return syllable->tone && syllable->letters == syllable->onset + 2 &&
           syllable->toned == syllable->onset + 1 &&
           (strcmp(syllable->shape + syllable->onset, "oa") == 0 ||
            strcmp(syllable->shape + syllable->onset, "oe") == 0 ||
            strcmp(syllable->shape + syllable->onset, "uy") == 0);
}

bool tone_moves(struct str s, size_t at)
{
    struct syllable syllable;
    size_t start, end;

    return find_move(s, at, &syllable, &start, &end);
}

struct str tone_place(struct str s, struct arena *batch, uint32_t *repairs)
{
    char *out = arena_alloc(batch, s.n + s.n / 2 + 4); /* oá, three bytes, becomes óa or ọa, four */
    size_t n = 0, done = 0, start, end;
    struct syllable syllable;

    for (size_t at = 0; at + 1 < s.n; at++) {
        if (((s.p[at] | 0x20) != 'o' && (s.p[at] | 0x20) != 'u') ||
            !find_move(s, at, &syllable, &start, &end))
            continue;
        memcpy(out + n, s.p + done, at - done);
        n += at - done;
        n += utf8_put(out + n, syllable_with_tone(syllable.letter[syllable.onset], syllable.tone));
        n += utf8_put(out + n, syllable_with_tone(syllable.letter[syllable.onset + 1], 0));
        done = end;
        ++*repairs;
    }
    memcpy(out + n, s.p + done, s.n - done);
    return (struct str){out, n + s.n - done};
}
