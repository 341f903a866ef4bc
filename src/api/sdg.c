/* sdg.c - the public functions of include/soundings.h.
 *
 * Each is the work of a function of text/ or intake/ on the arena of a room.  These cannot fail
 * but for memory, and know nothing of codes: when an arena is full it jumps back to `perform`,
 * which undoes the call and says so.  They own nothing but arenas, so nothing is lost on the way.
 *
 * ICU makes its tables at their first use, where running out of memory would be found too late; so
 * opening a room asks for them.
 */
#include <soundings.h>

#include "base/embedded.h"
#include "intake/redact.h"
#include "text/fold.h"
#include "text/language.h"
#include "text/nfc.h"
#include "text/normalise.h"
#include "text/restore.h"
#include "text/segment.h"
#include "text/shorthand.h"
#include "text/spans.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>

enum { MODELS_MAX = 256 << 20, LANGUAGE_LOOKS = 4 * LANGUAGE_READS };
static const size_t default_max = (size_t)1 << 30;

struct sdg_room {
    struct arena batch;
};

/* What was not asked for is NULL. */
struct models {
    const struct language_model *languages;
    const struct shorthand *shorthand;
    const struct restore_model *marks;
    const struct segmenter *words;
};

struct sdg {
    struct arena process;
    struct models models;
};

/* One call: what is asked, and what comes of it. */
struct call {
    struct str text;
    struct arena *batch;
    unsigned what; /* of sdg_open and sdg_restore: their flags */
    enum redact_scope scope;
    struct models models;
    struct sdg_text result;
    struct sdg_syllables syllables;
    struct language_guess guess;
    struct sdg_words words;
    struct sdg_restored restored;
    enum sdg_code code;
};

typedef void work_fn(struct call *call);

/* Runs `work`; an arena that is full ends it here. */
static enum sdg_code perform(struct call *call, work_fn *work)
{
    struct arena_mark mark = arena_mark(call->batch);
    jmp_buf back;

    if (call->text.n > SDG_LONGEST)
        return SDG_TOO_LONG;
    call->batch->way_out = &back;
    /* lint: banned: the one place to which a full arena comes back, see arena.h */
    if (setjmp(back)) {
        arena_rewind(call->batch, mark);
        call->code = SDG_NOMEM;
    } else {
        work(call);
    }
    call->batch->way_out = NULL;
    return call->code;
}

static enum sdg_code text_of(struct call *call, work_fn *work, struct sdg_text *out)
{
    enum sdg_code code = perform(call, work);

    if (code == SDG_OK)
        *out = call->result;
    return code;
}

/* A text as the caller gets it: in the room, with a NUL. */
static struct sdg_text in_room(struct call *call, struct str text)
{
    return (struct sdg_text){arena_copy(call->batch, text.p, text.n), text.n};
}

const char *sdg_message(enum sdg_code code)
{
    switch (code) {
    case SDG_OK:
        return "done";
    case SDG_NOMEM:
        return "out of memory, or the room is full";
    case SDG_TOO_LONG:
        return "the text is longer than SDG_LONGEST";
    case SDG_BROKEN:
        return "the data inside the library cannot be read";
    case SDG_CLOSED:
        return "the model that this needs was not opened";
    }
    return "no code of this library";
}

const char *sdg_version(void)
{
    return SDG_VERSION;
}

enum sdg_code sdg_room_open(size_t max, struct sdg_room **out)
{
    UErrorCode status = U_ZERO_ERROR;
    struct sdg_room *room;

    unorm2_getNFCInstance(&status);
    unorm2_getNFKCInstance(&status);
    if (U_FAILURE(status))
        return SDG_NOMEM;
    room = malloc(sizeof *room);
    if (!room)
        return SDG_NOMEM;
    arena_init(&room->batch, "batch", max ? max : default_max);
    *out = room;
    return SDG_OK;
}

void sdg_room_clear(struct sdg_room *room)
{
    arena_reset(&room->batch);
}

void sdg_room_close(struct sdg_room *room)
{
    if (room)
        arena_free(&room->batch);
    free(room);
}

static struct text normal(struct call *call)
{
    struct normalise_counts counts = {{0}};

    return normalise_text(call->text, call->batch, &counts);
}

static void normalise(struct call *call)
{
    struct text text = normal(call);

    call->result = in_room(call, (struct str){text.p, text.n});
}

