/* badinput.c - the suites of ../shared/data/badinput under the contract of every parser
 * (PRIVACY.md).
 *
 * Every document is given to what `soundings parse` calls, strictly and leniently, twice: accepted
 * or rejected with one line of reason, valid UTF-8, both times the same, within a second and 64
 * MiB. A child of this program runs the cases of a suite; when one kills it, that case has failed
 * and another child goes on behind it.  With SOUNDINGS_TEST_FULL=1 every case is a process of the
 * program itself, $B/soundings.
 */
#include "base/clock.h"
#include "base/json_write.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "cmd/canonical.h"
#include "run/outside.h"

#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
enum { SLOWER = 8, SANITIZED = 1 };
#else
enum { SLOWER = 1, SANITIZED = 0 };
#endif
enum { LIMIT_MS = 1000 * SLOWER, LIMIT_RSS_KIB = 64 * 1024, CASES_MAX = 40000 };
/* What one child may come to over all its cases: the heap keeps what it was given once. */
enum { LIMIT_CHILD_KIB = 96 * 1024 };

enum expected { EITHER, ACCEPT, REJECT };

struct test_case {
    const char *kind;
    struct str name, document;
    enum expected expected; /* of the strict reading */
    struct str wanted;      /* the output, when p != NULL */
};

struct suite {
    VEC(struct test_case) cases;
    struct arena *memory;
};

/* What a child tells of its cases: lives in shared memory. */
struct report {
    size_t at; /* the case being run */
    unsigned accepted[2], right, wrong, wanted_right, broken;
    long slowest_ms;
};

static struct report *report;
static unsigned tests, failures;

static struct test_case *add_case(struct suite *suite, const char *kind, const char *name,
                                  struct str document)
{
    struct test_case *added = vec_push(&suite->cases, suite->memory);

    added->kind = kind;
    added->name = (struct str){arena_copy(suite->memory, name, strlen(name)), strlen(name)};
    added->document = document;
    return added;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Every file below a folder whose name ends so. */
static void add_folder(struct suite *suite, const char *kind, const char *folder,
                       const char *ending)
{
    char *paths[2] = {arena_copy(suite->memory, folder, strlen(folder)), NULL};
    FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name);

    for (FTSENT *entry; walk && (entry = fts_read(walk));)
        if (entry->fts_info == FTS_F && str_ends(str_of(entry->fts_path), str_of(ending)))
            add_case(suite, kind, entry->fts_path, outside_file(entry->fts_path, suite->memory));
    if (walk)
        fts_close(walk);
}

/* --- one case ------------------------------------------------------------------------------------
 */

static const char *run_here(const struct test_case *test, bool strict, struct buf *out,
                            bool *accepted)
{
    struct err err = {.text = ""};
    struct arena job;
    enum rc rc;

    arena_init(&job, "job", CANONICAL_MEMORY);
    rc = canonical_write(canonical_find(str_of(test->kind)), test->document, strict, &job, out,
                         &err);
    arena_free(&job);
    *accepted = rc == RC_OK;
    if (rc == RC_OK)
        return NULL;
    if (rc != RC_BAD && rc != RC_REFUSED)
        return "neither accepted nor rejected";
    return err.text[0] && !strchr(err.text, '\n') ? NULL : "rejected without a line of reason";
}

static void become_program(const struct test_case *test, bool strict, int in, int to)
{
    char as[32], program[512];
    const char *b = getenv("B");

    snprintf(program, sizeof program, "%s/soundings", b ? b : "build");
    snprintf(as, sizeof as, "--as=%s", test->kind);
    dup2(in, STDIN_FILENO);
    dup2(to, STDOUT_FILENO);
    dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
    alarm(20);
    execl(program, program, "parse", as, strict ? "--strict" : "--lenient", NULL);
    _exit(126);
}

