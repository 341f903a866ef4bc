/* gate.c - what an item is, decided once; see gate.h, INTERFACE.md "Items" and "Identity".
 *
 * Digests are BLAKE2b over fields with their length in front, so that no two lists of fields give
 * the same bytes.  The time of an item without id enters as milliseconds, so that one moment
 * written in two ways stays one item; a time that is no full time enters as written.
 */
#include "intake/gate.h"

#include "base/hash.h"
#include "intake/html.h"
#include "text/nfc.h"
#include "text/normalise.h"

#include <endian.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const double SURE = 0.9; /* language_of is right then, whatever the item says of itself */

enum { SHOWN_ID_MAX = 64, URL_MAX = 2048, CUT_REACH = 128, DIGEST = 32 };
enum { SCRATCH_MEMORY = 64 * 1024 * 1024 };

_Static_assert(sizeof((struct identity *)0)->digest == DIGEST, "identity holds a whole digest");

/* An item on its way through the steps. */
struct passage {
    struct gate *gate;
    const struct raw_item *raw;
    struct arena *batch;
    struct gated *out;
    struct str source; /* as written, --source, or the content's name */
    enum precision precision;
    enum redact_scope scope;
    struct text title, summary, text; /* as matching reads them, not yet redacted */
};

void gate_init(struct gate *gate)
{
    map_init(&gate->occurrences, GATE_IDLESS_MAX);
    arena_init(&gate->scratch, "scratch", SCRATCH_MEMORY);
    memset(gate->known_places, 0, sizeof gate->known_places);
    gate->syllables = (struct syllables){0};
    gate->cut = gate->dropped_fields = gate->unresolved_places = 0;
}

void gate_free(struct gate *gate)
{
    map_free(&gate->occurrences);
    sodium_memzero(gate->known_places, sizeof gate->known_places);
    arena_wipe(&gate->scratch);
    arena_free(&gate->scratch);
}

void gate_forget(struct gate *gate, int64_t before_day)
{
    struct map kept;
    uint64_t key, seen;

    map_init(&kept, GATE_IDLESS_MAX);
    for (size_t at = 0; map_next(&gate->occurrences, &at, &key, &seen);)
        if ((int32_t)(seen >> 32) >= before_day)
            *map_put(&kept, key, NULL) = seen;
    map_free(&gate->occurrences);
    gate->occurrences = kept;
    arena_wipe(&gate->scratch);
    gate->syllables = (struct syllables){0};
}

static void digest_field(crypto_generichash_state *state, struct str field)
{
    uint64_t length = htole64(field.n);

    crypto_generichash_update(state, (const unsigned char *)&length, sizeof length);
    if (field.n)
        crypto_generichash_update(state, (const unsigned char *)field.p, field.n);
}

/* BLAKE2b of a list of fields, `bytes` long, keyed with 32 bytes unless `key` is NULL. */
static void digest_fields(const struct str *fields, size_t n, const unsigned char *key,
                          unsigned char *out, size_t bytes)
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, key, key ? DIGEST : 0, bytes);
    for (size_t i = 0; i < n; i++)
        digest_field(&state, fields[i]);
    crypto_generichash_final(&state, out, bytes);
    sodium_memzero(&state, sizeof state);
}

static enum rc content_name(struct gate *gate, struct str *name, struct err *err)
{
    *name = (struct str){NULL, 0};
    return gate->content_name ? gate->content_name(gate->context, name, err) : RC_OK;
}

static enum rc find_source(struct passage *p, struct err *err)
{
    const struct settings *settings = p->gate->settings;

    p->source = p->raw->source.n ? p->raw->source : p->gate->source_name;
    p->out->post.source = p->source.n ? settings_source(settings, p->source) : 0;
    return p->source.n ? RC_OK : content_name(p->gate, &p->source, err);
}

static enum rc find_kind(struct passage *p, struct err *err)
{
    struct post *post = &p->out->post;
    const struct source_settings *source = &p->gate->settings->sources[post->source];

    post->kind = KIND_POST;
    if (p->raw->kind.n && !kind_find(p->raw->kind, &post->kind))
        return err_set(err, RC_BAD, "kind: must be post, publication, tip or request");
    if (post->kind == KIND_PUBLICATION && (!source->publisher.n || p->raw->deleted))
        post->kind = KIND_POST;
    p->scope = post->kind == KIND_PUBLICATION ? REDACT_PUBLICATION : REDACT_PEOPLE;
    return RC_OK;
}

static enum rc find_time(struct passage *p, struct err *err)
{
    const struct gate *gate = p->gate;
    struct zone zone = gate->settings->zone;
    struct post *post = &p->out->post;
    int64_t time = TIME_UNKNOWN, oldest = gate->now - gate->settings->retention_days * DAY_MS;

