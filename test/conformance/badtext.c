/* badtext.c - any byte string is a text: the suites of others through every function of the text
 * core.
 *
 * A stage is given each string twice: valid UTF-8 out, the same bytes both times, and where the
 * stage promises it, once more over its own output changes nothing.  Ill-formed UTF-8 is held
 * against ICU, whose substitution is by maximal subparts too (Unicode 15, section 3.9); text of
 * HTML against the character tokens of html5lib; composition against Unicode's own file.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "intake/html.h"
#include "intake/redact.h"
#include "run/outside.h"
#include "text/fold.h"
#include "text/language.h"
#include "text/nfc.h"
#include "text/normalise.h"
#include "text/token.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unicode/ustring.h>

#if defined(__SANITIZE_ADDRESS__)
enum { SLOWER = 8 };
#else
enum { SLOWER = 1 };
#endif
enum { MEBIBYTE = 1 << 20 };

static struct arena job, batch;
static const struct language_model *model;

static int set_up(void **state)
{
    struct err err;

    (void)state;
    arena_init(&job, "job", (size_t)1 << 30);
    arena_init(&batch, "batch", (size_t)1 << 30);
    return language_read(outside_file("data/languages.tsv", &job),
                         outside_file("data/models/syllables.tsv", &job),
                         outside_file("data/models/languages.bin", &job), &job, &model,
                         &err) == RC_OK
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&job);
    arena_free(&batch);
    return 0;
}

/* --- the stages ---------------------------------------------------------------------------------
 */

static struct str bytes_of(struct text text)
{
    return (struct str){text.p, text.n};
}

static struct str run_nfc(struct str s)
{
    return bytes_of(nfc_text(s, &batch, NULL));
}

static struct str run_normalise(struct str s)
{
    struct normalise_counts counts = {{0}};

    return bytes_of(normalise_text(s, &batch, &counts));
}

static struct str run_redact(struct str s)
{
    struct redaction_counts counts = {{0}};

    return bytes_of(redact_text(nfc_text(s, &batch, NULL), REDACT_PEOPLE, &batch, &counts));
}

static struct str run_publication(struct str s)
{
    struct redaction_counts counts = {{0}};

    return bytes_of(redact_text(nfc_text(s, &batch, NULL), REDACT_PUBLICATION, &batch, &counts));
}

/* All that a person sees of an item. */
static struct str run_shown(struct str s)
{
    struct normalise_counts kinds = {{0}};
    struct redaction_counts counts = {{0}};
    struct text text = normalise_text(html_to_text(s, &batch), &batch, &kinds);

    return bytes_of(redact_text(text, REDACT_PEOPLE, &batch, &counts));
}

static struct str run_html(struct str s)
{
    return run_nfc(html_to_text(s, &batch));
}

static struct str run_fold(struct str s)
{
    return fold_text(run_nfc(s), &batch);
}

static struct str run_language(struct str s)
{
    return language_of(model, s).tag;
}

/* Syllables as they stand in the text, a space behind each. */
static struct str run_token(struct str s)
{
    struct text text = nfc_text(s, &batch, NULL);
    struct tokens tokens = tokens_of(text, &batch);
    char *out = arena_alloc(&batch, text.n * 2 + 1);
    size_t n = 0, behind = 0;

    for (uint32_t i = 0; i < tokens.n; i++) {
        assert_true(tokens.folded[i] != 0 && tokens.length[i] > 0 && tokens.offset[i] >= behind);
        assert_true(i == 0 || tokens.sentence[i] >= tokens.sentence[i - 1]);
        behind = tokens.offset[i] + tokens.length[i];
        assert_true(behind <= text.n);
        memcpy(out + n, text.p + tokens.offset[i], tokens.length[i]);
        n += tokens.length[i];
        out[n++] = ' ';
    }
    return (struct str){out, n};
}

