/* codes.h - numbers that places, topics and sources have at rest, whatever their order in the
 * settings is today.
 *
 * The store numbers each code once and for ever (0: none).  Loaded at open, then read only.
 */
#ifndef STORE_CODES_H
#define STORE_CODES_H

#include "model/settings.h"

enum code_kind { CODE_PLACE, CODE_TOPIC, CODE_SOURCE };
enum { CODE_KINDS = 3 };
#define CODE_GONE UINT32_MAX

struct codes {
    const struct settings *settings;
    uint32_t count[CODE_KINDS];      /* indexes of the settings, 0 included */
    uint32_t *number_of[CODE_KINDS]; /* [count] */
    uint32_t numbers[CODE_KINDS];    /* numbers ever given, 0 included */
    uint32_t *index_of[CODE_KINDS];  /* [numbers]; CODE_GONE */
};

/* One code known to a store. */
struct code_row {
    enum code_kind kind;
    uint32_t number;
    struct str code;
};

/* Joins what the store knows with the settings; `fresh` are the codes that the store must keep. */
void codes_join(struct codes *codes, const struct settings *settings, const struct code_row *known,
                size_t n, struct arena *process);
size_t codes_fresh(const struct codes *codes, const struct code_row *known, size_t n,
                   struct arena *scratch, struct code_row **fresh);
/* The number at rest; the index must be one of the settings. */
uint32_t code_number(const struct codes *codes, enum code_kind kind, uint32_t index);
/* The index today, or CODE_GONE. */
uint32_t code_index(const struct codes *codes, enum code_kind kind, uint32_t number);

#endif
