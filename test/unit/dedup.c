/* dedup.c - near copies: edits of the project's own messages, logged as they are made, found again.
 *
 * The stream: every hand-written message of data/demo, then edits of them in a mixed order.  What
 * is true is known: which message an edit came from, and the Jaccard similarity of the exact sets
 * of syllable pairs, counted by a naive model.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/rng.h"
#include "dedup/dedup.h"
#include "sim/spelling.h"
#include "text/nfc.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { MESSAGES = 2000, EDITS = 12000, TEXT_MAX = 1 << 14 };

static struct arena process, scratch;
static struct str messages[MESSAGES];
/* Of every item: the first of the group that its message is in, by dedup's own word. */
static uint64_t roots[MESSAGES + EDITS];
static size_t message_count;

/* The values of "text" in data/demo/messages.jsonl, which hold no escapes. */
static void read_messages(void)
{
    FILE *file = fopen("data/demo/messages.jsonl", "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t n;

    while (file && message_count < MESSAGES && (n = getline(&line, &room, file)) > 0) {
        struct str all = {arena_copy(&process, line, (size_t)n), (size_t)n};
        struct str text = str_from(all, str_find(all, STR("\"text\": \"")) + 9);

        messages[message_count++] = str_part(text, 0, str_find(text, STR("\", \"")));
    }
    free(line);
    if (file)
        fclose(file);
}

static struct tokens tokens_from(struct str s)
{
    struct str kept = {arena_copy(&process, s.p, s.n), s.n};

    return tokens_of(nfc_text(kept, &process, NULL), &process);
}

static int by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return a < b ? -1 : a > b;
}

static size_t pairs_of(const struct tokens *tokens, uint64_t *out)
{
    size_t n = 0, kept = 0;

    for (uint32_t i = 0; i + 1 < tokens->n; i++)
        out[n++] = token_ngram(&tokens->folded[i], 2);
    qsort(out, n, sizeof *out, by_number);
    for (size_t i = 0; i < n; i++)
        if (!kept || out[i] != out[kept - 1])
            out[kept++] = out[i];
    return kept;
}

static double exact_jaccard(const struct tokens *a, const struct tokens *b)
{
    static uint64_t left[TEXT_MAX], right[TEXT_MAX];
    size_t n = pairs_of(a, left), m = pairs_of(b, right), both = 0;

    for (size_t i = 0, j = 0; i < n && j < m;) {
        both += left[i] == right[j];
        if (left[i] < right[j])
            i++;
        else if (left[i] > right[j])
            j++;
        else
            i++, j++;
    }
    return n + m ? (double)both / (double)(n + m - both) : 0;
}

static void add_words(struct buf *out, struct str s, uint32_t from, uint32_t to, int32_t changed,
                      bool dropped)
{
    for (uint32_t at = 0; s.p && at < to; at++) {
        struct str word = str_cut(&s, ' ');

        if (at < from || (dropped && (int32_t)at == changed))
            continue;
        buf_add(out, (int32_t)at == changed ? STR("vậy") : word);
        buf_add_byte(out, ' ');
    }
}

static uint32_t words_in(struct str s)
{
    uint32_t n = 1;

    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == ' ';
    return n;
}

enum edit { SAME, PLAIN, SHORT, SLIP, NFD, HEAD, TAIL, CUT, DROP, REPLACE, EDIT_KINDS };

static void edit(struct str s, enum edit kind, struct rng *rng, struct buf *out)
{
    uint32_t n = words_in(s);

    buf_clear(out);
    if (kind == PLAIN)
        spell_plain(s, out);
    else if (kind == SHORT)
        spell_short(s, out);
    else if (kind == SLIP)
        spell_slipped(s, rng, out);
    else if (kind == NFD)
        spell_decomposed(s, out);
    else if (kind == HEAD)
        buf_add(out, STR("Chuyển tiếp cho bà con: ")), buf_add(out, s);
    else if (kind == TAIL)
        buf_add(out, s), buf_add(out, STR(" Mọi người chia sẻ giúp nhé!"));
    else if (kind == CUT)
        add_words(out, s, 0, n - n / 5 - (uint32_t)rng_below(rng, n / 5 + 1), -1, false);
    else if (kind == DROP || kind == REPLACE)
        add_words(out, s, 0, n, (int32_t)rng_below(rng, n), kind == DROP);
    else
        buf_add(out, s);
}

