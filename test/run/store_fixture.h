/* store_fixture.h - a small city and items to keep, for the tests of the store. */
#ifndef RUN_STORE_FIXTURE_H
#define RUN_STORE_FIXTURE_H

#include "base/hash.h"
#include "base/vec.h"
#include "store/store.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIXTURE_NOW INT64_C(1790000000000) /* a noon-ish in September 2026 */

static struct place fixture_places[] = {
    {.code = {"", 0}},
    {.code = {"SX", 2}, .level = LEVEL_CITY},
    {.code = {"SX-DONG", 7}, .level = LEVEL_GROUP, .parent = 1},
    {.code = {"SX-BENDA", 8}, .level = LEVEL_WARD, .parent = 2},
    {.code = {"SX-CHOMOI", 9}, .level = LEVEL_WARD, .parent = 2},
};
static struct topic fixture_topics[] = {
    {.code = {"", 0}}, {.code = {"nuoc", 4}}, {.code = {"dien", 4}}, {.code = {"duong", 5}}};
static struct source_settings fixture_sources[] = {
    {.name = {"file", 4}}, {.name = {"bao-song-xanh", 13}}, {.name = {"dien-dan", 8}}};

static inline struct settings fixture_settings(void)
{
    return (struct settings){.k = K_DEFAULT,
                             .retention_days = RETENTION_DAYS_DEFAULT,
                             .zone = {7 * HOUR_MS},
                             .sources = fixture_sources,
                             .source_count = 3,
                             .places = {.places = fixture_places, .n = 5},
                             .topics = {fixture_topics, 4}};
}

static inline struct identity fixture_identity(uint64_t who, const char *text)
{
    struct identity identity = {.content = hash_bytes(str_of(text), 1)};

    crypto_generichash(identity.digest, sizeof identity.digest, (const unsigned char *)&who,
                       sizeof who, NULL, 0);
    return identity;
}

/* A post: identity `who`, number `item`, heard `days` before now. */
static inline struct stored_item fixture_item(struct arena *batch, uint64_t who, uint64_t item,
                                              int64_t days, const char *text)
{
    struct post *post = arena_alloc(batch, sizeof *post);
    struct identity *identity = arena_alloc(batch, sizeof *identity);
    const char *copy = arena_copy(batch, text, strlen(text));

    post->heard = FIXTURE_NOW - days * DAY_MS;
    post->time = post->heard - 5 * MINUTE_MS;
    post->source = (uint32_t)(item % 3);
    post->place = (uint32_t)(item % 5);
    snprintf(post->lang.tag, sizeof post->lang.tag, "vi");
    post->text = redacted_make_((struct text){copy, strlen(copy)}, batch);
    *identity = fixture_identity(who, text);
    return (struct stored_item){
        .post = post, .identity = identity, .item = item, .first = item, .story = item % 7};
}

static inline struct text fixture_text(const char *s)
{
    return (struct text){s, strlen(s)};
}

/* Kept in a folder of its own, which fixture_remove takes away. */
static inline void fixture_folder(char out[64])
{
    const char *base = getenv("TMPDIR");

    snprintf(out, 64, "%.40s/sdg-XXXXXX", base && strlen(base) <= 40 ? base : "/tmp");
    if (!mkdtemp(out))
        abort();
}

static inline void fixture_remove(const char *folder)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        abort();
}

#endif