enum sdg_code sdg_normalise(const char *text, size_t n, struct sdg_room *room, struct sdg_text *out)
{
    struct call call = {.text = {text, n}, .batch = &room->batch};

    return text_of(&call, normalise, out);
}

static void fold(struct call *call)
{
    struct text text = normal(call);
    struct str folded = fold_text((struct str){text.p, text.n}, call->batch);

    call->result = (struct sdg_text){folded.p, folded.n}; /* fold_text ends it with NUL */
}

enum sdg_code sdg_fold(const char *text, size_t n, struct sdg_room *room, struct sdg_text *out)
{
    struct call call = {.text = {text, n}, .batch = &room->batch};

    return text_of(&call, fold, out);
}

/* Case folding may write two bytes as three, and composing what comes of it shortens. */
static void lower(struct call *call)
{
    struct text text = normal(call);
    struct str s = {text.p, text.n};
    char *out = arena_alloc(call->batch, s.n + s.n / 2 + 4);
    size_t n = 0;

    for (size_t at = 0; at < s.n;)
        n += utf8_put(out + n, fold_case(utf8_next(s, &at, NULL)));
    text = nfc_text((struct str){out, n}, call->batch, NULL);
    call->result = in_room(call, (struct str){text.p, text.n});
}

enum sdg_code sdg_lower(const char *text, size_t n, struct sdg_room *room, struct sdg_text *out)
{
    struct call call = {.text = {text, n}, .batch = &room->batch};

    return text_of(&call, lower, out);
}

static void syllables(struct call *call)
{
    struct spans spans = spans_of(call->text, call->batch);
    struct sdg_syllable *at = arena_array(call->batch, spans.n, sizeof *at);

    for (size_t i = 0; i < spans.n; i++)
        at[i] = (struct sdg_syllable){.offset = spans.at[i].offset,
                                      .length = spans.at[i].length,
                                      .folded = {spans.at[i].folded.p, spans.at[i].folded.n},
                                      .key = spans.at[i].key};
    call->syllables = (struct sdg_syllables){at, spans.n};
}

enum sdg_code sdg_syllables(const char *text, size_t n, struct sdg_room *room,
                            struct sdg_syllables *out)
{
    struct call call = {.text = {text, n}, .batch = &room->batch};
    enum sdg_code code = perform(&call, syllables);

    if (code == SDG_OK)
        *out = call.syllables;
    return code;
}

static void redact_call(struct call *call)
{
    struct redaction_counts counts = {{0}};

    struct text text =
        redact_text(nfc_text(call->text, call->batch, NULL), call->scope, call->batch, &counts);

    call->result = in_room(call, (struct str){text.p, text.n});
}

enum sdg_code sdg_redact(const char *text, size_t n, enum sdg_writer writer, struct sdg_room *room,
                         struct sdg_text *out)
{
    struct call call = {.text = {text, n},
                        .batch = &room->batch,
                        .scope = writer == SDG_PUBLICATION ? REDACT_PUBLICATION : REDACT_PEOPLE};

    return text_of(&call, redact_call, out);
}

/* The data were read when the library was built and tested: that they cannot be is no error of the
 * host, and nothing it could act on. */
static void read_models(struct call *call)
{
    struct models *models = &call->models;
    enum rc rc = RC_OK;
    struct err err;

    if (call->what & SDG_LANGUAGES)
        rc = language_read(
            embedded_file("data/languages.tsv"), embedded_file("data/models/syllables.tsv"),
            embedded_file("data/models/languages.bin"), call->batch, &models->languages, &err);
    if (rc == RC_OK && call->what & SDG_SPELLING)
        rc = shorthand_read(embedded_file("data/social-spelling.tsv"), call->batch,
                            &models->shorthand, &err);
    if (rc == RC_OK && call->what & SDG_SPELLING)
        rc = restore_read(embedded_file("data/models/restore.bin"), call->batch, &models->marks,
                          &err);
    if (rc == RC_OK && call->what & SDG_WORDS)
        rc = segmenter_read(embedded_file("data/models/segment.bin"), call->batch, &models->words,
                            &err);
    if (rc != RC_OK)
        call->code = SDG_BROKEN;
}