static const struct stage {
    const char *name;
    struct str (*run)(struct str s); /* result in `batch`, or a view of `s` or of the model */
    bool settles;                    /* twice is once */
} stages[] = {
    {"nfc", run_nfc, true},       {"normalise", run_normalise, true},
    {"redact", run_redact, true}, {"redact a publication", run_publication, true},
    {"fold", run_fold, false},    {"language", run_language, false},
    {"token", run_token, false},  {"html", run_html, false},
    {"shown", run_shown, false},
};
enum { STAGES = sizeof stages / sizeof *stages };

static unsigned broken;

/* Up to ten failures are told, by hexadecimal: the string itself may be anything. */
static void complain(const struct stage *stage, struct str s, const char *what)
{
    if (broken++ >= 10)
        return;
    print_message("%s: %s: %zu bytes:", stage->name, what, s.n);
    for (size_t i = 0; i < s.n && i < 40; i++)
        print_message(" %02x", (unsigned char)s.p[i]);
    print_message("\n");
}

static void hold_to_contract(const struct stage *stage, struct str s)
{
    struct str first = stage->run(s), second = stage->run(s);

    if (!utf8_valid(first))
        complain(stage, s, "its output is not UTF-8");
    if (!str_eq(first, second))
        complain(stage, s, "two runs differ");
    if (stage->settles && !str_eq(stage->run(first), first))
        complain(stage, s, "twice is not once");
    arena_reset(&batch);
}

static void every_stage(struct str s)
{
    for (size_t i = 0; i < STAGES; i++)
        hold_to_contract(&stages[i], s);
}

/* --- strings of the suites ----------------------------------------------------------------------
 */

static size_t taken;

/* Every string of a JSON document. */
static bool on_any_string(void *context, const struct json_event *event)
{
    (void)context;
    if (event->type != JSON_STRING)
        return true;
    every_stage(event->string);
    taken++;
    return true;
}

/* Every line of a file, as it is. */
static void take_lines(struct str rest)
{
    for (; rest.p; taken++)
        every_stage(str_cut(&rest, '\n'));
}

/* "1E0A 0323" or "÷ 0061 × 0308 ÷": the code points in hexadecimal as UTF-8, in `job`. */
static struct str spelled(struct str field)
{
    char *out = arena_alloc(&job, field.n * 4 + 4);
    size_t n = 0;

    while (field.p) {
        struct str word = str_cut(&field, ' ');
        uint32_t cp;

        if (word.n >= 4 && word.n <= 6 && str_to_hex(word, &cp))
            n += utf8_put(out + n, cp);
    }
    return (struct str){out, n};
}

/* The fields before '#' of every line of a file of the Unicode character database, of every eighth
 * where time is short. */
static void take_spelled(struct str rest)
{
    size_t step = getenv("SOUNDINGS_TEST_FULL") ? 1 : 8;

    for (size_t n = 0; rest.p; n++) {
        struct str line = str_cut(&rest, '\n'), fields = str_cut(&line, '#');
        struct arena_mark mark = arena_mark(&job);

        while (n % step == 0 && fields.p && !str_starts(fields, STR("@"))) {
            struct str s = spelled(str_cut(&fields, ';'));

            if (s.n)
                every_stage(s);
            taken += s.n > 0;
        }
        arena_rewind(&job, mark);
    }
}

static void take_file(const char *folder, const char *name)
{
    struct arena_mark mark = arena_mark(&job);
    struct str all = outside_file(outside_path(&job, folder, name), &job), ending = str_of(name);

    assert_non_null(all.p);
    if (strcmp(folder, "unicode") == 0) {
        take_spelled(all);
    } else if (str_ends(ending, STR(".jsonl"))) {
        while (all.p)
            outside_walk(str_cut(&all, '\n'), on_any_string, NULL);
    } else if (str_ends(ending, STR(".json")) || str_ends(ending, STR(".test"))) {
        outside_walk(all, on_any_string, NULL);
    } else {
        every_stage(all);
        take_lines(all);
    }
    arena_rewind(&job, mark);
}