static struct dedup *fresh_dedup(uint32_t window)
{
    struct dedup_config config = dedup_defaults;

    config.window = window;
    arena_reset(&process);
    return dedup_new(&config, &process);
}

static struct dedup_answer add(struct dedup *dedup, const struct tokens *tokens, uint64_t item)
{
    struct dedup_sketch sketch = dedup_sketch(dedup, tokens, &scratch);

    return dedup_add(dedup, &sketch, item);
}

static void restore(struct dedup *dedup, const struct tokens *tokens, uint64_t first)
{
    struct dedup_sketch sketch = dedup_sketch(dedup, tokens, &scratch);

    dedup_restore(dedup, &sketch, first);
}

struct outcome {
    int near, found, claimed, right; /* edits at Jaccard >= .8, of them found; copies told, true */
    int kinds[EDIT_KINDS], found_kinds[EDIT_KINDS];
};

static struct outcome run_edits(uint64_t seed)
{
    struct dedup *dedup = fresh_dedup(1 << 15);
    struct outcome outcome = {0};
    struct rng rng;
    struct buf once, twice;

    message_count = 0;
    read_messages();
    rng_seed(&rng, seed);
    buf_init(&once, TEXT_MAX);
    buf_init(&twice, TEXT_MAX);
    for (size_t i = 0; i < message_count; i++) {
        struct tokens tokens = tokens_from(messages[i]);

        roots[i] = add(dedup, &tokens, i).first;
    }
    for (uint64_t i = 0; i < EDITS && message_count; i++) {
        size_t origin = rng_below(&rng, message_count);
        enum edit kind = (enum edit)rng_below(&rng, EDIT_KINDS);
        struct tokens tokens, before = tokens_from(messages[origin]);
        struct dedup_answer answer;
        bool right;

        edit(messages[origin], kind, &rng, &once);
        edit(buf_str(&once), rng_below(&rng, 3) ? SAME : (enum edit)rng_below(&rng, EDIT_KINDS),
             &rng, &twice);
        tokens = tokens_from(buf_str(&twice));
        answer = add(dedup, &tokens, MESSAGES + i);
        roots[MESSAGES + i] = roots[origin];
        right = answer.copy && roots[answer.first] == roots[origin];
        outcome.claimed += answer.copy;
        outcome.right += right;
        outcome.kinds[kind]++;
        outcome.found_kinds[kind] += right;
        if (before.n >= dedup_defaults.min_tokens && tokens.n >= dedup_defaults.min_tokens &&
            exact_jaccard(&before, &tokens) >= 0.8) {
            outcome.near++;
            outcome.found += right;
        }
    }
    buf_free(&once);
    buf_free(&twice);
    return outcome;
}

static void test_recall_and_precision(void **state)
{
    static const char *const names[EDIT_KINDS] = {"same", "plain", "short", "slip", "nfd",
                                                  "head", "tail",  "cut",   "drop", "replace"};
    struct outcome outcome = run_edits(1);

    (void)state;
    assert_true(message_count > 600);
    print_message("# measured: recall at Jaccard >= .8: %.4f of %d; precision %.4f of %d\n",
                  (double)outcome.found / outcome.near, outcome.near,
                  (double)outcome.right / outcome.claimed, outcome.claimed);
    for (int kind = 0; kind < EDIT_KINDS; kind++)
        print_message("# measured: %s (any Jaccard): %.3f of %d\n", names[kind],
                      (double)outcome.found_kinds[kind] / outcome.kinds[kind], outcome.kinds[kind]);
    assert_true(outcome.found >= 0.98 * outcome.near);
    assert_true(outcome.right >= 0.99 * outcome.claimed);
}

static void test_same_twice(void **state)
{
    struct outcome a = run_edits(2), b = run_edits(2);

    (void)state;
    assert_memory_equal(&a, &b, sizeof a);
}

static struct dedup_answer say(struct dedup *dedup, const char *text, uint64_t item)
{
    struct tokens tokens = tokens_from(str_of(text));

