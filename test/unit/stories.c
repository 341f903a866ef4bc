/* stories.c - clustering a stream: small cases by hand, one stream against a naive model, bounds.
 */
#include "base/hash.h"
#include "base/rng.h"
#include "story/nearest.h"
#include "story/links.h"
#include "story/living.h"
#include "story/postings.h"
#include "story/stories.h"
#include "story/terms.h"
#include "text/nfc.h"

#include <malloc.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct arena batch, scratch;

static const int64_t hour = 3600 * 1000;

static struct stories_answer say(struct stories *stories, const char *text, int64_t time)
{
    struct str s = str_of(text);
    struct tokens tokens = tokens_of(nfc_text(s, &batch, NULL), &batch);

    return stories_add(stories, &tokens, time, &scratch);
}

static struct stories *with(uint32_t silent_posts, uint32_t stories_max)
{
    struct stories_config config = stories_defaults;
    struct stories *stories;

    config.silent_posts = silent_posts;
    config.stories_max = stories_max;
    stories = stories_new(&config);
    assert_non_null(stories);
    return stories;
}

/* Background talk, so that document frequencies mean something. */
static void talk(struct stories *stories, struct rng *rng, int posts, int64_t time)
{
    for (int i = 0; i < posts; i++) {
        uint64_t keys[12];
        uint16_t parts[12] = {0};
        struct tokens tokens = {.n = 12, .folded = keys, .sentence = parts};

        for (int j = 0; j < 12; j++)
            keys[j] = hash_pair(1 + rng_below(rng, 1 + rng_below(rng, 20000)), 77);
        stories_add(stories, &tokens, time, &scratch);
    }
}

static void test_same_event_one_story(void **state)
{
    struct stories *stories = with(3000, 1000);
    struct stories_answer a, b, c, d;
    struct rng rng;

    (void)state;
    rng_seed(&rng, 1);
    talk(stories, &rng, 300, 0);
    a = say(stories, "Cháy lớn ở kho vải đường Bến Nghé, khói đen bốc cao", 0);
    b = say(stories, "Kho vải Bến Nghé đang cháy lớn, khói đen mù mịt", hour);
    c = say(stories, "chay lon o kho vai ben nghe roi ba con oi, khoi den qua", hour);
    d = say(stories, "Đội bóng phường thắng trận mở màn giải phong trào", hour);
    assert_true(a.first && a.story > 0 && a.novelty > 0.5);
    assert_false(b.first);
    assert_int_equal(b.story, a.story);
    assert_int_equal(c.story, a.story); /* without diacritics the same words */
    assert_true(d.first && d.story != a.story);
    assert_true(b.novelty < a.novelty);
    stories_free(stories);
}

static void test_nothing_to_cluster_by(void **state)
{
    struct stories *stories = with(3000, 1000);
    struct stories_answer answer = say(stories, "... !!!", 0);

    (void)state;
    assert_int_equal(answer.story, 0);
    assert_false(answer.first);
    assert_true(say(stories, "ngập", 0).story > 0);
    stories_free(stories);
}

static void test_silent_stories_are_forgotten(void **state)
{
    static const char *said = "Sập giàn giáo công trình chợ Đầm, hai công nhân bị thương";
    struct stories *stories = with(200, 1000);
    uint64_t first;
    struct rng rng;

    (void)state;
    rng_seed(&rng, 2);
    talk(stories, &rng, 300, 0);
    first = say(stories, said, 0).story;
    talk(stories, &rng, 20, 0);
    assert_int_equal(say(stories, said, 0).story, first);
    talk(stories, &rng, 201, 0);
    assert_int_not_equal(say(stories, said, 0).story, first);
    first = say(stories, said, 0).story;
    assert_int_not_equal(say(stories, said, stories_defaults.silent_ms + 1).story, first);
    stories_free(stories);
}

