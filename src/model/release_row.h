/* release_row.h - one row of an immutable release, as it is kept and exported.
 */
#ifndef MODEL_RELEASE_ROW_H
#define MODEL_RELEASE_ROW_H

#include "model/cell.h"
#include "model/released.h"

/* What is told of one cell of the grid.  `shown` BELOW: every count is 0 and "<k" is printed
 * (whether the cell itself or a neighbour asked for it is not told). */
struct release_row {
    struct cell_key key;      /* window day or week; story always 0 */
    enum released_kind shown; /* RELEASED_NUMBER, RELEASED_BELOW or RELEASED_RANGE */
    uint32_t k;               /* the threshold that was in force */
    uint32_t voices, voices_upper, messages, copies, sources;
    bool replayed;
};

#endif
