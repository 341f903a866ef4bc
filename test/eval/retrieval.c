/* retrieval.c - which keys find the paragraph that a claim was made from, typed with marks or not.
 *
 *     retrieval CLAIMS DOCUMENTS
 *
 * Claims are lines `ID<TAB>DOCUMENT<TAB>text`, documents `ID<TAB>text`.  A text has four fields of
 * keys: its syllables as written (lower case), folded, and the pairs of neighbours of each within a
 * part of a sentence.  A variant scores by the weighted sum of BM25 over its fields (Robertson,
 * Zaragoza 2009; idf = ln(1 + (N - df + 0.5) / (df + 0.5))), each field with lengths of its own.
 * Standard output: a line a variant, `NAME<TAB>MAP@5 as written<TAB>MAP@5 without
 * diacritics<TAB>keys a document<TAB>microseconds
 * a question`.  A claim has one document, so its
 * average precision is 1/rank.
 */
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/vec.h"
#include "text/fold.h"
#include "text/normalise.h"
#include "text/token.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum field { WRITTEN, WRITTEN_PAIRS, FOLDED, FOLDED_PAIRS, FIELDS };
enum { BEST = 5 };

struct keys {
    uint64_t *v[FIELDS];
    uint32_t n[FIELDS];
};

struct posting {
    uint64_t key;
    uint32_t document, count;
};

struct index {
    struct posting *postings; /* by key, then document */
    size_t n;
    uint32_t *lengths; /* keys of each document */
    double mean;
};

struct claim {
    uint32_t document;
    struct keys keys[2]; /* as written; without diacritics */
};

struct variant {
    const char *name;
    double weight[FIELDS];
    double k1, b;
};

struct collection {
    struct arena job;
    VEC(struct str) ids;
    VEC(struct keys) documents;
    VEC(struct claim) claims;
    struct index fields[FIELDS];
};

/* As written but for case. */
static uint64_t written_key(struct str syllable)
{
    char lower[256];
    size_t n = 0;

    for (size_t at = 0; at < syllable.n && n < sizeof lower - 4;)
        n += utf8_put(lower + n, fold_case(utf8_next(syllable, &at, NULL)));
    return hash_bytes((struct str){lower, n}, 0);
}

static struct keys keys_of(struct str s, struct arena *job)
{
    struct normalise_counts counts = {{0}};
    struct text text = normalise_text(s, job, &counts);
    struct tokens tokens = tokens_of(text, job);
    struct keys keys;

    for (int f = 0; f < FIELDS; f++) {
        keys.v[f] = arena_array(job, tokens.n + 1, sizeof *keys.v[f]);
        keys.n[f] = 0;
    }
    for (uint32_t i = 0; i < tokens.n; i++) {
        keys.v[WRITTEN][keys.n[WRITTEN]++] =
            written_key((struct str){text.p + tokens.offset[i], tokens.length[i]});
        keys.v[FOLDED][keys.n[FOLDED]++] = tokens.folded[i];
        if (i == 0 || tokens.sentence[i] != tokens.sentence[i - 1])
            continue;
        keys.v[WRITTEN_PAIRS][keys.n[WRITTEN_PAIRS]++] = token_ngram(&keys.v[WRITTEN][i - 1], 2);
        keys.v[FOLDED_PAIRS][keys.n[FOLDED_PAIRS]++] = token_ngram(&tokens.folded[i - 1], 2);
    }
    return keys;
}

static int by_key(const void *a, const void *b)
{
    const struct posting *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->document < y->document ? -1 : x->document > y->document;
}

static void build(struct collection *c, enum field field)
{
    struct index *index = &c->fields[field];
    size_t all = 0, n = 0;

    index->lengths = arena_array(&c->job, c->documents.n, sizeof *index->lengths);
    for (size_t d = 0; d < c->documents.n; d++)
        all += index->lengths[d] = c->documents.v[d].n[field];
    index->postings = arena_array(&c->job, all, sizeof *index->postings);
    for (uint32_t d = 0; d < c->documents.n; d++)
        for (uint32_t i = 0; i < index->lengths[d]; i++)
            index->postings[n++] = (struct posting){c->documents.v[d].v[field][i], d, 1};
    qsort(index->postings, n, sizeof *index->postings, by_key);
    for (size_t i = 0; i < n; i++) { /* repetitions become a count */
        struct posting *last = index->n ? &index->postings[index->n - 1] : NULL;

        if (last && by_key(last, &index->postings[i]) == 0)
            last->count++;
        else
            index->postings[index->n++] = index->postings[i];
    }
    index->mean = (double)all / (double)c->documents.n;
}

