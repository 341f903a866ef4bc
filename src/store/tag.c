/* tag.c - keyed tags and their tables; see tag.h.
 *
 * The index word of an entry is its number + 1 in the low bits (as many as the capacity needs) and
 * a piece of the tag above them; 0 is free.  A larger index keeps as much of the piece as it has
 * room for.  In memory a tag is its first half (two identities are taken for one with a chance of
 * 2^-64), a content 32 bits (one edit in 2^32 is missed); at rest both are whole.  A forgotten
 * entry stays in its chunk with item 0 and matches nothing; the next load, or settling, leaves it
 * out.
 *
 * Stretches are cut while tags come in: batches of a day one behind another until they have some
 * 4,000 tags, or there are 64 of them.  A batch that is rewritten stays within its items, so a
 * stretch finds it under its new number.
 */
#include "store/tag.h"

#include "base/vec.h"
#include "store/settled.h"

#include <endian.h>
#include <sodium.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1024, GROUP = 32, DAYS = KEYS_MAX, SMALLEST_INDEX = 64 };
enum { STRETCH_TAGS = 4096, STRETCH_BATCHES = 64, CANDIDATES = 4 * 1024 };

struct entry {
    uint32_t tag[2]; /* the first half */
    uint32_t content;
    uint32_t item; /* less the base of the table */
    uint32_t story;
};

struct day_tags {
    const struct day_key *key;
    struct entry **chunks;
    size_t n, room; /* entries in use, and that chunks have room for */
    uint32_t *index;
    uint64_t slots; /* a power of two */
    uint32_t number_mask;
    uint64_t base;
    struct stretch *stretches; /* of the entries */
    size_t stretch_count, stretch_room;
    size_t last_batches;      /* in the last stretch */
    struct settled **settled; /* older tags of the day */
    size_t settled_count;
};

struct tag_tables {
    pthread_mutex_t lock;
    struct day_tags days[DAYS]; /* newest last */
    size_t n;
    size_t held, held_most; /* entries of days, without publications */
    tag_reader *reader;
    void *reader_context;
    struct arena scratch; /* of who looks up */
};

static uint64_t little(const unsigned char in[8])
{
    uint64_t value;

    memcpy(&value, in, sizeof value);
    return le64toh(value);
}

static void put_little(uint64_t value, unsigned char out[8])
{
    for (int i = 0; i < 8; i++)
        out[i] = (unsigned char)(value >> (8 * i));
}

void tag_write(const struct tag_record *record, unsigned char out[TAG_BYTES])
{
    put_little(record->tag[0], out);
    put_little(record->tag[1], out + 8);
    put_little(record->content, out + 16);
    put_little(record->item, out + 24);
    put_little(record->story, out + 32);
}

void tag_read(const unsigned char in[TAG_BYTES], struct tag_record *record)
{
    record->tag[0] = little(in);
    record->tag[1] = little(in + 8);
    record->content = little(in + 16);
    record->item = little(in + 24);
    record->story = little(in + 32);
}

static void make_tag(const struct day_key *key, const struct identity *identity, uint64_t tag[2])
{
    unsigned char out[crypto_shorthash_siphashx24_BYTES];

    crypto_shorthash_siphashx24(out, identity->digest, sizeof identity->digest, key->tag);
    tag[0] = little(out);
    tag[1] = little(out + 8);
}

static uint64_t make_content(const struct day_key *key, uint64_t content)
{
    unsigned char in[8], out[crypto_shorthash_BYTES];

    put_little(content, in);
    crypto_shorthash(out, in, sizeof in, key->content);
    return little(out);
}

void tag_make(const struct day_key *key, const struct identity *identity, struct tag_record *record)
{
    make_tag(key, identity, record->tag);
    record->content = make_content(key, identity->content);
}

struct tag_tables *tag_tables_new(struct arena *process)
{
    struct tag_tables *tables = arena_alloc(process, sizeof *tables);

    pthread_mutex_init(&tables->lock, NULL);
    tables->held_most = SIZE_MAX;
    arena_init(&tables->scratch, "scratch", 64 * 1024 * 1024);
    return tables;
}

void tag_tables_settle(struct tag_tables *tables, size_t held, tag_reader *reader, void *context)
{
    tables->held_most = held;
    tables->reader = reader;
    tables->reader_context = context;
}

static void free_entries(struct day_tags *day)
{
    for (size_t i = 0; i < day->room / CHUNK; i++)
        free(day->chunks[i]);
    free(day->chunks);
    free(day->index);
    free(day->stretches);
}