    post->replayed = gate->history;
    p->precision = PRECISION_NONE;
    if (str_trim(p->raw->time).n) {
        p->precision = p->raw->feed_dates ? time_parse_feed(p->raw->time, zone, &time)
                                          : time_parse(p->raw->time, zone, &time);
        if (p->precision == PRECISION_NONE)
            return err_set(
                err, RC_BAD,
                "time: neither RFC 3339 nor integer milliseconds; write 2026-03-02T07:00:00+07:00");
        if (time > gate->now + DAY_MS)
            return err_set(
                err, RC_BAD,
                "time: more than 24 hours ahead of the clock; correct the item or the clock");
    }
    if (time > gate->now)
        time = gate->now;
    post->time = time;
    post->heard = gate->history && time != TIME_UNKNOWN ? time : gate->now;
    p->out->expired =
        time != TIME_UNKNOWN && post->kind != KIND_PUBLICATION && !p->raw->deleted && time < oldest;
    if (p->raw->deleted && post->heard < oldest) /* no day begins anew for what is gone */
        post->heard = oldest;
    return RC_OK;
}

/* The digest of what stands for an id, and its occurrence: the n-th of its like in this input. */
static enum rc digest_idless(struct passage *p, struct err *err)
{
    const struct raw_item *raw = p->raw;
    char moment[24], occurrence[24];
    struct str time = raw->time, content = {NULL, 0};
    unsigned char *digest = p->out->identity.digest;
    uint64_t key, *seen;
    enum rc rc;

    if (p->precision == PRECISION_TIME) {
        snprintf(moment, sizeof moment, "%lld", (long long)p->out->post.time);
        time = str_of(moment);
    } else {
        rc = content_name(p->gate, &content, err);
        if (rc != RC_OK)
            return rc;
    }
    digest_fields((struct str[]){STR("item without id"), p->source, time, content, raw->place,
                                 raw->title, raw->summary, raw->text},
                  8, NULL, digest, DIGEST);
    memcpy(&key, digest, sizeof key);
    seen = map_put(&p->gate->occurrences, key, NULL);
    if (!seen)
        return err_set(err, RC_FULL,
                       "more than %d items without id in one input; give ids or split it",
                       GATE_IDLESS_MAX);
    *seen = (uint64_t)(uint32_t)time_day(p->gate->now, p->gate->settings->zone) << 32 |
            ((*seen + 1) & UINT32_MAX);
    snprintf(occurrence, sizeof occurrence, "%llu", (unsigned long long)(*seen & UINT32_MAX));
    digest_fields((struct str[]){{(const char *)digest, DIGEST}, str_of(occurrence)}, 2, NULL,
                  digest, DIGEST);
    return RC_OK;
}

static enum rc find_identity(struct passage *p, struct err *err)
{
    const struct raw_item *raw = p->raw;
    struct gated *out = p->out;

    out->identity.content =
        raw->deleted ? CONTENT_DELETED
                     : hash_pair(hash_pair(hash_bytes(raw->title, 1), hash_bytes(raw->summary, 2)),
                                 hash_bytes(raw->text, 3));
    if (raw->author_token.n) {
        unsigned char tag[sizeof out->voice.h];

        /* The registered source, not the written one: whoever writes a new source on each line
         * would else be a new person each time. */
        digest_fields(
            (struct str[]){p->gate->settings->sources[out->post.source].name, raw->author_token}, 2,
            p->gate->voice_key, tag, sizeof tag);
        memcpy(out->voice.h, tag, sizeof tag);
        out->voice.known = true;
    }
    if (!raw->id.n)
        return digest_idless(p, err);
    digest_fields((struct str[]){STR("item"), p->source, raw->id}, 3, NULL, out->identity.digest,
                  DIGEST);
    return RC_OK;
}

static struct str plain(const struct passage *p, struct str field)
{
    return p->raw->html ? html_to_text(field, p->batch) : field;
}

static struct text trimmed(struct text text)
{
    struct str s = str_trim((struct str){text.p, text.n});

    return (struct text){s.p, s.n};
}

static struct text clean(const struct passage *p, struct str field)
{
    struct normalise_counts counts = {{0}};

    return trimmed(normalise_text(plain(p, field), p->batch, &counts));
}

static bool same_text(struct text a, struct text b)
{
    return str_eq((struct str){a.p, a.n}, (struct str){b.p, b.n});
}

/* Where a text of more than GATE_TEXT_MAX bytes is cut: between words if one ends nearby, so that
 * no half of an identifier is left. */
