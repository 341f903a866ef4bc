/* hash.c - XXH3 behind our own names; see hash.h. */
#include "base/hash.h"

#include <xxhash.h>

uint64_t hash_bytes(struct str s, uint64_t seed)
{
    return XXH3_64bits_withSeed(s.n ? s.p : "", s.n, seed);
}

struct hash128 hash128_bytes(struct str s, uint64_t seed)
{
    XXH128_hash_t h = XXH3_128bits_withSeed(s.n ? s.p : "", s.n, seed);

    return (struct hash128){h.high64, h.low64};
}

struct hash_stream *hash_stream_new(uint64_t seed)
{
    XXH3_state_t *state = XXH3_createState();

    if (state)
        XXH3_128bits_reset_withSeed(state, seed);
    return (struct hash_stream *)state;
}

void hash_stream_add(struct hash_stream *stream, struct str s)
{
    XXH3_128bits_update((XXH3_state_t *)stream, s.n ? s.p : "", s.n);
}

struct hash128 hash_stream_value(const struct hash_stream *stream)
{
    XXH128_hash_t h = XXH3_128bits_digest((const XXH3_state_t *)stream);

    return (struct hash128){h.high64, h.low64};
}

void hash_stream_free(struct hash_stream *stream)
{
    XXH3_freeState((XXH3_state_t *)stream);
}
