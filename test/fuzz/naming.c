/* naming.c - fuzz target: any bytes as what lay sealed of a story's candidate phrases.
 *
 * Only who has a window's secret can make such bytes; even so they must not break the program, and
 * what was taken must be given back as it came.
 */
#include "engine/naming.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LARGEST = 128 * 1024 };

/* Whether the bytes are one whole story's. */
static bool take(struct naming *naming, unsigned char *bytes, size_t size)
{
    struct carrier carrier = {.at = bytes, .end = bytes + size, .reading = true};

    naming_carry(naming, &carrier);
    return !carrier.bad;
}

static size_t give(struct naming *naming, unsigned char *bytes)
{
    struct carrier carrier = {.at = bytes, .end = bytes + LARGEST};

    naming_carry(naming, &carrier);
    MUST(!carrier.bad);
    return (size_t)(carrier.at - bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char *in = malloc(size + 1), *first = malloc(LARGEST), *second = malloc(LARGEST);
    struct naming *one = naming_new(3, 10), *two = naming_new(3, 10);

    MUST(in && first && second && one && two);
    if (size)
        memcpy(in, data, size);
    if (take(one, in, size)) {
        size_t n = give(one, first);

        MUST(take(two, first, n) && give(two, second) == n);
    }
    naming_free(one);
    naming_free(two);
    free(in);
    free(first);
    free(second);
    return 0;
}
