/* restore.c - how well diacritics and social spelling are read.
 *
 *   restore news <JSONL     every tenth text, diacritics taken off: share of Vietnamese syllables
 *                           that are as they were, of all and of every second stripped; syllables
 *                           changed in a thousand of the texts as they are; MB/s
 *   restore social <TSV     text, tab, the same in standard spelling: error reduction rate (van der
 *                           Goot 2019), precision of the suggestions, words, words that needed
 *                           none and got one, words that got another than was meant; MB/s
 */
#include "base/embedded.h"
#include "source/source.h"
#include "text/fold.h"
#include "text/normalise.h"
#include "text/restore.h"
#include "text/shorthand.h"
#include "text/syllable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MEMORY = 256 << 20, LEFT_OUT = 10, WORDS = 1024, SPAN = 5 };

static struct arena process, batch;
static const struct restore_model *model;
static const struct shorthand *shorthand;

struct tally {
    uint64_t all, right, half, half_right, kept, changed, bytes, ns;
};

/* Of this process: others on the machine are not counted. */
static uint64_t spent_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Takes the marks off every `every`-th syllable, or off all. */
static struct text strip(struct text text, const struct tokens *tokens, uint32_t every)
{
    char *out = arena_alloc(&batch, text.n + 1);
    size_t n = 0;
    uint32_t token = 0;

    for (size_t at = 0; at < text.n;) {
        size_t start = at;
        struct str s = {text.p, text.n};
        uint32_t cp = utf8_next(s, &at, NULL), bare;

        while (token < tokens->n && tokens->offset[token] + tokens->length[token] <= start)
            token++;
        if (syllable_letter(cp) && token < tokens->n && token % every == 0) {
            bare = fold_code_point(cp);
            out[n++] = (char)(fold_case(cp) == cp ? bare : bare & ~0x20u);
        } else {
            memcpy(out + n, text.p + start, at - start);
            n += at - start;
        }
    }
    return (struct text){out, n};
}

static void compare(struct text text, const struct tokens *tokens, uint32_t every, uint64_t *all,
                    uint64_t *right, struct tally *tally)
{
    struct text bare = every ? strip(text, tokens, every) : text;
    uint64_t begin = spent_ns();
    struct readings read = {.tokens = tokens_of(bare, &batch)};
    struct syllable syllable;

    read.of = arena_array(&batch, read.tokens.n, sizeof *read.of);
    restore_readings(model, bare, &read, &batch);
    if (every == 1) {
        tally->ns += spent_ns() - begin;
        tally->bytes += bare.n;
    }
    MUST(read.tokens.n == tokens->n);
    for (uint32_t i = 0; i < tokens->n; i++) {
        struct str was = {text.p + tokens->offset[i], tokens->length[i]}, is = read.of[i].text;

        if (!is.n)
            is = (struct str){bare.p + read.tokens.offset[i], read.tokens.length[i]};
        if (!syllable_read(was, &syllable))
            continue;
        ++*all;
        *right += str_eq(was, is);
    }
}

static void news(void)
{
    const struct source_driver *driver;
    struct raw_item raw = {.line = 0};
    struct tally t = {0};
    struct arena job;
    struct input input;
    struct err err;
    void *state;

    MUST(input_open(&input, "-", &err) == RC_OK);
    arena_init(&job, "job", MEMORY);
    MUST(source_choose(&input, STR("jsonl"), &driver, &err) == RC_OK);
    MUST(driver->open(&input, &job, &state, &err) == RC_OK);
    for (uint64_t texts = 1; driver->next(state, &batch, &raw, &err) == RC_OK; texts++) {
        struct normalise_counts counts = {{0}};

        if (texts % LEFT_OUT == 0) {
            struct text text = normalise_text(raw.text, &batch, &counts);
            struct tokens tokens = tokens_of(text, &batch);

            compare(text, &tokens, 1, &t.all, &t.right, &t);
            compare(text, &tokens, 2, &t.half, &t.half_right, &t);
            compare(text, &tokens, 0, &t.kept, &t.changed, &t);
        }
        arena_reset(&batch);
        raw = (struct raw_item){.line = 0};
    }
    driver->close(state);
    input_close(&input);
    arena_free(&job);
    printf("%llu %.4f %.4f %.2f %.1f\n", (unsigned long long)t.all, (double)t.right / (double)t.all,
           (double)t.half_right / (double)t.half,
           1000.0 * (double)(t.kept - t.changed) / (double)t.kept,
           1000.0 * (double)t.bytes / (double)t.ns);
}

struct words {
    uint32_t n;
    struct str at[WORDS];
};

static void split(struct str line, struct words *words)
{
    words->n = 0;
    while (line.n && words->n < WORDS) {
        struct str word = str_cut(&line, ' ');

        if (word.n)
            words->at[words->n++] = word;
    }
}

/* Every word of `from` gets the fewest words of `to` that leave the most words equal:
 * first[i] .. first[i + 1]. */
