/* cells_of_a_person.c - no question to the store can ask about one person. */
/* expect: no member named|does not refer to any field */
#include "store/store.h"

struct cell_query probe(struct voice voice, uint64_t story)
{
#ifdef CORRECT
    (void)voice;
    return (struct cell_query){.story = story};
#else
    (void)story;
    return (struct cell_query){.voice = voice};
#endif
}