static void strings_of_the_suites(void **state)
{
    static const struct {
        const char *folder, *name;
        size_t least;
    } files[] = {
        {"unicode", "NormalizationTest.txt", 11000}, {"unicode", "GraphemeBreakTest.txt", 70},
        {"unicode", "WordBreakTest.txt", 200},       {"unicode", "SentenceBreakTest.txt", 60},
        {"unicode", "LineBreakTest.txt", 900},       {"unicode", "emoji-test.txt", 500},
        {"utf8-kuhn", "UTF-8-test.txt", 270},        {"naughty-strings", "blns.json", 515},
        {"naughty-strings", "blns.txt", 600},        {"pii-presidio", "cases.jsonl", 1764},
        {"stdnum", "vn_mst_valid.txt", 161},         {"xss-dompurify", "payloads.jsonl", 223},
        {"http-llhttp", "cases.jsonl", 250},         {"html5lib/encoding", "tests1.dat", 100},
        {"html5lib/encoding", "tests2.dat", 50},     {"html5lib/encoding", "test-yahoo-jp.dat", 5},
    };

    (void)state;
    if (!outside_has(&job, "unicode")) {
        print_message("there is no data/badinput beside the repository: skipped\n");
        skip();
    }
    broken = 0;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        taken = 0;
        take_file(files[i].folder, files[i].name);
        print_message("# measured: badtext %s/%s: %zu strings through %d stages\n", files[i].folder,
                      files[i].name, taken, STAGES);
        assert_true(taken >= files[i].least);
    }
    assert_int_equal(broken, 0);
}

/* c2 == NFC(c1) == NFC(c2) == NFC(c3), c4 == NFC(c4) == NFC(c5). */
static void normalization_test(void **state)
{
    struct arena_mark mark = arena_mark(&job);
    struct str rest = outside_file(outside_path(&job, "unicode", "NormalizationTest.txt"), &job);
    unsigned right = 0, tests = 0;

    (void)state;
    if (!rest.p)
        skip();
    while (rest.p) {
        struct str line = str_cut(&rest, '\n'), c[6];
        struct arena_mark row = arena_mark(&job);
        bool good = true;

        if (!line.n || strchr("#@", line.p[0]))
            continue;
        for (int i = 1; i <= 5; i++)
            c[i] = spelled(str_cut(&line, ';'));
        for (int i = 1; i <= 5; i++)
            good = good && str_eq(run_nfc(c[i]), c[i <= 3 ? 2 : 4]);
        tests++;
        right += good;
        arena_reset(&batch);
        arena_rewind(&job, row);
    }
    print_message("# measured: badtext NormalizationTest: %u of %u\n", right, tests);
    arena_rewind(&job, mark);
    assert_true(tests > 19000);
    assert_int_equal(right, tests);
}

/* --- ill-formed UTF-8 ---------------------------------------------------------------------------
 */

/* What ICU makes of at most 64 bytes. */
static struct str by_icu(struct str s, char out[256])
{
    UErrorCode status = U_ZERO_ERROR;
    UChar wide[64];
    int32_t length = 0, bytes = 0;

    u_strFromUTF8WithSub(wide, 64, &length, s.p, (int32_t)s.n, 0xFFFD, NULL, &status);
    u_strToUTF8(out, 256, &bytes, wide, length, &status);
    assert_true(U_SUCCESS(status));
    return (struct str){out, (size_t)bytes};
}

static unsigned differing;

static void as_icu(struct str s)
{
    char want[256], got[256];
    size_t n = 0;
    struct str icu = by_icu(s, want);

    for (size_t at = 0; at < s.n;)
        n += utf8_put(got + n, utf8_next(s, &at, NULL));
    if (str_eq((struct str){got, n}, icu))
        return;
    if (differing++ < 10) {
        print_message("differs from ICU:");
        for (size_t i = 0; i < s.n; i++)
            print_message(" %02x", (unsigned char)s.p[i]);
        print_message("\n");
    }
}

/* All pairs; behind each lead byte all second bytes with the edges of every class in the third to
 * fifth place. */
