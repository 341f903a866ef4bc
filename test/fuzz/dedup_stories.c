/* dedup_stories.c - fuzz target: any bytes as a stream of lines through near copies and stories.
 *
 * What must hold of every answer is checked: a first is never later than the item, a copy's first
 * is a first, novelty and similarity lie in 0..1, a story that is called first has a new id.  The
 * first byte chooses small limits, so that every bound is reached with few posts.
 */
#include "base/err.h"
#include "dedup/dedup.h"
#include "story/stories.h"
#include "text/nfc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct dedup_answer *copy, const struct stories_answer *story,
                  uint64_t item, uint64_t *newest)
{
    MUST(copy->first <= item && (copy->copy || copy->first == item));
    MUST(copy->similarity >= 0 && copy->similarity <= 1);
    MUST(story->novelty >= 0 && story->novelty <= 1);
    MUST(!story->first || story->story > *newest);
    MUST(story->first || story->story <= *newest);
    if (story->first)
        *newest = story->story;
    MUST(story->change.turn != STORIES_SPLIT || story->change.into > *newest);
    if (story->change.turn == STORIES_SPLIT)
        *newest = story->change.into;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size};
    struct dedup_config dedup_config = dedup_defaults;
    struct stories_config stories_config = stories_defaults;
    struct arena process, batch, scratch;
    struct stories *stories;
    struct dedup *dedup;
    uint64_t newest = 0;
    uint8_t shape = size ? data[0] : 0;

    dedup_config.window = 1 + shape % 16;
    stories_config.stories_max = 1 + shape / 16;
    stories_config.silent_posts = 1 + shape % 7;
    stories_config.terms_max = 1 + shape % 32;
    arena_init(&process, "process", 1 << 20);
    arena_init(&batch, "batch", 1 << 26);
    arena_init(&scratch, "scratch", 1 << 26);
    dedup = dedup_new(&dedup_config, &process);
    stories = stories_new(&stories_config);
    MUST(stories);
    for (uint64_t item = 1; rest.p; item++) {
        struct tokens tokens = tokens_of(nfc_text(str_cut(&rest, '\n'), &batch, NULL), &batch);
        int64_t time = (int64_t)(item * item * 1000003) * (shape & 1 ? -1 : 1);
        struct dedup_sketch sketch = dedup_sketch(dedup, &tokens, &scratch);
        struct dedup_answer copy = dedup_add(dedup, &sketch, item);
        struct stories_answer story = stories_add(stories, &tokens, time, &scratch);

        check(&copy, &story, item, &newest);
        if (copy.copy && story.story)
            stories_join(stories, &tokens, time, story.story, &scratch);
        if (shape & 2 && story.story)
            stories_again(stories, &tokens, time, &story, &scratch);
    }
    stories_free(stories);
    arena_free(&scratch);
    arena_free(&batch);
    arena_free(&process);
    return 0;
}