/* In silence no sweep comes by: whoever keeps the time says so. */
static void test_old_stories_go_at_once(void **state)
{
    static const char *old = "Sập giàn giáo công trình chợ Đầm, hai công nhân bị thương";
    static const char *young = "Cá chết nổi trắng mặt hồ Sen, mùi hôi bay khắp khu phố";
    struct stories *stories = with(3000, 1000);
    uint64_t first, second;
    struct rng rng;

    (void)state;
    rng_seed(&rng, 2);
    talk(stories, &rng, 300, 9 * hour);
    first = say(stories, old, 0).story;
    second = say(stories, young, 9 * hour).story;
    stories_forget(stories, 8 * hour);
    assert_int_not_equal(say(stories, old, 9 * hour).story, first);
    assert_int_equal(say(stories, young, 9 * hour).story, second);
    stories_forget(stories, 10 * hour);
    assert_int_not_equal(say(stories, young, 10 * hour).story, second);
    stories_free(stories);
}

/* A clock that jumps ahead once must not make the program forget what goes on. */
static void test_one_wrong_clock(void **state)
{
    static const char *said = "Sập giàn giáo công trình chợ Đầm, hai công nhân bị thương";
    struct stories *stories = with(3000, 1000);
    uint64_t first;
    struct rng rng;

    (void)state;
    rng_seed(&rng, 3);
    talk(stories, &rng, 300, 0);
    first = say(stories, said, 0).story;
    say(stories, "một tin ghi nhầm năm hai nghìn chín trăm", INT64_MAX);
    say(stories, "một tin khác ghi trước khi có máy tính", INT64_MIN);
    assert_int_equal(say(stories, said, hour).story, first);
    stories_free(stories);
}

static void test_join_and_ids(void **state)
{
    struct stories_config config = stories_defaults;
    struct stories *stories;
    struct stories_answer answer;
    struct str said = STR("Cầu phao Bình Lợi bị nước cuốn trôi đêm qua");
    struct tokens tokens = tokens_of(nfc_text(said, &batch, NULL), &batch);

    (void)state;
    config.next_id = 500;
    stories = stories_new(&config);
    assert_int_equal(say(stories, "Mèo nhà tôi đi lạc ở xóm đình", 0).story, 500);
    stories_join(stories, &tokens, 0, 7, &scratch);
    answer = say(stories, "cầu phao Bình Lợi bị nước cuốn trôi", 0);
    assert_int_equal(answer.story, 7);
    stories_join(stories, &tokens, 0, 900, &scratch);
    assert_int_equal(say(stories, "Hội chợ hoa xuân khai mạc sớm", 0).story, 901);
    stories_free(stories);
}

/* Posts of `kinds` made-up events; every third word is anybody's. */
static struct tokens event_post(struct rng *rng, uint64_t event, uint32_t n)
{
    struct tokens tokens = {
        .n = n, .folded = arena_array(&batch, n, 8), .sentence = arena_array(&batch, n, 2)};

    for (uint32_t i = 0; i < n; i++)
        tokens.folded[i] = i % 3 ? hash_pair(event, rng_below(rng, 12)) | 1
                                 : hash_pair(0, rng_below(rng, 500)) | 1;
    return tokens;
}

static void test_same_input_same_output(void **state)
{
    struct stories_config unasked = stories_defaults;
    struct stories *a = with(500, 64), *b = with(500, 64), *c;
    struct rng rng;

    (void)state;
    unasked.silent_posts = 500;
    unasked.stories_max = 64;
    unasked.novelty = false;
    c = stories_new(&unasked);
    rng_seed(&rng, 5);
    for (int i = 0; i < 5000; i++) {
        struct tokens tokens =
            event_post(&rng, 1 + rng_below(&rng, 200), 1 + (uint32_t)rng_below(&rng, 40));
        struct stories_answer x = stories_add(a, &tokens, i, &scratch);
        struct stories_answer y = stories_add(b, &tokens, i, &scratch);
        struct stories_answer z = stories_add(c, &tokens, i, &scratch);

        assert_true(x.story == y.story && x.first == y.first && x.novelty == y.novelty);
        assert_true(x.novelty >= 0 && x.novelty <= 1);
        assert_true(x.story == z.story && x.first == z.first && z.novelty == 0);
    }
    stories_free(a);
    stories_free(b);
    stories_free(c);
    arena_reset(&batch);
}

/* A post of one event, of one of its sides or of both: 11 words of it and one of anybody. */
static struct tokens side_post(struct rng *rng, uint64_t event, bool left, bool right)
{
    struct tokens tokens = {
        .n = 12, .folded = arena_array(&batch, 12, 8), .sentence = arena_array(&batch, 12, 2)};

