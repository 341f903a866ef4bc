/* carrier.c - see carrier.h. */
#include "engine/carrier.h"

#include <string.h>

void carry_bytes(struct carrier *carrier, unsigned char *bytes, size_t n)
{
    if (carrier->bad || (size_t)(carrier->end - carrier->at) < n) {
        carrier->bad = true;
        return;
    }
    if (n && carrier->reading)
        memcpy(bytes, carrier->at, n);
    else if (n)
        memcpy(carrier->at, bytes, n);
    carrier->at += n;
}

void carry_u64(struct carrier *carrier, uint64_t *value)
{
    carry_bytes(carrier, (unsigned char *)value, sizeof *value);
}

void carry_u32(struct carrier *carrier, uint32_t *value)
{
    carry_bytes(carrier, (unsigned char *)value, sizeof *value);
}

void carry_time(struct carrier *carrier, int64_t *value)
{
    carry_bytes(carrier, (unsigned char *)value, sizeof *value);
}

void carry_u8(struct carrier *carrier, uint8_t *value)
{
    carry_bytes(carrier, value, sizeof *value);
}

void carry_flag(struct carrier *carrier, bool *value)
{
    uint8_t byte = *value;

    carry_u8(carrier, &byte);
    *value = byte & 1;
}

void carry_distinct(struct carrier *carrier, struct distinct *set, uint32_t most)
{
    size_t n = distinct_packed(most);

    if (carrier->bad || (size_t)(carrier->end - carrier->at) < n)
        carrier->bad = true;
    else if (!carrier->reading)
        distinct_pack(set, most, carrier->at);
    else if (!distinct_unpack(set, most, carrier->at))
        carrier->bad = true;
    if (!carrier->bad)
        carrier->at += n;
}