static void free_day(struct day_tags *day)
{
    free_entries(day);
    for (size_t i = 0; i < day->settled_count; i++)
        settled_free(day->settled[i]);
    free(day->settled);
}

void tag_tables_free(struct tag_tables *tables)
{
    for (size_t i = 0; i < tables->n; i++)
        free_day(&tables->days[i]);
    tables->n = tables->held = 0;
    arena_free(&tables->scratch);
    pthread_mutex_destroy(&tables->lock);
}

static struct day_tags *find_day(struct tag_tables *tables, int64_t day)
{
    for (size_t i = 0; i < tables->n; i++)
        if (tables->days[i].key->day == day)
            return &tables->days[i];
    return NULL;
}

static struct entry *entry_at(const struct day_tags *day, size_t number)
{
    return &day->chunks[number / CHUNK][number % CHUNK];
}

/* Days in growing order, so that a look-up may begin with the newest. */
static struct day_tags *insert_day(struct tag_tables *tables, const struct day_key *key)
{
    size_t at = tables->n;

    MUST(tables->n < DAYS);
    while (at > 0 && tables->days[at - 1].key->day > key->day)
        at--;
    memmove(&tables->days[at + 1], &tables->days[at], (tables->n - at) * sizeof *tables->days);
    tables->days[at] = (struct day_tags){.key = key};
    tables->n++;
    return &tables->days[at];
}

/* Where a tag of that first half is looked for first. */
static uint64_t home(const struct day_tags *day, uint64_t half)
{
    return half & (day->slots - 1);
}

static uint64_t half_of(const struct entry *entry)
{
    return (uint64_t)entry->tag[1] << 32 | entry->tag[0];
}

/* The piece of the tag that an index word carries above the entry's number. */
static uint32_t piece(const struct day_tags *day, uint64_t half)
{
    return (uint32_t)(half >> 32) & ~day->number_mask;
}

static void put_index(struct day_tags *day, uint64_t half, uint32_t word)
{
    uint64_t at = home(day, half);

    while (day->index[at])
        at = (at + 1) & (day->slots - 1);
    day->index[at] = word;
}

static bool grow_index(struct day_tags *day, size_t wanted)
{
    uint64_t slots = day->slots ? day->slots : SMALLEST_INDEX;
    struct day_tags before = *day;
    uint32_t *index;

    while (wanted * 4 > slots * 3)
        slots *= 2;
    if (slots == day->slots)
        return true;
    index = calloc(slots, sizeof *index);
    if (!index)
        return false;
    day->index = index;
    day->slots = slots;
    day->number_mask = (uint32_t)(slots - 1);
    for (uint64_t at = 0; at < before.slots; at++) {
        uint32_t word = before.index[at], number = word & before.number_mask;

        if (word)
            put_index(day, half_of(entry_at(day, number - 1)), (word & ~day->number_mask) | number);
    }
    free(before.index);
    return true;
}

static bool grow_chunks(struct day_tags *day, size_t wanted)
{
    size_t chunks = (wanted + CHUNK - 1) / CHUNK;
    struct entry **grown;

    if (wanted <= day->room)
        return true;
    grown = realloc(day->chunks, chunks * sizeof(struct entry *));
    if (!grown)
        return false;
    day->chunks = grown;
    for (; day->room < wanted; day->room += CHUNK) {
        day->chunks[day->room / CHUNK] = malloc(CHUNK * sizeof(struct entry));
        if (!day->chunks[day->room / CHUNK])
            return false;
    }
    return true;
}

static bool grow_stretches(struct day_tags *day, size_t n)
{
    size_t wanted = day->stretch_count + n / STRETCH_BATCHES + 2;
    struct stretch *grown;

    if (wanted <= day->stretch_room)
        return true;
    grown = realloc(day->stretches, wanted * 2 * sizeof *grown);
    if (!grown)
        return false;
    day->stretches = grown;
    day->stretch_room = wanted * 2;
    return true;
}

enum rc tag_tables_reserve(struct tag_tables *tables, const struct day_key *key, size_t n,
                           struct err *err)
{
    struct day_tags *day;
    size_t wanted;
    bool room;