    for (uint32_t i = 0; i < 12; i++) {
        uint64_t side = left && right ? i % 2 : right;

        tokens.folded[i] = i < 11 ? hash_pair(hash_pair(event, side), rng_below(rng, 9)) | 1
                                  : hash_pair(0, rng_below(rng, 500)) | 1;
    }
    return tokens;
}

/* Putting back what was decided gives the state that deciding gave, and the same changes. */
static void test_restart_by_again(void **state)
{
    struct stories *whole = with(500, 256), *restarted = with(500, 256);
    struct rng rng;
    int changes = 0;

    (void)state;
    rng_seed(&rng, 6);
    for (int i = 0; i < 3000; i++) {
        uint64_t event = 1 + rng_below(&rng, 100), kind = rng_below(&rng, 4);
        struct tokens tokens = event < 50
                                   ? event_post(&rng, event, 6 + (uint32_t)rng_below(&rng, 20))
                                   : side_post(&rng, event % 10, kind != 0, kind < 2);
        struct stories_answer x = stories_add(whole, &tokens, i, &scratch), y = x;

        if (i < 1500)
            stories_again(restarted, &tokens, i, &x, &scratch);
        else
            y = stories_add(restarted, &tokens, i, &scratch);
        assert_true(x.story == y.story && x.first == y.first && x.novelty == y.novelty);
        assert_true(x.change.turn == y.change.turn && x.change.from == y.change.from &&
                    x.change.into == y.change.into);
        changes += i < 1500 && x.change.turn == STORIES_MERGED;
    }
    assert_true(changes > 2);
    stories_free(whole);
    stories_free(restarted);
    arena_reset(&batch);
}

/* Two sides of one event begin as two stories; texts that tell both make them one. */
static void test_two_become_one(void **state)
{
    enum { POSTS = 80 };
    uint64_t story[POSTS];
    struct stories *stories = with(3000, 1000);
    struct stories_change change = {0};
    uint32_t from = 0, into = 0;
    struct tokens tokens;
    struct rng rng;
    int n = 0;

    (void)state;
    rng_seed(&rng, 11);
    talk(stories, &rng, 300, 0);
    for (; n < POSTS && change.turn == STORIES_STAY; n++) {
        struct stories_answer answer;

        tokens = side_post(&rng, 7, n > 12 || n % 3, n > 12 || n % 3 == 0);
        answer = stories_add(stories, &tokens, n, &scratch);
        story[n] = answer.story;
        change = answer.change;
    }
    assert_true(n > 12 && story[0] != story[1]);
    assert_int_equal(change.turn, STORIES_MERGED);
    assert_true((change.from == story[0] && change.into == story[1]) ||
                (change.from == story[1] && change.into == story[0]));
    for (int i = 0; i < n; i++) {
        from += story[i] == change.from;
        into += story[i] == change.into;
    }
    assert_true(from <= into); /* the one with fewer posts ends */
    for (int i = 0; i < 6; i++) {
        tokens = side_post(&rng, 7, i % 2, i % 2 == 0);
        assert_int_equal(stories_add(stories, &tokens, 100 + i, &scratch).story, change.into);
    }
    stories_free(stories);
    arena_reset(&batch);
}

/* Texts that only share a greeting with two stories make no one of them. */
static void test_a_passer_by_merges_nothing(void **state)
{
    struct stories *stories = with(3000, 1000);
    struct rng rng;

    (void)state;
    rng_seed(&rng, 12);
    for (int i = 0; i < 1500; i++) {
        struct tokens tokens = event_post(&rng, 1 + rng_below(&rng, 12), 24);
        struct stories_change change = stories_add(stories, &tokens, i, &scratch).change;

        assert_int_not_equal(change.turn, STORIES_SPLIT);
        if (i > 300)
            assert_int_equal(change.turn, STORIES_STAY);
    }
    stories_free(stories);
    arena_reset(&batch);
}