/* The same through the program itself. */
static const char *run_program(const struct test_case *test, bool strict, struct buf *out,
                               bool *accepted)
{
    int in = memfd_create("in", 0), to = memfd_create("out", 0), status;
    struct rusage usage;
    pid_t child;
    off_t n;

    MUST(write(in, test->document.p, test->document.n) == (ssize_t)test->document.n);
    lseek(in, 0, SEEK_SET);
    child = fork();
    if (child == 0)
        become_program(test, strict, in, to);
    wait4(child, &status, 0, &usage);
    n = lseek(to, 0, SEEK_END);
    MUST(buf_reserve(out, (size_t)n) && pread(to, out->p, (size_t)n, 0) == n);
    out->n = (size_t)n;
    if (out->n && out->p[out->n - 1] == '\n')
        out->n--; /* ends the line */
    close(in);
    close(to);
    *accepted = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!SANITIZED && usage.ru_maxrss > LIMIT_RSS_KIB)
        return "more than 64 MiB";
    return *accepted || (WIFEXITED(status) && WEXITSTATUS(status) == 2) ? NULL : "ended badly";
}

/* Both readings of one mode; NULL or what is wrong. */
static const char *run_mode(const struct test_case *test, bool strict)
{
    bool full = getenv("SOUNDINGS_TEST_FULL"), accepted[2];
    const char *wrong = NULL;
    struct buf out[2];

    for (int i = 0; i < 2; i++) {
        uint64_t began = clock_ticks_ns();
        const char *reason;
        long ms;

        buf_init(&out[i], CANONICAL_MAX + 1);
        reason = full ? run_program(test, strict, &out[i], &accepted[i])
                      : run_here(test, strict, &out[i], &accepted[i]);
        ms = (long)((clock_ticks_ns() - began) / 1000000);
        if (ms > report->slowest_ms)
            report->slowest_ms = ms;
        wrong = reason ? reason : ms > LIMIT_MS ? "more than a second" : wrong;
        if (accepted[i] && !utf8_valid(buf_str(&out[i])))
            wrong = "its output is not UTF-8";
    }
    if (accepted[0] != accepted[1] || (accepted[0] && !str_eq(buf_str(&out[0]), buf_str(&out[1]))))
        wrong = "two runs differ";
    report->accepted[strict] += accepted[0];
    if (strict && test->expected != EITHER)
        ++*((test->expected == ACCEPT) == accepted[0] ? &report->right : &report->wrong);
    if (strict && test->wanted.p)
        report->wanted_right += str_eq(buf_str(&out[0]), test->wanted);
    buf_free(&out[0]);
    buf_free(&out[1]);
    return wrong;
}

/* --- a suite -------------------------------------------------------------------------------------
 */

static void run_cases(const struct suite *suite)
{
    struct rusage usage;

    for (; report->at < suite->cases.n; report->at++) {
        const struct test_case *test = &suite->cases.v[report->at];

        alarm(30);
        for (int strict = 0; strict < 2; strict++) {
            const char *wrong = run_mode(test, strict);

            if (wrong) {
                report->broken++;
                printf("# %s as %s, %s: %s\n", test->name.p, test->kind,
                       strict ? "strict" : "lenient", wrong);
            }
        }
    }
    getrusage(RUSAGE_SELF, &usage);
    if (!SANITIZED && usage.ru_maxrss > LIMIT_CHILD_KIB) {
        report->broken++;
        printf("# the suite took %ld KiB\n", usage.ru_maxrss);
    }
    fflush(stdout);
}

static void tell(bool good, const char *what)
{
    tests++;
    failures += !good;
    printf("%sok %u - %s\n", good ? "" : "not ", tests, what);
}

/* Runs all cases in children; leaves *report. */
static void run_suite(const struct suite *suite, const char *name)
{
    char what[200];

    *report = (struct report){0};
    while (report->at < suite->cases.n) {
        int status;
        pid_t child;

        fflush(stdout);
        child = fork();
        if (child == 0) {
            run_cases(suite);
            _exit(0);
        }
        waitpid(child, &status, 0);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
            break;
        printf("# %s as %s: the child ended with status %d\n", suite->cases.v[report->at].name.p,
               suite->cases.v[report->at].kind, status);
        report->broken++;
        report->at++;
    }
    printf("# measured: badinput %s: %zu documents, accepted %u strictly and %u leniently, slowest "
           "%ld ms\n",
           name, suite->cases.n, report->accepted[1], report->accepted[0], report->slowest_ms);
    snprintf(what, sizeof what, "%s: %zu documents under the contract", name, suite->cases.n);
    tell(report->broken == 0 && suite->cases.n > 0, what);
}

