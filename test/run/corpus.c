/* corpus.c - feeds a fuzz target its corpus and mutations of it, as an ordinary test.
 *
 *   build/san/test/fuzz/NAME            test/fuzz/corpus/NAME, built-in seeds, and mutations
 *   build/san/test/fuzz/NAME FILE...    these files only: to see again what a fuzzer found
 *
 * Every input is fed from a block of exactly its size, so that AddressSanitizer sees one byte too
 * many.  Mutations are the same in every run; SOUNDINGS_TEST_FULL=1 makes a hundred times as many.
 * When the target dies, the seed and the round of its last input are told.
 */
#include "base/clock.h"
#include "base/rng.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS_MAX = 4096, INPUT_MAX = 256 * 1024, ROUNDS = 500, ROUNDS_FULL = 50000 };
static const uint64_t enough_ns = 30 * 1000000000ULL; /* rounds end here at the latest */

struct seed {
    char name[256];
    unsigned char *bytes;
    size_t n;
};

static struct seed seeds[SEEDS_MAX];
static size_t seed_count;
static size_t at_seed, at_round; /* of the input that is being fed */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* There with AddressSanitizer, absent without. */
__attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)(void));

static void tell_where(void)
{
    fprintf(stderr, "# died on seed %s, round %zu\n", seeds[at_seed].name, at_round);
}

static void *block(size_t n)
{
    void *bytes = malloc(n ? n : 1);

    if (!bytes)
        exit(75);
    return bytes;
}

static void feed(const unsigned char *bytes, size_t n)
{
    uint8_t *exact = block(n);

    if (n)
        memcpy(exact, bytes, n);
    (void)LLVMFuzzerTestOneInput(exact, n);
    free(exact);
}

static void add_seed(const char *name, const void *bytes, size_t n)
{
    struct seed *seed = &seeds[seed_count];

    if (seed_count == SEEDS_MAX)
        return;
    snprintf(seed->name, sizeof seed->name, "%s", name);
    seed->bytes = block(n);
    if (n)
        memcpy(seed->bytes, bytes, n);
    seed->n = n;
    seed_count++;
}

static bool add_file(const char *path)
{
    static unsigned char bytes[INPUT_MAX];
    FILE *in = fopen(path, "rb");
    size_t n;

    if (!in)
        return false;
    n = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    add_seed(path, bytes, n);
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct seed *)a)->name, ((const struct seed *)b)->name);
}

static void add_folder(const char *folder)
{
    DIR *open = opendir(folder);

    if (!open)
        return;
    for (struct dirent *entry; (entry = readdir(open));) {
        char path[1024];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        add_file(path);
    }
    closedir(open);
    qsort(seeds, seed_count, sizeof *seeds, by_name);
}

#define ADD_LITERAL(name, literal) add_seed(name, literal, sizeof(literal) - 1)

static void add_built_in(void)
{
    static unsigned char run[4096];
    static const char *const fills[] = {"(", "[", "<", "\"", "\xcc", "\xff", "\r", ",", "0", "&#"};

    ADD_LITERAL("nothing", "");
    ADD_LITERAL("NUL", "\0");
    ADD_LITERAL("byte-order mark", "\xef\xbb\xbf");
    ADD_LITERAL("half a letter", "\xe1\xbb");
    ADD_LITERAL("object", "{\"text\":\"mất nước ở phường\",\"time\":1}\n");
    ADD_LITERAL("row", "id,text\n1,\"ngập \"\"sâu\"\"\"\r\n");
    ADD_LITERAL("markup", "<rss><item><title>a &amp; b</title></item></rss>");
    for (size_t i = 0; i < sizeof fills / sizeof *fills; i++) {
        size_t width = strlen(fills[i]);

        for (size_t j = 0; j < sizeof run; j++)
            run[j] = (unsigned char)fills[i][j % width];
        add_seed(fills[i], run, sizeof run);
    }
}

/* One small change to bytes[n]; there is room for INPUT_MAX.  Returns the new length. */
static size_t mutate(struct rng *rng, unsigned char *bytes, size_t n)
{
    static const unsigned char telling[] = {0,   '"',  '<',  '>',  '&',  '[',  '{',  '}',
                                            ',', '\n', '\r', '\\', 0x80, 0xcc, 0xf4, 0xff};
    size_t at = n ? rng_below(rng, n) : 0;
    const struct seed *other = &seeds[rng_below(rng, seed_count)];
    size_t length;

    switch (rng_below(rng, 6)) {
    case 0: /* one bit */
        if (n)
            bytes[at] ^= (unsigned char)(1U << rng_below(rng, 8));
        return n;
    case 1: /* a byte that means something to a parser */
        if (n)
            bytes[at] = telling[rng_below(rng, sizeof telling)];
        return n;
    case 2: /* cut off */
        return at;
    case 3: /* a part taken out */
        length = n ? rng_below(rng, n - at + 1) : 0;
        memmove(bytes + at, bytes + at + length, n - at - length);
        return n - length;
    case 4: /* a part written twice */
        length = n ? rng_below(rng, n - at + 1) : 0;
        if (n + length > INPUT_MAX)
            return n;
        memmove(bytes + at + length, bytes + at, n - at);
        return n + length;
    default: /* a part of another seed */
        length = other->n ? rng_below(rng, other->n) : 0;
        if (length > INPUT_MAX - at)
            length = INPUT_MAX - at;
        if (length)
            memcpy(bytes + at, other->bytes, length);
        return at + length > n ? at + length : n;
    }
}

static void feed_mutations(size_t rounds)
{
    static unsigned char bytes[INPUT_MAX];
    uint64_t began = clock_ticks_ns();
    struct rng rng;

    rng_seed(&rng, 20260430);
    for (at_round = 1; at_round <= rounds && clock_ticks_ns() - began < enough_ns; at_round++) {
        for (at_seed = 0; at_seed < seed_count; at_seed++) {
            size_t n = seeds[at_seed].n;

            if (n)
                memcpy(bytes, seeds[at_seed].bytes, n);
            for (uint64_t changes = 1 + rng_below(&rng, 4); changes; changes--)
                n = mutate(&rng, bytes, n);
            feed(bytes, n);
        }
    }
}

static void feed_seeds(void)
{
    at_round = 0;
    for (at_seed = 0; at_seed < seed_count; at_seed++)
        feed(seeds[at_seed].bytes, seeds[at_seed].n);
    at_seed = 0;
}

int main(int argc, char **argv)
{
    const char *name = strrchr(argv[0], '/');
    char folder[512];

    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(tell_where);
    printf("1..%d\n", argc > 1 ? 1 : 2);
    fflush(stdout);
    if (argc > 1) {
        for (int i = 1; i < argc; i++) {
            if (!add_file(argv[i]))
                printf("# cannot read %s\n", argv[i]);
        }
        feed_seeds();
        printf("ok 1 - %zu files\n", seed_count);
    } else {
        snprintf(folder, sizeof folder, "test/fuzz/corpus/%s", name ? name + 1 : argv[0]);
        add_folder(folder);
        printf("# %zu files in %s\n", seed_count, folder);
        add_built_in();
        feed_seeds();
        printf("ok 1 - %zu seeds\n", seed_count);
        fflush(stdout);
        feed_mutations(getenv("SOUNDINGS_TEST_FULL") ? ROUNDS_FULL : ROUNDS);
        printf("ok 2 - %zu rounds of mutations\n", at_round - 1);
    }
    for (size_t i = 0; i < seed_count; i++)
        free(seeds[i].bytes);
    return 0;
}
