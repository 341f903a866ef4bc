/* feed_stories.c - a labelled stream straight through stories_add, without gate or files' formats.
 *
 * Standard input: a line a text, `LABEL<TAB>TEXT`, in stream order.  Standard output: a line a
 * text, `LABEL<TAB>STORY<TAB>NOVELTY`, which test/eval/clusters.c measures: the story as it was
 * answered, or with `--final` the one that it had been merged into when all was read.  `--repeat N`
 * feeds the whole N times and prints only how fast that went; text is split into words before the
 * clock starts.
 */
#include "base/clock.h"
#include "base/embedded.h"
#include "base/map.h"
#include "story/stories.h"
#include "text/nfc.h"
#include "text/segment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS_MAX = 4 << 20 };
static const size_t arena_max = (size_t)4 << 30;

struct item {
    struct str label;
    int64_t time;
    struct tokens tokens;
    struct stories_answer answer;
};

static struct stories *fresh_stories(void)
{
    struct stories *stories = stories_new(&stories_defaults);

    if (!stories) {
        fputs("feed_stories: out of memory for stories; close other programs\n", stderr);
        exit(75);
    }
    return stories;
}

static size_t read_items(struct item *items, struct arena *job)
{
    char *line = NULL;
    const struct segmenter *segmenter;
    size_t room = 0, n = 0;
    ssize_t length;
    struct syllables syllables;
    struct text text;
    struct err err;

    MUST(segmenter_read(embedded_file("data/models/segment.bin"), job, &segmenter, &err) == RC_OK);

    while (n < TEXTS_MAX && (length = getline(&line, &room, stdin)) > 0) {
        struct str rest = {arena_copy(job, line, (size_t)length), (size_t)length};

        items[n].label = str_cut(&rest, '\t');
        str_to_int(str_cut(&rest, '\t'), &items[n].time);
        text = nfc_text(str_trim(rest), job, NULL);
        syllables = segment_read(segmenter, text, job);
        items[n].tokens = syllables.tokens;
        segment_tokens(segmenter, text, &syllables.pieces, &items[n++].tokens, job);
    }
    free(line);
    return n;
}

static uint64_t last_of(const struct map *merged, uint64_t story)
{
    const uint64_t *into;

    while ((into = map_find(merged, story)))
        story = *into;
    return story;
}

static void print_all(struct item *items, size_t n, bool final, struct arena *scratch)
{
    struct stories *stories = fresh_stories();
    struct map merged;

    map_init(&merged, TEXTS_MAX);
    for (size_t i = 0; i < n; i++) {
        struct stories_answer *answer = &items[i].answer;

        *answer = stories_add(stories, &items[i].tokens, items[i].time, scratch);
        if (final && answer->change.turn == STORIES_MERGED)
            *map_put(&merged, answer->change.from, NULL) = answer->change.into;
    }
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%" PRIu64 "\t%.6f\n", STR_ARG(items[i].label),
               last_of(&merged, items[i].answer.story), items[i].answer.novelty);
    map_free(&merged);
    stories_free(stories);
}

static void measure(const struct item *items, size_t n, int64_t repeat, struct arena *scratch)
{
    struct stories *stories = fresh_stories();
    uint64_t began = clock_ticks_ns(), sum = 0;
    double seconds;

    for (int64_t round = 0; round < repeat; round++)
        for (size_t i = 0; i < n; i++)
            sum += stories_add(stories, &items[i].tokens, items[i].time, scratch).first;
    seconds = (double)(clock_ticks_ns() - began) / 1e9;
    printf("# measured: stories_add %.0f posts/s (%zu posts, %" PRIu64 " stories)\n",
           (double)n * (double)repeat / seconds, n * (size_t)repeat, sum);
    stories_free(stories);
}

int main(int argc, char **argv)
{
    struct item *items = calloc(TEXTS_MAX, sizeof *items);
    struct arena job, scratch;
    int64_t repeat = 0;
    bool final = argc == 2 && !strcmp(argv[1], "--final");
    size_t n;

    if (!items ||
        (argc > 1 && !final &&
         (argc != 3 || strcmp(argv[1], "--repeat") || !str_to_int(str_of(argv[2]), &repeat)))) {
        fputs("usage: feed_stories [--final | --repeat N] <LABELLED_TEXTS\n", stderr);
        return 2;
    }
    arena_init(&job, "job", arena_max);
    arena_init(&scratch, "scratch", arena_max);
    n = read_items(items, &job);
    if (repeat > 0)
        measure(items, n, repeat, &scratch);
    else
        print_all(items, n, final, &scratch);
    arena_free(&scratch);
    arena_free(&job);
    free(items);
    return 0;
}
