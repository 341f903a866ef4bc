/* carrier.h - values to bytes and back by the same code, so that both ways agree.
 *
 * Numbers have a fixed width: the length of what is sealed tells nothing about their values.
 */
#ifndef ENGINE_CARRIER_H
#define ENGINE_CARRIER_H

#include "trend/distinct.h"

struct carrier {
    unsigned char *at, *end;
    bool reading;
    bool bad; /* it did not fit, or ended too early: nothing more happens */
};

void carry_bytes(struct carrier *carrier, unsigned char *bytes, size_t n);
void carry_u64(struct carrier *carrier, uint64_t *value);
void carry_u32(struct carrier *carrier, uint32_t *value);
void carry_time(struct carrier *carrier, int64_t *value);
void carry_u8(struct carrier *carrier, uint8_t *value);
void carry_flag(struct carrier *carrier, bool *value);
/* A set that was added to `most` times: the bytes tell that number, not how many it holds.  What is
 * read takes memory of its own. */
void carry_distinct(struct carrier *carrier, struct distinct *set, uint32_t most);

#endif
