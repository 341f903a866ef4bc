/* parse_target.h - what must hold for any bytes given to a kind of `soundings parse`.
 */
#ifndef FUZZ_PARSE_TARGET_H
#define FUZZ_PARSE_TARGET_H

#include "base/utf8.h"
#include "cmd/canonical.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Accepted: valid UTF-8, the same twice.  Rejected: one line of reason. */
static inline void parse_target(const char *kind, struct str document)
{
    for (int strict = 0; strict < 2; strict++) {
        struct buf out[2];
        enum rc rc[2];

        for (int i = 0; i < 2; i++) {
            struct arena job;
            struct err err = {.text = ""};

            buf_init(&out[i], CANONICAL_MAX);
            arena_init(&job, "job", CANONICAL_MEMORY);
            rc[i] = canonical_write(canonical_find(str_of(kind)), document, strict, &job, &out[i],
                                    &err);
            arena_free(&job);
            MUST(rc[i] == RC_OK || rc[i] == RC_BAD || rc[i] == RC_REFUSED);
            MUST(rc[i] == RC_OK || (err.text[0] && utf8_valid(str_of(err.text))));
        }
        MUST(rc[0] == rc[1]);
        MUST(rc[0] != RC_OK ||
             (str_eq(buf_str(&out[0]), buf_str(&out[1])) && utf8_valid(buf_str(&out[0]))));
        buf_free(&out[0]);
        buf_free(&out[1]);
    }
}

#endif
