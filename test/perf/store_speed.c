/* store_speed.c - what the SQLite store costs: groups a second, bytes a post, look-ups, memory.
 *
 *     store_speed [POSTS] [DAYS]      1,000,000 posts of 200 bytes over 30 days, groups of 4,096
 *
 * Texts are drawn from a list of syllables, by a law of Zipf's shape, so that they pack about as
 * people's do.
 */
#include "base/clock.h"
#include "base/rng.h"
#include "run/store_fixture.h"

#include <math.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { GROUP = 4096, TEXT = 200, WORDS = 4000 };

static const char *const onsets[] = {"",  "b", "c",  "ch", "d",  "đ",  "g", "gi", "h", "kh", "l",
                                     "m", "n", "ng", "nh", "ph", "qu", "r", "s",  "t", "th", "tr"};
static const char *const rimes[] = {"a",    "à",   "á",   "ạ",   "ầu",  "ấy",  "ăn", "ắt",
                                    "e",    "ề",   "ệnh", "i",   "ì",   "iến", "o",  "ọc",
                                    "ô",    "ồng", "ơi",  "ời",  "u",   "uốn", "ưa", "ước",
                                    "ưởng", "y",   "ang", "ành", "ông", "ủy"};
static char words[WORDS][16];

static void make_words(struct rng *rng)
{
    for (int i = 0; i < WORDS; i++)
        snprintf(words[i], sizeof words[i], "%s%s", onsets[rng_below(rng, 22)],
                 rimes[rng_below(rng, 30)]);
}

static const char *draw_text(struct rng *rng, char out[TEXT + 32])
{
    size_t n = 0;

    while (n < TEXT - 10) {
        int word = (int)(pow(WORDS, rng_unit(rng)) - 1);

        n += (size_t)snprintf(out + n, 20, "%s%s", n ? " " : "", words[word]);
    }
    return out;
}

static double seconds_since(uint64_t start)
{
    return (double)(clock_ticks_ns() - start) / 1e9;
}

static long resident_kib(void)
{
    char line[128] = "";
    struct str rest;
    int64_t pages = 0;
    FILE *in = fopen("/proc/self/statm", "r");

    if (in && fgets(line, sizeof line, in)) {
        rest = str_of(line);
        str_cut(&rest, ' ');
        str_to_int(str_cut(&rest, ' '), &pages);
    }
    if (in)
        fclose(in);
    return (long)pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static struct store *open_or_say(const char *file, const struct settings *settings,
                                 struct arena *process)
{
    struct store *store;
    struct err err;

    if (store_open(str_of(file), STORE_WRITE, settings, process, &store, &err) != RC_OK) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    return store;
}

static void fill(struct store *store, uint64_t posts, int days)
{
    struct rng rng;
    struct arena batch;
    uint64_t started, writing = 0, groups = 0, bytes = 0;
    char text[TEXT + 32];
    struct err err;

    rng_seed(&rng, 7);
    make_words(&rng);
    arena_init(&batch, "batch", 256 * 1024 * 1024);
    for (uint64_t at = 0; at < posts; at += GROUP, groups++) {
        struct stored_item *items = arena_array(&batch, GROUP, sizeof *items);
        size_t n = posts - at < GROUP ? (size_t)(posts - at) : GROUP;
        int64_t day = days - 1 - (int64_t)(at * (uint64_t)days / posts);

        for (size_t i = 0; i < n; i++) {
            items[i] = fixture_item(&batch, at + i, at + i + 1, day, draw_text(&rng, text));
            bytes += strlen(text);
        }
        started = clock_ticks_ns();
        if (store->driver->commit(
                store, &(struct commit){.now = FIXTURE_NOW, .items = items, .item_count = n},
                &err) != RC_OK) {
            fprintf(stderr, "%s\n", err.text);
            exit(1);
        }
        writing += clock_ticks_ns() - started;
        arena_reset(&batch);
    }
    printf("commit: %.1f groups/s, %.0f posts/s, %.1f MB/s of text\n",
           (double)groups / ((double)writing / 1e9), (double)posts / ((double)writing / 1e9),
           (double)bytes / 1e6 / ((double)writing / 1e9));
    arena_free(&batch);
}

static void look_up(struct store *store, uint64_t posts, bool known)
{
    struct identity *identities = calloc(GROUP, sizeof *identities);
    struct acquaintance *answers = calloc(GROUP, sizeof *answers);
    uint64_t spent = 0, asked = 0, found = 0;
    struct rng rng;
    struct err err;

    if (!identities || !answers)
        abort();
    rng_seed(&rng, 9);
    for (int round = 0; round < 60; round++) {
        uint64_t started;

        for (size_t i = 0; i < GROUP; i++)
            identities[i] = fixture_identity(rng_below(&rng, posts) + (known ? 0 : posts), "");
        started = clock_ticks_ns();
        if (store->driver->lookup(store, identities, GROUP, answers, &err) != RC_OK)
            abort();
        spent += clock_ticks_ns() - started;
        asked += GROUP;
        for (size_t i = 0; i < GROUP; i++)
            found += answers[i].familiarity != ITEM_NEW;
    }
    printf("look-up of %s: %.0f/s (%.1f %% found)\n", known ? "known" : "new",
           (double)asked / ((double)spent / 1e9), 100.0 * (double)found / (double)asked);
    free(identities);
    free(answers);
}

static enum rc count_item(void *context, const struct stored_item *item, struct err *err)
{
    uint64_t *bytes = context;

    (void)err;
    *bytes += redacted_length(item->post->text);
    return RC_OK;
}

int main(int argc, char **argv)
{
    int64_t posts = 1000000, days = 30;
    struct settings settings = fixture_settings();
    struct arena process;
    char folder[64], file[96];
    struct store *store;
    struct stat about;
    struct err err;
    uint64_t started, bytes = 0;
    long before;

    if (argc > 1)
        str_to_int(str_of(argv[1]), &posts);
    if (argc > 2)
        str_to_int(str_of(argv[2]), &days);
    fixture_folder(folder);
    snprintf(file, sizeof file, "%s/soundings.db", folder);
    arena_init(&process, "process", 256 * 1024 * 1024);
    store = open_or_say(file, &settings, &process);
    fill(store, (uint64_t)posts, (int)days);
    started = clock_ticks_ns();
    store->driver->close(store);
    printf("close: %.3f s\n", seconds_since(started));
    stat(file, &about);
    printf("disk: %.1f bytes a post\n", (double)about.st_size / (double)posts);
    arena_free(&process);

    before = resident_kib();
    store = open_or_say(file, &settings, &process);
    started = clock_ticks_ns();
    look_up(store, 1, true);
    printf("tags: loaded in %.3f s, RSS grew by %ld KiB (%.1f bytes a tag), %ld KiB in all\n",
           seconds_since(started), resident_kib() - before,
           (double)(resident_kib() - before) * 1024 / (double)posts, resident_kib());
    look_up(store, (uint64_t)posts, false);
    look_up(store, (uint64_t)posts, true);
    started = clock_ticks_ns();
    if (store->driver->each_item(store, 0, count_item, &bytes, &err) != RC_OK)
        return 1;
    printf("each_item: %.0f posts/s, %.1f MB of text\n", (double)posts / seconds_since(started),
           (double)bytes / 1e6);
    store->driver->close(store);
    arena_free(&process);
    fixture_remove(folder);
    return 0;
}