    return add(dedup, &tokens, item);
}

static void test_short_texts_only_when_identical(void **state)
{
    struct dedup *dedup = fresh_dedup(64);

    (void)state;
    assert_false(say(dedup, "Mất nước rồi", 1).copy);
    assert_false(say(dedup, "Mất nước nữa", 2).copy);
    assert_int_equal(say(dedup, "mat nuoc roi!", 3).first, 1);
    assert_true(say(dedup, "MẤT NƯỚC RỒI", 4).copy);
    assert_false(say(dedup, "", 5).copy);
    assert_int_equal(say(dedup, "...", 6).first, 6);
    assert_false(say(dedup, "Mất", 7).copy);
    assert_true(say(dedup, "mất", 8).copy);
}

static void test_what_is_forgotten_is_like_nothing(void **state)
{
    struct dedup *dedup = fresh_dedup(64);
    const char *old = "Cột điện đầu ngõ nghiêng hẳn sang một bên sau trận mưa đêm qua";
    const char *young = "Xe rác ba hôm nay chưa thấy tới, cả dãy nhà nín thở";

    (void)state;
    say(dedup, old, 1);
    say(dedup, young, 2);
    dedup_forget(dedup, 2);
    assert_false(say(dedup, old, 3).copy);
    assert_int_equal(say(dedup, young, 4).first, 2);
    assert_int_equal(say(dedup, old, 5).first, 3);
}

static void test_group_keeps_its_first(void **state)
{
    struct dedup *dedup = fresh_dedup(64);
    const char *said = "Nhà văn hóa khu phố đóng cửa suốt tuần mà không ai dán thông báo gì cả";
    const char *again = "nha van hoa khu pho dong cua suot tuan ma khong ai dan thong bao gi ca";
    struct dedup_answer answer;

    (void)state;
    assert_int_equal(say(dedup, said, 10).first, 10);
    assert_false(say(dedup, "Hồ bơi công cộng mở lại từ thứ bảy, vé vẫn như năm ngoái", 11).copy);
    answer = say(dedup, again, 12);
    assert_true(answer.copy);
    assert_int_equal(answer.first, 10);
    assert_true(answer.similarity > 0.99);
    assert_int_equal(say(dedup, said, 13).first, 10);
}

/* What has left the window is not remembered; what is in it is. */
static void test_window_is_bounded(void **state)
{
    struct dedup *dedup = fresh_dedup(256);
    char text[160];
    int lost = 0, kept = 0, gone = 0, held = 0;

    (void)state;
    for (uint64_t i = 0; i < 4096; i++) {
        snprintf(text, sizeof text, "x%llu y%llu z%llu t%llu u%llu v%llu w%llu",
                 (unsigned long long)i, (unsigned long long)(i * 7), (unsigned long long)(i * 11),
                 (unsigned long long)(i * 13), (unsigned long long)(i * 17),
                 (unsigned long long)(i * 19), (unsigned long long)(i * 23));
        assert_false(say(dedup, text, i).copy);
        if (i >= 600 && i % 8 == 0) {
            unsigned long long old = i - (i % 16 ? 500 : 150);

            snprintf(text, sizeof text, "x%llu y%llu z%llu t%llu u%llu v%llu w%llu", old, old * 7,
                     old * 11, old * 13, old * 17, old * 19, old * 23);
            if (i % 16)
                gone++, lost += !say(dedup, text, 100000 + i).copy;
            else
                held++, kept += say(dedup, text, 100000 + i).copy;
        }
    }
    assert_int_equal(lost, gone);
    assert_true(held > 200 && kept >= 0.99 * held);
}

static void test_memory_at_birth(void **state)
{
    struct dedup *dedup;
    size_t before;

    (void)state;
    arena_free(&process);
    arena_init(&process, "process", 104 * 100000 + 65536); /* more would end the test */
    dedup = fresh_dedup(100000);
    before = process.reserved;
    for (uint64_t i = 0; i < 1000; i++) {
        uint64_t keys[20];
        struct tokens tokens = {.n = 20, .folded = keys};

        for (int j = 0; j < 20; j++)
            keys[j] = i * 20 + (uint64_t)j + 1;
        add(dedup, &tokens, i);
    }
    assert_int_equal(process.reserved, before);
    arena_free(&process);
    arena_init(&process, "process", (size_t)1 << 30);
}

