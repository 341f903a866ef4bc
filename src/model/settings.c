/* settings.c - questions to the checked configuration; see settings.h. */
#include "model/settings.h"

uint32_t settings_source(const struct settings *settings, struct str name)
{
    for (uint32_t s = 1; s < settings->source_count; s++)
        if (str_eq(settings->sources[s].name, name))
            return s;
    return 0;
}
