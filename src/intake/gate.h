/* gate.h - the intake gate: one raw item in, one post without an author out.
 *
 * Steps, in this order: identity digest and voice (the only readers of the raw id and the author
 * token) -> HTML to text -> normalise.h -> redaction of text, title, summary -> source, kind, time,
 * place, language resolved.  What fails names the field and the reason, never the content.
 * Identity follows INTERFACE.md: (source as written, else `source_name`, else `content_name`; id),
 * without id a hash of (source, time, place, text) and its occurrence in the input.
 * Libraries: libsodium (BLAKE2b) for the two digests.  Pure: keys, clock and counters are
 * arguments.
 */
#ifndef INTAKE_GATE_H
#define INTAKE_GATE_H

#include "base/map.h"
#include "intake/locate.h"
#include "intake/raw.h"
#include "intake/redact.h"
#include "model/post.h"
#include "model/settings.h"
#include "text/language.h"
#include "text/segment.h"

enum {
    GATE_TEXT_MAX = 256 * 1024, /* bytes of text kept of one item; the rest is cut, counted */
    GATE_IDLESS_MAX = 8 * 1024 * 1024,
    GATE_KNOWN_PLACES = 512,
};

/* What a `place` field names, so that most are read once. */
struct known_place {
    char field[39];
    uint8_t n; /* bytes of it; 0: a free slot */
    struct located located;
};

/* One run of the gate over one input.  The caller fills the upper part. */
struct gate {
    const struct settings *settings;
    const struct locator *locator;
    const unsigned char *voice_key; /* 32 random bytes of this process */
    int64_t now;                    /* time heard for items that come in now */
    bool history;                   /* heard = the item's own time; replayed */
    bool wants_syllables;           /* `syllables` is asked for */
    bool shows_ids;                 /* shown_id is asked for */
    struct str source_name;         /* --source, or empty */
    /* Content hash of the whole input, asked for only when an item needs it (no source, or no id
     * and no full time); may read ahead.  NULL for filters, which read an input once and keep
     * nothing: then the empty name stands in. */
    enum rc (*content_name)(void *context, struct str *name, struct err *err);
    void *context;

    /* gate_init() sets up what follows. */
    struct map occurrences; /* id-less items seen in this input: day of the last << 32 | how many */
    struct arena scratch;   /* for one item */
    struct known_place known_places[GATE_KNOWN_PLACES]; /* by hash; the last that had it */
    /* Of post.text of the last item, where a place was looked for in it and nothing was taken out;
     * else without tokens.  Until the next item. */
    struct syllables syllables;
    uint64_t cut, dropped_fields, unresolved_places; /* counted, told at the end */
};

struct gated {
    struct post post;
    struct publication publication; /* for KIND_PUBLICATION */
    struct voice voice;
    struct identity identity;
    struct redaction_counts redactions;
    struct language_guess language; /* what the text shows; post.lang heeds what the item says */
    /* The id as filters may print it: INTERFACE.md; else its line number.  With shows_ids alone. */
    struct str shown_id;
    double place_confidence; /* how likely post.place is meant, 0 to 1 */
    uint64_t line;
    bool deleted; /* the item is gone at its source: id, source and time are all there is */
    bool expired; /* its own time lies before the retention limit: refuse and count */
};

void gate_init(struct gate *gate);
void gate_free(struct gate *gate);
/* For an input that goes on for weeks: id-less items whose last of a kind came before that day (of
 * the desk) are not counted on. */
void gate_forget(struct gate *gate, int64_t before_day);
/* RC_OK; RC_BAD (no text, a time that is none or over 24 h ahead, an unknown kind); RC_FULL (more
 * than GATE_IDLESS_MAX items without id in one input); other codes from content_name.  Results live
 * in `batch` and never view the connector's buffer. */
enum rc gate_item(struct gate *gate, const struct raw_item *raw, struct arena *batch,
                  struct gated *out, struct err *err);

#endif
