/* redact_peer.c - redaction beside the same recognisers as PCRE2 patterns (JIT), in one run.
 *
 *   make B=/tmp/b /tmp/b/libcore.a
 *   cc -O2 -std=c17 -D_GNU_SOURCE -Isrc -Itest test/perf/redact_peer.c /tmp/b/libcore.a -lxxhash \
 *       -licuuc -lsodium -lpcre2-8 -lm -o /tmp/b/redact_peer && /tmp/b/redact_peer FILE…
 *
 * A text is a line.  The patterns know the plain forms alone (no disguises), one pattern a kind as
 * one would write them, and the same in one alternation; what is told is the ratio to the faster.
 * First both meet the invented identifiers of test/run/redact_identifiers.h, so that the recall of
 * the peer stands beside its speed; then they run A B A B over the files, and the median of the
 * pairs counts.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/clock.h"
#include "peer_identifiers.h"
#include "run/redact_identifiers.h"
#include "text/nfc.h"

#include <pcre2.h>
#include <stdlib.h>

enum { PATTERNS = sizeof identifiers / sizeof *identifiers, PAIRS = 9, TEXTS_MOST = 400000 };

struct peer {
    pcre2_code *code[PATTERNS];
    pcre2_match_data *match;
    size_t n;
};

static pcre2_code *compile(const char *pattern)
{
    PCRE2_SIZE at;
    int error;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                                     PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_NO_UTF_CHECK,
                                     &error, &at, NULL);

    if (!code || pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) != 0) {
        fprintf(stderr, "pattern fails at %zu: %s\n", at, pattern);
        exit(1);
    }
    return code;
}

static size_t matches(const struct peer *peer, struct text text)
{
    size_t found = 0;

    for (size_t i = 0; i < peer->n; i++)
        for (PCRE2_SIZE at = 0; at < text.n; found++) {
            const PCRE2_SIZE *span;

            if (pcre2_jit_match(peer->code[i], (PCRE2_SPTR)text.p, text.n, at, 0, peer->match,
                                NULL) < 0)
                break;
            span = pcre2_get_ovector_pointer(peer->match);
            at = span[1] > at ? span[1] : at + 1;
        }
    return found;
}

struct corpus {
    struct text *texts;
    size_t n, bytes;
    struct arena memory;
};

static void read_corpus(struct corpus *corpus, const char *path)
{
    static char line[1 << 20];
    FILE *file = fopen(path, "r");

    while (file && corpus->n < TEXTS_MOST && fgets(line, sizeof line, file)) {
        struct text text = nfc_text((struct str){line, strcspn(line, "\n")}, &corpus->memory, NULL);

        text.p = arena_copy(&corpus->memory, text.p, text.n);
        corpus->texts[corpus->n++] = text;
        corpus->bytes += text.n;
    }
    if (file)
        fclose(file);
    else
        printf("no %s: left out\n", path);
}

static double seconds_ours(const struct corpus *corpus, size_t *found)
{
    struct redaction_counts counts = {{0}};
    struct arena batch;
    uint64_t from;

    arena_init(&batch, "batch", (size_t)1 << 28);
    from = clock_ticks_ns();
    for (size_t i = 0; i < corpus->n; i++) {
        redact_text(corpus->texts[i], REDACT_PEOPLE, &batch, &counts);
        if (i % 256 == 0)
            arena_reset(&batch);
    }
    from = clock_ticks_ns() - from;
    arena_free(&batch);
    *found = 0;
    for (int kind = 0; kind < REDACTIONS; kind++)
        *found += counts.n[kind];
    return (double)from / 1e9;
}

static double seconds_peer(const struct peer *peer, const struct corpus *corpus, size_t *found)
{
    uint64_t from = clock_ticks_ns();

    *found = 0;
    for (size_t i = 0; i < corpus->n; i++)
        *found += matches(peer, corpus->texts[i]);
    return (double)(clock_ticks_ns() - from) / 1e9;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void compare(const char *name, const struct peer *peer, const struct corpus *corpus)
{
    double ratio[PAIRS], ours = 0, theirs = 0;
    size_t found[2];

    for (int i = 0; i < PAIRS; i++) {
        ours = seconds_ours(corpus, &found[0]);
        theirs = seconds_peer(peer, corpus, &found[1]);
        ratio[i] = theirs / ours;
    }
    qsort(ratio, PAIRS, sizeof *ratio, by_value);
    printf("%-22s ours %5.0f MB/s (%zu found), theirs %5.0f MB/s (%zu found): %.1f x\n", name,
           (double)corpus->bytes / 1e6 / ours, found[0], (double)corpus->bytes / 1e6 / theirs,
           found[1], ratio[PAIRS / 2]);
}

/* The share of plain identifiers in which the peer finds anything. */
static double peer_recall(const struct peer *peer)
{
    struct rng rng;
    size_t found = 0, n = 20000;

    rng_seed(&rng, 3);
    for (size_t i = 0; i < n; i++) {
        struct planted planted;
        char text[2 * PLANTED_ROOM];
        size_t length;

        identifier_plant(&rng, (enum redaction)(i % REDACTIONS), FORM_PLAIN, &planted);
        length = identifier_carry(identifier_carriers[i % IDENTIFIER_CARRIERS], planted.written,
                                  text, sizeof text);
        found += matches(peer, (struct text){text, length}) > 0;
    }
    return (double)found / (double)n;
}

int main(int argc, char **argv)
{
    struct peer apart = {.n = PATTERNS}, together = {.n = 1};
    struct corpus corpus = {.texts = calloc(TEXTS_MOST, sizeof *corpus.texts)};
    static char all[1 << 14];

    for (size_t i = 0; i < PATTERNS; i++) {
        apart.code[i] = compile(identifiers[i]);
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s(?:%s)", i ? "|" : "",
                 identifiers[i]);
    }
    together.code[0] = compile(all);
    apart.match = together.match = pcre2_match_data_create(4, NULL);
    arena_init(&corpus.memory, "process", (size_t)1 << 31);
    for (int i = 1; i < argc; i++)
        read_corpus(&corpus, argv[i]);
    printf("of %s identifiers the patterns find %.4f\n", form_names[FORM_PLAIN],
           peer_recall(&apart));
    printf("%zu texts, %.1f MB\n", corpus.n, (double)corpus.bytes / 1e6);
    if (corpus.n) {
        compare("a pattern a kind", &apart, &corpus);
        compare("one alternation", &together, &corpus);
    }
    return 0;
}