static void align(const struct words *from, const struct words *to, uint32_t first[WORDS + 1])
{
    static uint32_t cost[WORDS + 1][WORDS + 1];
    static uint8_t taken[WORDS + 1][WORDS + 1];

    for (uint32_t i = 0; i <= from->n; i++)
        for (uint32_t j = 0; j <= to->n; j++) {
            cost[i][j] = i || j ? UINT32_MAX / 2 : 0;
            for (uint32_t n = 0; i && n <= SPAN && n <= j; n++) {
                bool equal = n == 1 && str_eq(from->at[i - 1], to->at[j - 1]);
                uint32_t sum = cost[i - 1][j - n] + (equal ? 0 : n == 0 ? 12 : 10 + n);

                if (sum < cost[i][j]) {
                    cost[i][j] = sum;
                    taken[i][j] = (uint8_t)n;
                }
            }
        }
    first[from->n] = to->n;
    for (uint32_t i = from->n, j = to->n; i > 0; i--) {
        j -= cost[i][j] < UINT32_MAX / 2 ? taken[i][j] : 0;
        first[i - 1] = j;
    }
}

/* The word with the suggestions that lie in it. */
static struct str suggested(struct text text, struct str word, const struct suggestions *list)
{
    uint32_t from = (uint32_t)(word.p - text.p), to = from + (uint32_t)word.n, n = 0;
    struct suggestion *inside = arena_array(&batch, list->n, sizeof *inside);
    struct suggestions own = {.v = inside};
    struct text out;

    for (uint32_t i = 0; i < list->n; i++)
        if (list->v[i].offset >= from && list->v[i].offset < to) {
            inside[n] = list->v[i];
            inside[n++].offset -= from;
        }
    own.n = n;
    out = reading_apply((struct text){word.p, word.n}, &own, &batch);
    return (struct str){out.p, out.n};
}

static struct suggestions suggestions_of(struct text text)
{
    struct tokens tokens = tokens_of(text, &batch);
    struct readings readings = shorthand_readings(shorthand, text, &tokens, &batch);

    restore_readings(model, text, &readings, &batch);
    return reading_suggest(&readings, &batch);
}

struct verdict {
    uint64_t words, needed, met, needless, other, bytes, ns;
};

static void judge_line(struct str line, bool verbose, struct verdict *v)
{
    struct normalise_counts counts = {{0}};
    static struct words from, to;
    uint32_t first[WORDS + 1];
    struct text text = normalise_text(str_cut(&line, '\t'), &batch, &counts);
    struct text standard = normalise_text(line, &batch, &counts);
    uint64_t begin = spent_ns();
    struct suggestions list = suggestions_of(text);

    v->ns += spent_ns() - begin;
    v->bytes += text.n;
    split((struct str){text.p, text.n}, &from);
    split((struct str){standard.p, standard.n}, &to);
    align(&from, &to, first);
    for (uint32_t i = 0; i < from.n; i++) {
        struct str meant = {NULL, 0}, got = suggested(text, from.at[i], &list);
        bool needed, changed = !str_eq(got, from.at[i]);

        if (first[i] < first[i + 1])
            meant = (struct str){to.at[first[i]].p,
                                 (size_t)(to.at[first[i + 1] - 1].p - to.at[first[i]].p) +
                                     to.at[first[i + 1] - 1].n};
        needed = !str_eq(meant, from.at[i]);
        v->words++;
        v->needed += needed;
        v->met += needed && str_eq(got, meant);
        v->needless += !needed && changed;
        v->other += needed && changed && !str_eq(got, meant);
        if (verbose && !str_eq(got, meant))
            printf("%c\t%.*s\t%.*s\t%.*s\n", needed ? changed ? 'o' : 'm' : 'n',
                   STR_ARG(from.at[i]), STR_ARG(meant), STR_ARG(got));
    }
}

static void social(bool verbose)
{
    struct verdict v = {0};
    struct input input;
    struct str line;
    struct err err;

    MUST(input_open(&input, "-", &err) == RC_OK);
    while (input_line(&input, &line, &err) == RC_OK) {
        judge_line(line, verbose, &v);
        arena_reset(&batch);
    }
    input_close(&input);
    printf("%.4f %.4f %llu %llu %llu %.1f\n",
           ((double)v.met - (double)v.needless) / (double)v.needed,
           (double)v.met / (double)(v.met + v.needless + v.other), (unsigned long long)v.words,
           (unsigned long long)v.needless, (unsigned long long)v.other,
           1000.0 * (double)v.bytes / (double)v.ns);
}

int main(int argc, char **argv)
{
    struct err err;

    arena_init(&process, "process", MEMORY);
    arena_init(&batch, "batch", MEMORY);
    MUST(restore_read(embedded_file("data/models/restore.bin"), &process, &model, &err) == RC_OK);
    MUST(shorthand_read(embedded_file("data/social-spelling.tsv"), &process, &shorthand, &err) ==
         RC_OK);
    if (argc == 2 && strcmp(argv[1], "news") == 0)
        news();
    else if (argc > 1 && strcmp(argv[1], "social") == 0)
        social(argc > 2);
    arena_free(&batch);
    arena_free(&process);
    return 0;
}
