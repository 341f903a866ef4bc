/* tag.c - keyed tags and their tables; see tag.h.
 *
 * The index word of an entry is its number + 1 in the low bits (as many as the capacity needs) and
 * a piece of the tag's second half above them; 0 is free.  A larger index keeps as much of the
 * piece as it has room for.  In memory a tag is its first half and that piece (two identities are
 * taken for one with a chance below 2^-64), a content 32 bits (one edit in 2^32 is missed); at rest
 * both are whole.  A forgotten entry stays in its chunk with item 0 and matches nothing; the next
 * load leaves it out.
 */
#include "store/tag.h"

#include <sodium.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1024, GROUP = 32, DAYS = KEYS_MAX, SMALLEST_INDEX = 64 };

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
};

struct tag_tables {
    pthread_mutex_t lock;
    struct day_tags days[DAYS]; /* newest last */
    size_t n;
};

static uint64_t little(const unsigned char in[8])
{
    uint64_t value = 0;

    for (int i = 0; i < 8; i++)
        value |= (uint64_t)in[i] << (8 * i);
    return value;
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
    return tables;
}

static void free_day(struct day_tags *day)
{
    for (size_t i = 0; i < day->room / CHUNK; i++)
        free(day->chunks[i]);
    free(day->chunks);
    free(day->index);
}

void tag_tables_free(struct tag_tables *tables)
{
    for (size_t i = 0; i < tables->n; i++)
        free_day(&tables->days[i]);
    tables->n = 0;
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
static uint32_t piece(const struct day_tags *day, const uint64_t tag[2])
{
    return (uint32_t)(tag[1] >> 32) & ~day->number_mask;
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
    room = wanted < UINT32_MAX / 2 && grow_chunks(day, wanted) && grow_index(day, wanted);
    pthread_mutex_unlock(&tables->lock);
    return room ? RC_OK
                : err_set(err, RC_FULL, "out of memory for the tags of %zu items of one day",
                          wanted);
}

void tag_tables_add(struct tag_tables *tables, int64_t day_number, const struct tag_record *record)
{
    struct day_tags *day;

    pthread_mutex_lock(&tables->lock);
    day = find_day(tables, day_number);
    MUST(day && day->n < day->room);
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
    put_index(day, record->tag[0], piece(day, record->tag) | (uint32_t)day->n);
    pthread_mutex_unlock(&tables->lock);
}

static struct entry *find_tag(const struct day_tags *day, const uint64_t tag[2])
{
    uint32_t mine = piece(day, tag), word;

    for (uint64_t at = home(day, tag[0]); (word = day->index[at]); at = (at + 1) & (day->slots - 1))
        if ((word & ~day->number_mask) == mine) {
            struct entry *entry = entry_at(day, (word & day->number_mask) - 1);

            if (half_of(entry) == tag[0] && entry->item)
                return entry;
        }
    return NULL;
}

static enum familiarity compare(const struct day_key *key, uint32_t content,
                                const struct identity *identity)
{
    if (content == (uint32_t)make_content(key, identity->content))
        return ITEM_KNOWN;
    return content == (uint32_t)make_content(key, CONTENT_DELETED) ? ITEM_DELETED : ITEM_EDITED;
}

/* One group under one day: all lines are asked for before the first is looked at. */
static void find_group(const struct day_tags *day, const struct identity *identities, size_t n,
                       struct acquaintance *known)
{
    uint64_t tags[GROUP][2];

    for (size_t i = 0; i < n; i++)
        if (known[i].familiarity == ITEM_NEW) {
            make_tag(day->key, &identities[i], tags[i]);
            __builtin_prefetch(&day->index[home(day, tags[i][0])]);
        }
    for (size_t i = 0; i < n; i++) {
        const struct entry *entry =
            known[i].familiarity == ITEM_NEW ? find_tag(day, tags[i]) : NULL;

        if (entry)
            known[i] = (struct acquaintance){.familiarity =
                                                 compare(day->key, entry->content, &identities[i]),
                                             .item = day->base + entry->item,
                                             .story = entry->story};
    }
}

void tag_tables_find(struct tag_tables *tables, const struct identity *identities, size_t n,
                     struct acquaintance *known)
{
    memset(known, 0, n * sizeof *known);
    for (size_t at = 0; at < n; at += GROUP) {
        pthread_mutex_lock(&tables->lock);
        for (size_t day = tables->n; day-- > 0;)
            if (tables->days[day].n)
                find_group(&tables->days[day], identities + at, n - at < GROUP ? n - at : GROUP,
                           known + at);
        pthread_mutex_unlock(&tables->lock);
    }
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
    entry = find_tag(day, tag);
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
        free_day(day);
        memmove(day, day + 1, (size_t)(&tables->days[--tables->n] - day) * sizeof *day);
    }
    pthread_mutex_unlock(&tables->lock);
}
