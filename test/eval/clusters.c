/* clusters.c - how well a clustering agrees with labels: the measures of stream clustering.
 *
 * Standard input: a line an item, `LABEL<TAB>CLUSTER[<TAB>NOVELTY]`, in stream order.  Standard
 * output: `NMI ARI BCUBED_P BCUBED_R BCUBED_F CLUSTERS LABELS CDET`, one line, numbers.
 *   NMI   mutual information over the mean of the entropies (Strehl, Ghosh 2002, arithmetic mean)
 *   ARI   adjusted Rand index (Hubert, Arabie 1985)
 *   B³    Bagga, Baldwin 1998; Amigó et al. 2009, mean over items
 *   Cdet  first story detection: the least of Pmiss + 4.9 Pfa over all thresholds of novelty
 *         (TDT 2000: Cmiss 1, Cfa 0.1, Ptarget 0.02, divided by Cmiss Ptarget); 1 without novelty
 */
#include "base/hash.h"
#include "base/map.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ITEMS_MAX = 16 << 20 };

struct item {
    uint64_t label, cluster;
    double novelty;
    bool first; /* of its label in the stream */
};

struct counts {
    struct map labels, clusters, both;
};

static void add_one(struct map *map, uint64_t key)
{
    uint64_t *place = map_put(map, key, NULL);

    if (!place) {
        fputs("clusters: out of memory; give it fewer items\n", stderr);
        exit(75);
    }
    ++*place;
}

static uint64_t pair_key(const struct item *item)
{
    return hash_pair(item->label, item->cluster);
}

static size_t read_items(struct item *items, struct counts *counts)
{
    char *line = NULL;
    size_t room = 0, n = 0;
    ssize_t length;

    while (n < ITEMS_MAX && (length = getline(&line, &room, stdin)) > 0) {
        struct str rest = str_trim((struct str){line, (size_t)length});
        struct item *item = &items[n++];

        item->label = hash_bytes(str_cut(&rest, '\t'), 0);
        item->cluster = hash_bytes(str_cut(&rest, '\t'), 0);
        str_to_double(rest, &item->novelty);
        item->first = !map_find(&counts->labels, item->label);
        add_one(&counts->labels, item->label);
        add_one(&counts->clusters, item->cluster);
        add_one(&counts->both, pair_key(item));
    }
    free(line);
    return n;
}

static double entropy(const struct map *map, double n)
{
    uint64_t key, count;
    double sum = 0;

    for (size_t at = 0; map_next(map, &at, &key, &count);)
        sum -= (double)count / n * log((double)count / n);
    return sum;
}

static double pairs(const struct map *map)
{
    uint64_t key, count;
    double sum = 0;

    for (size_t at = 0; map_next(map, &at, &key, &count);)
        sum += (double)count * ((double)count - 1) / 2;
    return sum;
}

static double adjusted_rand(const struct counts *counts, double n)
{
    double labels = pairs(&counts->labels), clusters = pairs(&counts->clusters);
    double expected = n > 1 ? labels * clusters / (n * (n - 1) / 2) : 0;
    double most = (labels + clusters) / 2;

    return most > expected ? (pairs(&counts->both) - expected) / (most - expected) : 1;
}

static int by_novelty(const void *left, const void *right)
{
    const struct item *a = left, *b = right;

    return a->novelty < b->novelty ? 1 : a->novelty > b->novelty ? -1 : 0;
}

/* Sorts the items. */
static double detection_cost(struct item *items, size_t n, double targets)
{
    double missed = targets, alarms = 0, best = 1, others = (double)n - targets;

    qsort(items, n, sizeof *items, by_novelty);
    for (size_t i = 0; i < n; i++) {
        missed -= items[i].first;
        alarms += !items[i].first;
        if (i + 1 == n || items[i].novelty > items[i + 1].novelty)
            best = fmin(best, missed / targets + 4.9 * alarms / fmax(others, 1));
    }
    return best;
}

int main(void)
{
    struct item *items = calloc(ITEMS_MAX, sizeof *items);
    struct counts counts;
    double information, precision = 0, recall = 0, n;
    size_t count;

    map_init(&counts.labels, ITEMS_MAX);
    map_init(&counts.clusters, ITEMS_MAX);
    map_init(&counts.both, ITEMS_MAX);
    count = items ? read_items(items, &counts) : 0;
    if (!count) {
        fputs("clusters: nothing to measure on standard input\n", stderr);
        return 1;
    }
    n = (double)count;
    information = entropy(&counts.labels, n) + entropy(&counts.clusters, n);
    for (size_t i = 0; i < count; i++) {
        double both = (double)*map_find(&counts.both, pair_key(&items[i]));

        precision += both / (double)*map_find(&counts.clusters, items[i].cluster) / n;
        recall += both / (double)*map_find(&counts.labels, items[i].label) / n;
    }
    printf("%.4f %.4f %.4f %.4f %.4f %zu %zu %.4f\n",
           information > 0 ? 2 * (information - entropy(&counts.both, n)) / information : 1,
           adjusted_rand(&counts, n), precision, recall,
           2 * precision * recall / (precision + recall), counts.clusters.n, counts.labels.n,
           detection_cost(items, count, (double)counts.labels.n));
    map_free(&counts.labels);
    map_free(&counts.clusters);
    map_free(&counts.both);
    free(items);
    return 0;
}