/* The first posting of a key at or behind it. */
static size_t find_key(const struct index *index, uint64_t key)
{
    size_t low = 0, high = index->n;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (index->postings[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_key(const struct index *index, uint64_t key, const struct variant *variant,
                    double weight, double *scores, size_t documents)
{
    size_t from = find_key(index, key), to = from;
    double df, idf;

    while (to < index->n && index->postings[to].key == key)
        to++;
    df = (double)(to - from);
    idf = log(1 + ((double)documents - df + 0.5) / (df + 0.5));
    for (size_t i = from; i < to; i++) {
        uint32_t d = index->postings[i].document;
        double tf = index->postings[i].count;
        double length = 1 - variant->b + variant->b * index->lengths[d] / index->mean;

        scores[d] += weight * idf * tf * (variant->k1 + 1) / (tf + variant->k1 * length);
    }
}

/* 1/rank of the claim's own document, 0 behind BEST; equal scores in the order of documents. */
static double precision(const struct collection *c, const struct variant *variant,
                        const struct claim *claim, bool stripped)
{
    double *scores = calloc(c->documents.n, sizeof *scores);
    uint32_t rank = 1;

    MUST(scores);
    for (int f = 0; f < FIELDS; f++)
        for (uint32_t i = 0; variant->weight[f] > 0 && i < claim->keys[stripped].n[f]; i++)
            add_key(&c->fields[f], claim->keys[stripped].v[f][i], variant, variant->weight[f],
                    scores, c->documents.n);
    for (uint32_t d = 0; d < c->documents.n; d++)
        rank += scores[d] > scores[claim->document] ||
                (d < claim->document && scores[d] == scores[claim->document]);
    free(scores);
    return rank <= BEST ? 1.0 / rank : 0;
}

static void measure(const struct collection *c, const struct variant *variant)
{
    uint64_t began = clock_ticks_ns();
    double sums[2] = {0, 0}, n = (double)c->claims.n, keys = 0;

    for (size_t i = 0; i < c->claims.n; i++)
        for (int stripped = 0; stripped < 2; stripped++)
            sums[stripped] += precision(c, variant, &c->claims.v[i], stripped);
    for (int f = 0; f < FIELDS; f++)
        keys += variant->weight[f] > 0 ? c->fields[f].mean : 0;
    printf("%s, k1 %.1f b %.2f\t%.4f\t%.4f\t%.0f\t%.0f\n", variant->name, variant->k1, variant->b,
           sums[0] / n, sums[1] / n, keys, (double)(clock_ticks_ns() - began) / 1e3 / n / 2);
}

/* Calls `take` with every line of a file that has a tab. */
static bool read_lines(const char *path, struct collection *c,
                       void (*take)(struct collection *c, struct str line))
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;

    if (!file)
        return false;
    while ((length = getline(&line, &room, file)) > 0) {
        struct str s = str_trim((struct str){line, (size_t)length});

        if (str_find_byte(s, '\t') < s.n)
            take(c, (struct str){arena_copy(&c->job, s.p, s.n), s.n});
    }
    free(line);
    fclose(file);
    return true;
}

static void take_document(struct collection *c, struct str line)
{
    *vec_push(&c->ids, &c->job) = str_cut(&line, '\t');
    *vec_push(&c->documents, &c->job) = keys_of(line, &c->job);
}

static void take_claim(struct collection *c, struct str line)
{
    struct claim claim = {0};
    struct str id;

    str_cut(&line, '\t');
    id = str_cut(&line, '\t');
    while (claim.document < c->ids.n && !str_eq(id, c->ids.v[claim.document]))
        claim.document++;
    if (claim.document == c->ids.n)
        return;
    claim.keys[0] = keys_of(line, &c->job);
    claim.keys[1] = keys_of(fold_text(line, &c->job), &c->job);
    *vec_push(&c->claims, &c->job) = claim;
}

/* The differences between the last ones are smaller than 716 claims can tell. */
static const struct variant variants[] = {
    {"written", {1, 0, 0, 0}, 1.2, .75},
    {"written + pairs", {1, 1, 0, 0}, 1.2, .75},
    {"folded", {0, 0, 1, 0}, 1.2, .75},
    {"folded pairs", {0, 0, 0, 1}, 1.2, .75},
    {"folded + pairs", {0, 0, 1, 1}, .9, .4},
    {"folded + pairs", {0, 0, 1, 1}, 1.2, .75},
    {"folded + pairs", {0, 0, 1, 1}, 1.2, .9},
    {"folded + pairs", {0, 0, 1, 1}, 2, .75},
    {"folded + half pairs", {0, 0, 1, .5}, 1.2, .75},
    {"folded + double pairs", {0, 0, 1, 2}, 1.2, .75},
    {"written + folded + pairs", {1, 0, 1, 1}, 1.2, .75},
    {"half written + folded + pairs", {.5, 0, 1, 1}, .8, .85},
    {"half written + folded + pairs", {.5, 0, 1, 1}, 1.2, .75},
    {"quarter written + folded + pairs", {.25, 0, 1, 1}, 1.2, .75},
    {"all four, a third written", {.35, .35, 1, 1}, 1.2, .75},
};

int main(int argc, char **argv)
{
    struct collection c = {0};

    if (argc != 3)
        return 2;
    arena_init(&c.job, "job", (size_t)1 << 30);
    if (!read_lines(argv[2], &c, take_document) || !read_lines(argv[1], &c, take_claim) ||
        !c.claims.n) {
        fputs("retrieval: no claims or no documents\n", stderr);
        return 4;
    }
    for (int f = 0; f < FIELDS; f++)
        build(&c, (enum field)f);
    fprintf(stderr, "%zu claims, %zu documents\n", c.claims.n, c.documents.n);
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
        measure(&c, &variants[i]);
    arena_free(&c.job);
    return 0;
}
