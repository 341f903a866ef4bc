/* library.c - any bytes through every public function: valid UTF-8 out, places in order and inside,
 * normalising twice is normalising once. */
#include <soundings.h>

#include "base/err.h"
#include "base/utf8.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef enum sdg_code text_function(const char *text, size_t n, struct sdg_room *room,
                                    struct sdg_text *out);

static void check_syllables(const char *text, size_t n, struct sdg_room *room)
{
    struct sdg_syllables syllables;
    size_t end = 0;

    MUST(sdg_syllables(text, n, room, &syllables) == SDG_OK);
    for (size_t i = 0; i < syllables.n; i++) {
        const struct sdg_syllable *at = &syllables.at[i];

        MUST(at->offset >= end && at->length > 0);
        end = at->offset + at->length;
        MUST(end <= n && at->key != 0 && at->folded.n > 0 && at->folded.p[at->folded.n] == '\0');
        MUST(utf8_valid((struct str){at->folded.p, at->folded.n}));
    }
}

static struct sdg_text check_text(text_function *function, const char *text, size_t n,
                                  struct sdg_room *room)
{
    struct sdg_text out;

    MUST(function(text, n, room, &out) == SDG_OK);
    MUST(utf8_valid((struct str){out.p, out.n}) && out.p[out.n] == '\0');
    return out;
}

/* Twice is once.  (Lower case is not: a capital may look like no Latin letter, and its small one
 * may.) */
static void check_normal(const char *text, size_t n, struct sdg_room *room)
{
    struct sdg_text once = check_text(sdg_normalise, text, n, room),
                    twice = check_text(sdg_normalise, once.p, once.n, room);

    MUST(once.n == twice.n && memcmp(once.p, twice.p, once.n) == 0);
}

static void check_places(size_t offset, size_t length, size_t *end, const struct sdg_text *text)
{
    MUST(offset >= *end && offset + length <= text->n);
    *end = offset + length;
    MUST(utf8_valid((struct str){text->p + offset, length}));
}

static void check_models(const struct sdg *sdg, const char *text, size_t n, struct sdg_room *room)
{
    struct sdg_restored restored;
    struct sdg_words words;
    size_t end = 0;

    MUST(sdg_words(sdg, text, n, room, &words) == SDG_OK);
    for (size_t i = 0; i < words.n; i++)
        check_places(words.at[i].offset, words.at[i].length, &end, &words.text);
    MUST(sdg_restore(sdg, text, n, SDG_MARKS | SDG_SHORTHAND, room, &restored) == SDG_OK);
    MUST(utf8_valid((struct str){restored.restored.p, restored.restored.n}));
    end = 0;
    for (size_t i = 0; i < restored.n; i++)
        check_places(restored.at[i].offset, restored.at[i].length, &end, &restored.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct sdg *sdg;
    const char *text = (const char *)data;
    struct sdg_language language;
    struct sdg_room *room;
    struct sdg_text out;

    if (!sdg)
        MUST(sdg_open(SDG_ALL, &sdg) == SDG_OK);
    MUST(sdg_room_open(0, &room) == SDG_OK);
    check_syllables(text, size, room);
    check_normal(text, size, room);
    check_text(sdg_lower, text, size, room);
    out = check_text(sdg_fold, text, size, room);
    check_syllables(out.p, out.n, room);
    MUST(sdg_language(sdg, text, size, room, &language) == SDG_OK);
    MUST(memchr(language.tag, '\0', sizeof language.tag) && language.confidence >= 0);
    check_models(sdg, text, size, room);
    for (int writer = SDG_PERSON; writer <= SDG_PUBLICATION; writer++)
        MUST(sdg_redact(text, size, (enum sdg_writer)writer, room, &out) == SDG_OK &&
             utf8_valid((struct str){out.p, out.n}));
    sdg_room_close(room);
    return 0;
}