    pthread_mutex_lock(&tables->lock);
    day = find_day(tables, key->day);
    if (!day)
        day = insert_day(tables, key);
    wanted = day->n + n;
    room = wanted < UINT32_MAX / 2 && grow_chunks(day, wanted) && grow_index(day, wanted) &&
           grow_stretches(day, n);
    pthread_mutex_unlock(&tables->lock);
    return room ? RC_OK
                : err_set(err, RC_FULL, "out of memory for the tags of %zu items of one day",
                          wanted);
}

static bool has_tag(const struct tag_record *record)
{
    return record->item && (record->tag[0] || record->tag[1]);
}

static void add_one(struct day_tags *day, const struct tag_record *record)
{
    MUST(day->n < day->room);
    if (day->n == 0)
        day->base = record->item > UINT32_MAX / 2 ? record->item - UINT32_MAX / 2 : 0;
    MUST(record->item > day->base && record->item - day->base <= UINT32_MAX &&
         record->story <= UINT32_MAX);
    *entry_at(day, day->n) =
        (struct entry){.tag = {(uint32_t)record->tag[0], (uint32_t)(record->tag[0] >> 32)},
                       .content = (uint32_t)record->content,
                       .item = (uint32_t)(record->item - day->base),
                       .story = (uint32_t)record->story};
    day->n++;
    put_index(day, record->tag[0], piece(day, record->tag[0]) | (uint32_t)day->n);
}

/* A batch with n tags of the day came. */
static void note_batch(struct day_tags *day, size_t n, uint64_t first, uint64_t last)
{
    struct stretch *stretch;

    if (!day->stretch_count || day->stretches[day->stretch_count - 1].tags >= STRETCH_TAGS ||
        day->last_batches == STRETCH_BATCHES) {
        MUST(day->stretch_count < day->stretch_room);
        day->stretches[day->stretch_count++] = (struct stretch){.first = first};
        day->last_batches = 0;
    }
    stretch = &day->stretches[day->stretch_count - 1];
    if (first < stretch->first)
        stretch->first = first;
    if (last > stretch->last)
        stretch->last = last;
    stretch->tags += n;
    day->last_batches++;
}

void tag_tables_add(struct tag_tables *tables, int64_t day_number, const struct tag_record *run,
                    size_t n, uint64_t first, uint64_t last)
{
    struct day_tags *day;
    size_t before;

    pthread_mutex_lock(&tables->lock);
    day = find_day(tables, day_number);
    MUST(day);
    before = day->n;
    for (size_t i = 0; i < n; i++)
        if (has_tag(&run[i]))
            add_one(day, &run[i]);
    if (day->n > before && day_number != KEY_OF_PUBLICATIONS) {
        tables->held += day->n - before;
        note_batch(day, day->n - before, first, last);
    }
    pthread_mutex_unlock(&tables->lock);
}

/* The tags of a day that are not forgotten, each with its stretch. */
static size_t list_tags(const struct day_tags *day, struct settled_tag *out)
{
    size_t n = 0, number = 0;

    for (uint32_t stretch = 0; stretch < day->stretch_count; stretch++)
        for (size_t i = 0; i < day->stretches[stretch].tags; i++, number++) {
            const struct entry *entry = entry_at(day, number);

            if (entry->item)
                out[n++] = (struct settled_tag){half_of(entry), stretch};
        }
    return n;
}

/* False: out of memory, and all is as it was. */
static bool settle(struct day_tags *day)
{
    struct settled **grown = realloc(day->settled, (day->settled_count + 1) * sizeof *grown);
    struct settled_tag *tags = malloc(day->n * sizeof *tags);
    struct settled *made = NULL;

    if (grown)
        day->settled = grown;
    if (grown && tags)
        made = settled_make(tags, list_tags(day, tags), day->stretches, day->stretch_count);
    free(tags);
    if (!made)
        return false;
    day->settled[day->settled_count++] = made;
    free_entries(day);
    *day = (struct day_tags){
        .key = day->key, .settled = day->settled, .settled_count = day->settled_count};
    return true;
}

void tag_tables_trim(struct tag_tables *tables)
{
    pthread_mutex_lock(&tables->lock);
    while (tables->held > tables->held_most) {
        struct day_tags *most = NULL;
        size_t n;

        for (size_t i = 0; i < tables->n; i++)
            if (tables->days[i].key->day != KEY_OF_PUBLICATIONS &&
                (!most || tables->days[i].n > most->n))
                most = &tables->days[i];
        n = most->n;
        if (!settle(most))
            break;
        tables->held -= n;
    }
    pthread_mutex_unlock(&tables->lock);
}