enum sdg_code sdg_open(unsigned models, struct sdg **out)
{
    struct sdg *sdg = malloc(sizeof *sdg);
    struct call call = {.what = models};
    enum sdg_code code;

    if (!sdg)
        return SDG_NOMEM;
    arena_init(&sdg->process, "process", MODELS_MAX);
    call.batch = &sdg->process;
    code = perform(&call, read_models);
    sdg->models = call.models;
    if (code == SDG_OK)
        *out = sdg;
    else
        sdg_close(sdg);
    return code;
}

void sdg_close(struct sdg *sdg)
{
    if (sdg)
        arena_free(&sdg->process);
    free(sdg);
}

/* Composed first: the model does not see marks that stand alone. */
static void guess_language(struct call *call)
{
    size_t looked = call->text.n < LANGUAGE_LOOKS ? call->text.n : LANGUAGE_LOOKS;
    struct text text = nfc_text(str_part(call->text, 0, looked), call->batch, NULL);

    call->guess = language_of(call->models.languages, (struct str){text.p, text.n});
}

enum sdg_code sdg_language(const struct sdg *sdg, const char *text, size_t n, struct sdg_room *room,
                           struct sdg_language *out)
{
    struct call call = {.text = {text, n}, .batch = &room->batch, .models = sdg->models};
    enum sdg_code code = call.models.languages ? perform(&call, guess_language) : SDG_CLOSED;
    size_t length;

    if (code != SDG_OK)
        return code;
    length = call.guess.tag.n < sizeof out->tag ? call.guess.tag.n : sizeof out->tag - 1;
    *out = (struct sdg_language){.confidence = call.guess.confidence};
    memcpy(out->tag, call.guess.tag.p, length);
    return SDG_OK;
}

static void segment(struct call *call)
{
    struct text text = normal(call);
    struct words words = segment_text(call->models.words, text, call->batch);
    struct sdg_word *at = arena_array(call->batch, words.n, sizeof *at);

    for (uint32_t i = 0; i < words.n; i++)
        at[i] = (struct sdg_word){words.offset[i], words.length[i]};
    call->words = (struct sdg_words){in_room(call, (struct str){text.p, text.n}), at, words.n};
}

enum sdg_code sdg_words(const struct sdg *sdg, const char *text, size_t n, struct sdg_room *room,
                        struct sdg_words *out)
{
    struct call call = {.text = {text, n}, .batch = &room->batch, .models = sdg->models};
    enum sdg_code code = call.models.words ? perform(&call, segment) : SDG_CLOSED;

    if (code == SDG_OK)
        *out = call.words;
    return code;
}

/* How the text may be read, by what the caller wants read. */
static struct readings read_spelling(struct call *call, struct text text)
{
    struct tokens tokens = tokens_of(text, call->batch);
    struct readings readings = {.tokens = tokens};

    if (call->what & SDG_SHORTHAND)
        readings = shorthand_readings(call->models.shorthand, text, &tokens, call->batch);
    else
        readings.of = arena_array(call->batch, tokens.n, sizeof *readings.of);
    if (call->what & SDG_MARKS)
        restore_readings(call->models.marks, text, &readings, call->batch);
    return readings;
}

static void restore(struct call *call)
{
    struct text text = normal(call);
    struct readings readings = read_spelling(call, text);
    struct suggestions suggestions = reading_suggest(&readings, call->batch);
    struct text taken = reading_apply(text, &suggestions, call->batch);
    struct sdg_suggestion *at = arena_array(call->batch, suggestions.n, sizeof *at);

    for (uint32_t i = 0; i < suggestions.n; i++) {
        const struct suggestion *one = &suggestions.v[i];

        at[i] = (struct sdg_suggestion){one->offset, one->length, in_room(call, one->text)};
    }
    call->restored =
        (struct sdg_restored){in_room(call, (struct str){text.p, text.n}),
                              in_room(call, (struct str){taken.p, taken.n}), at, suggestions.n};
}

enum sdg_code sdg_restore(const struct sdg *sdg, const char *text, size_t n, unsigned what,
                          struct sdg_room *room, struct sdg_restored *out)
{
    struct call call = {
        .text = {text, n}, .batch = &room->batch, .what = what, .models = sdg->models};
    enum sdg_code code = call.models.marks ? perform(&call, restore) : SDG_CLOSED;

    if (code == SDG_OK)
        *out = call.restored;
    return code;
}