static bool begin(struct suite *suite, struct arena *memory, const char *folder)
{
    *suite = (struct suite){.memory = memory};
    arena_reset(memory);
    if (outside_has(memory, folder))
        return true;
    printf("ok %u - %s # SKIP there is no data/badinput/%s beside the repository\n", ++tests,
           folder, folder);
    return false;
}

/* --- the suites ----------------------------------------------------------------------------------
 */

static void json_suite(struct suite *suite)
{
    add_folder(suite, "json", outside_path(suite->memory, "json-nst", "test_parsing"), ".json");
    for (size_t i = 0; i < suite->cases.n; i++) {
        const char *base = strrchr(suite->cases.v[i].name.p, '/') + 1;

        suite->cases.v[i].expected = *base == 'y' ? ACCEPT : *base == 'n' ? REJECT : EITHER;
    }
    add_folder(suite, "json", outside_path(suite->memory, "json-nst", "test_transform"), ".json");
    add_folder(suite, "jsonl", outside_path(suite->memory, "json-nst", "test_parsing"), ".json");
    run_suite(suite, "json-nst");
    printf("# measured: badinput json-nst: %u of 283 with a prescribed answer are right\n",
           report->right);
    tell(report->right == 283 && report->wrong == 0, "json-nst: 95 of 95 and 188 of 188");
}

static struct str canonical_json(struct str document, struct arena *memory)
{
    struct buf out;
    struct err err;
    struct str copy = {NULL, 0};

    buf_init(&out, CANONICAL_MAX);
    if (canonical_write(canonical_find(STR("json")), document, true, memory, &out, &err) == RC_OK)
        copy = (struct str){arena_copy(memory, out.p, out.n), out.n};
    buf_free(&out);
    return copy;
}

static void csv_suite(struct suite *suite)
{
    size_t own;

    add_folder(suite, "csv", outside_path(suite->memory, "csv-spectrum", "csvs"), ".csv");
    own = suite->cases.n;
    for (size_t i = 0; i < own; i++) {
        struct test_case *test = &suite->cases.v[i];
        struct buf name;

        buf_init(&name, 4096);
        buf_printf(&name, "%s", strrchr(test->name.p, '/') + 1);
        name.n -= strlen("csv");
        buf_add(&name, STR("json"));
        test->expected = ACCEPT;
        test->wanted = canonical_json(
            outside_file(outside_path(suite->memory, "csv-spectrum/json", name.p), suite->memory),
            suite->memory);
        buf_free(&name);
    }
    run_suite(suite, "csv-spectrum");
    printf("# measured: badinput csv-spectrum: %u of %zu come to the suite's own JSON\n",
           report->wanted_right, own);
    /* location_coordinates.json holds another telephone number than its table does */
    tell(report->wanted_right == own - 1 && report->wrong == 0,
         "csv-spectrum: 11 of 12 rows equal");
}

static void utf8_suite(struct suite *suite)
{
    struct str all =
        outside_file(outside_path(suite->memory, "utf8-kuhn", "UTF-8-test.txt"), suite->memory);

    add_case(suite, "utf8", "UTF-8-test.txt", all)->expected = utf8_valid(all) ? ACCEPT : REJECT;
    for (struct str rest = all; rest.p;) {
        struct str line = str_cut(&rest, '\n');

        add_case(suite, "utf8", "a line of UTF-8-test.txt", line)->expected =
            utf8_valid(line) ? ACCEPT : REJECT;
        add_case(suite, "html", "a line of UTF-8-test.txt", line);
        add_case(suite, "csv", "a line of UTF-8-test.txt", line);
    }
    run_suite(suite, "utf8-kuhn");
    tell(report->wrong == 0, "utf8-kuhn: every line is judged as UTF-8 is defined");
}