/* What one long text tied together comes apart when its texts go two ways. */
static void test_one_becomes_two(void **state)
{
    struct stories *stories = with(3000, 1000);
    struct stories_change change = {0};
    uint64_t story = 0;
    struct tokens tokens;
    struct rng rng;
    int joined = 0, apart = 0;

    (void)state;
    rng_seed(&rng, 13);
    talk(stories, &rng, 300, 0);
    for (int i = 0; i < 8; i++) {
        tokens = side_post(&rng, 9, true, true);
        story = stories_add(stories, &tokens, i, &scratch).story;
    }
    for (int i = 0; i < 100 && change.turn == STORIES_STAY; i++) {
        struct stories_answer answer;

        tokens = side_post(&rng, 9, i % 2 == 0, i % 2 == 1);
        answer = stories_add(stories, &tokens, 8 + i, &scratch);
        joined += answer.story == story;
        change = answer.change;
    }
    assert_true(joined > 8);
    assert_int_equal(change.turn, STORIES_SPLIT);
    assert_int_equal(change.from, story);
    assert_true(change.into > story);
    for (int i = 0; i < 20; i++) { /* what tied them is still in the first */
        uint64_t left, right;

        tokens = side_post(&rng, 9, true, false);
        left = stories_add(stories, &tokens, 110 + i, &scratch).story;
        tokens = side_post(&rng, 9, false, true);
        right = stories_add(stories, &tokens, 110 + i, &scratch).story;
        apart += (left == story && right == change.into) || (right == story && left == change.into);
    }
    assert_true(apart >= 15);
    stories_free(stories);
    arena_reset(&batch);
}

static uint32_t count_links(const struct links *links, uint32_t list)
{
    uint32_t n = 0;

    for (; list; list = links->blocks[list].next)
        n += links->blocks[list].n;
    return n;
}

static void test_links(void **state)
{
    uint32_t one = 0, other = 0;
    struct links links;

    (void)state;
    assert_true(links_init(&links, 8)); /* 7 blocks: 98 numbers and no more */
    for (uint32_t i = 0; i < 20; i++)
        links_add(&links, &one, i);
    for (uint32_t i = 0; i < 200; i++)
        links_add(&links, &other, i);
    assert_int_equal(count_links(&links, one), 20);
    assert_int_equal(count_links(&links, other), 5 * LINK_BLOCK);
    links_drop(&links, &other);
    links_drop(&links, &one);
    assert_true(one == 0 && other == 0);
    for (uint32_t i = 0; i < 200; i++)
        links_add(&links, &one, i);
    assert_int_equal(count_links(&links, one), 7 * LINK_BLOCK);
    links_free(&links);
}

/* Pair-counting agreement with the known events: what a naive reader would call right. */
static void test_events_are_told_apart(void **state)
{
    enum { POSTS = 3000, EVENTS = 40 };
    static uint64_t event[POSTS], story[POSTS];
    struct stories *stories = with(3000, 4096);
    double together = 0, both = 0, joined = 0;
    struct rng rng;

    (void)state;
    rng_seed(&rng, 7);
    for (int i = 0; i < POSTS; i++) {
        struct tokens tokens;

        event[i] = 1 + rng_below(&rng, EVENTS);
        tokens = event_post(&rng, event[i], 12 + (uint32_t)rng_below(&rng, 12));
        story[i] = stories_add(stories, &tokens, i, &scratch).story;
    }
    for (int i = 0; i < POSTS; i++)
        for (int j = 0; j < i; j++) {
            together += event[i] == event[j];
            joined += story[i] == story[j];
            both += event[i] == event[j] && story[i] == story[j];
        }
    print_message("# measured: made-up events: pairs right %.3f of joined, %.3f of true\n",
                  both / joined, both / together);
    assert_true(both > 0.98 * joined);
    assert_true(both > 0.80 * together);
    stories_free(stories);
    arena_reset(&batch);
}

/* All is taken at birth: a long stream of new words costs nothing more. */
static void test_memory_is_bounded(void **state)
{
    struct stories *stories = with(3000, 4096);
    size_t before, after;
    struct rng rng;

    (void)state;
    rng_seed(&rng, 8);
    talk(stories, &rng, 100, 0);
    before = mallinfo2().uordblks + mallinfo2().hblkhd;
    for (uint64_t i = 0; i < 60000; i++) {
        uint64_t keys[16];
        uint16_t parts[16] = {0};
        struct tokens tokens = {.n = 16, .folded = keys, .sentence = parts};

        for (int j = 0; j < 16; j++)
            keys[j] = rng_next(&rng) | 1;
        assert_true(stories_add(stories, &tokens, (int64_t)i, &scratch).first);
    }
    after = mallinfo2().uordblks + mallinfo2().hblkhd;
    assert_true(after <= before + (1 << 20));
    assert_true(before < (size_t)96 << 20);
    stories_free(stories);
}