static size_t cut_at(struct text text)
{
    size_t n = utf8_cut((struct str){text.p, text.n}, GATE_TEXT_MAX);

    for (size_t i = n; i > n - CUT_REACH; i--)
        if (text.p[i] == ' ' || text.p[i] == '\n')
            return i;
    return n;
}

/* Title, summary and text joined by newlines, what says the same only once; in `batch`. */
static struct text join_fields(struct passage *p)
{
    struct text parts[3] = {p->title, p->summary, p->text}, joined;
    size_t n = 0;
    char *out;

    if (same_text(parts[0], p->text))
        parts[0].n = 0;
    if (same_text(parts[1], p->text) || same_text(parts[1], parts[0]))
        parts[1].n = 0;
    out = arena_alloc(p->batch, parts[0].n + parts[1].n + parts[2].n + 3);
    for (int i = 0; i < 3; i++) {
        if (!parts[i].n)
            continue;
        if (n)
            out[n++] = '\n';
        memcpy(out + n, parts[i].p, parts[i].n);
        n += parts[i].n;
    }
    joined = (struct text){out, n};
    if (n > GATE_TEXT_MAX) {
        joined.n = cut_at(joined);
        p->gate->cut++;
    }
    return joined;
}

/* A feed's entry may consist of its title; any other item needs a text, unless it is gone. */
static enum rc find_text(struct passage *p, struct err *err)
{
    if (p->raw->deleted && !p->raw->id.n)
        return err_set(err, RC_BAD, "deleted: says nothing without the id of what is gone");
    if (p->raw->deleted)
        return RC_OK;
    p->title = clean(p, p->raw->title);
    p->summary = clean(p, p->raw->summary);
    p->text = clean(p, p->raw->text);
    if (!p->text.n && !(p->raw->feed_dates && (p->title.n || p->summary.n)))
        return err_set(err, RC_BAD, "text: missing or empty; every item needs one");
    return RC_OK;
}

/* A place field names the same few places again and again. */
static struct located find_field(const struct passage *p, struct str field)
{
    struct gate *gate = p->gate;
    struct known_place *known = &gate->known_places[hash_bytes(field, 4) % GATE_KNOWN_PLACES];
    struct located located;

    if (str_eq((struct str){known->field, known->n}, field))
        return known->located;
    located = locate_field(gate->locator, nfc_text(field, p->batch, NULL), p->batch);
    if (field.n <= sizeof known->field) {
        memcpy(known->field, field.p, field.n);
        known->n = (uint8_t)field.n;
        known->located = located;
    }
    return located;
}

static void find_place(struct passage *p, struct text joined)
{
    struct post *post = &p->out->post;
    struct arena_mark mark = arena_mark(p->batch);
    struct located located = {0};
    struct gate *gate = p->gate;

    if (p->raw->place.n) {
        located = find_field(p, p->raw->place);
        gate->unresolved_places += !located.place;
    }
    if (!located.place) {
        gate->syllables = segment_read(gate->wants_syllables ? gate->settings->segmenter : NULL,
                                       joined, &gate->scratch);
        located = locate_text(gate->locator, joined, &gate->syllables.tokens);
    }
    post->place = located.place;
    p->out->place_confidence = located.probability;
    arena_rewind(p->batch, mark);
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Looks like BCP 47: subtags of letters and digits, the first of two or three letters. */
static bool is_language_tag(struct str s)
{
    size_t first = str_find_byte(s, '-');

    if (s.n >= sizeof((struct language *)0)->tag || first < 2 || first > 3 ||
        (first < s.n && first + 1 == s.n))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '-' ? i + 1 == s.n || s.p[i + 1] == '-'
                          : !is_alnum(s.p[i]) || (i < first && s.p[i] < 'A'))
            return false;
    return true;
}

/* What the text itself shows, where that is clear: the tag of an item is often that of its writer's
 * screen.  A tag of the same language may say more ("en-GB") and stays. */
static void find_language(struct passage *p, struct text joined)
{
    struct language_guess guess = {STR("und"), 0};
    struct str tag = is_language_tag(p->raw->lang) ? p->raw->lang : STR("und");

    if (p->gate->settings->languages)
        guess = language_of(p->gate->settings->languages, (struct str){joined.p, joined.n});
    if ((guess.confidence >= SURE || str_eq(tag, STR("und"))) &&
        !str_eq((struct str){tag.p, str_find_byte(tag, '-')}, guess.tag))
        tag = guess.tag;
    p->out->language = guess;
    p->out->post.lang = (struct language){""};
    memcpy(p->out->post.lang.tag, tag.p, tag.n);
}