static struct entry *find_tag(const struct day_tags *day, uint64_t half)
{
    uint32_t mine = piece(day, half), word;

    if (!day->n)
        return NULL;
    for (uint64_t at = home(day, half); (word = day->index[at]); at = (at + 1) & (day->slots - 1))
        if ((word & ~day->number_mask) == mine) {
            struct entry *entry = entry_at(day, (word & day->number_mask) - 1);

            if (half_of(entry) == half && entry->item)
                return entry;
        }
    return NULL;
}

static enum familiarity compare(const struct day_key *key, uint64_t content,
                                const struct identity *identity)
{
    if ((uint32_t)content == (uint32_t)make_content(key, identity->content))
        return ITEM_KNOWN;
    return (uint32_t)content == (uint32_t)make_content(key, CONTENT_DELETED) ? ITEM_DELETED
                                                                             : ITEM_EDITED;
}

/* What is asked, and what only the disk can tell of it. */
struct question {
    const struct identity *identities;
    struct acquaintance *known;
    VEC(struct tag_candidate) candidates;
};

static void ask_settled(const struct day_tags *day, size_t asked, uint64_t half,
                        struct question *question, struct arena *scratch)
{
    for (size_t i = 0; i < day->settled_count; i++) {
        const struct stretch *stretch;

        for (size_t at = 0; (stretch = settled_find(day->settled[i], half, &at));) {
            struct tag_candidate *candidate = vec_push(&question->candidates, scratch);

            *candidate = (struct tag_candidate){.day = day->key->day,
                                                .first = stretch->first,
                                                .last = stretch->last,
                                                .asked = asked};
            make_tag(day->key, &question->identities[asked], candidate->tag);
        }
    }
}

/* The first halves of the tags that the identities from..to have under a day; 0 for what is known.
 */
static void tag_halves(const struct day_tags *day, const struct question *question, size_t from,
                       size_t to, uint64_t halves[GROUP])
{
    uint64_t tag[2];

    for (size_t i = from; i < to; i++) {
        tag[0] = 0;
        if (question->known[i].familiarity == ITEM_NEW)
            make_tag(day->key, &question->identities[i], tag);
        halves[i - from] = tag[0];
    }
}

/* Asks for all lines that a group will touch under a day. */
static void fetch_group(const struct day_tags *day, const uint64_t halves[GROUP], size_t n)
{
    for (size_t i = 0; i < n && day->n; i++)
        __builtin_prefetch(&day->index[home(day, halves[i])]);
    for (size_t k = 0; k < day->settled_count; k++)
        for (size_t i = 0; i < n; i++)
            settled_prefetch_bucket(day->settled[k], halves[i]);
    for (size_t k = 0; k < day->settled_count; k++)
        for (size_t i = 0; i < n; i++)
            settled_prefetch_pieces(day->settled[k], halves[i]);
}

/* The identities from..to under one day: all lines are asked for before the first is looked at. */
static void find_group(const struct day_tags *day, size_t from, size_t to,
                       struct question *question, struct arena *scratch)
{
    uint64_t halves[GROUP];
    struct acquaintance *known = question->known;

    tag_halves(day, question, from, to, halves);
    fetch_group(day, halves, to - from);
    for (size_t i = from; i < to; i++) {
        const struct entry *entry;

        if (known[i].familiarity != ITEM_NEW)
            continue;
        entry = find_tag(day, halves[i - from]);
        if (!entry) {
            ask_settled(day, i, halves[i - from], question, scratch);
            continue;
        }
        known[i] = (struct acquaintance){
            .familiarity = compare(day->key, entry->content, &question->identities[i]),
            .item = day->base + entry->item,
            .story = entry->story};
    }
}

static int by_place(const void *a, const void *b)
{
    const struct tag_candidate *x = a, *y = b;

    if (x->day != y->day)
        return x->day > y->day ? -1 : 1;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->last != y->last)
        return x->last < y->last ? -1 : 1;
    return (x->tag[0] > y->tag[0]) - (x->tag[0] < y->tag[0]);
}

/* The candidates with that first half: the first of them, behind which the others stand. */
static size_t first_with(const struct tag_candidate *candidates, size_t n, uint64_t half)
{
    size_t from = 0, to = n;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (candidates[middle].tag[0] < half)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

bool tag_candidates_meet(const struct tag_candidate *candidates, size_t n,
                         const struct tag_record *run, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        size_t at = first_with(candidates, n, run[i].tag[0]);

        if (at < n && candidates[at].tag[0] == run[i].tag[0])
            return true;
    }
    return false;
}

