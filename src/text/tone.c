/* tone.c - moving tone marks; see tone.h. */
#include "text/tone.h"

#include "text/fold.h"

#include "base/utf8.h"

#include <string.h>

enum { WORD_BYTES = SYLLABLE_LETTERS * 3 };

static bool is_tail(struct str s, size_t at)
{
    return ((unsigned char)s.p[at] & 0xC0) == 0x80;
}

/* Whether a character of a word stands at *at, which moves behind it. */
static bool passes_letter(struct str s, size_t *at)
{
    unsigned char byte = (unsigned char)s.p[*at];

    if (byte < 0x80) {
        ++*at;
        return fold_table[byte] != FOLD_SEPARATOR;
    }
    return fold_is_word(utf8_next(s, at, NULL));
}

/* The word around `at`; empty when there is none, or when it is too long for a syllable. */
static struct str word_around(struct str s, size_t at)
{
    size_t start = at, end = at;

    while (start > 0) {
        size_t before = start - 1, next;

        while (before > 0 && start - before < 4 && is_tail(s, before))
            before--;
        next = before;
        if (!passes_letter(s, &next))
            break;
        if (at - before > WORD_BYTES)
            return (struct str){NULL, 0};
        start = before;
    }
    for (size_t next = at; next < s.n && end - start <= WORD_BYTES; end = next)
        if (!passes_letter(s, &next))
            break;
    return str_part(s, start, end - start);
}

/* Two plain vowels that end the word, the mark on the second: Romance languages write so too. */
static bool is_common_elsewhere(const struct syllable *syllable, uint8_t place)
{
    const char *rime = syllable->shape + place;

    return place == syllable->onset && syllable->toned == place + 1 &&
           syllable->letters == place + 2 && rime[0] >= 'a' && rime[1] >= 'a' &&
           strcmp(rime, "oa") != 0 && strcmp(rime, "oe") != 0 && strcmp(rime, "uy") != 0;
}

/* The syllable with its mark where it belongs; returns the length. */
static size_t put_moved(char *out, const struct syllable *syllable)
{
    uint8_t place = syllable_tone_place(syllable);
    size_t n = 0;

    for (uint8_t i = 0; i < syllable->letters; i++)
        n += utf8_put(out + n,
                      i == place || i == syllable->toned
                          ? syllable_with_tone(syllable->letter[i], i == place ? syllable->tone : 0)
                          : syllable->letter[i]);
    return n;
}

enum tone_move tone_moves(struct str s, size_t at, struct tone_word *out)
{
    struct str word = word_around(s, at);
    struct syllable syllable;
    uint8_t place;

    if (word.n == 0 || word.n > WORD_BYTES || !syllable_read(word, &syllable) || !syllable.tone)
        return TONE_STAYS;
    place = syllable_tone_place(&syllable);
    if (syllable.toned == place)
        return TONE_STAYS;
    out->start = (size_t)(word.p - s.p);
    out->end = out->start + word.n;
    out->n = put_moved(out->moved, &syllable);
    return is_common_elsewhere(&syllable, place) ? TONE_MOVES_IN_VIETNAMESE : TONE_MOVES;
}

bool tone_is_vietnamese(struct str s)
{
    for (size_t at = utf8_ascii_prefix(s); at + 1 < s.n; at++) {
        unsigned char lead = (unsigned char)s.p[at], next = (unsigned char)s.p[at + 1];

        if ((lead == 0xE1 && (next == 0xBB || (next == 0xBA && at + 2 < s.n &&
                                               (unsigned char)s.p[at + 2] >= 0xA0))) ||
            (lead == 0xC4 && (next == 0x82 || next == 0x83 || next == 0x90 || next == 0x91)) ||
            (lead == 0xC6 && (next == 0xA0 || next == 0xA1 || next == 0xAF || next == 0xB0)))
            return true;
    }
    return false;
}
