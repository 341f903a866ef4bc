/* example.c - grep that reads Vietnamese: lines with some words in a row, whatever the diacritics.
 *     cc example.c $(pkg-config --cflags --libs soundings) -o seek
 *     ./seek "ngap nuoc" <reports.txt        # also finds "Ngập nước" and "NGẬP NƯỚC"
 * Writes the language of each such line, and the line without phone numbers and the like. */
#include <soundings.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void need(enum sdg_code code)
{
    if (code != SDG_OK) {
        fprintf(stderr, "seek: %s\n", sdg_message(code));
        exit(1);
    }
}

/* Whether the syllables of `words` stand in `line`, one behind the other. */
static int holds(const struct sdg_syllables *line, const struct sdg_syllables *words)
{
    for (size_t from = 0; from + words->n <= line->n; from++) {
        size_t same = 0;

        while (same < words->n && line->at[from + same].key == words->at[same].key)
            same++;
        if (same == words->n)
            return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct sdg_room *words_room, *room; /* one for what stays, one for a line */
    struct sdg *sdg;
    struct sdg_syllables words, syllables;
    char line[65536];

    need(sdg_open(SDG_LANGUAGES, &sdg));
    need(sdg_room_open(0, &words_room));
    need(sdg_room_open(0, &room));
    need(sdg_syllables(argv[1], argc > 1 ? strlen(argv[1]) : 0, words_room, &words));
    for (; fgets(line, sizeof line, stdin); sdg_room_clear(room)) {
        struct sdg_language language;
        struct sdg_text shown;

        need(sdg_syllables(line, strlen(line), room, &syllables));
        if (!holds(&syllables, &words))
            continue;
        need(sdg_language(sdg, line, strlen(line), room, &language));
        need(sdg_redact(line, strlen(line), SDG_PERSON, room, &shown));
        printf("%s\t%s", language.tag, shown.p);
    }
    sdg_room_close(room);
    sdg_room_close(words_room);
    sdg_close(sdg);
    return 0;
}
