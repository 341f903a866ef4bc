/* mergers.c - cells of stories, told as what the stories were merged into; see mergers.h. */
#include "store/mergers.h"

#include <stdlib.h>

static const struct cell *larger(const struct cell *a, const struct cell *b)
{
    if (a->fresh != b->fresh)
        return a->fresh > b->fresh ? a : b;
    if (a->voices != b->voices)
        return a->voices > b->voices ? a : b;
    return a->messages >= b->messages ? a : b;
}

static int by_from(const void *key, const void *merger)
{
    uint64_t story = *(const uint64_t *)key, from = ((const struct story_merger *)merger)->from;

    return (story > from) - (story < from);
}

static int by_key(const void *a, const void *b)
{
    const struct cell *x = a, *y = b;

    return cell_key_cmp(x->key, y->key);
}

void mergers_fold(struct cell_list *cells)
{
    size_t n = 0;

    if (cells->n)
        qsort(cells->v, cells->n, sizeof *cells->v, by_key);
    for (size_t i = 0; i < cells->n; i++) {
        if (n && by_key(&cells->v[n - 1], &cells->v[i]) == 0)
            cells->v[n - 1] = *larger(&cells->v[n - 1], &cells->v[i]);
        else
            cells->v[n++] = cells->v[i];
    }
    cells->n = n;
}

void mergers_tell(struct cell_list *cells, const struct merger_list *mergers)
{
    for (size_t i = 0; mergers->n && i < cells->n; i++) {
        const struct story_merger *merger =
            bsearch(&cells->v[i].key.story, mergers->v, mergers->n, sizeof *mergers->v, by_from);

        if (merger)
            cells->v[i].key.story = merger->into;
    }
    mergers_fold(cells);
}