/* Posting lists against an array. */
static void test_postings_against_a_naive_list(void **state)
{
    enum { STORIES = 60, ROUNDS = 20000 };
    struct postings postings;
    bool there[STORIES] = {0};
    uint32_t list = 0, held = 0;
    struct rng rng;

    (void)state;
    assert_true(postings_init(&postings, 8)); /* 7 blocks: 49 postings and no more */
    rng_seed(&rng, 9);
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t story = (uint32_t)rng_below(&rng, STORIES);
        struct posting *found = postings_find(&postings, list, story);

        assert_int_equal(found != NULL, there[story]);
        if (found && rng_below(&rng, 2)) {
            assert_true(found->weight == (float)story);
            postings_remove(&postings, &list, found);
            there[story] = false;
            held--;
        } else if (!found) {
            bool added = postings_add(&postings, &list, (struct posting){story, (float)story});

            assert_int_equal(added, held < 49);
            there[story] = added;
            held += added;
        }
        assert_true(held > 0 ? list > 0 : list == 0);
        assert_int_equal(postings_left(&postings), 7 - (held + 6) / 7);
    }
    postings_free(&postings);
}

/* Words 0 .. 19 and 10 .. 29; then a word goes from one story to the other and back, and is named
 * twice. */
static void test_dot_of_two_stories(void **state)
{
    struct stories_config config = stories_defaults;
    struct living living;
    uint32_t slots[2], word = 0;

    (void)state;
    config.stories_max = 2;
    assert_true(living_init(&living, &config));
    for (uint32_t i = 0; i < 2; i++) {
        struct weighted words[20];
        struct bag bag = {.terms = words, .n = 20, .length = 1};

        for (uint32_t t = 0; t < 20; t++)
            words[t] = (struct weighted){.key = 1 + 10 * i + t, .weight = 2, .times = 1};
        living_count(&living, &bag);
        slots[i] = living_make(&living, i + 1);
        living_join(&living, slots[i], &bag, 0);
        word = (uint32_t)(words[i ? 0 : 10].term - living.terms.slots);
    }
    assert_true(living_dot(&living, slots[0], slots[1]) == 40);
    living_move(&living, slots[0], slots[1], word, 2);
    assert_true(living_dot(&living, slots[1], slots[0]) == 36);
    living_move(&living, slots[1], slots[0], word, 2);
    living_move(&living, slots[0], slots[1], word, 2);
    living_move(&living, slots[1], slots[0], word, 2);
    assert_true(living_dot(&living, slots[0], slots[1]) == 36 + 2 * 2);
    assert_true(living_dot(&living, slots[1], slots[0]) == 36 + 2 * 2);
    living_free(&living);
}

/* Two stories may live: the first makes room for the third, and of its list the other two are left
 * when it has been cleaned, in slots that are next to each other. */
static void test_forgotten_stories_leave_a_list(void **state)
{
    struct stories_config config = stories_defaults;
    struct living living;
    uint32_t slots[3];

    (void)state;
    config.stories_max = 2;
    assert_true(living_init(&living, &config));
    for (uint32_t i = 0; i < 3; i++) {
        struct weighted word = {.key = 7, .weight = 1, .times = 1};
        struct bag bag = {.terms = &word, .n = 1, .length = 1};

        living_count(&living, &bag);
        slots[i] = living_make(&living, i + 1);
        living_join(&living, slots[i], &bag, 0);
        assert_int_equal(word.term->held, i + 1);
        if (i < 2)
            continue;
        assert_int_equal(living_find(&living, 1), NO_SLOT);
        living_clean(&living, word.term);
        assert_int_equal(word.term->held, 2);
        for (uint32_t at = 1; at < 3; at++)
            assert_non_null(
                postings_find(&living.postings, word.term->postings, living.alive[slots[at]]));
    }
    assert_true(slots[0] == 0 && slots[1] == 1 && slots[2] == 0);
    living_free(&living);
}