void tag_candidates_take(struct tag_candidate *candidates, size_t n, const struct tag_record *run,
                         size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!has_tag(&run[i]))
            continue;
        for (size_t at = first_with(candidates, n, run[i].tag[0]);
             at < n && candidates[at].tag[0] == run[i].tag[0]; at++)
            if (candidates[at].tag[1] == run[i].tag[1])
                candidates[at].found = run[i];
    }
}

/* What the disk said of candidates of one day; nothing when its key went meanwhile. */
static void take_found(struct tag_tables *tables, const struct tag_candidate *found, size_t n,
                       struct question *question)
{
    const struct day_tags *day;

    pthread_mutex_lock(&tables->lock);
    day = find_day(tables, found->day);
    for (size_t i = 0; day && i < n; i++) {
        struct acquaintance *known = &question->known[found[i].asked];

        if (found[i].found.item && known->familiarity == ITEM_NEW)
            *known =
                (struct acquaintance){.familiarity = compare(day->key, found[i].found.content,
                                                             &question->identities[found[i].asked]),
                                      .item = found[i].found.item,
                                      .story = found[i].found.story};
    }
    pthread_mutex_unlock(&tables->lock);
}

/* Asks the disk for all candidates, one stretch after another. */
static enum rc read_candidates(struct tag_tables *tables, struct question *question,
                               struct err *err)
{
    struct tag_candidate *all = question->candidates.v;
    size_t n = question->candidates.n, next;
    enum rc rc = RC_OK;

    if (n)
        qsort(all, n, sizeof *all, by_place);
    for (size_t at = 0; rc == RC_OK && at < n; at = next) {
        for (next = at + 1; next < n && all[next].day == all[at].day; next++)
            if (all[next].first != all[at].first || all[next].last != all[at].last)
                break;
        rc = tables->reader(tables->reader_context, all + at, next - at, err);
        if (rc == RC_OK)
            take_found(tables, all + at, next - at, question);
    }
    memset(&question->candidates, 0, sizeof question->candidates);
    arena_reset(&tables->scratch);
    return rc;
}

enum rc tag_tables_find(struct tag_tables *tables, const struct identity *identities, size_t n,
                        struct acquaintance *known, struct err *err)
{
    struct question question = {.identities = identities, .known = known};
    enum rc rc = RC_OK;

    memset(known, 0, n * sizeof *known);
    for (size_t at = 0; rc == RC_OK && at < n; at += GROUP) {
        size_t to = n - at < GROUP ? n : at + GROUP;

        pthread_mutex_lock(&tables->lock);
        for (size_t day = tables->n; day-- > 0;)
            if (tables->days[day].n || tables->days[day].settled_count)
                find_group(&tables->days[day], at, to, &question, &tables->scratch);
        pthread_mutex_unlock(&tables->lock);
        if (question.candidates.n >= CANDIDATES)
            rc = read_candidates(tables, &question, err);
    }
    return rc == RC_OK ? read_candidates(tables, &question, err) : rc;
}

/* The entry of an item under one day, or NULL. */
static struct entry *entry_of(const struct day_tags *day, const struct identity *identity,
                              uint64_t item)
{
    struct entry *entry;
    uint64_t tag[2];

    if (!day->n)
        return NULL;
    make_tag(day->key, identity, tag);
    entry = find_tag(day, tag[0]);
    return entry && day->base + entry->item == item ? entry : NULL;
}

void tag_tables_forget(struct tag_tables *tables, const struct identity *identity, uint64_t item)
{
    struct entry *entry = NULL;

    pthread_mutex_lock(&tables->lock);
    for (size_t i = tables->n; i-- > 0 && !entry;)
        entry = entry_of(&tables->days[i], identity, item);
    if (entry)
        entry->item = 0;
    pthread_mutex_unlock(&tables->lock);
}

void tag_tables_drop_day(struct tag_tables *tables, int64_t day_number)
{
    struct day_tags *day;

    pthread_mutex_lock(&tables->lock);
    day = find_day(tables, day_number);
    if (day) {
        if (day_number != KEY_OF_PUBLICATIONS)
            tables->held -= day->n;
        free_day(day);
        memmove(day, day + 1, (size_t)(&tables->days[--tables->n] - day) * sizeof *day);
    }
    pthread_mutex_unlock(&tables->lock);
}
