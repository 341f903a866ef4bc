/* nearest.h - how like is a text to the most similar recent text: the ground of novelty.
 *
 * First story detection by nearest neighbour (Allan, Lavrenko, Jin 2000), in constant time: for
 * each term the latest NEAREST_RING texts that had it (Petrović, Osborne, Lavrenko 2010 bound their
 * buckets so).  Cost: at most NEAREST_TERMS * NEAREST_RING additions a text.  Memory: 132
 * bytes a ring.  Pure.
 */
#ifndef STORY_NEAREST_H
#define STORY_NEAREST_H

#include <stdint.h>

enum { NEAREST_TERMS = 12, NEAREST_RING = 28 };

struct nearest;

struct nearest_term {
    uint64_t key;
    float weight;
};

/* `rings`, a power of two: terms that are remembered, and texts whose length is.  NULL when out of
 * memory. */
struct nearest *nearest_new(uint32_t rings);
void nearest_free(struct nearest *nearest);
/* Remembers a text (n <= NEAREST_TERMS distinct terms) and returns its similarity, 0..1, to the
 * most similar one remembered before. */
double nearest_add(struct nearest *nearest, const struct nearest_term *terms, uint32_t n);

#endif