/* An id may be printed when it is short, plain, and no identifier of a person. */
static bool is_printable_id(const struct passage *p, struct str id)
{
    struct redaction_counts counts = {{0}};
    uint32_t found = 0;

    if (!id.n || id.n > SHOWN_ID_MAX || str_ends(id, STR(".bsky.social")))
        return false;
    for (size_t i = 0; i < id.n; i++)
        if (!is_alnum(id.p[i]) && id.p[i] != '.' && id.p[i] != '_' && id.p[i] != '-')
            return false;
    redact_text((struct text){id.p, id.n}, REDACT_PEOPLE, p->batch, &counts);
    for (int i = 0; i < REDACTIONS; i++)
        if (i != REDACTION_TAX && i != REDACTION_CARD) /* one number in ten has their check digit */
            found += counts.n[i];
    return found == 0 || id.n == 9; /* nine digits are more often a row's number */
}

static struct str kept(struct arena *batch, struct str s)
{
    return (struct str){arena_copy(batch, s.p, s.n), s.n};
}

static void find_shown_id(struct passage *p)
{
    char line[24];
    int n = snprintf(line, sizeof line, "%llu", (unsigned long long)p->raw->line);

    p->out->shown_id = is_printable_id(p, p->raw->id)
                           ? kept(p->batch, p->raw->id)
                           : kept(p->batch, (struct str){line, (size_t)n});
}

/* An address of the web that no handle stands in; anything else is dropped. */
static struct str publication_url(const struct passage *p)
{
    struct str url = str_trim(p->raw->url);
    struct redaction_counts counts = {{0}};
    struct str none = {NULL, 0};

    if (url.n > URL_MAX || (!str_starts(url, STR("http://")) && !str_starts(url, STR("https://"))))
        return none;
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] <= ' ' || url.p[i] == 0x7F || strchr("\"<>\\`", url.p[i]))
            return none;
    if (!utf8_valid(url))
        return none;
    redact_text((struct text){url.p, url.n}, REDACT_PUBLICATION, p->batch, &counts);
    return counts.n[REDACTION_HANDLE] ? none : kept(p->batch, url);
}

/* The id as published; of one without, the digest that stands for it. */
static struct str publication_id(const struct passage *p)
{
    struct redaction_counts counts = {{0}};
    struct text id = nfc_text(p->raw->id, p->batch, NULL);
    char hex[2 * DIGEST + 1];

    id.n = utf8_cut((struct str){id.p, id.n}, URL_MAX);
    id = redact_text(id, REDACT_PUBLICATION, p->batch, &counts);
    if (id.n)
        return kept(p->batch, (struct str){id.p, id.n});
    sodium_bin2hex(hex, sizeof hex, p->out->identity.digest, DIGEST);
    return kept(p->batch, (struct str){hex, DIGEST});
}

/* As the publisher wrote it: composed, not repaired. */
static struct text published_text(const struct passage *p, struct str field)
{
    struct redaction_counts counts = {{0}};
    struct text composed = trimmed(nfc_text(plain(p, field), p->batch, NULL));
    struct text text = redact_text(composed, p->scope, p->batch, &counts);
    struct str copy = kept(p->batch, (struct str){text.p, text.n});

    return (struct text){copy.p, copy.n};
}

enum rc gate_item(struct gate *gate, const struct raw_item *raw, struct arena *batch,
                  struct gated *out, struct err *err)
{
    struct gated gated = {.line = raw->line, .deleted = raw->deleted};
    struct passage p = {.gate = gate, .raw = raw, .batch = batch, .out = &gated};
    struct text joined;
    enum rc rc = find_source(&p, err);

    if (rc == RC_OK)
        rc = find_kind(&p, err);
    if (rc == RC_OK)
        rc = find_time(&p, err);
    if (rc == RC_OK)
        rc = find_text(&p, err);
    if (rc == RC_OK)
        rc = find_identity(&p, err);
    if (rc != RC_OK)
        return rc;
    gate->dropped_fields += raw->unknown_fields;
    gate->syllables = (struct syllables){0};
    arena_reset(&gate->scratch);
    joined = join_fields(&p);
    if (gate->shows_ids)
        find_shown_id(&p);
    gated.post.lang = (struct language){"und"};
    if (!gated.deleted) {
        find_place(&p, joined);
        find_language(&p, joined);
    }
    gated.post.text = redact(joined, p.scope, batch, &gated.redactions);
    if (!gate->wants_syllables || redacted_view(gated.post.text).p != joined.p)
        gate->syllables = (struct syllables){0};
    if (!gated.deleted && gated.post.kind == KIND_PUBLICATION)
        gated.publication =
            (struct publication){publication_id(&p), publication_url(&p),
                                 published_text(&p, raw->title), published_text(&p, raw->summary)};
    *out = gated;
    return RC_OK;
}
