/* mergers.h - cells of stories, told as what the stories were merged into. */
#ifndef STORE_MERGERS_H
#define STORE_MERGERS_H

#include "store/lists.h"

/* Two parts of one story may have the same people, and which are the same cannot be told (PRIVACY
 * P2): of each window the part of which more people spoke stands for the story.  So a number never
 * says what the smaller part had. */
/* Brings cells into the order of cell_key_cmp; of those with one key the larger stays. */
void mergers_fold(struct cell_list *cells);
/* Each cell under the story that it is told as, and folded. */
void mergers_tell(struct cell_list *cells, const struct merger_list *mergers);

#endif