static void substitution_is_that_of_icu(void **state)
{
    static const unsigned char edges[] = {0x20, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                          0xC0, 0xC2, 0xE0, 0xED, 0xF0, 0xF4, 0xF5, 0xFF};
    char s[5];

    (void)state;
    differing = 0;
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        s[0] = (char)(pair >> 8);
        s[1] = (char)(pair & 0xFF);
        as_icu((struct str){s, 2});
        if (pair < 0xC000)
            continue;
        for (unsigned i = 0; i < 16 * 16; i++) {
            s[2] = (char)edges[i >> 4];
            s[3] = (char)edges[i & 15];
            s[4] = (char)edges[(i * 7 + pair) & 15];
            as_icu((struct str){s, 4});
            as_icu((struct str){s, 5});
        }
    }
    assert_int_equal(differing, 0);
}

/* Kuhn's cases.  The copy of his file that people hand on has its ill-formed bytes replaced; here
 * they are as he numbers them.  His 3.3 wants one mark for a sequence cut short, as Unicode does
 * where its first bytes can begin a character; elsewhere Unicode gives one to each byte. */
static void kuhns_cases(void **state)
{
    static const struct {
        const char *bytes;
        unsigned marks, others; /* U+FFFD, and other characters */
    } cases[] = {
        {"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5", 0, 5}, /* 1 */
        {"\xC2\x80|\xE0\xA0\x80|\xF0\x90\x80\x80", 0, 5},       /* 2.1.2 to 2.1.4 */
        {"\xF8\x88\x80\x80\x80", 5, 0},                         /* 2.1.5 */
        {"\xFC\x84\x80\x80\x80\x80", 6, 0},                     /* 2.1.6 */
        {"\xDF\xBF|\xEF\xBF\xBF", 0, 3},                        /* 2.2.2, 2.2.3 */
        {"\xF7\xBF\xBF\xBF", 4, 0},                             /* 2.2.4 */
        {"\xFB\xBF\xBF\xBF\xBF", 5, 0},                         /* 2.2.5 */
        {"\xFD\xBF\xBF\xBF\xBF\xBF", 6, 0},                     /* 2.2.6 */
        {"\xED\x9F\xBF|\xEE\x80\x80|\xF4\x8F\xBF\xBF", 0, 5},   /* 2.3.1, 2.3.2, 2.3.4 */
        {"\xF4\x90\x80\x80", 4, 0},                             /* 2.3.5 */
        {"\x80|\xBF|\x80\xBF\x80\xBF\x80\xBF\x80", 9, 2},       /* 3.1.1 to 3.1.8 */
        {"\xC0 \xC1 \xC2 \xDF ", 4, 4},                         /* 3.2.1 */
        {"\xE0 \xE1 \xED \xEF ", 4, 4},                         /* 3.2.2 */
        {"\xF0 \xF3 \xF4 \xF5 \xF7 ", 5, 5},                    /* 3.2.3 */
        {"\xF8 \xFB \xFC \xFD ", 4, 4},                         /* 3.2.4, 3.2.5 */
        {"\xC0", 1, 0},                                         /* 3.3.1 */
        {"\xE0\x80", 2, 0},                                     /* 3.3.2 */
        {"\xF0\x80\x80", 3, 0},                                 /* 3.3.3 */
        {"\xDF", 1, 0},                                         /* 3.3.6 */
        {"\xEF\xBF", 1, 0},                                     /* 3.3.7 */
        {"\xF7\xBF\xBF", 3, 0},                                 /* 3.3.8 */
        {"\xDF\xEF\xBF\xF0\x90\x80\xE1\xBB", 4, 0},       /* 3.4, what can begin a character */
        {"\xFE|\xFF|\xFE\xFE\xFF\xFF", 6, 2},             /* 3.5 */
        {"\xC0\xAF|\xE0\x80\xAF|\xF0\x80\x80\xAF", 9, 2}, /* 4.1.1 to 4.1.3 */
        {"\xF8\x80\x80\x80\xAF|\xFC\x80\x80\x80\x80\xAF", 11, 1}, /* 4.1.4, 4.1.5 */
        {"\xC1\xBF|\xE0\x9F\xBF|\xF0\x8F\xBF\xBF", 9, 2},         /* 4.2.1 to 4.2.3 */
        {"\xC0\x80|\xE0\x80\x80|\xF0\x80\x80\x80", 9, 2},         /* 4.3.1 to 4.3.3 */
        {"\xED\xA0\x80|\xED\xAD\xBF|\xED\xBF\xBF", 9, 2},         /* 5.1 */
        {"\xED\xA0\x80\xED\xB0\x80", 6, 0},                       /* 5.2.1 */
        {"\xEF\xBF\xBE|\xEF\xBF\xBF", 0, 3},                      /* 5.3 */
        /* Unicode 15, tables 3-8 to 3-11 */
        {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", 8, 1},
        {"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", 8, 1},
        {"\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", 7, 2},
        {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", 4, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str out = run_nfc(str_of(cases[i].bytes));
        unsigned marks = 0, others = 0;

        for (size_t at = 0; at < out.n;)
            ++*(utf8_next(out, &at, NULL) == UTF8_REPLACEMENT ? &marks : &others);
        if (marks != cases[i].marks || others != cases[i].others)
            fail_msg("case %zu: %u marks and %u others", i, marks, others);
        broken = 0;
        every_stage(str_of(cases[i].bytes));
        assert_int_equal(broken, 0);
    }
}

/* --- size ---------------------------------------------------------------------------------------
 */

/* A mebibyte of each (a quarter of one where time is short), through every stage. */
static const struct str endless[] = {
    {"\xCC\x81", 2},
    {"\xCC\x81\xCC\xA3", 4},                 /* above, below: every second one moves */
    {"e\xCC\xA3\xCC\x82\xCC\x81", 7},        /* composes */
    {"\xE0\xBD\xB3\xCC\x81\xE3\x82\x99", 8}, /* marks of three classes */
    {"\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", 9},
    {"a", 1},
    {"\xE1\xBB\x87", 3}, /* ệ */
    {"\xC4\x91", 2},     /* đ */
    {"o\xC3\xA0", 3},    /* a tone mark that would move, never a word's end */
    {"ho\xC3\xA0 ", 5},
    {"\xE2\x80\x8B", 3},
    {"\xE2\x80\x8D", 3},
    {"a\xE2\x80\x8B", 4},
    {"\xEF\xBB\xBF", 3},
    {"\xC2\xAD", 2},
    {"[", 1},
    {"[[S", 3},
    {"[S\xC4\x90T]", 7},
    {"(", 1},
    {"1", 1},
    {"0", 1},
    {"09", 2},
    {"0 9.", 4},
    {"0912345678", 10},
    {"0912 345 678 ", 13},
    {"+84", 3},
    {"123456789012 ", 13},
    {"\xEF\xBC\x90", 3},              /* full-width digits */
    {"9\xEF\xB8\x8F\xE2\x83\xA3", 7}, /* keycaps */
    {"kh\xC3\xB4ng ch\xC3\xADn ", 13},
    {"o0", 2},
    {"@", 1},
    {"a@", 2},
    {"a@b.", 4},
    {".", 1},
    {"-", 1},
    {" ", 1},
    {"\n", 1},
    {"\r", 1},
    {"\0", 1},
    {"\xFF", 1},
    {"\xC3", 1},
    {"\xC3\x83", 2}, /* UTF-8 encoded twice, endlessly */
    {"\xC3\x83\xC2\xA1", 4},
    {"a^'", 3},      /* VIQR */
    {"\xD1\x80", 2}, /* a look-alike */
    {"p\xD1\x80", 3},
    {"http://", 7},
    {"www.", 4},
    {"fb.com/", 7},
    {"zalo ", 5},
    {"<", 1},
    {"<div>", 5},
    {"<a href='", 9},
    {"&", 1},
    {"&amp;", 5},
    {"\xF0\x9F\x91\xA8\xE2\x80\x8D", 7}, /* emoji and joiners */
    {"\xE6\xB0\xB4", 3},
    {"\xE0\xB8\xAB\xE0\xB9\x89", 6},
    {"\xE2\x80\xAE", 3},
    {"\xEF\xBF\xBD", 3},
    {"\xF3\xA0\x81\xA1", 4}, /* tags */
};

static struct str repeated(struct str unit, size_t size)
{
    char *s = arena_alloc(&job, size + unit.n);
    size_t n = 0;

    for (; n < size; n += unit.n)
        memcpy(s + n, unit.p, unit.n);
    return (struct str){s, n};
}

/* Of the processor's time: what else the machine does is not counted. */
static int64_t milliseconds(const struct stage *stage, struct str s)
{
    clock_t began = clock();

    stage->run(s);
    arena_reset(&batch);
    return (int64_t)(clock() - began) * 1000 / CLOCKS_PER_SEC;
}

/* Within a second a mebibyte, and four times the length takes no more than ten times as long. */
static int64_t hold_to_time(const struct stage *stage, struct str s)
{
    int64_t whole = milliseconds(stage, s), quarter;
    int64_t limit = (int64_t)(1000 * SLOWER * (s.n + MEBIBYTE / 4) / MEBIBYTE);

    if (whole <= 40 * SLOWER)
        return whole; /* too little to tell, and soon enough */
    quarter = milliseconds(stage, str_part(s, 0, s.n / 4));
    if (whole > limit)
        complain(stage, str_part(s, 0, 16), "more than a second");
    if (whole > 10 * (quarter + 1))
        complain(stage, str_part(s, 0, 16), "not linear");
    return whole;
}

static void a_mebibyte_of_anything(void **state)
{
    size_t size = getenv("SOUNDINGS_TEST_FULL") ? MEBIBYTE : MEBIBYTE / 4;
    int64_t slowest[STAGES] = {0};
    struct str kind[STAGES] = {{0}};

    (void)state;
    broken = 0;
    for (size_t i = 0; i < sizeof endless / sizeof *endless; i++) {
        struct arena_mark mark = arena_mark(&job);
        struct str s = repeated(endless[i], size);

        for (size_t k = 0; k < STAGES; k++) {
            int64_t ms = hold_to_time(&stages[k], s);

            if (ms > slowest[k]) {
                slowest[k] = ms;
                kind[k] = endless[i];
            }
        }
        every_stage(str_part(s, 0, 8 * 1024));
        every_stage(str_part(s, 1, 8 * 1024)); /* from within a character */
        arena_rewind(&job, mark);
    }
    for (size_t k = 0; k < STAGES; k++)
        print_message("# measured: badtext %s: slowest %zu KiB of %zu kinds %lld ms (\"%.*s\")\n",
                      stages[k].name, size / 1024, sizeof endless / sizeof *endless,
                      (long long)slowest[k], STR_ARG(kind[k]));
    assert_int_equal(broken, 0);
}

/* A hundred thousand elements deep, closed, not closed, closed in disorder. */
static void deep_markup(void **state)
{
    enum { DEPTH = 100000 };
    static const char *const ends[] = {"</div>", "", "</b>", "</div"};
    const struct stage *shown = &stages[STAGES - 1];

    (void)state;
    broken = 0;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct arena_mark mark = arena_mark(&job);
        struct buf html;

        buf_init(&html, (size_t)4 << 20);
        buf_add(&html, repeated(STR("<div>"), (size_t)DEPTH * 5));
        buf_add(&html, STR("nước"));
        buf_add(&html, repeated(str_of(ends[i]), DEPTH * strlen(ends[i])));
        hold_to_time(shown, buf_str(&html));
        assert_true(str_starts(shown->run(buf_str(&html)), STR("nước")));
        hold_to_contract(shown, buf_str(&html));
        buf_free(&html);
        arena_rewind(&job, mark);
    }
    assert_int_equal(broken, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_of_the_suites),       cmocka_unit_test(normalization_test),
        cmocka_unit_test(substitution_is_that_of_icu), cmocka_unit_test(kuhns_cases),
        cmocka_unit_test(a_mebibyte_of_anything),      cmocka_unit_test(deep_markup),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