static void test_terms_make_room_for_new_ones(void **state)
{
    struct terms terms;
    struct term gone;
    int lost = 0;

    (void)state;
    assert_true(terms_init(&terms, 64));
    for (uint64_t now = 1; now <= 1000; now++) {
        terms.texts++;
        assert_int_equal(terms_count(&terms, 7, now, &gone)->count, now);
        assert_int_equal(terms_count(&terms, 1000 + now, now, &gone)->count, 1);
        lost += gone.count > 0;
    }
    assert_true(lost >= 1000 - 64);
    assert_true(terms_count(&terms, 7, 3000, &gone)->count > 1);
    assert_int_equal(terms_count(&terms, 1001, 3001, &gone)->count, 1);
    assert_true(terms_idf(&terms, 1, terms_log_texts(&terms, 0)) >
                terms_idf(&terms, 2, terms_log_texts(&terms, 0)));
    assert_true(terms_idf(&terms, 5000, terms_log_texts(&terms, 0)) <= 0);
    terms_free(&terms);
}

static void test_power_table(void **state)
{
    struct idf_power power;

    (void)state;
    idf_power_init(&power, 0.7);
    for (float x = 0.125F; x < IDF_RANGE; x += 0.111F)
        assert_true(fabs((double)idf_power(&power, x) - pow((double)x, 0.7)) < 0.003);
    assert_true(idf_power(&power, 0) <= 0);
    assert_true(idf_power(&power, 1e9F) >= idf_power(&power, IDF_RANGE));
}

static void test_nearest_against_all_pairs(void **state)
{
    enum { TEXTS = 800, VOCABULARY = 400 };
    static bool has[TEXTS][VOCABULARY];
    static double length[TEXTS];
    struct nearest *nearest = nearest_new(1 << 12);
    struct rng rng;
    int equal = 0;

    (void)state;
    rng_seed(&rng, 10);
    for (int i = 0; i < TEXTS; i++) {
        struct nearest_term terms[NEAREST_TERMS];
        double best = 0, got;
        uint32_t n = 0;

        while (n < 8) {
            uint32_t word = (uint32_t)rng_below(&rng, VOCABULARY);

            if (!has[i][word])
                terms[n++] = (struct nearest_term){word + 1, 1 + (float)(word % 7)};
            has[i][word] = true;
        }
        for (uint32_t t = 0; t < n; t++)
            length[i] += (double)(terms[t].weight * terms[t].weight);
        length[i] = sqrt(length[i]);
        for (int j = 0; j < i; j++) {
            double dot = 0, shared = 0;

            for (uint32_t t = 0; t < n; t++)
                if (has[j][terms[t].key - 1]) {
                    dot += (double)(terms[t].weight * terms[t].weight);
                    shared++;
                }
            if (shared > 0)
                best = fmax(best, dot / (length[i] * length[j]) * (1 - 0.3 / shared));
        }
        got = nearest_add(nearest, terms, n);
        assert_true(got <= best + 1e-5);
        equal += fabs(got - best) < 1e-5;
    }
    assert_true(equal > TEXTS * 9 / 10); /* the rings are full now and then */
    nearest_free(nearest);
}

static int start(void **state)
{
    (void)state;
    arena_init(&batch, "batch", (size_t)1 << 28);
    arena_init(&scratch, "scratch", 1 << 24);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_free(&batch);
    arena_free(&scratch);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_event_one_story),
        cmocka_unit_test(test_nothing_to_cluster_by),
        cmocka_unit_test(test_silent_stories_are_forgotten),
        cmocka_unit_test(test_old_stories_go_at_once),
        cmocka_unit_test(test_one_wrong_clock),
        cmocka_unit_test(test_join_and_ids),
        cmocka_unit_test(test_same_input_same_output),
        cmocka_unit_test(test_restart_by_again),
        cmocka_unit_test(test_two_become_one),
        cmocka_unit_test(test_a_passer_by_merges_nothing),
        cmocka_unit_test(test_one_becomes_two),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_events_are_told_apart),
        cmocka_unit_test(test_memory_is_bounded),
        cmocka_unit_test(test_postings_against_a_naive_list),
        cmocka_unit_test(test_dot_of_two_stories),
        cmocka_unit_test(test_forgotten_stories_leave_a_list),
        cmocka_unit_test(test_terms_make_room_for_new_ones),
        cmocka_unit_test(test_power_table),
        cmocka_unit_test(test_nearest_against_all_pairs),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
