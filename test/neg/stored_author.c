/* stored_author.c - the record keeps no voice and no author beside an item. */
/* expect: no member named|does not refer to any field */
#include "store/store.h"

struct stored_item probe(struct voice voice, uint64_t item)
{
#ifdef CORRECT
    (void)voice;
    return (struct stored_item){.item = item};
#else
    (void)item;
    return (struct stored_item){.voice = voice};
#endif
}