/* One case of cases.json: [type, id, path, entities, edition, recommendation, version, namespaces].
 */
struct xml_walk {
    struct suite *suite;
    unsigned depth, column;
    struct str columns[8];
};

static void add_xml_case(struct xml_walk *walk)
{
    const struct str *c = walk->columns;
    char path[512];
    struct test_case *test;

    snprintf(path, sizeof path, "%.*s", STR_ARG(c[2]));
    test = add_case(
        walk->suite, "xml", path,
        outside_file(outside_path(walk->suite->memory, "xml-w3c", path), walk->suite->memory));
    /* what can be judged without entities from outside, by XML 1.0 in its fifth edition */
    if ((c[3].p && !str_eq(c[3], STR("none"))) || (c[4].p && !str_eq(c[4], STR("5"))) ||
        str_eq(c[6], STR("1.1")) || str_eq(c[5], STR("XML1.1")) || str_starts(c[5], STR("NS")))
        return;
    if (str_eq(c[0], STR("not-wf")))
        test->expected = REJECT;
    if (str_eq(c[0], STR("valid")))
        test->expected = ACCEPT;
}

static bool on_xml_case(void *context, const struct json_event *event)
{
    struct xml_walk *walk = context;

    if (event->type == JSON_ARRAY) {
        walk->depth += event->end ? (unsigned)-1 : 1;
        if (event->end && walk->depth == 1)
            add_xml_case(walk);
        walk->column = 0;
        if (!event->end)
            memset(walk->columns, 0, sizeof walk->columns);
    } else if (walk->column < 8) {
        walk->columns[walk->column++] = event->string;
    }
    return true;
}

static void xml_suite(struct suite *suite)
{
    struct xml_walk walk = {.suite = suite};
    struct str cases =
        outside_file(outside_path(suite->memory, "xml-w3c", "cases.json"), suite->memory);

    outside_walk(cases, on_xml_case, &walk);
    for (size_t i = 0, n = suite->cases.n; i < n; i++)
        add_case(suite, "feed", suite->cases.v[i].name.p, suite->cases.v[i].document);
    run_suite(suite, "xml-w3c");
    printf("# measured: badinput xml-w3c: %u right, %u wrong of those that can be judged without "
           "entities from outside\n",
           report->right, report->wrong);
    tell(report->right == 927 + 594 && report->wrong == 0, "xml-w3c: 927 of 927 and 594 of 594");
}

static void feed_suite(struct suite *suite, const char *folder, const char *part, unsigned least)
{
    char name[100];

    add_folder(suite, "feed", outside_path(suite->memory, folder, part), ".xml");
    add_folder(suite, "feed", outside_path(suite->memory, folder, part), ".json");
    snprintf(name, sizeof name, "%s/%s", folder, part);
    run_suite(suite, name);
    snprintf(name, sizeof name, "%s/%s: at least %u are read", folder, part, least);
    tell(report->accepted[0] >= least, name);
}

/* Strings of a JSON document with a name of `key` (all of them when it is empty) become cases. */
struct string_walk {
    struct suite *suite;
    const char *kind;
    struct str key;
};

static bool on_string(void *context, const struct json_event *event)
{
    struct string_walk *walk = context;

    if (event->type == JSON_STRING && (!walk->key.n || str_eq(event->key, walk->key)))
        add_case(walk->suite, walk->kind, "a string of the suite",
                 (struct str){arena_copy(walk->suite->memory, event->string.p, event->string.n),
                              event->string.n});
    return true;
}

static void add_strings(struct suite *suite, const char *kind, struct str key, struct str document)
{
    struct string_walk walk = {suite, kind, key};

    outside_walk(document, on_string, &walk);
}

