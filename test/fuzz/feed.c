/* feed.c - any bytes as a feed, repaired or not: accepted clean, or rejected with a reason. */
#include "parse_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    parse_target("feed", (struct str){(const char *)data, size});
    return 0;
}
