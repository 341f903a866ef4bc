/* jsonl.c - any bytes as items, one a line: accepted clean, or rejected with a reason. */
#include "parse_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    parse_target("jsonl", (struct str){(const char *)data, size});
    return 0;
}