/* Round trip: a string comes out as it went in. */
static unsigned count_unchanged(const struct suite *suite)
{
    unsigned n = 0;

    for (size_t i = 0; i < suite->cases.n; i++) {
        struct suite seen = {.memory = suite->memory};
        struct buf document, out;
        struct json_writer json = {.out = &document};
        struct arena job;
        struct err err;

        buf_init(&document, RECORD_MAX);
        buf_init(&out, CANONICAL_MAX);
        arena_init(&job, "job", CANONICAL_MEMORY);
        json_open(&json, '[');
        json_str(&json, suite->cases.v[i].document);
        json_close(&json, ']');
        if (canonical_write(canonical_find(STR("json")), buf_str(&document), true, &job, &out,
                            &err) == RC_OK)
            add_strings(&seen, "utf8", STR(""), buf_str(&out));
        n += seen.cases.n == 1 && str_eq(seen.cases.v[0].document, suite->cases.v[i].document);
        arena_free(&job);
        buf_free(&document);
        buf_free(&out);
    }
    return n;
}

static void naughty_suite(struct suite *suite)
{
    struct str document =
        outside_file(outside_path(suite->memory, "naughty-strings", "blns.json"), suite->memory);
    unsigned unchanged;

    add_strings(suite, "utf8", STR(""), document);
    unchanged = count_unchanged(suite);
    printf(
        "# measured: badinput naughty-strings: %u of %zu pass unchanged, the rest in NFC, without "
        "controls and redacted\n",
        unchanged, suite->cases.n);
    add_strings(suite, "html", STR(""), document);
    add_strings(suite, "csv", STR(""), document);
    add_strings(suite, "feed", STR(""), document);
    add_case(suite, "json", "blns.json", document)->expected = ACCEPT;
    add_case(
        suite, "utf8", "blns.txt",
        outside_file(outside_path(suite->memory, "naughty-strings", "blns.txt"), suite->memory));
    run_suite(suite, "naughty-strings");
    tell(unchanged >= 510 && report->wrong == 0, "naughty-strings: most pass byte by byte");
}

static void html_suite(struct suite *suite)
{
    struct suite files = {.memory = suite->memory};

    add_folder(&files, "json", outside_path(suite->memory, "html5lib", "tokenizer"), ".test");
    for (size_t i = 0; i < files.cases.n; i++)
        add_strings(suite, "html", STR("input"), files.cases.v[i].document);
    run_suite(suite, "html5lib");
    tell(report->accepted[1] == suite->cases.n, "html5lib: any bytes are HTML");
}

static void xss_suite(struct suite *suite)
{
    struct str rest =
        outside_file(outside_path(suite->memory, "xss-dompurify", "payloads.jsonl"), suite->memory);

    while (rest.p)
        add_strings(suite, "html", STR("payload"), str_cut(&rest, '\n'));
    run_suite(suite, "xss-dompurify");
    tell(report->accepted[1] == suite->cases.n, "xss-dompurify: any bytes are HTML");
}

int main(void)
{
    static const struct {
        const char *folder, *part;
        unsigned least;
    } feeds[] = {
        {"feeds-feedparser", "illformed", 18}, {"feeds-feedparser", "encoding", 82},
        {"feeds-feedparser", "entities", 256}, {"feeds-feedparser", "wellformed", 1734},
        {"feeds-feedparser", "json", 1},       {"feeds-feedvalidator", "testcases", 1853},
    };
    static const struct {
        const char *folder;
        void (*run)(struct suite *suite);
    } suites[] = {
        {"json-nst", json_suite},     {"csv-spectrum", csv_suite},        {"utf8-kuhn", utf8_suite},
        {"xml-w3c", xml_suite},       {"naughty-strings", naughty_suite}, {"html5lib", html_suite},
        {"xss-dompurify", xss_suite},
    };
    struct arena memory;
    struct suite suite;

    report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    arena_init(&memory, "job", (size_t)1 << 30);
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        if (begin(&suite, &memory, suites[i].folder))
            suites[i].run(&suite);
    for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++)
        if (begin(&suite, &memory, feeds[i].folder))
            feed_suite(&suite, feeds[i].folder, feeds[i].part, feeds[i].least);
    arena_free(&memory);
    printf("1..%u\n", tests);
    return failures > 0;
}