/* A restart that puts back what was decided goes on as if there had been none. */
static void test_restore_goes_on(void **state)
{
    struct dedup *whole = fresh_dedup(512), *restored;
    struct dedup_config config = dedup_defaults;
    struct rng rng;

    (void)state;
    config.window = 512;
    restored = dedup_new(&config, &process);
    message_count = 0;
    read_messages();
    rng_seed(&rng, 4);
    for (uint64_t i = 0; i < 2000 && message_count; i++) {
        struct tokens tokens = tokens_from(messages[rng_below(&rng, message_count)]);
        struct dedup_answer a = add(whole, &tokens, i), b;

        if (i < 1000) {
            restore(restored, &tokens, a.first);
            continue;
        }
        b = add(restored, &tokens, i);
        assert_int_equal(a.first, b.first);
        assert_true(a.copy == b.copy && a.similarity == b.similarity);
    }
}

/* Random texts of n syllables, the second with one in `every` changed: what is told of their
 * likeness is right on average, and seldom far off, whatever their length. */
static void check_estimate(uint32_t n, uint32_t every)
{
    enum { TRIALS = 200, LONGEST = 3000 };
    static uint64_t keys[LONGEST];
    struct dedup *dedup = fresh_dedup(4);
    double off = 0, squares = 0;
    struct rng rng;

    rng_seed(&rng, n);
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct tokens a = {.n = n, .folded = keys};
        uint32_t changed = 0;
        double exact, told;

        for (uint32_t i = 0; i < n; i++)
            keys[i] = rng_next(&rng);
        add(dedup, &a, 2 * trial);
        for (uint32_t i = every / 2; i < n - 1; i += every, changed++)
            keys[i] = rng_next(&rng);
        exact = (n - 1 - 2.0 * changed) / (n - 1 + 2.0 * changed);
        told = add(dedup, &a, 2 * trial + 1).similarity;
        off += told - exact;
        squares += (told - exact) * (told - exact);
    }
    print_message("# measured: %u syllables: off by %.4f, deviation %.4f\n", n, off / TRIALS,
                  sqrt(squares / TRIALS));
    assert_true(fabs(off / TRIALS) < 0.015);
    assert_true(sqrt(squares / TRIALS) < 0.045);
}

static void test_estimates(void **state)
{
    (void)state;
    check_estimate(20, 20);
    check_estimate(61, 20);
    check_estimate(301, 20);
    check_estimate(3000, 20);
}

static void test_speed(void **state)
{
    enum { TEXTS = 20000, SYLLABLES = 20 };
    struct dedup *dedup = fresh_dedup(1 << 15);
    uint64_t keys[SYLLABLES], begin = clock_ticks_ns();
    struct tokens tokens = {.n = SYLLABLES, .folded = keys};
    struct rng rng;

    (void)state;
    rng_seed(&rng, 5);
    for (uint64_t i = 0; i < TEXTS; i++) {
        for (int k = 0; k < SYLLABLES; k++)
            keys[k] = rng_next(&rng);
        assert_false(add(dedup, &tokens, i).copy);
    }
    print_message("# measured: %.0f strangers of %d syllables a second\n",
                  TEXTS * 1e9 / (double)(clock_ticks_ns() - begin), SYLLABLES);
}

static int start(void **state)
{
    (void)state;
    arena_init(&process, "process", (size_t)1 << 30);
    arena_init(&scratch, "scratch", 1 << 20);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_free(&process);
    arena_free(&scratch);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recall_and_precision),
        cmocka_unit_test(test_same_twice),
        cmocka_unit_test(test_short_texts_only_when_identical),
        cmocka_unit_test(test_what_is_forgotten_is_like_nothing),
        cmocka_unit_test(test_group_keeps_its_first),
        cmocka_unit_test(test_window_is_bounded),
        cmocka_unit_test(test_memory_at_birth),
        cmocka_unit_test(test_restore_goes_on),
        cmocka_unit_test(test_estimates),
        cmocka_unit_test(test_speed),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
