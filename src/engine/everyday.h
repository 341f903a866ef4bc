/* everyday.h - how everyday a syllable is among all that was heard: ground of what a name tells.
 *
 * Method: uses counted in one row of a count-min sketch (Cormode, Muthukrishnan 2005), all halved
 * once EVERYDAY_TEXTS were noted; a syllable whose slot another shares looks more everyday than it
 * is, never less.  Cost: one slot a syllable.  Memory: 512 KiB.  One owner.
 */
#ifndef ENGINE_EVERYDAY_H
#define ENGINE_EVERYDAY_H

#include "text/token.h"

enum { EVERYDAY_TEXTS = 1 << 18 };

struct everyday;

struct everyday *everyday_new(struct arena *process);
void everyday_note(struct everyday *everyday, const struct tokens *tokens);
/* ln((texts + 1) / (uses + 1/2)), not below 0. */
double everyday_idf(const struct everyday *everyday, uint64_t key);

#endif
