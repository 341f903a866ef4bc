/* xml.c - any bytes as an XML document: accepted clean, or rejected with a reason. */
#include "parse_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    parse_target("xml", (struct str){(const char *)data, size});
    return 0;
}
